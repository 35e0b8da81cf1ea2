"""Pushes without a person watching: those that never began, those that are old."""

from __future__ import annotations

import datetime as dt
import itertools
import time
from collections.abc import Iterator
from typing import Any

import pytest
import sources
import sqlalchemy as sa
from ckan import model
from ckan.lib import jobs
from ckan.plugins import toolkit as tk
from ckan.tests import factories
from ckanext.satudatapaser import clock
from ckanext.satudatapaser.logic.action.push import run_in_background
from ckanext.satudatapaser.model import PushRun, PushTarget
from ckanext.satudatapaser.upkeep import queue
from rq.registry import FailedJobRegistry, StartedJobRegistry

pytestmark = [pytest.mark.ckan, pytest.mark.search, pytest.mark.usefixtures("empty_catalogue")]
NUMBERS = itertools.count(1)


@pytest.fixture(autouse=True)
def _nothing_waits(site: None) -> Iterator[None]:
    jobs.get_queue().empty()
    for registry in (StartedJobRegistry(queue=jobs.get_queue()), FailedJobRegistry(queue=jobs.get_queue())):
        registry.connection.delete(registry.key)
    yield
    jobs.get_queue().empty()


def target(**values: Any) -> str:
    name = f"kirim-{next(NUMBERS)}"
    given = {"url": "https://data.example.go.id", "settings": {"organization": "paser"}}
    sources.call("satudata_push_target_create", target=name, **given | values)
    return name


def target_id(name: str) -> str:
    found: str = model.Session.scalar(sa.select(PushTarget.id).where(PushTarget.name == name))
    return found


def its_worker_dies() -> None:
    """Leave the queue as a worker does that takes work and dies, a minute and a half later."""
    (job,) = jobs.get_queue().jobs
    jobs.get_queue().remove(job)
    registry = StartedJobRegistry(queue=jobs.get_queue())
    registry.connection.zadd(registry.key, {f"{job.id}:run": time.time() - 1})


def later(monkeypatch: pytest.MonkeyPatch, **much: float) -> None:
    moment = clock.now() + dt.timedelta(**much)
    monkeypatch.setattr(clock, "now", lambda: moment)


def lost() -> list[str]:
    found: list[str] = sources.call("satudata_tick")["lost"]
    return found


def add_run(name: str, state: str, age: float, **values: Any) -> str:
    started = clock.now() - dt.timedelta(days=age)
    run = PushRun(target_id=target_id(name), state=state, started=started, counts={}, changes=[], **values)
    model.Session.add(run)
    model.Session.commit()
    return str(run.id)


# ---- lost


@pytest.mark.parametrize("dry_run", [False, True])
def test_a_push_whose_worker_died_before_it_began_is_queued_again_after_a_while(
    monkeypatch: pytest.MonkeyPatch, dry_run: bool
) -> None:
    name = target()
    sources.call("satudata_push_enqueue", target=name, dry_run=dry_run)
    its_worker_dies()
    assert lost() == []
    later(monkeypatch, minutes=16)
    assert lost() == [name]
    assert queue.waiting().count(f"satudata push {name}" + (" dry" if dry_run else "")) == 1
    assert lost() == []


def test_a_lost_push_of_one_dataset_is_queued_again_as_such(monkeypatch: pytest.MonkeyPatch) -> None:
    name, dataset = target(), factories.Dataset(owner_org=factories.Organization()["id"])
    sources.call("satudata_push_enqueue", target=name, id=dataset["name"])
    its_worker_dies()
    later(monkeypatch, minutes=16)
    assert lost() == [name]
    assert f"satudata push {name} {dataset['id']}" in queue.waiting()


def test_a_push_that_died_after_it_had_begun_is_not_queued_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    name = target()
    sources.call("satudata_push_enqueue", target=name)
    its_worker_dies()
    add_run(name, "finished", -1 / 86_400)
    later(monkeypatch, minutes=16)
    assert lost() == []


def test_a_push_that_cannot_begin_says_so_as_a_run_and_is_not_tried_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    name = target(secret="belum-ada")
    sources.call("satudata_push_enqueue", target=name)
    with pytest.raises(tk.ValidationError):
        run_in_background(name, sources.call("get_site_user")["name"])
    its_worker_dies()
    [run] = sources.call("satudata_push_run_list", target=name)
    assert (run["state"], run["reason"]["code"]) == ("failed", "secret-missing")
    later(monkeypatch, minutes=16)
    assert lost() == []


def test_a_dataset_that_was_purged_while_its_push_waited_is_nothing_to_push() -> None:
    name, dataset = target(), factories.Dataset(owner_org=factories.Organization()["id"])
    user = sources.call("get_site_user")["name"]
    tk.get_action("dataset_purge")({"user": user, "ignore_auth": True}, {"id": dataset["id"]})
    run_in_background(name, user, only=dataset["id"])
    assert sources.call("satudata_push_run_list", target=name) == []


# ---- old


def test_old_pushes_go_and_a_target_s_last_its_last_good_and_its_last_bad_one_stay() -> None:
    name = target()
    ages = {
        "newest": (1, "finished"), "second": (2, "finished"), "bad": (300, "stopped"), "older": (301, "failed"),
        "good": (302, "finished"), "running": (303, "running"),
    }  # fmt: skip
    made = {add_run(name, state, age): label for label, (age, state) in ages.items()}
    made[add_run(name, "finished", 304, dry_run=True)] = "dry"
    made[add_run(name, "finished", 10, dry_run=True)] = "young dry"
    made[add_run(name, "finished", 305, package_id="x")] = "one"
    made[add_run(name, "finished", 306, package_id="x")] = "older one"
    assert sources.call("satudata_history_trim", days=180, runs=2)["pushes"] == 4
    model.Session.remove()
    kept = {made[id] for id in model.Session.scalars(sa.select(PushRun.id)) if id in made}
    assert kept == {"newest", "second", "bad", "running", "young dry", "one"}
    assert sources.call("satudata_history_trim", days=180, runs=2)["pushes"] == 0


def test_the_last_pushes_stay_however_old_they_are() -> None:
    name = target()
    for age in (500, 501, 502, 503):
        add_run(name, "finished", age)
    assert sources.call("satudata_history_trim", days=180, runs=3)["pushes"] == 1
