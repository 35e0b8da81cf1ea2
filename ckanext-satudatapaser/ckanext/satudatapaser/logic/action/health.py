"""How the sources are: one look at all of them."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
import sqlalchemy.orm
from ckan import model
from ckan.plugins import toolkit as tk
from ckanext.satudatapaser.logic.sources import as_dict, job_dict
from ckanext.satudatapaser.model import HarvestJob, HarvestSource

Context = Any
BAD = ("failed", "stopped")


def _last_runs() -> dict[str, dict[str, Any]]:
    """Return the last run that was no dry run of each source, by the source's id."""
    query = (
        sa.select(HarvestJob)
        .where(HarvestJob.dry_run.is_(False))
        .distinct(HarvestJob.source_id)
        .order_by(HarvestJob.source_id, HarvestJob.started.desc())
    )
    return {job.source_id: job_dict(job) for job in model.Session.scalars(query)}


def _unsettled() -> dict[str, list[dict[str, Any]]]:
    """Return by source's id why it does not run well: the last failed and the last stopped run since a good one, the last first.

    Trying again what failed settles nothing about the source, and neither does a person who cancelled a run.
    """
    job = HarvestJob
    cancelled = sa.func.coalesce(job.reason["code"].astext, "") == "cancelled"
    kind = (job.source_id, job.state, cancelled)
    ordinary = (job.dry_run.is_(False), job.only_failed.is_(False), job.state.in_(("finished", *BAD)))
    found: dict[str, list[dict[str, Any]]] = {}
    settled = set()
    last_of_each = sa.select(job).where(*ordinary).distinct(*kind).order_by(*kind, job.started.desc()).subquery()
    newest = sa.orm.aliased(HarvestJob, last_of_each)
    for run in model.Session.scalars(sa.select(newest).order_by(newest.started.desc())):
        if run.state == "finished":
            settled.add(run.source_id)
        elif run.source_id not in settled:
            found.setdefault(run.source_id, []).append(job_dict(run))
    return found


def health(state: str, last: dict[str, Any] | None, unsettled: bool = False) -> str:
    """Return a source's health in one word.

    ``waiting`` for approval, ``paused``, ``never`` run, ``running``, ``failing``, ``attention`` (something is held or failed)
    or ``ok``. ``state`` is the source's, ``last`` its last run, ``unsettled`` tells whether one before failed or was stopped
    and none of the whole source has finished since.
    """
    if state != "approved":
        return "paused" if state == "paused" else "waiting"
    if last is None:
        return "never"
    if last["state"] in ("running", "queued"):
        return "running"
    if last["state"] in BAD or unsettled:
        return "failing"
    counts = last["counts"]
    return "attention" if any(counts.get(key) for key in ("held", "rejected", "failed")) else "ok"


@tk.side_effect_free
def satudata_source_health(context: Context, data_dict: dict[str, Any]) -> list[dict[str, Any]]:
    """Return all sources by title with their health and last real run (dry runs left out). Walidata only.

    :param name: only this source (optional)
    :returns: sources as ``satudata_source_show`` gives them and ``last_run``, ``unsettled`` (the last failed and the last
        stopped run since the whole source was last harvested well, the last first) and ``health`` (waiting, paused, never,
        running, failing, attention, ok)
    """
    tk.check_access("satudata_source_health", context, data_dict)
    query = sa.select(HarvestSource).order_by(sa.func.lower(HarvestSource.title), HarvestSource.name)
    if data_dict.get("name"):
        query = query.where(HarvestSource.name == data_dict["name"])
    runs, unsettled = _last_runs(), _unsettled()
    found = []
    for source in model.Session.scalars(query):
        last, stops = runs.get(source.id), unsettled.get(source.id, [])
        word = health(source.state, last, bool(stops))
        found.append(as_dict(source) | {"last_run": last, "unsettled": stops, "health": word})
    return found
