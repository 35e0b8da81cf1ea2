"""Pushes to a real second CKAN: exactly what is eligible, only what differs, once."""

from __future__ import annotations

import datetime as dt
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from ckan import model
from ckan.plugins import toolkit as tk
from ckan.tests.helpers import call_action
from ckanext.satudatapaser import clock
from ckanext.satudatapaser.model import PushLedger
from ckanext.satudatapaser.province.remote import Remote
from ckanext.satudatapaser.upkeep.trim import trim_changes
from paser import Paser, as_admin
from two_ckans import ORGANIZATION

pytestmark = [pytest.mark.ckan, pytest.mark.search]


def test_exactly_the_eligible_datasets_go_up_and_each_other_says_why(paser: Paser) -> None:
    paser.dataset("terbuka")
    paser.dataset("terbatas", accessRights="terbatas")
    paser.dataset("tertutup", accessRights="tertutup", private=True)
    paser.dataset("antre", publishing_status="submitted", private=True)
    result = paser.push()
    assert (result["created"], result["skipped"], result["failed"]) == (1, 3, 0)
    assert set(paser.province.datasets()) == {"Judul terbuka"}
    reasons = {name: {r["code"] for r in row["reasons"]} for name, row in paser.ledger("not_eligible").items()}
    assert reasons == {
        "terbatas": {"access-terbatas"},
        "tertutup": {"private", "access-tertutup"},
        "antre": {"private", "not-published"},
    }
    there = paser.province.datasets()["Judul terbuka"]
    assert there["type"] == "dataset"
    assert {extra["key"]: extra["value"] for extra in there["extras"]}["satuan"] == "unit"


def test_a_second_push_asks_and_writes_nothing(paser: Paser) -> None:
    for number in range(5):
        paser.dataset(f"data-{number}")
    paser.push()
    result = paser.push()
    assert (result["unchanged"], paser.calls, result["requests"]) == (5, [], 0)


def test_a_changed_title_is_exactly_one_patch_and_the_ids_there_stay(paser: Paser) -> None:
    paser.dataset("aa")
    paser.dataset("bb")
    paser.push()
    before = paser.province.datasets()["Judul aa"]
    paser.change("aa", title="Judul baru")
    assert paser.push()["updated"] == 1
    assert paser.writes() == ["package_patch"]
    after = paser.province.datasets()["Judul baru"]
    assert (after["id"], after["name"]) == (before["id"], before["name"])
    assert [r["id"] for r in after["resources"]] == [r["id"] for r in before["resources"]]


def test_a_dry_run_writes_nothing_here_or_there(paser: Paser) -> None:
    paser.dataset("aa")
    result = paser.push(dry_run=True)
    assert (result["created"], paser.writes(), paser.province.datasets(), paser.ledger()) == (1, [], {}, {})
    assert [change["action"] for change in result["changes"]] == ["create"]


def test_a_dry_run_is_kept_with_what_it_found(paser: Paser) -> None:
    paser.dataset("aa")
    paser.push(dry_run=True)
    (run,) = call_action("satudata_push_run_list", target="kaltim")
    (change,) = call_action("satudata_push_run_show", id=run["id"])["changes"]
    assert (change["name"], change["action"]) == ("aa", "create")


def test_one_dataset_is_pushed_alone(paser: Paser) -> None:
    paser.dataset("aa")
    paser.dataset("bb")
    result = paser.push(id="aa")
    assert (result["created"], result["skipped"]) == (1, 0)
    assert paser.ledger().keys() == {"aa"}
    assert call_action("satudata_push_dataset_show", id="aa")[0]["remote_url"].startswith(paser.province.url)


def test_what_is_closed_later_is_withdrawn_and_comes_back_under_the_same_id(paser: Paser) -> None:
    paser.dataset("aa")
    paser.push()
    id = paser.province.datasets()["Judul aa"]["id"]
    paser.change("aa", accessRights="terbatas")
    assert paser.push()["withdrawn"] == 1
    assert paser.province.datasets() == {}
    assert paser.push()["requests"] == 0
    paser.change("aa", accessRights="terbuka")
    assert paser.push()["updated"] == 1
    assert paser.province.datasets()["Judul aa"]["id"] == id


def test_an_edit_by_hand_there_is_a_conflict_that_nothing_overwrites(paser: Paser) -> None:
    paser.dataset("aa")
    paser.push()
    id = paser.province.datasets()["Judul aa"]["id"]
    paser.province.call("package_patch", id=id, title="Disunting di provinsi")
    paser.change("aa", notes="Keterangan baru")
    assert paser.push()["conflict"] == 1
    assert set(paser.province.datasets()) == {"Disunting di provinsi"}
    assert {r["field"] for r in paser.ledger("conflict")["aa"]["reasons"]} == {"title", "notes"}
    call_action("satudata_push_resolve", target="kaltim", id="aa", keep="ours")
    assert paser.push()["updated"] == 1
    assert set(paser.province.datasets()) == {"Judul aa"}


def test_a_name_that_is_taken_there_does_not_touch_the_other_owners_dataset(paser: Paser) -> None:
    if "lain" not in paser.province.call("organization_list"):
        paser.province.call("organization_create", name="lain")
    paser.province.call("package_create", name="aa", title="Milik lain", owner_org="lain")
    paser.dataset("aa")
    assert paser.push()["created"] == 1
    assert set(paser.province.datasets()) == {"Milik lain", "Judul aa"}


def test_what_the_province_added_of_its_own_stays(paser: Paser) -> None:
    paser.dataset("aa")
    paser.push()
    there = paser.province.datasets()["Judul aa"]
    extras = [*there["extras"], {"key": "catatan-provinsi", "value": "x"}]
    paser.province.call("package_patch", id=there["id"], extras=extras)
    paser.change("aa", satuan="orang")
    assert paser.push()["updated"] == 1
    found = {extra["key"]: extra["value"] for extra in paser.province.datasets()["Judul aa"]["extras"]}
    assert (found["catatan-provinsi"], found["satuan"]) == ("x", "orang")


def test_a_push_killed_in_the_middle_leaves_nothing_twice_and_the_next_completes_it(paser: Paser) -> None:
    total = 25
    for number in range(total):
        paser.dataset(f"data-{number}")
    command = [str(Path(sys.executable).parent / "ckan"), "-c", os.environ["CKAN_INI"], "satudata", "push", "kaltim"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        deadline = time.monotonic() + 60
        while not paser.province.datasets() and time.monotonic() < deadline and process.poll() is None:
            time.sleep(0.05)
        process.send_signal(signal.SIGKILL)
    written = len(paser.province.datasets())
    assert 0 < written < total, "the push was to die in the middle"
    result = paser.push()
    assert result["failed"] == 0
    assert len(paser.province.datasets()) == total
    assert paser.province.call("package_search", rows=0, include_private=True, include_drafts=True)["count"] == total
    assert paser.push()["unchanged"] == total


def test_a_wrong_token_stops_at_once_and_is_never_shown(paser: Paser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SATUDATA_SECRET_KUNCI_PROVINSI", "token-yang-salah-123")
    for number in range(3):
        paser.dataset(f"data-{number}")
    result = paser.push()
    assert (result["state"], result["reason"]["code"]) == ("stopped", "remote-forbidden")
    assert "token-yang-salah-123" not in str(result) + str(paser.ledger())


def test_a_stock_ckan_is_harvested_completely_as_a_source(paser: Paser) -> None:
    paser.province.call("package_create", name="p1", title="Peta jalan", owner_org=ORGANIZATION, type="dataset",
                        notes="x", license_id="cc-by")  # fmt: skip
    paser.province.call(
        "package_create", name="p2", title="Asing", owner_org=ORGANIZATION, notes="x", license_id="cc-by"
    )
    call_action("satudata_source_create", name="stok", kind="ckan", url=paser.province.url, owner_org="disdik",
                settings={"default_access": "terbuka", "review": "auto"})  # fmt: skip
    call_action("satudata_source_approve", name="stok", context={"satudata_alone": True})
    assert call_action("satudata_job_run", name="stok")["added"] == 2
    assert call_action("satudata_job_run", name="stok")["unchanged"] == 2


def test_what_was_never_sent_is_created_without_looking_first(paser: Paser) -> None:
    for number in range(3):
        paser.dataset(f"data-{number}")
    paser.push()
    assert [action for action, _ in paser.calls] == ["scheming_dataset_schema_show"] + ["package_create"] * 3


def test_a_lost_ledger_finds_its_datasets_again(paser: Paser) -> None:
    paser.dataset("aa")
    paser.push()
    model.Session.query(PushLedger).delete()
    model.Session.commit()
    paser.change("aa", title="Judul baru")
    assert paser.push()["updated"] == 1
    assert [package["title"] for package in paser.everything_there()] == ["Judul baru"]


def test_a_changed_dataset_costs_a_look_and_a_patch(paser: Paser) -> None:
    for number in range(4):
        paser.dataset(f"data-{number}")
    paser.push()
    paser.change("data-1", title="Judul baru")
    assert paser.push()["requests"] <= 3
    assert [action for action, _ in paser.calls if action.startswith("package")] == ["package_show", "package_patch"]


@pytest.mark.parametrize("purged", [False, True])
def test_a_dataset_closed_while_the_push_runs_does_not_go_up(
    paser: Paser, monkeypatch: pytest.MonkeyPatch, purged: bool
) -> None:
    paser.dataset("aa")
    paser.dataset("bb")
    recorded = Remote.call

    def closing(self: Remote, action: str, values: dict[str, Any]) -> Any:
        if action == "package_create" and purged:
            tk.get_action("dataset_purge")(as_admin(), {"id": "bb"})
        elif action == "package_create":
            paser.change("bb", accessRights="terbatas")
        return recorded(self, action, values)

    monkeypatch.setattr(Remote, "call", closing)
    assert paser.push()["created"] == 1
    assert [package["title"] for package in paser.everything_there()] == ["Judul aa"]


def test_a_private_dataset_of_another_owner_under_our_name_does_not_stop_the_push(paser: Paser) -> None:
    if "lain" not in paser.province.call("organization_list"):
        paser.province.call("organization_create", name="lain")
    paser.province.call("package_create", name="aa", title="Rahasia lain", owner_org="lain", private=True)
    paser.dataset("aa")
    assert paser.push()["created"] == 1
    assert set(paser.province.datasets()) == {"Judul aa"}


@pytest.mark.parametrize(("keep", "title", "notes"), [
    ("ours", "Judul aa", "Keterangan baru"), ("both", "Disunting", "Keterangan baru"), ("theirs", "Disunting", "Keterangan"),
])  # fmt: skip
def test_a_conflict_is_decided_for_ours_theirs_or_both_and_stays_decided(
    paser: Paser, keep: str, title: str, notes: str
) -> None:
    paser.dataset("aa")
    paser.push()
    id = paser.province.datasets()["Judul aa"]["id"]
    paser.province.call("package_patch", id=id, title="Disunting")
    paser.change("aa", notes="Keterangan baru")
    assert paser.push()["conflict"] == 1
    sides = {r["field"]: (r["ours"], r["theirs"], r["changed_by_us"]) for r in paser.ledger()["aa"]["reasons"]}
    assert sides == {"title": ("Judul aa", "Disunting", False), "notes": ("Keterangan baru", "Keterangan", True)}
    call_action("satudata_push_resolve", target="kaltim", id="aa", keep=keep)
    paser.push()
    paser.change("aa", satuan="orang")  # a later change of another field undoes no decision
    assert paser.push()["updated"] == 1
    there = paser.province.call("package_show", id=id)
    assert (there["title"], there["notes"]) == (title, notes)
    assert {extra["key"]: extra["value"] for extra in there["extras"]}["satuan"] == "orang"


def test_another_edit_after_a_decision_is_another_conflict(paser: Paser) -> None:
    paser.dataset("aa")
    paser.push()
    id = paser.province.datasets()["Judul aa"]["id"]
    paser.province.call("package_patch", id=id, title="Disunting")
    paser.change("aa", notes="Keterangan baru")
    paser.push()
    call_action("satudata_push_resolve", target="kaltim", id="aa", keep="ours")
    paser.province.call("package_patch", id=id, title="Disunting lagi")
    assert paser.push()["conflict"] == 1
    assert set(paser.province.datasets()) == {"Disunting lagi"}


def test_the_history_tells_each_change_of_state_and_is_trimmed_by_age(paser: Paser) -> None:
    paser.dataset("aa")
    paser.push()
    paser.change("aa", accessRights="terbatas")
    paser.push()
    paser.push()
    found = call_action("satudata_push_history_list", target="kaltim", id="aa")
    assert [(c["before"], c["after"], c["why"]) for c in found] == [
        ("ok", "withdrawn", "access-terbatas"), ("pending", "ok", ""),
    ]  # fmt: skip
    assert trim_changes(clock.now() + dt.timedelta(days=10), days=30) == 0
    assert trim_changes(clock.now() + dt.timedelta(days=31), days=30) == 2
    assert call_action("satudata_push_history_list", target="kaltim") == []
