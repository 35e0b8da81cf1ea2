"""Background work in tests: an empty queue, ckan's own worker in a process, and waiting for what others do."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from ckan import model
from ckan.lib import jobs
from ckanext.satudatapaser.model import Chore, HarvestJob, HarvestRecord
from rq.registry import StartedJobRegistry

CKAN = [str(Path(sys.executable).parent / "ckan"), "-c", os.environ.get("CKAN_INI", "")]


def nothing_waits_or_runs() -> None:
    """Empty the queue and close what an earlier test left open."""
    for table in (Chore, HarvestRecord):
        model.Session.execute(sa.delete(table))
    model.Session.execute(sa.update(HarvestJob).where(HarvestJob.state == "running").values(state="finished"))
    model.Session.commit()
    jobs.get_queue().empty()
    registry = StartedJobRegistry(queue=jobs.get_queue())
    registry.connection.delete(registry.key)


@contextmanager
def process(*words: str) -> Iterator[subprocess.Popen[bytes]]:
    """Run a ckan command; at the end it is killed, and then what it has forked (a worker's current job)."""
    started = subprocess.Popen([*CKAN, *words], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield started
    finally:
        forked = []
        if started.poll() is None:
            forked = Path(f"/proc/{started.pid}/task/{started.pid}/children").read_text().split()
            started.kill()
        started.wait()
        for pid in forked:
            with suppress(ProcessLookupError):
                os.kill(int(pid), signal.SIGKILL)


def until(condition: Callable[[], Any], seconds: float = 60) -> None:
    """Wait for ``condition``, looked at in a new transaction each time."""
    deadline = time.monotonic() + seconds
    while not condition():
        model.Session.rollback()
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.05)
