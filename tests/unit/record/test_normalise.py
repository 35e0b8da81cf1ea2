"""Cleaning a record: what is repaired is said, and cleaning twice changes nothing more."""

import dataclasses as dc
import datetime as dt

import pytest
from ckanext.satudatapaser.record.addresses import web_address
from ckanext.satudatapaser.record.dates import iso_date
from ckanext.satudatapaser.record.fingerprint import fingerprint
from ckanext.satudatapaser.record.model import Record, Resource
from ckanext.satudatapaser.record.normalise import clean_tags, normalise
from ckanext.satudatapaser.record.text import plain_text
from hypothesis import given
from hypothesis import strategies as st

texts = st.text(max_size=120)
records = st.builds(
    Record,
    title=texts,
    notes=texts,
    landing_page=texts,
    publisher=texts,
    license_id=texts,
    issued=texts,
    modified=texts,
    tags=st.lists(texts, max_size=5).map(tuple),
    resources=st.lists(st.builds(Resource, url=texts, name=texts, description=texts, format=texts), max_size=3).map(tuple),
    contact_name=texts,
    contact_email=texts,
    sdi=st.dictionaries(st.sampled_from(["satuan", "accrualPeriodicity", "konsep"]), texts, max_size=3),
)  # fmt: skip


def codes(record: Record) -> set[str]:
    return {issue.code for issue in record.issues}


@given(records, st.sampled_from(["", "https://data.example.go.id/dataset/"]))
def test_cleaning_twice_changes_nothing_more(record: Record, base: str) -> None:
    once = dc.replace(normalise(record, base), issues=())
    assert dc.replace(normalise(once, base), issues=()) == once


@given(records)
def test_every_cleaned_tag_is_one_that_ckan_takes(record: Record) -> None:
    for tag in normalise(record).tags:
        assert 2 <= len(tag) <= 100
        assert all(c.isalnum() or c in " -_." for c in tag)


@given(st.text())
def test_plain_text_holds_no_control_characters(text: str) -> None:
    assert not [c for c in plain_text(text) if ord(c) < 32 and c != "\n"]


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
