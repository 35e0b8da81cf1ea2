"""What keeps a record out is read back from the engine's own finding."""

from __future__ import annotations

import pytest
from ckanext.satudatapaser.harvesters._settings import COMMON_SETTINGS, parse
from ckanext.satudatapaser.intake.decide import decide, prepare
from ckanext.satudatapaser.logic.held import cause
from ckanext.satudatapaser.record.model import Record

HERE = {"disdik": "id-1"}


def held(record: Record, mapping: dict[str, str] | None = None) -> list[str | None]:
    """Return the causes that ``cause`` reads from what the engine says of a record."""
    settings = parse({"organization_map": mapping} if mapping is not None else {}, COMMON_SETTINGS)
    decision = decide(prepare(record, "https://x.example.go.id", settings), "disdik", settings, HERE)
    return [cause(issue.code, issue.message) for issue in decision.issues if issue.severity == "error"]


@pytest.mark.parametrize(
    "publisher",
    ["Dinas Kesehatan", "Badan 'A'", 'Badan "B"', "Badan 'A' \"B\" \\ belum dipetakan", "Bidang\nData", "Dinas 教育"],
)
def test_the_publisher_comes_back_as_the_source_wrote_it(publisher: str) -> None:
    record = Record(title="Judul", publisher=publisher, access="terbuka", access_stated="public")
    [found] = held(record, {"Lain": "disdik"})
    assert found is not None
    assert found.split() == publisher.split()


def test_a_record_without_a_publisher_has_none() -> None:
    assert held(Record(title="Judul", access="terbuka", access_stated="public"), {"Lain": "disdik"}) == [""]


def test_a_word_that_nobody_knows_is_told_from_no_word() -> None:
    assert held(Record(title="Judul", access_stated="tergantung")) == ["tergantung"]
    assert held(Record(title="Judul")) == [""]


def test_a_mapping_to_an_organisation_that_is_gone_is_not_for_mapping_again() -> None:
    record = Record(title="Judul", publisher="Puskesmas", access="terbuka", access_stated="public")
    assert held(record, {"Puskesmas": "tidak-ada"}) == [None]


def test_other_findings_have_no_cause() -> None:
    assert cause("title-missing", "Penerbit 'x' belum dipetakan") is None
