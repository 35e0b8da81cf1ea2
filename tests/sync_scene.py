"""A target with a dataset in every state, for the tests of the pages on the province."""

from __future__ import annotations

import datetime as dt
from typing import Any

from ckan import model
from ckan.tests import factories
from ckan.tests.helpers import call_action
from ckanext.satudatapaser.model import PushChange, PushLedger, PushRun, PushTarget
from readers import PASSWORD

AWAY = {
    "code": "target-down", "message": "Sasaran gagal menjawab 5 kali berturut-turut: waktu habis.",
    "hint": "Data setempat tidak terpengaruh; jalankan lagi nanti.",
}  # fmt: skip
NOON = dt.datetime(2026, 11, 20, 4, 0, tzinfo=dt.UTC)
BROKEN = {
    "code": "source-status", "message": "Sumber https://data.example.go.id/api menjawab status 500, bukan 200: '<b>rusak</b>'.",
    "hint": "", "values": {"status": "500", "said": "'<b>rusak</b>'"},
}  # fmt: skip


def refused(action: str, said: str) -> dict[str, Any]:
    """Return how the ledger keeps that the target refused something."""
    values = {"action": action, "said": said, "status": "409"}
    return {"code": "remote-refused", "message": f"Sasaran menolak {action}: {said}", "hint": "", "values": values}


EMPTY = refused("package_patch", "title: <b>kosong</b>")
HISTORY: tuple[tuple[int, str, str, str, dict[str, Any]], ...] = (
    (-90, "", "not_eligible", "access-terbatas, private", {}),
    (1, "not_eligible", "failed", BROKEN["message"], BROKEN),
    (30, "failed", "conflict", "field", {}),
    (40, "conflict", "failed", EMPTY["message"], EMPTY),
)


def scene() -> dict[str, Any]:
    """Make a target with a dataset in each state, a push that stopped and a dry run; one of the walidata, a steward."""
    walidata = factories.Organization(name="diskominfostaper")
    checker, steward = (factories.User(password=PASSWORD) for _ in range(2))
    call_action("organization_member_create", id=walidata["id"], username=checker["name"], role="editor")
    owner = factories.Organization(users=[{"name": steward["name"], "capacity": "editor"}])
    call_action("satudata_push_target_create", target="kaltim", url="https://data.example.go.id",
                settings={"organization": "paser"})  # fmt: skip
    target = model.Session.query(PushTarget).one().id
    fields = {
        "ok": {"remote_id": "r-ok", "pushed_at": NOON, "pushed": {
            "title": "Dataset <i>ok</i>", "resources": [{"name": "Tabel", "url": "https://disdik.example.go.id/t.csv"}]}},
        "failed": {"last_error": "Sasaran menolak package_create: judul <b>kosong</b>", "attempts": 2,
                   "fault": refused("package_create", "judul <b>kosong</b>")},
        "conflict": {"remote_id": "r-c", "reasons": [
            {"code": "field", "field": "title", "ours": "Judul kita", "theirs": "Judul mereka"}]},
        "not_eligible": {"reasons": [
            {"code": "access-terbatas", "message": "Akses terbatas: sasaran ini hanya menerima data terbuka."}]},
    }  # fmt: skip
    packages, ids = {}, {}
    for state, values in fields.items():
        made = factories.Dataset(title=f"Dataset {state}", owner_org=owner["id"], accessRights="terbuka")
        packages[state] = made["name"]
        model.Session.add(PushLedger(target_id=target, package_id=made["id"], state=state, **values))
        ids[state] = made["id"]
    stopped = PushRun(target_id=target, state="stopped", counts={"created": 3, "failed": 5}, reason=AWAY, changes=[],
                      started=NOON, finished=NOON + dt.timedelta(minutes=2))  # fmt: skip
    model.Session.add(stopped)
    for minutes, before, after, why, fault in HISTORY:
        moment = NOON + dt.timedelta(minutes=minutes)
        change = PushChange(
            target_id=target, package_id=ids["failed"], moment=moment, before=before, after=after, why=why, fault=fault
        )
        model.Session.add(change)
    changes = [{"name": packages["ok"], "action": "update", "fields": ["title", "notes"]}]
    dry = PushRun(target_id=target, state="finished", dry_run=True, counts={"updated": 1}, changes=changes)
    model.Session.add(dry)
    model.Session.commit()
    return {"checker": checker, "steward": steward, "packages": packages, "dry": dry.id, "stopped": stopped.id}
