"""Our engine: one `ckan satudata harvest` process a phase, its start-up measured by a command that harvests nothing."""

from __future__ import annotations

import json
import statistics
from collections.abc import Callable
from typing import Any

from ops import sites
from ops.instance import Instance, SetupError

from benchmarks.meters import Ended, Meter, Services, run_measured
from benchmarks.phases import Phase, Result
from benchmarks.place import ORGANIZATION, log_of
from benchmarks.source import CATALOGUE, Source

STARTS = 3


class Ours:
    """One source of ours on one site."""

    def __init__(self, instance: Instance, site: sites.Site, kind: str, records: int, source: Source) -> None:
        self.instance, self.site, self.kind, self.records, self.source = instance, site, kind, records, source
        self.name = f"sumber-{kind}-{records}"
        self.log = log_of(instance, f"{site.name}-{kind}")
        url = source.url + (CATALOGUE if kind == "datajson" else "")
        self._ended(
            "source", "add", self.name, "--kind", kind, "--url", url, "--org", ORGANIZATION, "--approve",
            *self._settings({"default_access": "terbuka", "default_license": "cc-by", "review": "auto"}),
        )  # fmt: skip
        starts = [self._ended("source", "show", self.name, "--json") for _ in range(STARTS)]
        self.start_wall = statistics.median(ended.wall for ended in starts)
        self.start_cpu = statistics.median(ended.cpu for ended in starts)

    @staticmethod
    def _settings(settings: dict[str, Any]) -> list[str]:
        return [word for name, value in settings.items() for word in ("--set", f"{name}={value}")]

    def _ended(self, *words: str, limit: float = 120, good: Callable[[Ended], bool] = lambda e: e.code == 0) -> Ended:
        command = [str(self.site.programs / "ckan"), "-c", str(self.site.ini(self.instance)), "satudata", *words]
        ended = run_measured(command, self.log, limit)
        if not good(ended):
            end = ended.output.strip()[-300:]
            raise SetupError(f"`ckan satudata {' '.join(words[:2])}` ended with {ended.code}: {end} (log: {self.log})")
        return ended

    def measure(self, phase: Phase, limit: float) -> Result:
        """Run one phase; raise SetupError when the harvest does not finish."""
        meter = Meter(Services(self.instance, self.site.name), self.source)
        meter.start()
        words = ["harvest", self.name, "--json", *(["--full"] if phase.full else [])]
        ended = self._ended(*words, limit=limit)
        told = json.loads(ended.output)
        meters = meter.stop()
        return Result(
            engine="ours", kind=self.kind, phase=phase.name, records=self.records,
            # what the engine itself says is the least it can have been
            wall=max(ended.wall - self.start_wall, float(told["seconds"])),
            cpu=max(ended.cpu - self.start_cpu, 0.0),
            rss=ended.rss, meters=meters, startup=self.start_wall,
            outcome={name: value for name, value in told.items() if type(value) is int and value},
        )  # fmt: skip
