"""What metrics tell: counts from our own tables and the queue, as plain data."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from ckan import model
from ckanext.satudatapaser.model import HarvestJob, HarvestSource, PushLedger, PushTarget
from ckanext.satudatapaser.upkeep import chores, queue


def gather(now: dt.datetime) -> dict[str, Any]:
    """Return the state of sources, datasets, pushes and the queue at ``now``; times are seconds."""
    tick = chores.last(chores.TICK)
    return {
        "sources": _sources(now),
        "datasets": _datasets(),
        "ledger": _ledger(),
        "queue": {"waiting": len(queue.waiting()), "running": len(queue.running()), "workers": len(queue.workers())},
        "scheduler": {"seconds_since_tick": _age(tick, now)},
    }


def _age(moment: dt.datetime | None, now: dt.datetime) -> float | None:
    return (now - moment).total_seconds() if moment else None


def _sources(now: dt.datetime) -> list[dict[str, Any]]:
    job, real = HarvestJob, HarvestJob.dry_run.is_(False)
    newest = (
        sa.select(job.source_id, job.state, job.counts)
        .where(real)
        .distinct(job.source_id)
        .order_by(job.source_id, job.started.desc())
        .subquery()
    )
    good = (
        sa.select(job.source_id, sa.func.max(job.finished).label("finished"))
        .where(real, job.state == "finished")
        .group_by(job.source_id)
        .subquery()
    )
    query = (
        sa.select(
            HarvestSource.name, HarvestSource.kind, HarvestSource.state, HarvestSource.failing_since,
            newest.c.state.label("last"), newest.c.counts, good.c.finished,
        )
        .outerjoin(newest, newest.c.source_id == HarvestSource.id)
        .outerjoin(good, good.c.source_id == HarvestSource.id)
        .order_by(HarvestSource.name)
    )  # fmt: skip
    return [
        {
            "name": row.name,
            "kind": row.kind,
            "state": row.state,
            "failing": row.failing_since is not None,
            "last_run": row.last or "",
            "counts": row.counts or {},
            "seconds_since_success": _age(row.finished, now),
        }
        for row in model.Session.execute(query)
    ]


def _datasets() -> dict[str, int]:
    package = model.Package
    status = sa.func.coalesce(package.extras["publishing_status"].astext, "none")
    query = (
        sa.select(status, sa.func.count()).where(package.state == "active", package.type == "dataset").group_by(status)
    )
    return dict(map(tuple, model.Session.execute(query).all()))


def _ledger() -> list[dict[str, Any]]:
    query = (
        sa.select(PushTarget.name, PushLedger.state, sa.func.count().label("number"))
        .join(PushLedger, PushLedger.target_id == PushTarget.id)
        .group_by(PushTarget.name, PushLedger.state)
        .order_by(PushTarget.name, PushLedger.state)
    )
    return [{"target": row.name, "state": row.state, "count": row.number} for row in model.Session.execute(query)]
