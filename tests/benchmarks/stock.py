"""The stock harvesters (see stock/engine.py), measured.

The consumers are started anew for each phase and wait at the queue; the gather consumer is held while the job is made, so
that neither their start-up nor the making of the job is counted. The time a job took ends with the last stamp on its objects.
"""

from __future__ import annotations

import datetime as dt
import os
import signal

from apart import ORGANIZATION, log_of
from ops import sites
from ops.instance import Instance, SetupError
from stock.engine import Engine

from benchmarks.meters import PEAK, Meter, Services, cpu_of, memory
from benchmarks.phases import Phase, Result
from benchmarks.source import CATALOGUE, Source

TYPES = {"ckan": "ckan", "datajson": "dcat_json"}


class Stock:
    """One source of the stock harvesters on one site."""

    def __init__(self, instance: Instance, site: sites.Site, kind: str, records: int, source: Source) -> None:
        self.instance, self.site, self.kind, self.records, self.source = instance, site, kind, records, source
        self.name = f"stock-{kind}"
        self.engine = Engine(instance, site, log_of(instance, f"{site.name}-{kind}"))
        url = source.url + (CATALOGUE if kind == "datajson" else "")
        self._create(url)

    def _create(self, url: str) -> None:
        """Make the source. The command ends with a traceback on CKAN 2.12 once it has: it prints a status not yet there."""
        try:
            self._ckan("source", "create", self.name, url, TYPES[self.kind], self.name, "true", ORGANIZATION, "MANUAL")
        except SetupError:
            with self.engine.database() as connection, connection.cursor() as cursor:
                cursor.execute("select 1 from harvest_source where url = %s", (url,))
                if not cursor.fetchone():
                    raise

    def _ckan(self, *words: str) -> str:
        return sites.ckan(self.instance, self.site, "harvester", *words)

    def measure(self, phase: Phase, limit: float) -> Result:
        """Run one phase. A job that never ends is a result with its ``problem``, not an error."""
        with self.engine.consumers() as consumers:
            gather, fetch = consumers
            os.kill(gather.pid, signal.SIGSTOP)
            try:
                self._ckan("job", self.name)
                meter = Meter(Services(self.instance, self.site.name), self.source)
                meter.start()
                before = cpu_of(gather.pid) + cpu_of(fetch.pid)
                begin = dt.datetime.now(dt.UTC).replace(tzinfo=None)
            finally:
                os.kill(gather.pid, signal.SIGCONT)
            job = self.engine.wait(consumers, limit)
            dead = [p for p in (gather, fetch) if p.poll() is not None]
            cpu = 0.0 if dead else cpu_of(gather.pid) + cpu_of(fetch.pid) - before
            rss = 0.0 if dead else memory(gather.pid, PEAK) + memory(fetch.pid, PEAK)
            meters = meter.stop()
        self._ckan("run")  # marks the job as finished, which the next incremental harvest asks for
        wall = (job.last - begin).total_seconds()
        return Result(
            "stock", self.kind, phase.name, self.records, wall, cpu, rss, meters, job.outcome, problem=job.problem
        )
