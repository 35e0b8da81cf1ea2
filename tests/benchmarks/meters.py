"""What a phase cost: wall time, CPU seconds by process, peak memory, requests to the source and to Solr."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

import requests
from ops.instance import Instance
from ops.supervisor import Supervisor

from benchmarks.source import Source

NOW, PEAK = "VmRSS", "VmHWM"  # as /proc/PID/status names them
CPU = ("postgres_cpu", "solr_cpu")
TICKS = os.sysconf("SC_CLK_TCK")
SETTLE = 2  # seconds after a phase in which services may end what it left them to do
IDLE = 5  # seconds before a phase in which it is seen what the services use when nobody asks them


def cpu_of(pid: int) -> float:
    """Return the CPU seconds of a process and of its children that have ended."""
    fields = _stat(pid)
    return sum(int(ticks) for ticks in fields[11:15]) / TICKS


def cpu_of_cluster(postmaster: int) -> float:
    """Return the CPU seconds of a whole PostgreSQL cluster: the postmaster, ended backends, live ones."""
    total = cpu_of(postmaster)
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                fields = _stat(int(folder.name))
            except (FileNotFoundError, ProcessLookupError):
                continue  # ended since the folder was listed; the postmaster counts it then
            if int(fields[1]) == postmaster:
                total += (int(fields[11]) + int(fields[12])) / TICKS
    return total


def _stat(pid: int) -> list[str]:
    """Return /proc/PID/stat from the third field (state) on; the second may hold spaces and parentheses."""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()


def memory(pid: int, which: str) -> float:
    """Return the memory that a live process holds NOW, or held at its PEAK, MB."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith(f"{which}:"))


class Services:
    """PostgreSQL's and Solr's meters; ``core``: the site's Solr core."""

    def __init__(self, instance: Instance, core: str) -> None:
        self.postmaster = int((instance.state / "postgres" / "postmaster.pid").read_text().split()[0])
        self.solr = int(Supervisor(instance).control("pid", "solr").stdout.strip())
        self.core, self.address = core, f"http://127.0.0.1:{instance.ports['solr']}/solr/admin/metrics"

    def read(self) -> dict[str, float]:
        """Return CPU seconds and Solr's counters, all of them rising."""
        return {
            "postgres_cpu": cpu_of_cluster(self.postmaster),
            "solr_cpu": cpu_of(self.solr),
            **self._solr(),
        }

    def _solr(self) -> dict[str, float]:
        answer = requests.get(self.address, params={"group": "core", "wt": "json", "compact": "true"}, timeout=60)
        found: dict[str, Any] = answer.json()["metrics"][f"solr.core.{self.core}"]
        updates = [name for name in found if name.startswith("UPDATE./update") and name.endswith(".requests")]
        return {
            "solr_updates": sum(_count(found, name) for name in updates),
            "solr_documents": _count(found, "UPDATE.updateHandler.cumulativeAdds"),
            "solr_commits": _count(found, "UPDATE.updateHandler.commits"),
            "solr_selects": _count(found, "QUERY./select.requests"),
        }


def _count(metrics: dict[str, Any], name: str) -> float:
    value = metrics.get(name)
    return float(value["count"] if isinstance(value, dict) else value or 0)


class Meter:
    """Counts between ``start`` and ``stop`` of one phase; what the services use at rest in that time is taken off."""

    def __init__(self, services: Services, source: Source) -> None:
        self.services, self.source = services, source
        self.before: dict[str, float] = {}
        self.rest: dict[str, float] = {}
        self.began = 0.0

    def start(self) -> None:
        """See what the services use at rest, then begin to count; the source has begun with the phase."""
        first = self.services.read()
        time.sleep(IDLE)
        self.before, self.began = self.services.read(), time.monotonic()
        self.rest = {name: (self.before[name] - first[name]) / IDLE for name in CPU}

    def stop(self) -> dict[str, float]:
        """Return what services and source did since."""
        time.sleep(SETTLE)
        after, seconds = self.services.read(), time.monotonic() - self.began
        asked = self.source.asked()
        spent = {name: after[name] - self.before[name] for name in after}
        spent |= {name: max(0.0, spent[name] - self.rest[name] * seconds) for name in CPU}
        return {**spent, "source_requests": asked["requests"], "source_seconds": asked["seconds"]}
