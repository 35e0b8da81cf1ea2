"""History goes in two steps: rows of runs by number, then the runs themselves by age. What we know of each record stays.

A run's rows (one a record) are what is big, its own line with the counts is what the chart of runs needs for long. Pushes have
no rows; where a dataset stands at a target, and its changes of state, are kept apart from them.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from ckan import model
from ckanext.satudatapaser.model import HarvestJob, HarvestRecord, PushChange, PushRun

BATCH = 5000
BAD = ("failed", "stopped")


def _ranked(run: type[HarvestJob] | type[PushRun]) -> Any:
    """Return ended runs that no rule keeps whole, each with its ``number`` among its source's (target's), the newest is 1.

    Kept whole are a source's last run, its last good one and its last failed or stopped one; runs of records that had failed,
    and pushes of one dataset, have their own last ones.
    """
    newest_first = (run.started.desc(), run.id)
    owner, part = (
        (run.source_id, run.only_failed) if run is HarvestJob else (run.target_id, run.package_id.is_not(None))
    )
    number = sa.func.row_number().over(partition_by=owner, order_by=newest_first)
    of_its_kind = sa.func.row_number().over(partition_by=(owner, part, run.state.in_(BAD)), order_by=newest_first)
    ranked = (
        sa.select(run.id, run.started, run.state, number.label("number"), of_its_kind.label("of_its_kind"))
        .where(run.dry_run.is_(False))
        .subquery()
    )
    return (
        sa.select(ranked).where(ranked.c.state != "running", ranked.c.number > 1, ranked.c.of_its_kind > 1).subquery()
    )


def with_old_rows(runs: int) -> list[str]:
    """Return ids of runs that have rows and are not among a source's last ``runs``, those kept whole left out."""
    found = _ranked(HarvestJob)
    has_rows = sa.exists().where(HarvestRecord.job_id == found.c.id)
    return list(model.Session.scalars(sa.select(found.c.id).where(found.c.number > runs, has_rows)))


def trim_rows(runs: int) -> int:
    """Delete rows of all but the last ``runs`` of each source, a batch a transaction; return how many rows went."""
    return sum(_delete(HarvestRecord, HarvestRecord.job_id == job_id) for job_id in with_old_rows(runs))


def trim_runs(now: dt.datetime, days: int, runs: int) -> int:
    """Delete runs that began more than ``days`` days ago and are not among a source's last ``runs``; return how many.

    Dry runs, which have counts only, go by age alone.
    """
    return _trim(HarvestJob, now - dt.timedelta(days=days), runs)


def trim_pushes(now: dt.datetime, days: int, runs: int) -> int:
    """Delete pushes that began more than ``days`` days ago and are not among a target's last ``runs``; return how many.

    Dry runs go by age alone, with what they found.
    """
    return _trim(PushRun, now - dt.timedelta(days=days), runs)


def _trim(run: type[HarvestJob] | type[PushRun], before: dt.datetime, runs: int) -> int:
    found = _ranked(run)
    old = sa.select(found.c.id).where(found.c.number > runs, found.c.started < before)
    dry = sa.and_(run.dry_run, run.state != "running", run.started < before)
    gone = model.Session.execute(sa.delete(run).where(sa.or_(run.id.in_(old), dry))).rowcount
    model.Session.commit()
    return int(gone)


def trim_changes(now: dt.datetime, days: int) -> int:
    """Delete changes in the ledger of pushes that are older than ``days`` days; return how many."""
    return _delete(PushChange, PushChange.moment < now - dt.timedelta(days=days))


def _delete(table: type[HarvestRecord] | type[PushChange], where: sa.ColumnElement[bool]) -> int:
    total = 0
    some = sa.select(table.id).where(where).limit(BATCH)
    while True:
        gone = model.Session.execute(sa.delete(table).where(table.id.in_(some))).rowcount
        model.Session.commit()
        total += gone
        if gone < BATCH:
            return total
