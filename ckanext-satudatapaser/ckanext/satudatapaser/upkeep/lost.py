"""Harvests and pushes that were queued and never became a run: their worker died, or found no database, before it began.

Only a run leaves a row, and only rows are looked after when they die; this looks at what the queue says has failed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import sqlalchemy as sa
from ckan import model
from ckanext.satudatapaser.model import HarvestJob, HarvestSource, PushRun, PushTarget
from ckanext.satudatapaser.upkeep import queue
from ckanext.satudatapaser.upkeep.after import WAITS
from ckanext.satudatapaser.upkeep.due import set_next_run

HARVEST, PUSH = "harvest ", "push "
Again = Callable[[str, bool, str | None], bool]
Confirmed = Callable[[str, str], bool]


def harvests(now: dt.datetime, put: Confirmed) -> list[str]:
    """Have the scheduler queue such harvests again after a while; return the names of their sources.

    One that somebody had confirmed is queued again as such, a quarter of an hour after it was queued: ``put`` queues one
    (source's name, the user's name) and tells whether it did.
    """
    planned = []
    for work in queue.failed(HARVEST):
        _, user, _, confirmed = work.arguments
        name = work.name.removeprefix(HARVEST)
        source = model.Session.scalar(sa.select(HarvestSource).where(HarvestSource.name == name).with_for_update())
        lost = source is not None and source.state == "approved" and not _harvest_began(source.id, work.since)
        waits = lost and confirmed and now - work.since < WAITS[0]
        if source and lost and not confirmed:
            again = now + WAITS[0]
            if source.next_run is None or again < source.next_run:
                set_next_run(HarvestSource, source.id, again)
        model.Session.commit()
        if waits:  # what keeps workers from beginning may last
            continue
        queue.forget(work.id)
        if lost and (not confirmed or put(name, user)):
            planned.append(name)
    return planned


def pushes(now: dt.datetime, put: Again) -> list[str]:
    """Queue such pushes again, a quarter of an hour after they were queued; return the names of their targets.

    Each as it was asked for: of all or of one dataset, in earnest or dry. ``put`` queues one (target's name, dry run, id of
    the one dataset) and tells whether it did.
    """
    queued = []
    for work in queue.failed(PUSH):
        name, _, dry_run, only = work.arguments
        target = model.Session.scalar(sa.select(PushTarget.id).where(PushTarget.name == name))
        lost = target is not None and not _push_began(target, dry_run, only, work.since)
        if lost and now - work.since < WAITS[0]:
            continue  # what keeps workers from beginning may last
        queue.forget(work.id)
        if lost and put(name, dry_run, only):
            queued.append(name)
    return queued


def _harvest_began(source_id: str, since: dt.datetime) -> bool:
    runs = sa.select(HarvestJob.id).where(HarvestJob.source_id == source_id, HarvestJob.started >= since)
    return model.Session.scalar(sa.select(runs.exists())) is True


def _push_began(target_id: str, dry_run: bool, only: str | None, since: dt.datetime) -> bool:
    """Tell whether there is a run of the same kind; one of all datasets has done for one dataset as well."""
    runs = sa.select(PushRun.id).where(
        PushRun.target_id == target_id,
        PushRun.dry_run.is_(dry_run),
        sa.or_(PushRun.package_id.is_(None), PushRun.package_id == only),
        PushRun.started >= since,
    )
    return model.Session.scalar(sa.select(runs.exists())) is True
