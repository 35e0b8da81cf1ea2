"""What a run decides before it writes anything."""

import datetime as dt
from typing import Any

import pytest
from ckanext.satudatapaser.errors import ConfigError
from ckanext.satudatapaser.harvesters import declared_settings, load_kinds
from ckanext.satudatapaser.harvesters._settings import COMMON_SETTINGS, parse
from ckanext.satudatapaser.intake.decide import decide, organization_of, prepare
from ckanext.satudatapaser.intake.identity import Known, Seen, is_change_of_identity, key_function, rebinding
from ckanext.satudatapaser.intake.retire import plan
from ckanext.satudatapaser.record.model import Outcome, Record
from hypothesis import given
from hypothesis import strategies as st

SETTINGS = parse({}, declared_settings(load_kinds()["datajson"]))
NOW = dt.datetime(2026, 11, 24, tzinfo=dt.UTC)
GOOD = Record(title="Jumlah Sekolah", publisher="Disdik", notes="Keterangan", access="terbuka", license_id="cc-by")


def settings(**values: Any) -> dict[str, Any]:
    return {**SETTINGS, **values}


def judged(record: Record, **values: Any) -> Any:
    chosen = settings(**values)
    return decide(prepare(record, "https://a.id/", chosen), "disdik", chosen, {"disdik": "1"})


def known(number: int, **values: Any) -> Known:
    base = {"id": f"i{number}", "key": f"k{number}", "package_id": f"p{number}", "hash": "h", "outcome": "added",
            "title": f"Judul {number}", "publisher": "Disdik", "landing_page": ""}  # fmt: skip
    return Known(**{**base, **values})


def seen(number: int, key: str = "") -> Seen:
    return Seen(number, key or f"k{number}", f"Judul {number}", "Disdik", "", "", 0)


def test_a_good_record_is_public_only_under_review_auto() -> None:
    assert judged(GOOD, review="auto").public
    waiting = judged(GOOD)
    assert (waiting.outcome, waiting.public, waiting.status) == (None, False, "submitted")


@pytest.mark.parametrize("access", ["terbatas", "tertutup"])
def test_a_closed_record_is_never_public(access: Any) -> None:
    decision = judged(Record(**{**_dict(GOOD), "access": access}), review="auto")
    assert decision.public is (access == "terbatas")


def test_a_record_without_a_class_is_held_unless_the_source_has_a_default() -> None:
    record = Record(**{**_dict(GOOD), "access": None})
    assert judged(record).outcome is Outcome.HELD
    assert judged(record, default_access="terbuka").outcome is None


def test_a_class_in_words_that_nobody_knows_is_not_opened_by_the_default() -> None:
    record = Record(**{**_dict(GOOD), "access": None, "access_stated": "agak rahasia"})
    assert judged(record, default_access="terbuka").outcome is Outcome.HELD


def test_an_unmapped_publisher_is_held() -> None:
    assert judged(GOOD, organization_map={"Dinas Lain": "disdik"}).outcome is Outcome.HELD
    assert organization_of(GOOD, "x", {"DISDIK ": "disdik"}) == "disdik"


def test_personal_data_in_the_text_keeps_a_record_from_the_public() -> None:
    decision = judged(Record(**{**_dict(GOOD), "notes": "Hubungi 0812-0000-0000"}), review="auto")
    assert not decision.public
    assert "0812" not in str([issue.message for issue in decision.issues])


def test_records_that_come_back_under_new_keys_are_recognised() -> None:
    before = {f"k{n}": known(n) for n in range(20)}
    moved = rebinding(before.values(), [seen(n, f"neu{n}") for n in range(20)], {})
    assert moved == {f"k{n}": f"neu{n}" for n in range(20)}
    assert is_change_of_identity(moved, before.values())


@given(st.integers(0, 40), st.integers(0, 40))
def test_a_rebinding_never_maps_two_records_to_one(old: int, new: int) -> None:
    moved = rebinding([known(n) for n in range(old)], [seen(n, f"neu{n}") for n in range(new)], {})
    assert len(set(moved.values())) == len(moved)
    assert all(key.removeprefix("k") == value.removeprefix("neu") for key, value in moved.items())


def test_a_few_new_keys_are_no_change_of_identity() -> None:
    before = {f"k{n}": known(n) for n in range(100)}
    now = [seen(n, f"neu{n}" if n < 5 else "") for n in range(100)]
    moved = rebinding(before.values(), now, {})
    assert len(moved) == 5
    assert not is_change_of_identity(moved, before.values())


KEYS = st.sampled_from([f"k{n}" for n in range(6)])
TITLES = st.sampled_from(["Jumlah Sekolah", "jumlah  sekolah", "Jumlah Guru"])


@given(
    st.dictionaries(KEYS, st.tuples(TITLES, st.sampled_from(["p", None]), st.booleans())),
    st.dictionaries(KEYS, TITLES),
    st.dictionaries(KEYS, TITLES),
)
def test_only_datasets_that_vanished_are_bound_and_only_to_records_never_listed_before(
    before: dict[str, tuple[str, str | None, bool]], now: dict[str, str], held: dict[str, str]
) -> None:
    mine = {
        key: known(0, key=key, title=title, package_id=package, archived=archived)
        for key, (title, package, archived) in before.items()
    }
    theirs = [Seen(0, key, title, "Disdik", "", "", 0) for key, title in now.items()]
    for old, new in rebinding(mine.values(), theirs, held).items():
        assert mine[old].package_id
        assert not mine[old].archived
        assert old not in now
        assert new not in mine
        assert new not in held
        words = mine[old].title.lower().split()
        assert now[new].lower().split() == words
        others = [key for key, title in held.items() if title.lower().split() == words and key not in mine]
        assert set(others) <= now.keys(), "it could be either of two that vanished"


def test_mass_disappearance_archives_nothing_until_confirmed() -> None:
    before = {f"k{n}": known(n) for n in range(40)}
    stopped = plan(before, {f"k{n}" for n in range(20)}, SETTINGS, NOW, confirmed=False)
    assert stopped.stopped
    assert not stopped.archive
    assert len(plan(before, {f"k{n}" for n in range(20)}, SETTINGS, NOW, confirmed=True).archive) == 20


def test_a_record_is_archived_only_after_grace_in_runs_and_days() -> None:
    before = {"k1": known(1, missing_runs=5, missing_since=NOW - dt.timedelta(days=2)), "k2": known(2)}
    assert plan(before, {"k2"}, SETTINGS, NOW, confirmed=False).archive == ()
    before["k1"] = known(1, missing_runs=2, missing_since=NOW - dt.timedelta(days=8))
    assert [item.key for item in plan(before, {"k2"}, SETTINGS, NOW, confirmed=False).archive] == ["k1"]


@given(st.sets(st.integers(0, 60)), st.sets(st.integers(0, 60)), st.booleans())
def test_only_missing_records_are_ever_retired(mine: set[int], theirs: set[int], confirmed: bool) -> None:
    chosen = plan({f"k{n}": known(n) for n in mine}, {f"k{n}" for n in theirs}, SETTINGS, NOW, confirmed)
    retired = {item.key for item in (*chosen.waiting, *chosen.archive)}
    assert retired == {f"k{n}" for n in mine - theirs}
    assert not set(chosen.waiting) & set(chosen.archive)


def test_identity_by_an_expression_reads_the_raw_record() -> None:
    assert key_function("extras.guid")({"extras": {"guid": "g1"}}, GOOD) == "g1"
    assert key_function("extras.guid")({}, GOOD).startswith("tp-")


def _dict(record: Record) -> dict[str, Any]:
    return {name: getattr(record, name) for name in record.__dataclass_fields__}


SENTENCE = "Hanya untuk keperluan internal, kecuali izin tertulis."


@pytest.mark.parametrize("meaning", ["terbuka", "terbatas", "tertutup"])
def test_a_sentence_of_the_source_s_own_means_what_the_walidata_says(meaning: str) -> None:
    record = Record(**{**_dict(GOOD), "access": None, "access_stated": f"  {SENTENCE}\n"})
    settings = {"access_words": {SENTENCE.upper().rstrip("."): meaning}, "default_access": "terbuka"}
    decision = judged(record, **settings)
    assert (decision.outcome, decision.record.access) == (None, meaning)
    assert (
        judged(record, **{**settings, "access_words": {"Hanya untuk keperluan internal": meaning}}).outcome
        is Outcome.HELD
    )


def test_words_too_long_to_be_read_whole_are_never_explained() -> None:
    long = "a " * 600
    record = Record(**{**_dict(GOOD), "access": None, "access_stated": long})
    [issue] = [issue for issue in judged(record).issues if issue.code == "access-unknown"]
    shown = issue.message.split("'")[1]
    for words in (long, shown, "?"):
        assert judged(record, access_words={words: "terbuka"}).outcome is Outcome.HELD
    assert issue.value is None
    gone = Record(**{**_dict(GOOD), "access": None, "access_stated": " \x00 "})
    assert judged(gone, access_words={"?": "terbuka"}).outcome is Outcome.HELD


def test_a_class_that_is_none_is_refused_as_a_meaning() -> None:
    with pytest.raises(ConfigError, match="access_words: 'umum'"):
        parse({"access_words": {SENTENCE: "umum"}}, COMMON_SETTINGS)


def values(record: Record, mapping: dict[str, str] | None = None) -> list[str | None]:
    """Return what the findings that hold a record are about."""
    decision = judged(record, organization_map=mapping) if mapping is not None else judged(record)
    return [issue.value for issue in decision.issues if issue.severity == "error"]


@pytest.mark.parametrize(
    "publisher", ["Dinas Kesehatan", "Badan 'A' \"B\" \\ belum dipetakan", "Bidang\nData", "Dinas 教育"]
)
def test_a_held_record_says_what_the_source_wrote(publisher: str) -> None:
    [found] = values(Record(title="Judul", publisher=publisher, access="terbuka"), {"Lain": "disdik"})
    assert found is not None
    assert found.split() == publisher.split()


def test_nothing_written_is_told_from_a_finding_about_something_else() -> None:
    assert values(Record(title="Judul", access="terbuka"), {"Lain": "disdik"}) == [""]
    assert values(Record(title="Judul", access_stated="tergantung")) == ["tergantung"]
    assert values(Record(title="Judul")) == [""]
    assert values(Record(title="Judul", publisher="Puskesmas", access="terbuka"), {"Puskesmas": "tidak-ada"}) == [None]
