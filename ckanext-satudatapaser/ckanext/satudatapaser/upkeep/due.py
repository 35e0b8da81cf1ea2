"""What is due: sources and targets whose next run has come are queued once, and their following run is set with that."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from ckan import model
from ckanext.satudatapaser.errors import ConfigError
from ckanext.satudatapaser.model import HarvestSource, PushLedger, PushRun, PushTarget
from ckanext.satudatapaser.upkeep.cron import next_after

log = logging.getLogger(__name__)
Queue = Callable[[str], bool]
QUIET, LONGEST = dt.timedelta(minutes=1), dt.timedelta(minutes=10)


def sources(now: dt.datetime, queue: Queue) -> list[str]:
    """Give the names of approved sources that are due to ``queue``; return those that it took."""
    return _due(HarvestSource, HarvestSource.state == "approved", now, queue)


def targets(now: dt.datetime, queue: Queue) -> list[str]:
    """Give the names of active targets that are due to ``queue``; return those that it took. Paused ones stay due."""
    return _due(PushTarget, sa.and_(PushTarget.active.is_(True), ~_is_paused(now)), now, queue)


def _is_paused(now: dt.datetime) -> sa.ColumnElement[bool]:
    return sa.func.coalesce(PushTarget.paused_until > now, sa.false())


def unsettled_targets(now: dt.datetime, queue: Queue) -> list[str]:
    """Give active targets that need a push besides their schedule to ``queue``; return the names that it took.

    Those whose pause is over; those where a failed dataset's next attempt has come since the last push began; and, with the
    setting ``on_change``, those behind a catalogue that changed and has then been quiet for a minute, so that a harvest is
    one push, not one for each dataset; a catalogue that is never quiet waits ten minutes. A dataset that was purged leaves
    no moment of change: what still stands at the target without one here is taken down at once. A target that is paused gets
    nothing, and one whose last push stopped nothing new before a failed dataset's next attempt.
    """
    runs = sa.select(PushRun.state, PushRun.started).where(
        PushRun.target_id == PushTarget.id, PushRun.dry_run.is_(False), PushRun.package_id.is_(None)
    )
    last = runs.order_by(PushRun.started.desc()).limit(1).lateral()
    failed = sa.exists().where(
        PushLedger.target_id == PushTarget.id, PushLedger.state == "failed", PushLedger.next_try <= now,
        PushLedger.next_try > last.c.started,
    )  # fmt: skip
    # CKAN keeps the moment of a change in UTC without saying so
    changed, since = model.Package.metadata_modified, sa.func.timezone("UTC", last.c.started)
    moments = sa.select(sa.func.min(changed).label("first"), sa.func.max(changed).label("latest"))
    change = moments.where(changed > since, model.Package.type == "dataset").lateral()
    utc = now.astimezone(dt.UTC).replace(tzinfo=None)
    quiet = sa.or_(change.c.latest < utc - QUIET, change.c.first < utc - LONGEST)
    wished = sa.func.lower(PushTarget.settings["on_change"].astext).in_(("true", "1", "yes"))
    query = (
        sa.select(PushTarget.name)
        .select_from(PushTarget)
        .join(last, sa.true())
        .join(change, sa.true())
        .where(
            PushTarget.active.is_(True),
            ~_is_paused(now),
            sa.or_(
                PushTarget.paused_until <= now,
                failed,
                sa.and_(wished, sa.or_(quiet, _has_orphans(now)), last.c.state != "stopped"),
            ),
        )
        .order_by(PushTarget.name)
    )
    return [name for name in model.Session.scalars(query).all() if queue(name)]


def _has_orphans(now: dt.datetime) -> sa.ColumnElement[bool]:
    """Tell whether a dataset may stand at a target that was purged here, and is not being retried later anyway."""
    purged = ~sa.exists().where(model.Package.id == PushLedger.package_id)
    return sa.exists().where(
        PushLedger.target_id == PushTarget.id,
        PushLedger.state.in_(("ok", "pending", "conflict")),
        sa.or_(PushLedger.next_try.is_(None), PushLedger.next_try <= now),
        purged,
    )


def _due(table: Any, ready: Any, now: dt.datetime, queue: Queue) -> list[str]:
    """Handle due rows in one transaction that other ticks pass by.

    However many times were missed, one run follows. When ``queue`` raises, nothing counts as done: the next tick tries
    again. Rows that have a schedule but no next run yet get one.
    """
    new = sa.and_(table.next_run.is_(None), sa.func.coalesce(table.settings["schedule"].astext, "") != "")
    query = (
        sa.select(table.id, table.name, table.settings, table.next_run)
        .where(ready, sa.or_(table.next_run <= now, new))
        .order_by(table.next_run, table.name)
        .with_for_update(skip_locked=True)
    )
    taken = []
    for row in model.Session.execute(query).all():
        set_next_run(table, row.id, following(row.name, row.settings, now))
        if row.next_run is not None and queue(row.name):
            taken.append(row.name)
    model.Session.commit()
    return taken


def following(name: str, settings: dict[str, Any], now: dt.datetime) -> dt.datetime | None:
    """Return the next moment that a schedule names; None without one. One that cannot be read is logged, not raised."""
    try:
        return next_after(str(settings.get("schedule") or ""), now)
    except ConfigError as error:
        log.error("%s: %s", name, error)  # noqa: TRY400 - the message says all
        return None


def set_next_run(table: Any, id: str, moment: dt.datetime | None) -> None:
    """Set when a source or target runs next, in the present transaction; nobody has edited it by that."""
    values: dict[str, Any] = {"next_run": moment}
    if hasattr(table, "modified"):
        values["modified"] = table.modified
    model.Session.execute(sa.update(table).where(table.id == id).values(**values))
