"""How the sources are: one look at all of them."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
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


def health(state: str, last: dict[str, Any] | None) -> str:
    """Return a source's health in one word.

    ``waiting`` for approval, ``paused``, ``never`` run, ``running``, ``failing``, ``attention`` (something is held or failed)
    or ``ok``. ``state`` is the source's, ``last`` its last run.
    """
    if state != "approved":
        return "paused" if state == "paused" else "waiting"
    if last is None:
        return "never"
    if last["state"] in ("running", "queued"):
        return "running"
    if last["state"] in BAD:
        return "failing"
    counts = last["counts"]
    return "attention" if any(counts.get(key) for key in ("held", "rejected", "failed")) else "ok"


@tk.side_effect_free
def satudata_source_health(context: Context, data_dict: dict[str, Any]) -> list[dict[str, Any]]:
    """Return all sources by title with their health and last real run (dry runs left out). Walidata only.

    :param name: only this source (optional)
    :returns: sources as ``satudata_source_show`` gives them and ``last_run`` and ``health`` (waiting, paused, never, running,
        failing, attention, ok)
    """
    tk.check_access("satudata_source_health", context, data_dict)
    query = sa.select(HarvestSource).order_by(sa.func.lower(HarvestSource.title), HarvestSource.name)
    if data_dict.get("name"):
        query = query.where(HarvestSource.name == data_dict["name"])
    runs = _last_runs()
    found = []
    for source in model.Session.scalars(query):
        last = runs.get(source.id)
        found.append(as_dict(source) | {"last_run": last, "health": health(source.state, last)})
    return found
