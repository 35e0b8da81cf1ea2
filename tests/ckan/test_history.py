"""Trimming: rows of runs go by number, runs by age; what is known of records stays."""

from __future__ import annotations

import datetime as dt

import pytest
import sources
import sqlalchemy as sa
from ckan import model
from ckanext.satudatapaser import clock
from ckanext.satudatapaser.model import HarvestJob, HarvestObject, HarvestRecord
from ckanext.satudatapaser.upkeep import trim

pytestmark = [pytest.mark.ckan, pytest.mark.search, pytest.mark.usefixtures("empty_catalogue")]
NOW = dt.datetime(2026, 11, 24, 14, 30, tzinfo=dt.UTC)


def history(name: str, ages: dict[str, tuple[float, str]]) -> dict[str, str]:
    """Add runs (label -> age in days, state) with three rows each; return id -> label."""
    made = {}
    for label, (age, state) in ages.items():
        id = sources.add_job(name, state, clock.now() - dt.timedelta(days=age))
        made[id] = label
        rows = [{"job_id": id, "position": n, "outcome": "added", "created": NOW} for n in range(3)]
        model.Session.execute(sa.insert(HarvestRecord), rows)
        model.Session.commit()
    return made


def kept(made: dict[str, str]) -> set[str]:
    model.Session.remove()
    found = model.Session.execute(sa.select(HarvestRecord.job_id, sa.func.count()).group_by(HarvestRecord.job_id)).all()
    assert {count for id, count in found if id in made} <= {3}
    return {made[id] for id, _ in found if id in made}


def lines(made: dict[str, str]) -> set[str]:
    model.Session.remove()
    return {made[id] for id in model.Session.scalars(sa.select(HarvestJob.id)) if id in made}


def test_rows_go_by_number_and_never_those_of_the_last_good_or_the_last_bad_run() -> None:
    busy = history(sources.make(), {
        "newest": (1, "finished"), "second": (2, "finished"), "third": (3, "stopped"), "fourth": (4, "finished"),
        "failed": (5, "failed"), "older failure": (6, "failed"),
    })  # fmt: skip
    rare = history(
        sources.make(), {"newest": (300, "finished"), "before": (400, "finished"), "failed": (500, "failed")}
    )
    young = history(sources.make(), {"newest": (100, "failed"), "before": (179, "finished"), "old": (181, "finished")})
    live = history(sources.make(), {"newest": (0, "finished"), "running": (200, "running")})
    assert sources.call("satudata_history_trim", days=180, runs=2) == {
        "rows": 3 * (3 + 0 + 1),
        "runs": 1,
        "pushes": 0,
        "changes": 0,
    }
    assert kept(busy) == {"newest", "second", "third"}
    assert lines(busy) == {"newest", "second", "third", "fourth", "failed", "older failure"}
    assert kept(rare) == lines(rare) == {"newest", "before", "failed"}
    assert kept(young) == lines(young) == {"newest", "before"}
    assert kept(live) == lines(live) == {"newest", "running"}
    assert sources.call("satudata_history_trim", days=180, runs=2) == {"rows": 0, "runs": 0, "pushes": 0, "changes": 0}


def test_an_hourly_source_keeps_the_rows_of_few_runs_and_the_counts_of_many() -> None:
    hourly = history(sources.make(), {f"{n} h": (n / 24, "finished") for n in range(1, 60)} | {"bad": (2.6, "stopped")})
    assert sources.call("satudata_history_trim", days=2)["runs"] == 12
    assert kept(hourly) == {f"{n} h" for n in range(1, 31)} | {"bad"}
    assert lines(hourly) == {f"{n} h" for n in range(1, 48)} | {"bad"}


def test_a_retry_does_not_stand_for_the_last_good_run_and_a_dry_run_goes_by_age() -> None:
    name = sources.make()
    made = history(
        name, {"retry": (1, "finished"), "before": (2, "finished"), "older": (3, "finished"), "dry": (4, "finished")}
    )
    for label, values in (("retry", {"only_failed": True}), ("dry", {"dry_run": True})):
        id = next(id for id, of in made.items() if of == label)
        model.Session.execute(sa.update(HarvestJob).where(HarvestJob.id == id).values(**values))
        model.Session.commit()
    sources.call("satudata_history_trim", days=2, runs=1)
    assert lines(made) == kept(made) == {"retry", "before"}


def test_trimming_leaves_runs_with_their_counts_and_the_state_of_records(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trim, "BATCH", 2)
    name = sources.make()
    made = history(name, {"newest": (1, "failed"), "before": (2, "finished"), "old": (400, "finished")})
    model.Session.add(HarvestObject(source_id=sources.source(name).id, key="a", last_changed=NOW, first_seen=NOW))
    model.Session.commit()
    assert sources.call("satudata_history_trim", runs=1, days=500) == {"rows": 3, "runs": 0, "pushes": 0, "changes": 0}
    assert kept(made) == {"newest", "before"}
    id = sources.source(name).id
    for table, count in ((HarvestJob, 3), (HarvestObject, 1)):
        query = sa.select(sa.func.count()).select_from(table).where(table.source_id == id)
        assert model.Session.scalar(query) == count
