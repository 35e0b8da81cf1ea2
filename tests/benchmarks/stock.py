"""ckanext-harvest as in production: a gather and a fetch consumer with a Redis queue between them.

Both are started anew for each phase and wait at the queue; the gather consumer is held while the job is made, so that
neither their start-up nor the making of the job is counted. The time a job took ends with the last stamp on its objects.
"""

from __future__ import annotations

import datetime as dt
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg2
import redis
from apart import ORGANIZATION, log_of
from ops import sites
from ops.instance import Instance, SetupError

from benchmarks.meters import Meter, Services, cpu_of, peak_rss
from benchmarks.phases import Phase, Result
from benchmarks.source import CATALOGUE, Source

TYPES = {"ckan": "ckan", "datajson": "dcat_json"}
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


class Stock:
    """One source of the stock harvesters on one site."""

    def __init__(self, instance: Instance, site: sites.Site, kind: str, records: int, source: Source) -> None:
        self.instance, self.site, self.kind, self.records, self.source = instance, site, kind, records, source
        self.name = f"stock-{kind}"
        self.log = log_of(instance, f"{site.name}-{kind}")
        self.queue = redis.Redis(
            port=instance.ports["redis"], db=site.redis, password=instance.secret("redis"), decode_responses=True
        )
        url = source.url + (CATALOGUE if kind == "datajson" else "")
        self._create(url)

    def _create(self, url: str) -> None:
        """Make the source. The command ends with a traceback on CKAN 2.12 once it has: it prints a status not yet there."""
        try:
            self._ckan("source", "create", self.name, url, TYPES[self.kind], self.name, "true", ORGANIZATION, "MANUAL")
        except SetupError:
            with self._database() as connection, connection.cursor() as cursor:
                cursor.execute("select 1 from harvest_source where url = %s", (url,))
                if not cursor.fetchone():
                    raise

    @contextmanager
    def _database(self) -> Iterator[Any]:
        connection = psycopg2.connect(sites.database_url(self.instance, self.site.name, self.site.name))
        connection.autocommit = True
        try:
            yield connection
        finally:
            connection.close()

    def _ckan(self, *words: str) -> str:
        return sites.ckan(self.instance, self.site, "harvester", *words)

    def measure(self, phase: Phase, limit: float) -> Result:
        """Run one phase. A job that never ends is a result with its ``problem``, not an error."""
        with self._consumers() as (gather, fetch):
            os.kill(gather.pid, signal.SIGSTOP)
            try:
                self._ckan("job", self.name)
                meter = Meter(Services(self.instance, self.site.name), self.source)
                meter.start()
                before = cpu_of(gather.pid) + cpu_of(fetch.pid)
                begin = dt.datetime.now(dt.UTC).replace(tzinfo=None)
            finally:
                os.kill(gather.pid, signal.SIGCONT)
            last, outcome, problem = self._wait((gather, fetch), limit)
            dead = [p for p in (gather, fetch) if p.poll() is not None]
            cpu = 0.0 if dead else cpu_of(gather.pid) + cpu_of(fetch.pid) - before
            rss = 0.0 if dead else peak_rss(gather.pid) + peak_rss(fetch.pid)
            meters = meter.stop()
        self._ckan("run")  # marks the job as finished, which the next incremental harvest asks for
        wall = (last - begin).total_seconds()
        return Result("stock", self.kind, phase.name, self.records, wall, cpu, rss, meters, outcome, problem=problem)

    @contextmanager
    def _consumers(self) -> Iterator[list[subprocess.Popen[bytes]]]:
        """Run both consumers, waiting at their queues, while the block runs."""
        command = [str(self.site.programs / "ckan"), "-c", str(self.site.ini(self.instance)), "harvester"]
        with self.log.open("a") as log:
            running = [subprocess.Popen([*command, name], stdout=log, stderr=log) for name in CONSUMERS]
        try:
            deadline = time.monotonic() + 120
            while self._waiting() < len(running):
                if any(process.poll() is not None for process in running) or time.monotonic() > deadline:
                    raise SetupError(f"the consumers of ckanext-harvest did not start; see {self.log}")
                time.sleep(0.2)
            yield running
        finally:
            for process in running:
                process.terminate()
                try:
                    process.wait(20)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait()

    def _waiting(self) -> int:
        """Return how many clients wait at a queue of this site."""
        clients: list[dict[str, str]] = self.queue.client_list()
        return sum(client["cmd"] == "blpop" and client["db"] == str(self.site.redis) for client in clients)

    def _wait(
        self, consumers: tuple[subprocess.Popen[bytes], ...], limit: float
    ) -> tuple[dt.datetime, dict[str, int], str]:
        """Wait until the job's objects are done; return the last stamp, what became of them, what went wrong."""
        deadline, idle = time.monotonic() + limit, 0
        with self._database() as connection:
            while True:
                time.sleep(POLL)
                job = self._job(connection)
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
                    return job["last"], job["outcome"], problem

    def _queued(self) -> bool:
        return bool(self.queue.keys("*harvest_object_id")) or bool(self.queue.keys("*harvest_job_id"))

    @staticmethod
    def _job(connection: Any) -> dict[str, Any]:
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
