"""Actions that keep the portal running without a person watching."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from ckan import model
from ckan.plugins import toolkit as tk
from ckanext.satudatapaser import clock, config
from ckanext.satudatapaser.logic.action import job, push
from ckanext.satudatapaser.logic.sources import moment, source_by_name
from ckanext.satudatapaser.model import HarvestSource, Notice, PushTarget
from ckanext.satudatapaser.outputs import announced
from ckanext.satudatapaser.tables.load import waiting as waiting_files
from ckanext.satudatapaser.upkeep import chores, dead, due, facts, health, lost, metrics, outbox, queue, trim, unseen
from ckanext.satudatapaser.upkeep.after import after_death
from ckanext.satudatapaser.upkeep.after_push import after_push_death

Context = Any
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
MOST = 1000


def satudata_tick(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Look once at what is due and queue it; what the scheduler calls every minute. Administrators only.

    Closes runs whose process died and tells Solr what they wrote; plans harvests and pushes anew whose worker died before they
    began;
    queues sources and targets whose time has come (a missed time once), targets where failed datasets are to be tried again
    or which are to follow each change, files that wait for their table (every hour), notices, and the daily trimming of
    history; writes down which datasets are public, so that feeds can tell what is gone. Several ticks at once do nothing twice.

    :returns: ``died`` (sources and targets of dead runs), ``lost`` (sources and targets whose run never began), ``indexed``
        (sources whose datasets Solr was told of), ``sources``, ``targets`` (names that were queued), ``chores``
    """
    tk.check_access("satudata_tick", context, data_dict)
    now, user = clock.now(), context.get("user") or ""
    chores.claim(chores.TICK, dt.timedelta(0), now)
    died = dead.close_dead_harvests()
    for name in died:
        after_death(name)
    for name in (pushes := dead.close_dead_pushes()):
        after_push_death(name)

    def to_target(name: str) -> bool:
        return again(name, False, None)

    def again(name: str, dry_run: bool, only: str | None) -> bool:
        return bool(push.put_in_queue(name, user, dry_run, only)["queued"])

    def confirmed(name: str, by: str) -> bool:
        return bool(job.put_in_queue(name, by, confirm_missing=True)["queued"])

    found = {
        "died": died + pushes,
        "lost": lost.harvests(now, confirmed) + lost.pushes(now, again),
        "indexed": unseen.complete_index(),
        "sources": due.sources(now, lambda name: bool(job.put_in_queue(name, user)["queued"])),
        "targets": due.targets(now, to_target) + due.unsettled_targets(now, to_target),
        "chores": _chores(now, user),
    }
    announced.bring_up_to_date(now)
    return found


def _chores(now: dt.datetime, user: str) -> list[str]:
    done = []
    if chores.claim(chores.TABLES, HOUR, now) and waiting_files() and queue.put("tables", load_tables, [user]):
        done.append(chores.TABLES)
    if chores.claim(chores.TRIM, DAY, now) and queue.put("trim", trim_history, [user]):
        done.append(chores.TRIM)
    if outbox.is_waiting(now) and queue.put("notices", send_notices, [user], timeout=outbox.TIMEOUT):
        done.append("notices")
    return done


def load_tables(user: str) -> None:
    """Load all files that wait; what a worker calls."""
    tk.get_action("satudata_table_load")({"user": user}, {})


def trim_history(user: str) -> None:
    """Trim history; what a worker calls."""
    tk.get_action("satudata_history_trim")({"user": user}, {})


def send_notices(user: str) -> None:
    """Send notices; what a worker calls."""
    tk.get_action("satudata_notice_send")({"user": user}, {})


def satudata_history_trim(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Delete the rows of all but the last runs of each source (what happened to each record), and runs that are old.

    What is known of each record stays; so do a source's last run, its last good and its last failed or stopped one,
    with their rows. Pushes to a target go as runs do. Administrators only.

    :param runs: of how many runs the rows stay; the setting history.keep_runs unless given
    :param days: runs older than this go with their counts, unless their rows stay; the setting history.keep_days unless given
    :returns: how many ``rows``, ``runs``, ``pushes`` and ``changes`` (of where datasets stand at targets, by the same age) went
    """
    tk.check_access("satudata_history_trim", context, data_dict)
    days, runs = data_dict.get("days", config.keep_days()), data_dict.get("runs", config.keep_runs())
    now, rows = clock.now(), trim.trim_rows(int(runs))
    return {
        "rows": rows,
        "runs": trim.trim_runs(now, int(days), int(runs)),
        "pushes": trim.trim_pushes(now, int(days), int(runs)),
        "changes": trim.trim_changes(now, int(days)),
    }


def satudata_notice_send(context: Context, data_dict: dict[str, Any]) -> dict[str, int]:
    """Send the notices that wait, now and in this process. Administrators only.

    :returns: how many were ``sent``, ``failed`` (tried again later) and ``given_up``
    """
    tk.check_access("satudata_notice_send", context, data_dict)
    return outbox.deliver()


@tk.side_effect_free
def satudata_notice_list(context: Context, data_dict: dict[str, Any]) -> list[dict[str, Any]]:
    """Return notices, the newest first. Walidata only.

    :param name: only those about the source of this name (optional)
    :param limit: how many, 20 unless given, 1000 at most
    :returns: of each: source or target, event (failing, recovered), recipient, subject, state (waiting, sent, given_up),
        attempts, last_error, created, sent
    """
    tk.check_access("satudata_notice_list", context, data_dict)
    about = sa.func.coalesce(HarvestSource.name, PushTarget.name)
    query = sa.select(Notice, about).outerjoin(HarvestSource).outerjoin(PushTarget).order_by(Notice.created.desc())
    if data_dict.get("name"):
        query = query.where(Notice.source_id == source_by_name(data_dict).id)
    names = ("event", "recipient", "state", "attempts", "last_error")
    return [
        {
            "source" if notice.source_id else "target": name,
            "subject": notice.content["subject"],
            **{key: getattr(notice, key) for key in names},
            "created": moment(notice.created),
            "sent": moment(notice.sent),
        }
        for notice, name in model.Session.execute(query.limit(min(int(data_dict.get("limit") or 20), MOST)))
    ]


@tk.side_effect_free
def satudata_queue_show(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Return what waits in the queue and which workers live. Walidata only.

    :returns: ``waiting`` (titles, the next first) and ``workers`` (name, state, work)
    """
    tk.check_access("satudata_queue_show", context, data_dict)
    return {"waiting": queue.waiting(), "workers": queue.workers()}


@tk.side_effect_free
def satudata_metrics_show(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Return numbers for monitoring: sources, datasets by state, push ledger, queue, workers. Administrators only.

    :returns: ``sources``, ``datasets``, ``ledger``, ``queue``, ``scheduler``, and ``text``: the same in Prometheus' format
    """
    tk.check_access("satudata_metrics_show", context, data_dict)
    found = facts.gather(clock.now())
    return {**found, "text": metrics.text(found).decode()}


@tk.side_effect_free
def satudata_health_show(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Return whether database, Solr, Redis, workers, scheduler, disk and, where it is offered, CSW are as they must be.

    Administrators only.

    :returns: ``ok`` and ``findings`` (name, ok, message)
    """
    tk.check_access("satudata_health_show", context, data_dict)
    return health.report(health.check())
