"""A target with a dataset in every state, for the tests of the pages on the province."""

from __future__ import annotations

from typing import Any

from ckan import model
from ckan.tests import factories
from ckan.tests.helpers import call_action
from ckanext.satudatapaser.model import PushLedger, PushRun, PushTarget
from readers import PASSWORD

AWAY = {
    "code": "target-down", "message": "Sasaran gagal menjawab 5 kali berturut-turut: waktu habis.",
    "hint": "Data setempat tidak terpengaruh; jalankan lagi nanti.",
}  # fmt: skip


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
        "ok": {"remote_id": "r-ok"},
        "failed": {"last_error": "Sasaran menolak package_create: judul <b>kosong</b>", "attempts": 2},
        "conflict": {"remote_id": "r-c", "reasons": [
            {"code": "field", "field": "title", "ours": "Judul kita", "theirs": "Judul mereka"}]},
        "not_eligible": {"reasons": [
            {"code": "access-terbatas", "message": "Akses terbatas: sasaran ini hanya menerima data terbuka."}]},
    }  # fmt: skip
    packages = {}
    for state, values in fields.items():
        made = factories.Dataset(title=f"Dataset {state}", owner_org=owner["id"], accessRights="terbuka")
        packages[state] = made["name"]
        model.Session.add(PushLedger(target_id=target, package_id=made["id"], state=state, **values))
    stopped = PushRun(target_id=target, state="stopped", counts={"created": 3, "failed": 5}, reason=AWAY, changes=[])
    changes = [{"name": packages["ok"], "action": "update", "fields": ["title", "notes"]}]
    dry = PushRun(target_id=target, state="finished", dry_run=True, counts={"updated": 1}, changes=changes)
    model.Session.add_all([stopped, dry])
    model.Session.commit()
    return {"checker": checker, "steward": steward, "packages": packages, "dry": dry.id, "stopped": stopped.id}
