"""Actions on runs and their records."""

from __future__ import annotations

import logging
from typing import Any

import sqlalchemy as sa
from ckan import model
from ckan.plugins import toolkit as tk
from ckanext.satudatapaser.errors import GuardStop, SatuDataError
from ckanext.satudatapaser.harvesters import load_kind
from ckanext.satudatapaser.intake.run import harvest, quiet
from ckanext.satudatapaser.logic.sources import job_dict, parsed_settings, session_for, source_by_name
from ckanext.satudatapaser.model import HarvestJob, HarvestSource
from ckanext.satudatapaser.upkeep import queue
from ckanext.satudatapaser.upkeep.after import after_run
from sqlalchemy.exc import DBAPIError

log = logging.getLogger(__name__)
Context = Any
MOST = 1000


def satudata_job_run(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Harvest a source now, in this process, and return the counts. Walidata only.

    :param name: name of the source
    :param dry_run: true to find out what would happen without writing
    :param full: true to fetch everything even where the source can tell what changed
    :param only_failed: true to try only the records that failed before
    :param confirm_missing: true when a person has confirmed that the many missing records are really gone
    :returns: source, job, state (finished, stopped, failed), reason and the counts
    """
    tk.check_access("satudata_job_run", context, data_dict)
    source = source_by_name(data_dict)
    _must_be_approved(source)
    name, dry_run = source.name, tk.asbool(data_dict.get("dry_run", False))
    only_failed = tk.asbool(data_dict.get("only_failed", False))
    try:
        settings = parsed_settings(source)
        net = session_for(settings)
    except SatuDataError as error:
        _take_note(name, {"state": "failed", "dry_run": dry_run, "reason": error.as_dict()})
        raise tk.ValidationError({"settings": [str(error)]}) from error
    result = harvest(
        source,
        load_kind(source.kind),
        settings,
        net,
        dry_run=dry_run,
        confirmed=tk.asbool(data_dict.get("confirm_missing", False)),
        full=tk.asbool(data_dict.get("full", False)),
        only_failed=only_failed,
        user=context.get("user") or "",
        progress=context.get("satudata_progress") or quiet,
        wait=bool(context.get("satudata_wait")),
    )
    if not only_failed:  # some records say nothing about the whole source
        _take_note(name, result)
    return result


def _take_note(name: str, result: dict[str, Any]) -> None:
    """Let ``after_run`` see a result; a fault of that does not undo the run (the tick closes what stays open)."""
    try:
        after_run(name, result)
    except DBAPIError:
        model.Session.remove()
        log.exception("No note was taken of the run of %s", name)


def _must_be_approved(source: HarvestSource) -> None:
    if source.state == "paused":
        raise tk.ValidationError({"source": [tk._("This source is paused.")]})
    if source.state != "approved":
        raise tk.ValidationError({"source": [tk._("This source has not been approved yet.")]})


def satudata_job_enqueue(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Let a worker harvest a source as soon as it can; a source that waits or runs already is not queued again.

    A run that waits for less (records that failed, or nothing confirmed) makes way. Walidata only.

    :param name: name of the source
    :param confirm_missing: true when a person has confirmed that the many missing records are really gone (optional)
    :returns: ``task`` (id of the background job), ``queued`` (false when it waited or ran already) and ``confirmed``
        (whether the run that waits now archives what is missing)
    """
    tk.check_access("satudata_job_enqueue", context, data_dict)
    source = source_by_name(data_dict)
    _must_be_approved(source)
    confirmed = tk.asbool(data_dict.get("confirm_missing", False))
    made = put_in_queue(source.name, context.get("user") or "", confirm_missing=confirmed)
    return {**made, "confirmed": confirmed and (made["queued"] or not queue.is_running(f"harvest {source.name}"))}


def satudata_job_retry(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Let a worker try the records again that failed in a source's last run, and only those. Walidata only.

    :param name: name of the source
    :returns: ``task`` (id of the background job) and ``queued`` (false when the source waited or ran already)
    """
    tk.check_access("satudata_job_retry", context, data_dict)
    source = source_by_name(data_dict)
    _must_be_approved(source)
    return put_in_queue(source.name, context.get("user") or "", only_failed=True)


def satudata_job_cancel(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """End a source's run at its next chunk, and take a waiting one out of the queue. Walidata only.

    What the run has written so far stays; the next run completes it.

    :param name: name of the source
    :returns: ``taken_back`` (whether one waited) and ``runs`` (ids of those that will end)
    """
    tk.check_access("satudata_job_cancel", context, data_dict)
    source = source_by_name(data_dict)
    taken_back = queue.take_back(f"harvest {source.name}")
    where = (HarvestJob.source_id == source.id, HarvestJob.state == "running")
    runs = model.Session.scalars(sa.update(HarvestJob).where(*where).values(cancel=True).returning(HarvestJob.id)).all()
    model.Session.commit()
    return {"taken_back": taken_back, "runs": list(runs)}


def put_in_queue(name: str, user: str, only_failed: bool = False, confirm_missing: bool = False) -> dict[str, Any]:
    """Queue a harvest of the source called ``name`` unless one waits or runs; one that waits for less makes way."""
    task = f"harvest {name}"
    asked = (not only_failed, confirm_missing)
    queued = queue.put(
        task,
        run_in_background,
        [name, user, only_failed, confirm_missing],
        outdoes=lambda waits: (not waits[2], waits[3]) < asked,
    )
    return {"task": queue.task_id(task), "queued": queued}


def run_in_background(name: str, user: str, only_failed: bool = False, confirm_missing: bool = False) -> None:
    """Harvest as ``user``, then load the tables of new and changed files; what a worker calls."""
    source = source_by_name({"name": name})
    if source.state != "approved":
        log.info("Source %s is %s now: not harvested", name, source.state)
        return
    values = {"name": name, "only_failed": only_failed, "confirm_missing": confirm_missing, "full": confirm_missing}
    # what a person has confirmed is not dropped because a run from the command line is under way
    result = tk.get_action("satudata_job_run")({"user": user, "satudata_wait": confirm_missing}, values)
    if result["added"] or result["updated"]:
        try:
            tk.get_action("satudata_table_load")({"user": user}, {"source": name})
        except GuardStop:
            log.info("Tables are being loaded by another process: files of %s wait for the scheduler", name)


@tk.side_effect_free
def satudata_job_list(context: Context, data_dict: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the runs of a source, the newest first. Walidata only.

    :param name: name of the source
    :param limit: how many, 20 unless given
    """
    tk.check_access("satudata_job_list", context, data_dict)
    source = source_by_name(data_dict)
    query = sa.select(HarvestJob).where(HarvestJob.source_id == source.id).order_by(HarvestJob.started.desc())
    return [job_dict(job) for job in model.Session.scalars(query.limit(min(int(data_dict.get("limit") or 20), MOST)))]


@tk.side_effect_free
def satudata_job_show(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Return one run. Walidata only.

    :param id: id of the run
    """
    tk.check_access("satudata_job_show", context, data_dict)
    job = model.Session.get(HarvestJob, tk.get_or_bust(data_dict, "id"))
    if job is None:
        raise tk.ObjectNotFound(tk._("There is no such run."))
    return job_dict(job)
