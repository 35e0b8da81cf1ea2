"""Harvests that were queued and never became a run: their worker died, or found no database, before it began."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from ckan import model
from ckanext.satudatapaser.model import HarvestJob, HarvestSource
from ckanext.satudatapaser.upkeep import queue
from ckanext.satudatapaser.upkeep.after import WAITS
from ckanext.satudatapaser.upkeep.due import set_next_run

TASK = "harvest "


def plan_again(now: dt.datetime) -> list[str]:
    """Have the scheduler queue such harvests again after a while; return the names of their sources.

    Only a run leaves a row, and only rows are looked after when they die; this looks at what the queue says has failed.
    """
    planned = []
    for id, task, since in queue.failed(TASK):
        name = task.removeprefix(TASK)
        source = model.Session.scalar(sa.select(HarvestSource).where(HarvestSource.name == name).with_for_update())
        if source and source.state == "approved" and not _began(source.id, since):
            again = now + WAITS[0]
            if source.next_run is None or again < source.next_run:
                set_next_run(HarvestSource, source.id, again)
            planned.append(name)
        model.Session.commit()
        queue.forget(id)
    return planned


def _began(source_id: str, since: dt.datetime) -> bool:
    runs = sa.select(HarvestJob.id).where(HarvestJob.source_id == source_id, HarvestJob.started >= since)
    return model.Session.scalar(sa.select(runs.exists())) is True
