"""Notices about a target: once when pushes begin to fail, once when they are well again."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
import sources
import sqlalchemy as sa
from ckan import model
from ckan.plugins import toolkit as tk
from ckanext.satudatapaser import clock
from ckanext.satudatapaser.model import Notice, PushRun, PushTarget
from ckanext.satudatapaser.upkeep.after_push import after_push

pytestmark = [pytest.mark.ckan, pytest.mark.usefixtures("empty_catalogue")]
UNIT = "unit@diskominfo.example.go.id"
NUMBERS = itertools.count(1)
DOWN = {
    "state": "stopped",
    "reason": {"code": "target-down", "message": "Sasaran gagal menjawab.", "hint": "Nanti lagi."},
}


def target(**settings: Any) -> str:
    name = f"sasaran-{next(NUMBERS)}"
    values = {"url": "https://data.example.go.id", "settings": {"notify": UNIT, **settings}}
    sources.call("satudata_push_target_create", target=name, **values)
    return name


def notices(name: str) -> list[Any]:
    model.Session.remove()
    query = sa.select(Notice).join(PushTarget).where(PushTarget.name == name).order_by(Notice.created)
    return list(model.Session.scalars(query))


def failing_since(name: str) -> Any:
    return next(item for item in sources.call("satudata_push_target_list") if item["name"] == name)["failing_since"]


def test_a_real_failure_and_recovery_are_said_once_each() -> None:
    name = target()
    sources.call("satudata_push_target_update", target=name, secret="belum-ada")
    for _ in range(2):
        with pytest.raises(tk.ValidationError):
            sources.call("satudata_push_run", target=name)
    assert failing_since(name)
    model.Session.execute(sa.update(PushTarget).where(PushTarget.name == name).values(secret=""))
    model.Session.commit()
    for _ in range(2):
        assert sources.call("satudata_push_run", target=name)["state"] == "finished"
    assert failing_since(name) is None
    failing, recovered = notices(name)
    assert (failing.event, failing.recipient, failing.content["target"]) == ("failing", UNIT, name)
    assert f"Pengiriman ke {name} gagal" in failing.content["subject"]
    assert "/sinkronisasi" in failing.content["text"]
    assert "belum-ada" in failing.content["text"]
    assert "berhasil lagi" in recovered.content["subject"]
    listed = [item for item in sources.call("satudata_notice_list", limit=1000) if item.get("target") == name]
    assert [item["event"] for item in listed] == ["recovered", "failing"]


def test_a_dry_run_and_a_push_that_never_began_are_no_news() -> None:
    name = target()
    assert after_push(name, {**DOWN, "dry_run": True}) == ""
    assert after_push(name, {"state": "stopped", "reason": {"code": "already-running"}}) == ""
    assert notices(name) == []


def test_a_push_that_died_is_news() -> None:
    name = target()
    id = model.Session.scalar(sa.select(PushTarget.id).where(PushTarget.name == name))
    model.Session.add(PushRun(target_id=id, counts={}, started=clock.now()))
    model.Session.commit()
    assert name in sources.call("satudata_tick")["died"]
    [found] = notices(name)
    assert found.content["code"] == "run-died"


def test_who_is_told_is_checked_when_it_is_set_and_falls_back_to_the_default(
    ckan_config: Any, monkeypatch: Any
) -> None:
    with pytest.raises(tk.ValidationError, match="notify|Penerima"):
        target(notify="bukan alamat")
    monkeypatch.setitem(ckan_config, "ckanext.satudatapaser.notify", "https://hook.example.go.id/x")
    name = target(notify="")
    assert after_push(name, DOWN) == "failing"
    assert [item.recipient for item in notices(name)] == ["https://hook.example.go.id/x"]
