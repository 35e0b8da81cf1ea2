"""Whole runs against a real server: what is written, what is left alone, and what stops a run."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from agency import COUNTED, Source, record, settled
from ckan import model
from ckan.lib import search
from ckan.plugins import toolkit as tk
from ckan.tests import factories
from ckan.tests.helpers import call_action
from ckanext.satudatapaser.model import HarvestObject, HarvestSource
from portal import Portal

pytestmark = [pytest.mark.ckan, pytest.mark.search, pytest.mark.usefixtures("empty_catalogue")]


def test_every_record_ends_in_exactly_one_way_and_the_counts_add_up(portal: Portal) -> None:
    source = Source(portal)
    source.list(
        record(1), record(2, accessLevel="non-public"), record(3, accessLevel="entah"), record(4, title="", distribution=[]),
        record(1, title="Pengenal ganda"), "bukan objek", None,
    )  # fmt: skip
    result = source.run()
    assert result["state"] == "finished"
    assert (result["seen"], settled(result)) == (7, 7)
    assert {key: result[key] for key in COUNTED} == {
        "added": 2, "updated": 0, "unchanged": 0, "held": 1, "rejected": 4, "failed": 0,
    }  # fmt: skip
    assert source.issues("held") == {"access-unknown"}
    assert {"identifier-twice", "record-not-object"} <= source.issues("rejected")
    assert source.public() == 1


def test_a_second_run_writes_nothing_to_the_database_or_to_solr(
    portal: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = Source(portal)
    source.list(*(record(n) for n in range(30)))
    source.run()
    before = {p["id"]: p["metadata_modified"] for p in source.packages()}
    written = []
    monkeypatch.setattr(search.PackageSearchIndex, "index_package", lambda *_, **__: written.append("solr"))
    monkeypatch.setattr(model.Package, "save", lambda *_: written.append("package"))
    source.list(*(record(n, modified="2026-11-24") for n in range(30)))
    result = source.run()
    assert (result["unchanged"], settled(result), written) == (30, 30, [])
    assert {p["id"]: p["metadata_modified"] for p in source.packages()} == before


def test_a_changed_record_is_updated_and_keeps_its_ids(portal: Portal) -> None:
    source = Source(portal)
    source.list(record(1), record(2))
    source.run()
    before = {p["title"]: (p["id"], p["name"], p["resources"][0]["id"]) for p in source.packages()}
    source.list(record(1, title="Judul baru"), record(2))
    assert source.run()["updated"] == 1
    after = {p["title"]: (p["id"], p["name"], p["resources"][0]["id"]) for p in source.packages()}
    assert after["Judul baru"] == before["Jumlah Sekolah 1"]


def test_a_dry_run_writes_nothing(portal: Portal) -> None:
    source = Source(portal)
    source.list(record(1), record(2))
    result = source.run(dry_run=True)
    assert (result["added"], result["dry_run"]) == (2, True)
    assert source.packages() == []


def test_without_review_auto_records_wait_unseen(portal: Portal) -> None:
    source = Source(portal, review="manual")
    source.list(record(1))
    source.run()
    assert [p["publishing_status"] for p in source.packages()] == ["submitted"]
    assert source.public() == 0


def test_reissued_identifiers_stop_the_run_and_rebinding_is_the_way_on(portal: Portal) -> None:
    source = Source(portal)
    source.list(*(record(n) for n in range(20)))
    source.run()
    before = {p["title"]: p["id"] for p in source.packages()}
    source.list(*(record(n, identifier=f"baru-{n}") for n in range(20)))
    stopped = source.run()
    assert (stopped["state"], stopped["reason"]["code"]) == ("stopped", "identity-changed")
    assert "source rebind" in stopped["reason"]["hint"]
    assert {p["title"]: p["id"] for p in source.packages()} == before
    assert call_action("satudata_source_rebind", name=source.name, apply=True)["matched"] == 20
    again = source.run()
    assert (again["state"], again["unchanged"]) == ("finished", 20), "a new identifier alone is nothing to write"
    assert {p["title"]: p["id"] for p in source.packages()} == before


def test_a_removed_record_is_never_bound_to_a_held_one_of_the_same_title(portal: Portal) -> None:
    def held(n: int) -> dict[str, Any]:
        return record(n, identifier=f"tertahan-{n}", accessLevel="entah")

    def matched() -> int:
        return int(call_action("satudata_source_rebind", name=source.name)["matched"])

    source = Source(portal)
    source.list(*map(record, range(20)), *map(held, range(20)))
    assert (source.run()["held"], source.public()) == (20, 20)
    source.list(*map(held, range(20)))
    assert matched() == 0
    assert source.run()["reason"]["code"] == "too-many-missing"
    source.list(*(record(n, identifier=f"baru-{n}") for n in range(20)))
    assert matched() == 0, "whether a published or a held one came back is not known"
    source.list(*(record(n, identifier=f"baru-{n}") for n in range(20)), *map(held, range(20)))
    assert matched() == 20


def test_mass_disappearance_archives_nothing(portal: Portal) -> None:
    source = Source(portal, grace_runs=0, grace_days=0)
    source.list(*(record(n) for n in range(20)))
    source.run()
    source.list(*(record(n) for n in range(10)))
    stopped = source.run()
    assert (stopped["state"], stopped["archived"]) == ("stopped", 0)
    assert source.public() == 20


def test_a_record_that_vanishes_is_archived_and_comes_back_with_its_ids(portal: Portal) -> None:
    source = Source(portal, grace_runs=1, grace_days=0)
    source.list(*(record(n) for n in range(20)))
    source.run()
    before = {p["title"]: p["id"] for p in source.packages()}
    source.list(*(record(n) for n in range(19)))
    assert source.run()["archived"] == 1
    assert source.public() == 19
    source.list(*(record(n) for n in range(20)))
    back = source.run()
    assert (back["restored"], back["updated"]) == (1, 1)
    assert source.public() == 20
    assert {p["title"]: p["id"] for p in source.packages()} == before


LOGIN = (200, "text/html", b"<!doctype html><title>Masuk</title><form><input type=password></form>")
FAULTS = {
    "salah alamat": (None, "404"),
    "halaman masuk": (LOGIN, "HTML"),
    "daftar kosong": ({"dataset": []}, "kosong"),
    "terpotong": ((200, "application/json", b'{"dataset": [{"title": "Ju'), "JSON"),
    "bukan katalog": ({"pesan": "halo"}, "dataset"),
    "galat 500": ((500, "text/html", b"<h1>Internal Server Error</h1>"), "500"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_faulty_answer_ends_with_a_message_and_changes_nothing(portal: Portal, fault: str) -> None:
    source = Source(portal)
    source.list(record(1), record(2))
    source.run()
    before = source.packages()
    answer, word = FAULTS[fault]
    portal.pages["/data.json"] = answer
    result = source.run()
    assert result["state"] == "failed"
    assert word.lower() in result["reason"]["message"].lower()
    assert portal.url in result["reason"]["message"]
    assert settled(result) == 0
    assert source.packages() == before


def test_a_hanging_server_ends_with_a_message(portal: Portal, monkeypatch: pytest.MonkeyPatch) -> None:
    from ckanext.satudatapaser.logic import sources
    from ckanext.satudatapaser.net.guard import Policy
    from ckanext.satudatapaser.net.http import GuardedSession, Limits

    portal.hang = 5
    limits = Limits(per_second=0, read=0.5, attempts=1)
    monkeypatch.setattr(
        sources, "guarded_session", lambda *_, **__: GuardedSession(Policy.of(["127.0.0.0/8"]), limits, {})
    )
    result = Source(portal, path="/gantung").run()
    assert result["state"] == "failed"
    assert "tidak menjawab" in result["reason"]["message"]


def test_records_of_a_foreign_type_come_in_as_ordinary_datasets(portal: Portal) -> None:
    source = Source(portal, kind="ckan", path="", default_access="terbuka", default_license="cc-by")
    portal.ckan = [
        {"id": "a", "name": "peta", "title": "Peta", "type": "geodata", "notes": "x", "state": "active"},
        {"id": "b", "name": "rahasia", "title": "Rahasia", "private": True, "notes": "x", "state": "active"},
    ]
    assert source.run()["added"] == 2
    assert {p["type"] for p in source.packages()} == {"dataset"}
    assert source.public() == 1


def test_a_run_killed_in_the_middle_leaves_nothing_twice_and_the_next_completes_it(portal: Portal) -> None:
    source, total = Source(portal), 160
    source.list(*(record(n) for n in range(total)))
    command = [
        str(Path(sys.executable).parent / "ckan"),
        "-c",
        os.environ["CKAN_INI"],
        "satudata",
        "harvest",
        source.name,
    ]
    source_id = model.Session.scalar(sa.select(HarvestSource.id).where(HarvestSource.name == source.name))
    query = sa.select(sa.func.count()).where(HarvestObject.source_id == source_id)
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        deadline = time.monotonic() + 60
        while not model.Session.scalar(query) and time.monotonic() < deadline and process.poll() is None:
            model.Session.rollback()
            time.sleep(0.02)
        process.send_signal(signal.SIGKILL)
    model.Session.rollback()
    written = model.Session.scalar(query)
    assert 0 < written < total, "the run was to die in the middle"
    result = source.run()
    assert result["state"] == "finished"
    assert (result["added"], result["unchanged"]) == (total - written, written)
    assert len(source.packages()) == len({p["title"] for p in source.packages()}) == source.public() == total
    jobs = call_action("satudata_job_list", name=source.name)
    assert [job["state"] for job in jobs] == ["finished", "failed"]
    assert source.run()["unchanged"] == total


def test_a_harvest_in_the_background_loads_the_tables_of_new_files(portal: Portal) -> None:
    from ckanext.satudatapaser.logic.action.job import run_in_background

    source = Source(portal)
    portal.pages["/tabel.csv"] = (200, "text/csv", b"kecamatan,jumlah\nTanah Grogot,3\n")
    source.list(record(1, distribution=[{"title": "Tabel", "downloadURL": f"{portal.url}/tabel.csv", "format": "CSV"}]))
    run_in_background(source.name, tk.get_action("get_site_user")({"ignore_auth": True}, {})["name"])
    resource = source.packages()[0]["resources"][0]
    found = tk.get_action("datastore_search")({}, {"resource_id": resource["id"]})
    assert [(row["kecamatan"], row["jumlah"]) for row in found["records"]] == [("Tanah Grogot", 3)]


def test_only_an_approved_source_runs_and_not_by_the_word_of_one_person(portal: Portal) -> None:
    organization = factories.Organization()
    values = {"kind": "datajson", "url": portal.url, "owner_org": organization["name"]}
    admin = factories.Sysadmin()
    call_action("satudata_source_create", name="belum-setuju", context={"user": admin["name"]}, **values)
    with pytest.raises(tk.ValidationError):
        call_action("satudata_job_run", name="belum-setuju")
    with pytest.raises(tk.NotAuthorized):
        call_action(
            "satudata_source_approve", name="belum-setuju", context={"user": admin["name"], "ignore_auth": True}
        )
    assert portal.requests == []


def test_the_raw_text_of_what_was_refused_is_kept_for_people_to_see(portal: Portal) -> None:
    source = Source(portal)
    source.list(record(1, accessLevel="entah", title="Yang ditahan"))
    source.run()
    kept = call_action("satudata_record_list", name=source.name, outcome="held")["records"][0]
    assert json.loads(kept["raw"])["title"] == "Yang ditahan"
