"""Dead runs, health, metrics and the scheduler's process, each on the real thing."""

from __future__ import annotations

import datetime as dt
import json
import re
import signal
import subprocess
from typing import Any

import pytest
import sources
import sqlalchemy as sa
from agency import Source, record
from ckan import model
from ckan.lib import jobs, redis
from ckan.plugins import toolkit as tk
from ckan.tests import factories
from ckan.tests.helpers import call_action
from ckanext.satudatapaser import clock
from ckanext.satudatapaser.cli import satudata
from ckanext.satudatapaser.cli import upkeep as commands
from ckanext.satudatapaser.lease import lease
from ckanext.satudatapaser.model import PushRun, PushTarget
from ckanext.satudatapaser.upkeep import chores, health, queue
from click.testing import CliRunner
from portal import Portal
from redis import ConnectionPool
from workers import CKAN, nothing_waits_or_runs, process, until

pytestmark = [pytest.mark.ckan, pytest.mark.search, pytest.mark.usefixtures("empty_catalogue")]
NOW = dt.datetime(2026, 11, 24, 14, 30, tzinfo=dt.UTC)
NIGHTLY = "30 2 * * *"


@pytest.fixture(autouse=True)
def _nothing_waits_or_runs(site: None, monkeypatch: pytest.MonkeyPatch) -> None:
    nothing_waits_or_runs()
    monkeypatch.setitem(tk.config, "ckanext.satudatapaser.csw_dir", "")  # health with pycsw: tests/ckan/test_csw.py


# ---- dead runs


def test_a_run_whose_process_died_is_closed_by_the_tick_and_is_news() -> None:
    name = sources.make(notify="unit@example.go.id")
    job = sources.add_job(name, "running", clock.now())
    assert sources.call("satudata_tick")["died"] == [name]
    shown = sources.call("satudata_job_show", id=job)
    assert (shown["state"], shown["reason"]["code"]) == ("failed", "run-died")
    assert [notice["event"] for notice in sources.call("satudata_notice_list", name=name)] == ["failing"]
    assert sources.source(name).next_run is not None
    assert sources.call("satudata_tick")["died"] == []


def test_a_run_that_lives_is_left_alone() -> None:
    name = sources.make()
    job = sources.add_job(name, "running", clock.now() - dt.timedelta(hours=20))
    with lease(f"source {sources.source(name).id}"):
        assert sources.call("satudata_tick")["died"] == []
    assert sources.call("satudata_job_show", id=job)["state"] == "running"
    assert sources.call("satudata_tick")["died"] == [name]


def test_a_dry_run_that_died_is_closed_and_is_no_news() -> None:
    name = sources.make(notify="unit@example.go.id")
    job = sources.add_job(name, "running", clock.now(), dry_run=True)
    assert sources.call("satudata_tick")["died"] == []
    assert sources.call("satudata_job_show", id=job)["state"] == "failed"
    assert sources.call("satudata_notice_list", name=name) == []


def test_a_push_that_died_is_closed_by_the_tick() -> None:
    sources.call("satudata_push_target_create", target="kaltim-mati", url="https://data.example.go.id")
    target = model.Session.scalar(sa.select(PushTarget.id).where(PushTarget.name == "kaltim-mati"))
    model.Session.add(PushRun(target_id=target, counts={}))
    model.Session.commit()
    with lease(f"target {target}"):
        assert sources.call("satudata_tick")["died"] == []
    assert sources.call("satudata_tick")["died"] == ["kaltim-mati"]
    assert model.Session.scalar(sa.select(PushRun.state).where(PushRun.target_id == target)) == "failed"


def test_what_is_due_is_harvested_by_a_real_worker(portal: Portal) -> None:
    portal.pages["/data.json"] = {"dataset": [{"identifier": "1", "title": "Jumlah Sekolah", "accessLevel": "public"}]}
    name = sources.make(f"{portal.url}/data.json", settings={"schedule": "0 2 * * *"})
    sources.set_source(name, next_run=clock.now())
    assert sources.call("satudata_tick")["sources"] == [name]
    with process("jobs", "worker", "--burst") as worker:
        assert worker.wait(60) == 0
    (job,) = sources.call("satudata_job_list", name=name)
    assert (job["state"], job["counts"]["seen"]) == ("finished", 1)


def test_a_killed_worker_s_run_is_closed_by_the_tick_and_a_living_one_is_not(portal: Portal) -> None:
    portal.hang = 60
    name = sources.make(f"{portal.url}/gantung")
    sources.call("satudata_job_enqueue", name=name)
    with process("jobs", "worker"):
        until(lambda: sources.call("satudata_job_list", name=name))
        assert sources.call("satudata_job_enqueue", name=name)["queued"] is False
        assert sources.call("satudata_tick")["died"] == []
    until(lambda: sources.call("satudata_tick")["died"] == [name])
    (job,) = sources.call("satudata_job_list", name=name)
    assert (job["state"], job["reason"]["code"]) == ("failed", "run-died")


def test_what_a_dead_run_closed_leaves_the_index_with_the_tick_not_with_the_next_run(portal: Portal) -> None:
    source = Source(portal)
    source.list(record(1), record(2))
    source.run()
    source.die_before_the_index()
    assert source.public() == 2
    id = sources.source(source.name).id
    with lease(f"source {id}"):
        assert sources.call("satudata_tick")["indexed"] == []  # its run will do so
    assert sources.call("satudata_tick")["indexed"] == [source.name]
    assert source.public() == 1
    assert sources.call("satudata_tick")["indexed"] == []


def test_the_tick_trims_once_a_day(monkeypatch: pytest.MonkeyPatch) -> None:
    moment = clock.now()
    monkeypatch.setattr(clock, "now", lambda: moment)
    assert chores.TRIM in sources.call("satudata_tick")["chores"]
    jobs.get_queue().empty()
    moment += dt.timedelta(hours=23)
    assert chores.TRIM not in sources.call("satudata_tick")["chores"]
    moment += dt.timedelta(hours=2)
    assert chores.TRIM in sources.call("satudata_tick")["chores"]


# ---- health and metrics


def test_health_says_of_each_part_whether_it_is_there() -> None:
    chores.claim(chores.TICK, dt.timedelta(0), clock.now())
    with process("jobs", "worker"):
        until(lambda: queue.beats_after(clock.now() - dt.timedelta(minutes=1)))
        found = sources.call("satudata_health_show")
    assert found["ok"], found
    assert [part["name"] for part in found["findings"]] == ["database", "solr", "redis", "workers", "scheduler", "disk"]


def test_a_silent_scheduler_dead_workers_and_a_full_disk_are_said(monkeypatch: pytest.MonkeyPatch) -> None:
    chores.claim(chores.TICK, dt.timedelta(0), clock.now())
    later = clock.now() + dt.timedelta(minutes=11)
    monkeypatch.setattr(clock, "now", lambda: later)
    monkeypatch.setattr(health, "LEAST_DISK", 10**18)
    bad = {part.name: part.message for part in health.check() if not part.ok}
    assert set(bad) == {"workers", "scheduler", "disk"}
    assert "jalankan ckan satudata scheduler" in bad["scheduler"]
    assert "jalankan ckan jobs worker" in bad["workers"]


def closed(url: str) -> str:
    """Return ``url`` with a port where nobody listens."""
    return re.sub(r":\d+/", ":1/", url)


def test_health_answers_when_database_solr_and_redis_are_down(
    ckan_config: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(model.meta, "engine", sa.create_engine(closed(ckan_config["sqlalchemy.url"])))
    monkeypatch.setattr(redis, "_connection_pool", ConnectionPool.from_url(closed(ckan_config["ckan.redis.url"])))
    monkeypatch.setattr(jobs, "_queues", {})
    ckan_config["solr_url"] = closed(ckan_config["solr_url"])
    model.Session.remove()
    model.Session.configure(bind=model.meta.engine)
    try:
        found = {part.name: part.ok for part in health.check()}
    finally:
        model.Session.remove()
        monkeypatch.undo()
        model.Session.configure(bind=model.meta.engine)
    assert found == {**dict.fromkeys(("database", "solr", "redis", "workers", "scheduler"), False), "disk": True}


def test_the_command_says_each_part_and_ends_with_one_when_a_part_is_missing() -> None:
    done = subprocess.run([*CKAN, "satudata", "health", "--json"], capture_output=True, text=True, check=False)
    parts = {part["name"]: part["ok"] for part in json.loads(done.stdout)["findings"]}
    assert (done.returncode, parts["database"], parts["scheduler"]) == (1, True, False)


def get(app: Any, token: str = "") -> Any:
    return app.get("/api/satudata/metrics", headers={"Authorization": token} if token else {})


def test_metrics_are_for_administrators_and_for_who_has_the_key(
    site_app: Any, ckan_config: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SATUDATA_SECRET_METRICS_KEY", "kunci-pemantau")
    assert get(site_app).status_code == 403
    assert get(site_app, "Bearer kunci-pemantau").status_code == 403  # no key is configured
    assert get(site_app, "Bearer ").status_code == 403
    ckan_config["ckanext.satudatapaser.metrics_secret"] = "metrics-key"
    for wrong in ("", "Bearer ", "Bearer salah", "kunci-pemantau", "Bearer kunci-pemantauan"):
        assert get(site_app, wrong).status_code == 403
    answer = get(site_app, "Bearer kunci-pemantau")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith("text/plain; version=0.0.4")
    assert "no-store" in answer.headers["Cache-Control"]
    assert "satudata_workers" in answer.body
    assert get(site_app, token_of(factories.Sysadmin())).status_code == 200
    assert get(site_app, token_of(factories.User())).status_code == 403


def token_of(user: dict[str, Any]) -> str:
    made = call_action("api_token_create", context={"user": user["name"]}, user=user["name"], name="uji")
    return str(made["token"])


def test_metrics_tell_of_each_source_how_its_last_run_went() -> None:
    name = sources.make()
    moment = clock.now()
    sources.add_job(name, "finished", moment - dt.timedelta(hours=3), finished=moment - dt.timedelta(hours=2))
    sources.add_job(name, "failed", moment - dt.timedelta(hours=1), finished=moment)
    sources.add_job(name, "finished", moment, finished=moment, dry_run=True)
    found = sources.call("satudata_metrics_show")
    (told,) = [item for item in found["sources"] if item["name"] == name]
    assert (told["last_run"], round(told["seconds_since_success"] / 60)) == ("failed", 120)
    assert f'satudata_source_last_run{{source="{name}",state="failed"}} 1.0' in found["text"]


ADMINS = (
    "satudata_tick",
    "satudata_history_trim",
    "satudata_notice_send",
    "satudata_metrics_show",
    "satudata_health_show",
)


@pytest.mark.parametrize("action", ADMINS)
def test_what_concerns_the_machine_is_for_administrators_only(action: str) -> None:
    if model.Group.get("diskominfostaper") is None:
        factories.Organization(name="diskominfostaper")
    user = factories.User()
    call_action("member_create", id="diskominfostaper", object=user["id"], object_type="user", capacity="admin")
    assert tk.check_access("satudata_queue_show", {"user": user["name"]}, {})
    with pytest.raises(tk.NotAuthorized):
        tk.check_access(action, {"user": user["name"]}, {})
    assert tk.check_access(action, {"user": factories.Sysadmin()["name"]}, {})


# ---- commands


def run(*words: str) -> Any:
    """Run a command in this process with --json and return what it printed."""
    result = CliRunner().invoke(satudata, [*words, "--json"])
    model.Session.remove()
    assert result.exit_code == 0, result.output + result.stderr
    return json.loads(result.stdout)


def test_commands_do_what_the_actions_do_and_speak_json() -> None:
    name = sources.make(settings={"schedule": NIGHTLY})
    assert run("source", "pause", name)["state"] == "paused"
    assert run("source", "resume", name)["state"] == "approved"
    assert run("source", "edit", name, "--notify", "unit@example.go.id")["notify"] == "unit@example.go.id"
    assert run("source", "edit", name)["notify"] == "unit@example.go.id"
    assert run("source", "edit", name, "--notify", "")["notify"] == ""
    assert run("job", "retry", name)["queued"]
    assert run("job", "cancel", name) == {"taken_back": True, "runs": []}
    job = sources.add_job(name, "finished", clock.now())
    assert [item["id"] for item in run("job", "list", name)] == [job]
    assert run("tick")["sources"] == []
    assert run("trim", "--days", "100000") == {"rows": 0, "runs": 0, "pushes": 0, "changes": 0}


def test_people_read_times_of_paser() -> None:
    name = sources.make(settings={"schedule": NIGHTLY})
    line = next(line for line in CliRunner().invoke(satudata, ["source", "list"]).output.splitlines() if name in line)
    assert re.search(r"next \d{4}-\d\d-\d\d 02:30", line)


# ---- the scheduler's process


def test_the_scheduler_ticks_until_it_is_told_to_end() -> None:
    with process("satudata", "scheduler", "--every", "0.2") as running:
        until(lambda: chores.last(chores.TICK))
        first = chores.last(chores.TICK)
        until(lambda: chores.last(chores.TICK) != first)
        running.send_signal(signal.SIGTERM)
        assert running.wait(20) == 0


def test_one_bad_tick_is_logged_and_does_not_end_the_scheduler(
    monkeypatch: pytest.MonkeyPatch, our_log: pytest.LogCaptureFixture
) -> None:
    def broken(*_: Any) -> None:
        raise ConnectionError("Redis ist weg")

    with monkeypatch.context() as patched:
        patched.setattr(commands, "call", broken)
        commands.look()
    assert "Tick failed" in our_log.text
    assert "ConnectionError" in our_log.text
    commands.look()
    assert chores.last(chores.TICK) is not None
