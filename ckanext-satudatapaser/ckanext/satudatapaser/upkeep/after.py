"""After a run: is it news, for whom, and is the source to be asked again soon?"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from ckan import model
from ckan.plugins import toolkit as tk
from ckanext.satudatapaser import clock, config
from ckanext.satudatapaser.model import HarvestJob, HarvestSource
from ckanext.satudatapaser.upkeep import notice, outbox
from ckanext.satudatapaser.upkeep.due import set_next_run

# how long to wait before the first, second and third try beside the schedule
WAITS = (dt.timedelta(minutes=15), dt.timedelta(hours=1), dt.timedelta(hours=4))
LONGEST = dt.timedelta(days=1)
RUN_DIED = "run-died"


def after_run(source_name: str, result: Mapping[str, Any]) -> str:
    """Take note of a run's ``result`` (see satudata_job_run): notices wait to be sent, a failed source is tried again.

    Return the news: failing, recovered or "". Each change is news once, however many processes see it: the source's row
    is locked meanwhile. Nothing is sent here.
    """
    query = sa.select(HarvestSource).where(HarvestSource.name == source_name).with_for_update()
    source = model.Session.scalar(query)
    if source is None or result.get("dry_run"):
        model.Session.rollback()
        return ""
    now = clock.now()
    what = notice.event(source.failing_since is not None, result)
    since = source.failing_since or _began(result) or now
    if what:
        outbox.put(source.notify or config.notify(), _content(source, what, result, since), source_id=source.id)
        values = {"failing_since": since if what == notice.FAILING else None, "modified": HarvestSource.modified}
        model.Session.execute(sa.update(HarvestSource).where(HarvestSource.id == source.id).values(**values))
    again = retry_at(result, _failures(source.id, since), now)
    if again and source.state == "approved" and (source.next_run is None or again < source.next_run):
        set_next_run(HarvestSource, source.id, again)
    model.Session.commit()
    return what


def after_death(source_name: str) -> str:
    """Take note of a run that died and was closed by others; as ``after_run``."""
    source_id = sa.select(HarvestSource.id).where(HarvestSource.name == source_name).scalar_subquery()
    query = sa.select(HarvestJob).where(HarvestJob.source_id == source_id, HarvestJob.dry_run.is_(False))
    job = model.Session.scalars(query.order_by(HarvestJob.started.desc()).limit(1)).first()
    if job is None:
        return ""
    return after_run(source_name, {"state": job.state, "job": job.id, "reason": job.reason or {}, **job.counts})


def retry_at(result: Mapping[str, Any], failures: int, now: dt.datetime) -> dt.datetime | None:
    """Return when to try again after a failure that may pass by itself; None when it will not, or after enough tries.

    ``failures`` counts the failed runs since the last good one, this one with them. The other side's own wish
    (Retry-After) is kept, up to a day.
    """
    reason = result.get("reason") or {}
    may_pass = "retry_after" in reason or reason.get("code") == RUN_DIED
    if result["state"] != "failed" or not may_pass or not 1 <= failures <= len(WAITS):
        return None
    wish = min(dt.timedelta(seconds=float(reason.get("retry_after") or 0)), LONGEST)
    return now + max(WAITS[failures - 1], wish)


def _began(result: Mapping[str, Any]) -> dt.datetime | None:
    job = model.Session.get(HarvestJob, result["job"]) if result.get("job") else None
    return job.started if job else None


def _failures(source_id: str, since: dt.datetime) -> int:
    where = (
        HarvestJob.source_id == source_id,
        HarvestJob.state == "failed",
        HarvestJob.dry_run.is_(False),
        HarvestJob.started >= since,
    )
    return model.Session.scalar(sa.select(sa.func.count()).select_from(HarvestJob).where(*where)) or 0


def _content(source: HarvestSource, what: str, result: Mapping[str, Any], since: dt.datetime) -> dict[str, Any]:
    page = f"{tk.config['ckan.site_url'].rstrip('/')}/penarikan/{source.name}"
    named = {"name": source.name, "title": source.title or source.name, "url": page}
    return notice.content(what, named, result, since, tk.config["ckan.site_title"])
