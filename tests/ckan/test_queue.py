"""The queue of background work, and work that never became a run, each on the real thing."""

from __future__ import annotations

import datetime as dt
import time
from typing import Any

import pytest
import sources
import sqlalchemy as sa
from agency import Source, record
from ckan import model
from ckan.lib import jobs
from ckanext.satudatapaser import clock
from ckanext.satudatapaser.intake.ledger import all_settled
from ckanext.satudatapaser.lease import lease
from ckanext.satudatapaser.model import HarvestJob
from ckanext.satudatapaser.upkeep import queue
from portal import Portal
from rq.job import Job
from rq.registry import StartedJobRegistry
from workers import nothing_waits_or_runs, process, until

pytestmark = [pytest.mark.ckan, pytest.mark.search, pytest.mark.usefixtures("empty_catalogue")]
NOW = dt.datetime(2026, 11, 24, 14, 30, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def _nothing_waits_or_runs(site: None) -> None:
    nothing_waits_or_runs()


def die(job: Job) -> None:
    """Leave work as a worker does that takes it and dies, a minute and a half later."""
    jobs.get_queue().remove(job)
    registry = StartedJobRegistry(queue=jobs.get_queue())
    registry.connection.zadd(registry.key, {f"{job.id}:run": time.time() - 1})


def test_work_waits_once_under_its_name_and_can_be_taken_back() -> None:
    assert queue.put("uji", time.sleep, [0])
    assert not queue.put("uji", time.sleep, [0])
    assert queue.put("uji lain", time.sleep, [0])
    assert queue.waiting() == ["satudata uji", "satudata uji lain"]
    assert queue.take_back("uji")
    assert not queue.take_back("uji")
    assert queue.waiting() == ["satudata uji lain"]
    assert queue.put("uji", time.sleep, [0])


def test_work_that_is_queued_again_soon_after_it_ended_stays_until_it_is_done() -> None:
    assert queue.put("uji", time.sleep, [0])
    with process("jobs", "worker", "--burst") as worker:
        assert worker.wait(60) == 0
    ended = Job.fetch(queue.task_id("uji"), connection=jobs.get_queue().connection)
    assert 0 < ended.connection.ttl(ended.key) <= 60
    assert queue.put("uji", time.sleep, [0])
    assert ended.connection.ttl(ended.key) == -1


def test_two_workers_do_two_things_at_once_and_what_a_killed_one_had_is_free_again() -> None:
    for name in ("satu", "dua"):
        assert queue.put(name, time.sleep, [60])
    with process("jobs", "worker"), process("jobs", "worker"):
        until(lambda: len(queue.running()) == 2)
        assert not queue.put("satu", time.sleep, [60])
        until(lambda: {"satudata satu", "satudata dua"} <= {worker["work"] for worker in queue.workers()})
    registry = StartedJobRegistry(queue=jobs.get_queue())
    assert not queue.put("satu", time.sleep, [60])  # its heartbeat is not old yet
    for key in registry.connection.zrange(registry.key, 0, -1):
        registry.connection.zadd(registry.key, {key: time.time() - 1})  # what a minute and a half does
    assert queue.put("satu", time.sleep, [0])


def test_cancelling_takes_a_waiting_run_back_and_marks_a_running_one() -> None:
    name = sources.make()
    sources.call("satudata_job_enqueue", name=name)
    running, done = sources.add_job(name, "running", NOW), sources.add_job(name, "finished", NOW)
    assert sources.call("satudata_job_cancel", name=name) == {"taken_back": True, "runs": [running]}
    assert (sources.call("satudata_job_show", id=running)["cancel"], queue.waiting()) == (True, [])
    assert sources.call("satudata_job_show", id=done)["cancel"] is False


def test_a_retry_of_failed_records_is_queued_as_such() -> None:
    name = sources.make()
    assert sources.call("satudata_job_retry", name=name)["queued"]
    assert jobs.get_queue().jobs[0].args[0::2] == [name, True]


def test_what_waits_makes_way_for_more_and_stays_for_less() -> None:
    name = sources.make()

    def asked(action: str, **values: Any) -> tuple[bool, list[Any]]:
        queued = sources.call(action, name=name, **values)["queued"]
        [waits] = jobs.get_queue().jobs
        return queued, [waits.args[2], waits.args[3]]

    assert asked("satudata_job_retry") == (True, [True, False])
    assert asked("satudata_job_enqueue") == (True, [False, False])
    assert asked("satudata_job_retry") == (False, [False, False])
    assert asked("satudata_job_enqueue", confirm_missing=True) == (True, [False, True])
    assert asked("satudata_job_enqueue") == (False, [False, True])
    assert asked("satudata_job_enqueue", confirm_missing=True) == (False, [False, True])
    assert sources.call("satudata_job_enqueue", name=name, confirm_missing=True)["confirmed"]


def test_a_confirmation_while_a_worker_harvests_is_not_said_to_be_taken() -> None:
    name = sources.make()
    sources.call("satudata_job_enqueue", name=name)
    waits = jobs.get_queue().jobs[0]
    jobs.get_queue().remove(waits)  # as a worker takes it
    registry = StartedJobRegistry(queue=jobs.get_queue())
    registry.connection.zadd(registry.key, {waits.id: time.time() + 60})
    found = sources.call("satudata_job_enqueue", name=name, confirm_missing=True)
    assert (found["queued"], found["confirmed"]) == (False, False)


def test_a_confirmed_run_waits_for_one_from_the_command_line_and_archives_then(portal: Portal) -> None:
    source = Source(portal)
    source.list(*map(record, range(12)))
    source.run()
    source.list(record(0))
    assert source.run()["reason"]["code"] == "too-many-missing"
    assert sources.call("satudata_job_enqueue", name=source.name, confirm_missing=True)["confirmed"]
    runs = len(sources.call("satudata_job_list", name=source.name))
    with process("jobs", "worker", "--burst") as worker:
        with lease(f"source {sources.source(source.name).id}"):
            until(lambda: queue.is_running(f"harvest {source.name}"))
            time.sleep(1)
            assert len(sources.call("satudata_job_list", name=source.name)) == runs
        assert worker.wait(60) == 0
    last = sources.call("satudata_job_list", name=source.name)[0]
    assert (last["state"], last["counts"]["archived"]) == ("finished", 11)


def test_a_good_retry_does_not_close_the_case_of_held_records() -> None:
    name = sources.make()
    id = sources.source(name).id
    ordinary, retry = sources.add_job(name, "finished", NOW), sources.add_job(name, "finished", clock.now())
    for job, values in ((ordinary, {"counts": {"held": 3, "failed": 1}}), (retry, {"only_failed": True})):
        model.Session.execute(sa.update(HarvestJob).where(HarvestJob.id == job).values(**values))
    model.Session.commit()
    assert not all_settled(id)


def test_a_harvest_whose_worker_died_before_it_began_is_planned_again() -> None:
    name = sources.make()
    sources.call("satudata_job_enqueue", name=name)
    (job,) = jobs.get_queue().jobs
    die(job)
    assert sources.call("satudata_tick")["lost"] == [name]
    assert sources.source(name).next_run is not None
    assert sources.call("satudata_tick")["lost"] == []


def test_a_harvest_that_failed_after_it_had_begun_is_planned_by_its_run_alone() -> None:
    name = sources.make()
    sources.call("satudata_job_enqueue", name=name)
    (job,) = jobs.get_queue().jobs
    sources.add_job(name, "finished", clock.now() + dt.timedelta(seconds=1))
    die(job)
    assert sources.call("satudata_tick")["lost"] == []
    assert sources.source(name).next_run is None


def test_a_confirmed_harvest_whose_worker_died_before_it_began_is_queued_again_as_such(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    name = sources.make()
    sources.call("satudata_job_enqueue", name=name, confirm_missing=True)
    (job,) = jobs.get_queue().jobs
    user = job.args[1]
    die(job)
    assert sources.call("satudata_tick")["lost"] == []
    assert [work.args for work in jobs.get_queue().jobs if name in work.args] == []
    later = clock.now() + dt.timedelta(minutes=16)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert sources.call("satudata_tick")["lost"] == [name]
    assert [work.args for work in jobs.get_queue().jobs if name in work.args] == [[name, user, False, True]]
