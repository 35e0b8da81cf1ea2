"""Cleaning a record: what is repaired is said, and cleaning twice changes nothing more."""

import dataclasses as dc
import datetime as dt

import pytest
from ckanext.satudatapaser.record import fields
from ckanext.satudatapaser.record.addresses import is_inner, web_address
from ckanext.satudatapaser.record.dates import iso_date
from ckanext.satudatapaser.record.fingerprint import fingerprint
from ckanext.satudatapaser.record.model import Record, Resource
from ckanext.satudatapaser.record.normalise import clean_tags, normalise, title_of_address
from ckanext.satudatapaser.record.text import READ, has_markup, key, plain_text
from conformance.laws import broken
from hypothesis import given
from hypothesis import strategies as st
from records import bases, records, texts


def codes(record: Record) -> set[str]:
    return {issue.code for issue in record.issues}


@given(records, bases)
def test_cleaning_twice_changes_nothing_more(record: Record, base: str) -> None:
    once = dc.replace(normalise(record, base), issues=())
    assert dc.replace(normalise(once, base), issues=()) == once


@given(records, bases)
def test_what_is_cleaned_keeps_every_law(record: Record, base: str) -> None:
    assert list(broken(normalise(record, base), base)) == []


@given(records, bases)
def test_what_is_left_out_or_changed_is_said(record: Record, base: str) -> None:
    clean = normalise(record, base)
    assert all(issue.severity == "warning" and issue.code and issue.message and issue.field for issue in clean.issues)
    lost = {name for name in record.sdi if name not in clean.sdi and name in fields.rules() and name not in fields.OWN}
    said = {issue.field for issue in clean.issues}
    assert {name for name in lost if _says_something(record.sdi[name])} <= said
    assert clean.tags == record.tags or "tags" in said


def _says_something(value: str | tuple[str, ...]) -> bool:
    return any(
        plain_text(part).lower() not in fields.NOTHING for part in ([value] if isinstance(value, str) else value)
    )


@given(st.text() | texts)
def test_plain_text_holds_no_control_characters(text: str) -> None:
    assert not [c for c in plain_text(text) if ord(c) < 32 and c != "\n"]


@given(st.text(alphabet="&ampltg;#x26380<>b/! \n", max_size=60))
def test_plain_text_of_plain_text_is_itself(text: str) -> None:
    once = plain_text(text)
    assert plain_text(once) == once
    assert not has_markup(once)


@given(st.text(max_size=3000))
def test_a_key_is_short_enough_for_the_index_and_is_itself(text: str) -> None:
    assert len(key(text)) <= 400
    assert key(key(text)) == key(text)


def test_long_keys_stay_apart() -> None:
    assert key("a" * 5000) != key("a" * 4999 + "b")


def test_words_of_access_of_which_nothing_is_left_are_not_taken_for_none() -> None:
    assert normalise(Record(title="x", access_stated="<b></b>")).access_stated == "?"


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("Usia <15 dan >60", "Usia <15 dan >60"),
        ("a <b dan c> d", "a d"),
        ("x <y dan y> z", "x <y dan y> z"),
        ("<nama kecamatan>", "<nama kecamatan>"),
        ("satu<br>dua<br/>tiga", "satu\ndua\ntiga"),
        ("<p>satu</p><p>dua</p>", "satu\ndua"),
        ("<svg onload=alert(1)>", ""),
        ("<!-- x --><style>a{}</style>isi", "isi"),
        ("a\tb\r\nc", "a b\nc"),
        ("Tom &amp; Jerry &copy; &nbsp;2026", "Tom & Jerry © 2026"),
    ],
)
def test_markup_goes_and_signs_of_comparison_stay(text: str, plain: str) -> None:
    assert plain_text(text) == plain


@pytest.mark.parametrize("part", ["&amp;", "<a =", "&", "<", "<!-", "<script ", "&#38;", "<b>"])
def test_no_more_of_a_text_is_read_than_can_be_kept(part: str) -> None:
    assert len(plain_text(part * 1_000_000)) <= READ


@pytest.mark.parametrize(
    ("given", "kept", "code"),
    [
        (
            {"jenis": "Data Statistik", "tahun_kegiatan": "2026.0"},
            {"jenis": "statistik", "tahun_kegiatan": "2026"},
            None,
        ),
        ({"jenis": "entah"}, {}, "kind-unknown"),
        ({"jenis": "geospasial", "tahun_kegiatan": "2026"}, {"jenis": "geospasial"}, "field-not-for-kind"),
        ({"prioritas_tahun": "tahun depan"}, {}, "value-unknown"),
        ({"publisher_type": "Daerah Kabupaten"}, {"publisher_type": "daerah-kabupaten"}, None),
        ({"kode_wilayah": "6401040, Kuaro"}, {"kode_wilayah": "64.01.04,64.01.05"}, None),
        ({"kode_wilayah": "Jakarta"}, {}, "value-unknown"),
        ({"temporal_start": "2026", "temporal_end": "31/12/2025"}, {"temporal_start": "2026-01-01"}, "period-reversed"),
        ({"spatial": '{"type": "Point", "coordinates": [200, 0]}'}, {}, "value-unknown"),
        ({"satuan": "-"}, {}, None),
        ({"accessRights": "terbuka", "publishing_status": "published", "owner_org": "x", "lain": "y"}, {}, None),
        ({"konsep": ("<b>a</b>", "", "b")}, {"konsep": ("a", "b")}, None),
    ],
)
def test_sdi_fields_become_what_the_schema_takes(given: dict, kept: dict, code: str | None) -> None:
    found, issues = fields.clean_fields(given)
    assert found == kept
    assert [issue.code for issue in issues] == ([code] if code else [])


@pytest.mark.parametrize(
    ("url", "title"),
    [
        ("https://a.id/dataset/jumlah-sekolah", "Jumlah sekolah"),
        ("https://a.id/dataset/123", ""),
        ("https://a.id/dataset/6f1c2d52-7d5a-4e57-9f8f-1d1a4f0e6a11", ""),
        ("https://a.id/", ""),
    ],
)
def test_titles_from_addresses_have_words(url: str, title: str) -> None:
    assert title_of_address(url) == title


@pytest.mark.parametrize(
    ("url", "inner"),
    [("http://api/x", True), ("http://10.0.0.1/", True), ("http://a.local/", True), ("https://a.go.id/", False)],
)
def test_inner_addresses_are_known(url: str, inner: bool) -> None:
    assert is_inner(url) is inner


def test_tags_with_signs_are_kept_without_them() -> None:
    assert clean_tags(("UMKM & Koperasi", "gizi/stunting", "a", "x" * 300)) == (
        ("UMKM Koperasi", "gizi stunting", "x" * 100),
        True,
    )


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("berkas/data umum.csv", "https://data.example.go.id/berkas/data%20umum.csv"),
        ("//cdn.example.go.id/a.csv", "https://cdn.example.go.id/a.csv"),
        ("javascript:alert(1)", ""),
        ("ftp://data.example.go.id/a.csv", ""),
        ("http://[kacau", ""),
        ("", ""),
    ],
)
def test_addresses_become_absolute_or_nothing(url: str, expected: str) -> None:
    assert web_address(url, "https://data.example.go.id/") == expected


def test_a_file_without_an_address_is_left_out_and_said() -> None:
    record = normalise(Record(title="Jalan", resources=(Resource(url=""), Resource(url="https://a.id/x.csv"))))
    assert [resource.url for resource in record.resources] == ["https://a.id/x.csv"]
    assert "resource-no-url" in codes(record)


@pytest.mark.parametrize(
    ("stated", "code"), [("1 Tahun Sekali", "TAHUNAN"), ("R/P1Y", "TAHUNAN"), ("setiap bulan", "BULANAN")]
)
def test_update_schedules_in_free_words_become_codes(stated: str, code: str) -> None:
    assert normalise(Record(title="x", sdi={"accrualPeriodicity": stated})).sdi["accrualPeriodicity"] == code


def test_an_unknown_schedule_is_dropped_and_said() -> None:
    record = normalise(Record(title="x", sdi={"accrualPeriodicity": "bila sempat"}))
    assert "accrualPeriodicity" not in record.sdi
    assert codes(record) == {"frequency-unknown"}


def test_an_empty_title_is_taken_from_the_first_file() -> None:
    record = normalise(Record(title=" ", resources=(Resource(url="https://a.id/jalan.csv", name="Data Jalan"),)))
    assert record.title == "Data Jalan"
    assert "title-from-file" in codes(record)


def test_a_persons_mail_address_is_not_kept() -> None:
    record = normalise(Record(title="x", contact_name="Seseorang", contact_email="mailto:seseorang@gmail.com"))
    assert (record.contact_name, record.contact_email) == ("", "")
    assert "contact-personal" in codes(record)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-11-24", "2026-11-24"),
        ("2026-11-24T08:00:00+08:00", "2026-11-24"),
        ("24/11/2026", "2026-11-24"),
        ("24 Nopember 2026", "2026-11-24"),
        ("November 24, 2026", "2026-11-24"),
        ("20261124", "2026-11-24"),
        ("2026", "2026-01-01"),
        ("31/02/2026", None),
        ("kemarin", None),
    ],
)
def test_dates_are_read_as_agencies_write_them(text: str, expected: str | None) -> None:
    assert iso_date(text) == expected


@given(st.dates(min_value=dt.date(1900, 1, 1), max_value=dt.date(2200, 12, 31)))
def test_every_iso_date_is_read_as_itself(day: object) -> None:
    assert iso_date(str(day)) == str(day)


@given(records, texts)
def test_what_moves_by_itself_does_not_change_the_fingerprint(record: Record, stamp: str) -> None:
    assert fingerprint(dc.replace(record, modified=stamp, identifier=stamp)) == fingerprint(record)


def test_a_changed_title_changes_the_fingerprint() -> None:
    assert fingerprint(Record(title="a")) != fingerprint(Record(title="b"))
