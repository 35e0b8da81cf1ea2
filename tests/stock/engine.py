"""ckanext-harvest as in production: a gather and a fetch consumer with a Redis queue between them."""

from __future__ import annotations

import dataclasses as dc
import datetime as dt
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg2
import redis
from ops import sites
from ops.instance import Instance, SetupError

PLUGINS = f"{sites.STOCK} harvest ckan_harvester dcat_json_harvester dcat_rdf_harvester csw_harvester"
WAITS = "?socket_timeout=86400"
"""For the Redis URL: redis-py's 5 s would end the idle consumers of ckanext-harvest 1.6.3."""
CONSUMERS = ("gather-consumer", "fetch-consumer")
POLL, PATIENCE = 0.5, 10  # seconds; polls in which both consumers rest although objects are open
STATES = """
    select j.id, j.gather_finished,
        (select json_object_agg(state, n) from (
            select o.state, count(*) as n from harvest_object o where o.harvest_job_id = j.id group by 1) s),
        (select json_object_agg(status, n) from (
            select coalesce(o.report_status, 'none') as status, count(*) as n
            from harvest_object o where o.harvest_job_id = j.id group by 1) s),
        (select max(greatest(o.import_finished, o.fetch_finished)) from harvest_object o where o.harvest_job_id = j.id),
        (select count(*) from harvest_gather_error e where e.harvest_job_id = j.id)
    from harvest_job j order by j.created desc limit 1
"""
Consumers = list[subprocess.Popen[bytes]]


@dc.dataclass(frozen=True)
class Job:
    """What became of the newest job: how many objects by their report, the last stamp on any of them, what went wrong."""

    last: dt.datetime
    outcome: dict[str, int]
    problem: str


class Engine:
    """The stock harvesters of one site."""

    def __init__(self, instance: Instance, site: sites.Site, log: Path) -> None:
        self.instance, self.site, self.log = instance, site, log
        self.queue = redis.Redis(
            port=instance.ports["redis"], db=site.redis, password=instance.secret("redis"), decode_responses=True
        )

    @contextmanager
    def database(self) -> Iterator[Any]:
        """Connect to the site's database."""
        connection = psycopg2.connect(sites.database_url(self.instance, self.site.name, self.site.name))
        connection.autocommit = True
        try:
            yield connection
        finally:
            connection.close()

    @contextmanager
    def consumers(self) -> Iterator[Consumers]:
        """Run both consumers, waiting at their queues, while the block runs."""
        running = [self._start(name) for name in CONSUMERS]
        try:
            self._wait_for(running)
            yield running
        finally:
            for process in running:
                process.terminate()
                try:
                    process.wait(20)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait()

    def _start(self, name: str) -> subprocess.Popen[bytes]:
        command = [str(self.site.programs / "ckan"), "-c", str(self.site.ini(self.instance)), "harvester", name]
        with self.log.open("a") as log:
            return subprocess.Popen(command, stdout=log, stderr=log)

    def _wait_for(self, running: Consumers) -> None:
        deadline = time.monotonic() + 120
        while self._waiting() < len(running):
            if any(process.poll() is not None for process in running) or time.monotonic() > deadline:
                raise SetupError(f"the consumers of ckanext-harvest did not start; see {self.log}")
            time.sleep(0.2)

    def revive(self, consumers: Consumers) -> None:
        """Start consumers that died anew, with empty queues."""
        self.queue.flushdb()
        consumers[:] = [
            process if process.poll() is None else self._start(name)
            for name, process in zip(CONSUMERS, consumers, strict=True)
        ]
        self._wait_for(consumers)

    def _waiting(self) -> int:
        """Return how many clients wait at a queue of this site."""
        clients: list[dict[str, str]] = self.queue.client_list()
        return sum(client["cmd"] == "blpop" and client["db"] == str(self.site.redis) for client in clients)

    def wait(self, consumers: Consumers, limit: float) -> Job:
        """Wait until the newest job's objects are done, or for ``limit`` seconds. One that never ends has a ``problem``."""
        deadline, idle = time.monotonic() + limit, 0
        with self.database() as connection:
            while True:
                time.sleep(POLL)
                job = _newest(connection)
                resting = job["gathered"] and self._waiting() == len(CONSUMERS) and not self._queued()
                idle = idle + 1 if resting else 0
                problem = ""
                if any(process.poll() is not None for process in consumers):
                    problem = "a consumer died"
                elif time.monotonic() > deadline:
                    problem = f"not done after {limit:.0f} s"
                elif idle > PATIENCE and job["open"]:
                    problem = f"the job never ends: {job['open']} objects stay {', '.join(job['states'])}"
                if problem or (idle and not job["open"]):
                    return Job(job["last"], job["outcome"], problem)

    def _queued(self) -> bool:
        return bool(self.queue.keys("*harvest_object_id")) or bool(self.queue.keys("*harvest_job_id"))


def _newest(connection: Any) -> dict[str, Any]:
    """Return the newest job: whether all is gathered, what is open, the outcome so far."""
    with connection.cursor() as cursor:
        cursor.execute(STATES)
        _, gathered, states, statuses, last, errors = cursor.fetchone()
    still_open = {name: n for name, n in (states or {}).items() if name not in ("COMPLETE", "ERROR")}
    outcome = {**(statuses or {}), **({"gather errors": errors} if errors else {})}
    stamps = [stamp for stamp in (gathered, last) if stamp]
    now = dt.datetime.now(dt.UTC).replace(tzinfo=None)
    return {
        "gathered": gathered, "open": sum(still_open.values()), "states": sorted(still_open),
        "outcome": outcome, "last": max(stamps, default=now),
    }  # fmt: skip
