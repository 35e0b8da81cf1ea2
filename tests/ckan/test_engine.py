"""What makes the engine quick without making it blind: marks, changes only, good pages before a fault, an end on demand."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from agency import Source, record, settled
from ckan import model
from ckan.plugins import toolkit as tk
from ckan.tests import factories
from ckan.tests.helpers import call_action
from ckanext.satudatapaser.harvesters import load_kinds
from ckanext.satudatapaser.intake import run
from ckanext.satudatapaser.intake.bulk import Bulk
from ckanext.satudatapaser.intake.index import Index
from ckanext.satudatapaser.model import HarvestJob, HarvestSource
from portal import Portal

pytestmark = [pytest.mark.ckan, pytest.mark.search, pytest.mark.usefixtures("empty_catalogue")]


def dataset(number: int, day: int = 1, **values: Any) -> dict[str, Any]:
    """Return one dataset as package_search gives it, changed on ``day`` of the month."""
    return {
        "id": f"c-{number}", "name": f"c-{number}", "title": f"Dataset {number}", "notes": "x", "state": "active",
        "license_id": "cc-by", "metadata_modified": f"2026-10-{day:02}T08:{number % 60:02}:00.000000", **values,
    }  # fmt: skip


@pytest.fixture
def agency(portal: Portal) -> Source:
    """A CKAN of 30 datasets, harvested once."""
    portal.ckan = [dataset(n) for n in range(30)]
    source = Source(portal, kind="ckan", path="", default_access="terbuka", rows=10)
    assert source.run()["added"] == 30
    portal.requests.clear()
    return source


def test_a_ckan_is_asked_for_changes_only(agency: Source) -> None:
    agency.portal.ckan[3:5] = [dataset(3, day=2, title="Judul baru"), dataset(4, day=3, title="Judul baru juga")]
    result = agency.run()
    assert (result["updated"], result["unchanged"], settled(result)) == (2, 28, 30)
    assert len(agency.portal.requests) == 1
    rows = call_action("satudata_record_list", name=agency.name, limit=100)["records"]
    assert len({row["key"] for row in rows}) == len(rows) == 30


def test_nothing_changed_at_a_ckan_is_one_request(agency: Source) -> None:
    agency.portal.ckan[3] = dataset(3, day=2, title="Judul baru")
    agency.run()
    agency.portal.requests.clear()
    result = agency.run()
    assert (result["unchanged"], len(agency.portal.requests)) == (30, 1)


def test_a_source_that_ignores_the_filter_is_read_whole(agency: Source) -> None:
    agency.portal.filters = False
    agency.portal.ckan[0] = dataset(0, day=2, title="Judul baru")
    result = agency.run()
    assert (result["updated"], result["unchanged"]) == (1, 29)
    assert len(agency.portal.requests) > 3


def test_the_newest_dataset_gone_makes_the_listing_be_read_whole(agency: Source) -> None:
    agency.portal.ckan[29] = dataset(29, day=9, title="Yang terbaru")
    agency.run()
    del agency.portal.ckan[29]
    assert agency.run()["missing"] == 1


def test_removals_are_found_when_the_whole_listing_is_due(agency: Source) -> None:
    del agency.portal.ckan[5]
    assert agency.run()["missing"] == 0
    assert agency.run(full=True)["missing"] == 1


def test_other_settings_make_the_listing_be_read_whole(agency: Source) -> None:
    call_action("satudata_source_update", name=agency.name, settings={"default_license": "cc-by-sa"})
    agency.run()
    assert len(agency.portal.requests) == 3


def test_records_whose_case_is_open_are_asked_for_again(portal: Portal) -> None:
    portal.ckan = [dataset(n) for n in range(3)]
    source = Source(portal, kind="ckan", path="")
    assert source.run()["held"] == 3
    assert source.run()["held"] == 3


def test_what_came_back_word_for_word_is_not_mapped_again(portal: Portal, monkeypatch: pytest.MonkeyPatch) -> None:
    source, mapped = Source(portal), []
    source.list(*(record(n) for n in range(20)))
    source.run()
    kind = load_kinds()["datajson"]
    to_record = kind.to_record
    monkeypatch.setattr(kind, "to_record", lambda raw, settings: mapped.append(raw) or to_record(raw, settings))
    source.list(*(record(n) for n in range(19)), record(19, title="Judul baru"))
    result = source.run()
    assert (result["updated"], result["unchanged"]) == (1, 19)
    assert {raw["identifier"] for raw in mapped} == {"r-19"}


def test_the_same_record_twice_in_one_listing_counts_once(portal: Portal) -> None:
    source = Source(portal)
    source.list(record(1), record(2))
    source.run()
    source.list(record(1), record(2), record(1))
    result = source.run()
    assert (result["unchanged"], result["rejected"], settled(result)) == (2, 1, 3)


def test_another_record_never_takes_the_key_of_one_that_came_back_word_for_word(portal: Portal) -> None:
    source, other = Source(portal), record(1, title="Pengenal yang sama")
    source.list(record(1), record(2), other)
    assert source.run()["rejected"] == 1
    before = {p["id"]: p["title"] for p in source.packages()}
    source.list(other, record(2), record(1))
    result = source.run()
    assert (result["added"], result["updated"], result["unchanged"], result["rejected"]) == (0, 0, 2, 1)
    assert source.issues("rejected") == {"identifier-twice"}
    assert {p["id"]: p["title"] for p in source.packages()} == before


def test_pages_before_a_fault_prove_what_changed_and_not_what_is_gone(
    agency: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    portal = agency.portal
    portal.filters = False
    portal.ckan[0] = dataset(0, day=2, title="Judul baru")
    answer = portal.answer

    def broken(path: str, query: dict[str, str]) -> tuple[int, str, bytes]:
        return (500, "text/html", b"galat") if int(query.get("start", 0)) >= 20 else answer(path, query)

    monkeypatch.setattr(portal, "answer", broken)
    result = agency.run()
    assert (result["state"], result["updated"], result["unchanged"], result["missing"]) == ("failed", 1, 19, 0)
    assert "500" in result["reason"]["message"]
    assert agency.public() == 30


def test_a_run_ends_when_a_person_asks_for_it_and_the_next_completes_it(
    portal: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = Source(portal)
    source.list(*(record(n) for n in range(250)))
    create = Bulk.create

    def cancelling(self: Bulk, checked: Any) -> list[str]:
        model.Session.execute(sa.update(HarvestJob).where(HarvestJob.state == "running").values(cancel=True))
        return create(self, checked)

    monkeypatch.setattr(Bulk, "create", cancelling)
    result = source.run()
    assert (result["state"], result["reason"]["code"], result["added"]) == ("stopped", "cancelled", 100)
    monkeypatch.undo()
    assert source.run()["added"] == 150
    assert source.public() == 250


def test_only_the_failed_records_are_tried_again(portal: Portal, monkeypatch: pytest.MonkeyPatch) -> None:
    source = Source(portal)
    source.list(*(record(n) for n in range(10)))
    check = Bulk.check_new

    def failing(self: Bulk, values: dict[str, Any]) -> dict[str, Any]:
        if values["title"].endswith(" 7"):
            raise OSError("disk")
        return check(self, values)

    monkeypatch.setattr(Bulk, "check_new", failing)
    first = source.run()
    assert (first["added"], first["failed"]) == (9, 1)
    monkeypatch.undo()
    again = source.run(only_failed=True)
    assert (again["seen"], again["added"]) == (1, 1)
    assert source.public() == 10


def test_a_search_engine_that_is_down_ends_the_run_with_the_reason_and_is_caught_up_with(
    portal: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    import pysolr

    source = Source(portal)
    source.list(*(record(n) for n in range(5)))

    def refuse(*_: Any, **__: Any) -> None:
        raise pysolr.SolrError("Failed to connect")

    monkeypatch.setattr(pysolr.Solr, "add", refuse)
    result = source.run()
    assert (result["state"], result["reason"]["code"]) == ("failed", "index-unavailable")
    monkeypatch.undo()
    assert source.run()["unchanged"] == 5
    assert source.public() == 5


def test_more_records_than_the_cap_stop_the_run_before_anything_is_written(portal: Portal) -> None:
    source = Source(portal, max_records=10)
    source.list(*(record(n) for n in range(11)))
    result = source.run()
    assert (result["state"], result["reason"]["code"], settled(result)) == ("stopped", "source-too-many", 0)
    assert source.packages() == []


def test_a_source_keeps_its_own_clock_only_after_a_complete_run(agency: Source) -> None:
    query = sa.select(HarvestSource.watermark).where(HarvestSource.name == agency.name)
    before = model.Session.scalar(query)
    assert before.endswith("2026-10-01T08:29:00.000000")
    agency.portal.ckan = [dataset(n, day=5) for n in range(3)]
    assert agency.run(full=True)["state"] == "stopped"
    model.Session.remove()
    assert model.Session.scalar(query) == before


def test_repairs_are_counted_in_every_run_also_of_what_came_back_word_for_word(portal: Portal) -> None:
    source = Source(portal)
    source.list(record(1, keyword=["a & b"]), record(2))
    source.run()
    for _ in range(2):
        assert source.run()["unchanged"] == 2
        assert "tags-repaired" in source.issues("unchanged")


def test_a_dataset_whose_class_turns_into_an_unknown_word_is_closed_until_somebody_decides(portal: Portal) -> None:
    source = Source(portal)
    source.list(record(1), record(2))
    source.run()
    source.list(record(1), record(2, accessLevel="entah"))
    result = source.run()
    assert (result["unchanged"], result["held"]) == (1, 1)
    assert source.public() == 1
    (closed,) = [p for p in source.packages() if p["private"]]
    assert closed["publishing_status"] == "submitted"
    call_action("package_patch", id=closed["id"], private=False, publishing_status="published",
                context={"user": factories.Sysadmin()["name"], "satudata_may_set_status": True})  # fmt: skip
    source.run()
    assert source.public() == 2, "a person's decision holds while the source says the same"


def test_a_record_that_turns_bad_and_closed_at_once_closes_its_dataset(portal: Portal) -> None:
    source = Source(portal)
    source.list(record(1), record(2), record(3, accessLevel="restricted public"))
    source.run()
    source.list(record(1, accessLevel="non-public", title=None, distribution=[]), record(2, title=None, distribution=[]),
                record(3, accessLevel="restricted public", title=None, distribution=[]))  # fmt: skip
    assert source.run()["rejected"] == 3
    assert {p["title"]: p["private"] for p in source.packages()} == {
        "Jumlah Sekolah 1": True, "Jumlah Sekolah 2": False, "Jumlah Sekolah 3": False,
    }  # fmt: skip


def test_a_record_that_turns_bad_is_closed_by_the_class_that_its_source_now_has_by_default(portal: Portal) -> None:
    source = Source(portal, default_access="terbuka")
    source.list(record(1, accessLevel=None))
    source.run()
    assert source.public() == 1
    settings = {"review": "auto", "default_access": "tertutup"}
    call_action("satudata_source_update", name=source.name, settings=settings)
    source.list(record(1, accessLevel=None, title=None, distribution=[]))
    assert source.run()["rejected"] == 1
    assert source.public() == 0


def test_a_change_that_validators_refuse_closes_what_it_would_have_closed(
    portal: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = Source(portal)
    source.list(record(1), record(2))
    source.run()
    check = Bulk.check_changed

    def refuse(self: Bulk, existing: Any, values: dict[str, Any], shown: dict[str, Any]) -> Any:
        if values["title"] == "Lain":
            raise tk.ValidationError({"title": ["tidak sah"]})
        return check(self, existing, values, shown)

    monkeypatch.setattr(Bulk, "check_changed", refuse)
    source.list(record(1, title="Lain", accessLevel="non-public"), record(2, title="Lain"))
    assert source.run()["rejected"] == 2
    assert {p["title"]: p["private"] for p in source.packages()} == {
        "Jumlah Sekolah 1": True, "Jumlah Sekolah 2": False
    }  # fmt: skip
    assert source.public() == 1


def test_a_class_that_is_known_again_opens_the_dataset_again(portal: Portal) -> None:
    source = Source(portal)
    source.list(record(1))
    source.run()
    source.list(record(1, accessLevel="entah"))
    source.run()
    source.list(record(1))
    assert source.run()["updated"] == 1
    assert source.public() == 1


def test_a_class_that_is_no_longer_stated_leaves_the_dataset_as_it_is(portal: Portal) -> None:
    source = Source(portal)
    source.list(record(1))
    source.run()
    source.list(record(1, accessLevel=None))
    assert source.run()["held"] == 1
    assert source.public() == 1


def test_searches_forget_what_was_closed_before_the_next_chunk_is_written(
    portal: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run, "CHUNK", 1)
    source, commits = Source(portal), []
    source.list(*(record(n) for n in range(3)))
    source.run()
    commit = Index.commit
    monkeypatch.setattr(Index, "commit", lambda self: (commits.append(self.sent), commit(self))[1])
    source.list(record(0, title="Lain"), record(1, accessLevel="non-public"), record(2, title="Lain pula"))
    assert source.run()["updated"] == 3
    assert commits == [2, 3]


def test_a_database_that_lacks_a_migration_is_told_apart_from_one_that_is_away(
    portal: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = Source(portal)
    source.list(record(1))

    def older(*_: Any) -> None:
        model.Session.execute(sa.text("select no_such_column from satudata_source"))

    monkeypatch.setattr(run.ledger, "write_rows", older)
    result = source.run()
    assert (result["state"], result["reason"]["code"]) == ("failed", "database-outdated")
    assert "db upgrade" in result["reason"]["hint"]


def test_what_a_dead_run_closed_leaves_the_index_even_while_the_source_is_away(portal: Portal) -> None:
    source = Source(portal)
    source.list(record(1), record(2))
    source.run()
    source.die_before_the_index()
    assert source.public() == 2
    portal.pages.clear()
    assert source.run()["state"] == "failed"
    assert source.public() == 1
