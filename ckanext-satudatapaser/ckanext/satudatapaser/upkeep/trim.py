"""History: rows of old runs go, by age and by number. What we know of each record (satudata_object) never does."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from ckan import model
from ckanext.satudatapaser.model import HarvestJob, HarvestRecord

BATCH = 5000


def outdated(now: dt.datetime, days: int, runs: int) -> list[str]:
    """Return ids of ended runs that have rows which may go.

    Those that began more than ``days`` days ago, and those before a source's last ``runs``. The last run of a source, and
    its last failed one, are never among them.
    """
    job = HarvestJob
    newest_first = (job.started.desc(), job.id)
    number = sa.func.row_number().over(partition_by=job.source_id, order_by=newest_first)
    of_its_kind = sa.func.row_number().over(partition_by=(job.source_id, job.state == "failed"), order_by=newest_first)
    ranked = (
        sa.select(job.id, job.started, job.state, number.label("number"), of_its_kind.label("of_its_kind"))
        .where(job.dry_run.is_(False))
        .subquery()
    )
    last_failed = sa.and_(ranked.c.state == "failed", ranked.c.of_its_kind == 1)
    query = sa.select(ranked.c.id).where(
        ranked.c.state != "running",
        sa.exists().where(HarvestRecord.job_id == ranked.c.id),
        ranked.c.number > 1,
        sa.not_(last_failed),
        sa.or_(ranked.c.started < now - dt.timedelta(days=days), ranked.c.number > runs),
    )
    return list(model.Session.scalars(query))


def trim(now: dt.datetime, days: int, runs: int) -> int:
    """Delete the rows of outdated runs, a batch a transaction; return how many rows went. The runs' counts stay."""
    total = 0
    for job_id in outdated(now, days, runs):
        some = sa.select(HarvestRecord.id).where(HarvestRecord.job_id == job_id).limit(BATCH)
        while True:
            gone = model.Session.execute(sa.delete(HarvestRecord).where(HarvestRecord.id.in_(some))).rowcount
            model.Session.commit()
            total += gone
            if gone < BATCH:
                break
    return total
