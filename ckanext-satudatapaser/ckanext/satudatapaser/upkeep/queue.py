"""The queue of background work: each piece of work has a name and waits or runs at most once, whoever asks for it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from contextlib import suppress
from typing import Any, NamedTuple

import sqlalchemy as sa
from ckan import model
from ckan.lib import jobs
from ckan.plugins import toolkit as tk
from rq import Worker
from rq.exceptions import NoSuchJobError
from rq.job import Job
from rq.registry import FailedJobRegistry, StartedJobRegistry
from rq.worker import BaseWorker

DAY = 24 * 3600
TITLE = "satudata "


def nothing(arguments: Any) -> bool:
    """Outdo no work that waits."""
    return False


def task_id(name: str) -> str:
    """Return the queue's id of the work called ``name``; sites that share a Redis don't share ids."""
    return re.sub(r"[^A-Za-z0-9_-]", "-", f"{tk.config['ckan.site_id']}-satudata-{name}")


def put(
    name: str,
    work: Callable[..., None],
    arguments: list[Any],
    timeout: int = DAY,
    outdoes: Callable[[Any], bool] = nothing,
) -> bool:
    """Queue ``work`` unless work of this ``name`` waits or runs; tell whether it was queued. ``timeout`` in seconds.

    What waits makes way when the new work ``outdoes`` it, judged by the arguments of what waits. A lock in the database
    makes looking and queueing one step for all processes.
    """
    with model.meta.engine.begin() as connection:
        connection.execute(sa.text("select pg_advisory_xact_lock(hashtext(:name))"), {"name": f"satudata queue {name}"})
        if is_busy(name) and not _made_way(name, outdoes):
            return False
        _drop(name)
        options = {"timeout": timeout, "job_id": task_id(name), "result_ttl": 60, "failure_ttl": DAY}
        tk.enqueue_job(work, arguments, title=f"{TITLE}{name}", rq_kwargs=options)
    return True


def _drop(name: str) -> None:
    """Remove what Redis keeps of ended work of this name: it goes by itself at a moment that new work would inherit."""
    with suppress(NoSuchJobError):
        Job.fetch(task_id(name), connection=jobs.get_queue().connection).delete()


def _made_way(name: str, outdoes: Callable[[Any], bool]) -> bool:
    """Take what waits out of the queue if the new work outdoes it; false when a worker has it in hand by now."""
    queue = jobs.get_queue()
    found = queue.fetch_job(task_id(name))
    return found is not None and outdoes(found.args) and bool(queue.remove(found))


def is_busy(name: str) -> bool:
    """Tell whether work of this name waits or runs. Work whose worker died counts until its last heartbeat is old."""
    return task_id(name) in jobs.get_queue().job_ids or is_running(name)


def is_running(name: str) -> bool:
    """Tell whether a worker has work of this name in hand."""
    return task_id(name) in running()


def running() -> list[str]:
    """Return the ids of the work that living workers have in hand."""
    return list(StartedJobRegistry(queue=jobs.get_queue()).get_job_ids())


class Failed(NamedTuple):
    """Work that ended by a fault; ``since`` is when it was queued."""

    id: str
    name: str
    since: dt.datetime
    arguments: list[Any]


def failed(prefix: str) -> list[Failed]:
    """Return work that ended by a fault, among names that begin with ``prefix``.

    RQ puts work there whose worker died as well, once its last heartbeat is old.
    """
    running()  # has RQ look for such work
    registry, found = FailedJobRegistry(queue=jobs.get_queue()), []
    for job in Job.fetch_many(registry.get_job_ids(), connection=registry.connection):
        name = str(job.meta.get("title") or "").removeprefix(TITLE) if job else ""
        if job and name.startswith(prefix) and job.is_failed and job.enqueued_at:
            found.append(Failed(job.id, name, job.enqueued_at.astimezone(dt.UTC), list(job.args)))
    return found


def forget(id: str) -> None:
    """Drop failed work from the queue's records."""
    FailedJobRegistry(queue=jobs.get_queue()).remove(id)


def take_back(name: str) -> bool:
    """Take waiting work of this name out of the queue; tell whether there was any."""
    queue = jobs.get_queue()
    if task_id(name) not in queue.job_ids:
        return False
    try:
        Job.fetch(task_id(name), connection=queue.connection).delete()
    except NoSuchJobError:
        queue.remove(task_id(name))
    return True


def waiting() -> list[str]:
    """Return the titles of what waits, the next first."""
    return [str(job.meta.get("title") or job.id) for job in jobs.get_queue().jobs]


def workers() -> list[dict[str, Any]]:
    """Return this site's workers: name, state (idle, busy, …), and the title of what each does.

    One that was killed is among them until its last sign of life is some minutes old.
    """
    found = [
        {"name": worker.name, "state": str(worker.get_state()), "work": _work(worker)}
        for worker in Worker.all(queue=jobs.get_queue())
    ]
    return sorted(found, key=lambda item: item["name"])


def _work(worker: BaseWorker) -> str:
    try:
        job = worker.get_current_job()
    except NoSuchJobError:  # done or taken away since
        return ""
    return str(job.meta.get("title") or job.id) if job else ""


def beats_after(moment: dt.datetime) -> int:
    """Return how many of this site's workers have said since ``moment`` that they live."""
    beats = [worker.last_heartbeat for worker in Worker.all(queue=jobs.get_queue())]
    return sum(beat is not None and beat.astimezone(dt.UTC) >= moment for beat in beats)
