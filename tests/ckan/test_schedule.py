"""Schedules: what is due is queued once, a missed time once, and nothing that rests."""

from __future__ import annotations

import datetime as dt
import threading
from typing import Any

import pytest
import sources
import sqlalchemy as sa
from ckan import model
from ckan.lib import jobs
from ckan.plugins import toolkit as tk
from ckanext.satudatapaser import clock
from ckanext.satudatapaser.logic.action.job import run_in_background
from ckanext.satudatapaser.model import HarvestSource, PushTarget
from ckanext.satudatapaser.upkeep import due, queue
from portal import Portal

pytestmark = [pytest.mark.ckan, pytest.mark.usefixtures("empty_catalogue")]
# Tuesday, 22.30 in Paser
NOW = dt.datetime(2026, 11, 24, 14, 30, tzinfo=dt.UTC)
NIGHTLY = "30 2 * * *"
TONIGHT = dt.datetime(2026, 11, 24, 18, 30, tzinfo=dt.UTC)


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.moment = NOW

    def __call__(self) -> dt.datetime:
        return self.moment


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Stop the clock at NOW."""
    found = Clock()
    monkeypatch.setattr(clock, "now", found)
    return found


@pytest.fixture(autouse=True)
def _empty_queue(site: None) -> None:
    jobs.get_queue().empty()
    model.Session.execute(sa.update(HarvestSource).values(state="draft", next_run=None))
    model.Session.commit()


def queued() -> list[str]:
    return [title for title in queue.waiting() if "harvest" in title or "push" in title]


def test_a_wrong_schedule_is_refused_when_it_is_set(now: Clock) -> None:
    name = sources.make()
    for action in ("satudata_source_update", "satudata_source_create"):
        values = {"kind": "datajson", "url": "https://x.example.go.id", "owner_org": sources.source(name).owner_org}
        with pytest.raises(tk.ValidationError) as error:
            sources.call(action, name=f"{name}-x" if "create" in action else name, **values,
                         settings={"schedule": "tiap malam"})  # fmt: skip
        assert "2 bagian" in error.value.error_dict["settings"][0]
    assert sources.source(name).settings == {}


def test_an_approved_source_shows_when_it_runs_next(now: Clock) -> None:
    name = sources.make(approve=False, settings={"schedule": NIGHTLY})
    assert sources.call("satudata_source_show", name=name)["next_run"] is None
    sources.call("satudata_source_approve", name=name)
    assert sources.call("satudata_source_show", name=name)["next_run"] == TONIGHT.isoformat()
    sources.call("satudata_source_update", name=name, settings={"schedule": "0 6 * * *"})
    assert sources.source(name).next_run == dt.datetime(2026, 11, 24, 22, 0, tzinfo=dt.UTC)
    sources.call("satudata_source_update", name=name, settings={"schedule": ""})
    assert sources.source(name).next_run is None


def test_a_new_address_stops_the_schedule_until_it_is_approved(now: Clock) -> None:
    name = sources.make(settings={"schedule": NIGHTLY})
    sources.call("satudata_source_update", name=name, url="https://baru.example.go.id/data.json")
    assert (sources.source(name).state, sources.source(name).next_run) == ("draft", None)


def test_what_is_due_is_queued_once_and_not_before(now: Clock) -> None:
    name = sources.make(settings={"schedule": NIGHTLY})
    assert sources.call("satudata_tick")["sources"] == []
    now.moment = TONIGHT
    assert sources.call("satudata_tick")["sources"] == [name]
    assert sources.call("satudata_tick")["sources"] == []
    assert queued() == [f"satudata harvest {name}"]
    assert sources.source(name).next_run == TONIGHT + dt.timedelta(days=1)


def test_times_that_were_missed_run_once(now: Clock) -> None:
    name = sources.make(settings={"schedule": "*/10 * * * *"})
    now.moment = NOW + dt.timedelta(days=3, minutes=1)
    assert sources.call("satudata_tick")["sources"] == [name]
    assert sources.source(name).next_run == NOW + dt.timedelta(days=3, minutes=10)
    assert sources.call("satudata_tick")["sources"] == []


def test_a_source_that_waits_already_is_not_queued_twice(now: Clock) -> None:
    name = sources.make(settings={"schedule": NIGHTLY})
    first = sources.call("satudata_job_enqueue", name=name)
    now.moment = TONIGHT
    assert sources.call("satudata_tick")["sources"] == []
    again = sources.call("satudata_job_enqueue", name=name)
    assert (first["queued"], again["queued"]) == (True, False)
    assert first["task"] == again["task"]
    assert queued() == [f"satudata harvest {name}"]


def test_two_ticks_at_once_queue_a_source_once(now: Clock) -> None:
    name = sources.make(settings={"schedule": NIGHTLY})
    start, taken = threading.Barrier(4), []

    def take(name: str) -> bool:
        taken.append(name)
        return True

    def tick() -> None:
        start.wait()
        due.sources(TONIGHT, take)
        model.Session.remove()

    threads = [threading.Thread(target=tick) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert taken == [name]


def test_a_tick_passes_by_what_another_has_in_hand(now: Clock) -> None:
    name = sources.make(settings={"schedule": NIGHTLY})
    with model.meta.engine.begin() as other:
        other.execute(sa.select(HarvestSource.id).where(HarvestSource.name == name).with_for_update())
        assert due.sources(TONIGHT, lambda _: True) == []
    assert due.sources(TONIGHT, lambda _: True) == [name]


def test_when_the_queue_is_down_the_next_tick_tries_again(now: Clock) -> None:
    name = sources.make(settings={"schedule": NIGHTLY})

    def broken(_: str) -> bool:
        raise ConnectionError

    with pytest.raises(ConnectionError):
        due.sources(TONIGHT, broken)
    model.Session.rollback()
    assert sources.source(name).next_run == TONIGHT
    assert due.sources(TONIGHT, lambda _: True) == [name]


def test_a_paused_source_rests_and_goes_on_by_its_schedule(now: Clock, portal: Portal) -> None:
    name = sources.make(portal.url, settings={"schedule": NIGHTLY})
    assert sources.call("satudata_source_pause", name=name)["state"] == "paused"
    now.moment = TONIGHT
    assert sources.call("satudata_tick")["sources"] == []
    for action in ("satudata_job_enqueue", "satudata_job_run", "satudata_job_retry"):
        with pytest.raises(tk.ValidationError, match="paused"):
            sources.call(action, name=name)
    run_in_background(name, "")  # queued before it was paused
    assert portal.requests == []
    resumed = sources.call("satudata_source_resume", name=name)
    assert resumed["next_run"] == (TONIGHT + dt.timedelta(days=1)).isoformat()


def test_only_what_is_approved_can_be_paused_and_only_what_is_paused_resumed(now: Clock) -> None:
    name = sources.make(approve=False)
    for action in ("satudata_source_pause", "satudata_source_resume"):
        with pytest.raises(tk.ValidationError):
            sources.call(action, name=name)
    assert sources.source(name).state == "draft"


def test_a_schedule_set_before_there_were_schedules_gets_its_first_time(now: Clock) -> None:
    name = sources.make(settings={"schedule": NIGHTLY})
    sources.set_source(name, next_run=None)
    assert sources.call("satudata_tick")["sources"] == []
    assert sources.source(name).next_run == TONIGHT


def test_one_unreadable_schedule_does_not_hold_up_the_others(now: Clock, our_log: pytest.LogCaptureFixture) -> None:
    bad, good = sources.make(settings={"schedule": NIGHTLY}), sources.make(settings={"schedule": NIGHTLY})
    sources.set_source(bad, settings={"schedule": "rusak"})
    assert set(due.sources(TONIGHT, lambda _: True)) == {bad, good}
    assert sources.source(bad).next_run is None
    assert "rusak" in our_log.text


def test_a_target_is_pushed_to_by_its_schedule(now: Clock) -> None:
    values: dict[str, Any] = {"target": "kaltim-jadwal", "url": "https://data.example.go.id"}
    with pytest.raises(tk.ValidationError, match="bagian"):
        sources.call("satudata_push_target_create", **values, settings={"schedule": "besok"})
    made = sources.call("satudata_push_target_create", **values, settings={"schedule": NIGHTLY})
    assert made["next_run"] == TONIGHT.isoformat()
    now.moment = TONIGHT
    assert sources.call("satudata_tick")["targets"] == ["kaltim-jadwal"]
    assert sources.call("satudata_tick")["targets"] == []
    assert queued() == ["satudata push kaltim-jadwal"]
    model.Session.execute(sa.update(PushTarget).values(next_run=None, settings={}))
    model.Session.commit()


def test_queueing_by_schedule_is_no_edit_of_the_source(now: Clock) -> None:
    name = sources.make(settings={"schedule": NIGHTLY})
    before = sources.source(name).modified
    due.sources(TONIGHT, lambda _: True)
    assert sources.source(name).modified == before
