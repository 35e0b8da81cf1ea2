"""On what a benchmark ran: processor, memory, versions, commit."""

from __future__ import annotations

import datetime as dt
import os
import platform
import subprocess
from pathlib import Path

from ops.instance import ROOT
from ops.services import postgres_bin
from stock.environment import HARVESTERS

from benchmarks import place

PACKAGES = ("ckan", "ckanext-scheming", "ckanext-spatial", "ckanext-dcat", "ckanext-harvest")


def machine() -> dict[str, str]:
    """Return the machine and what runs on it."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    models = [
        line.split(":")[1].strip() for line in Path("/proc/cpuinfo").read_text().splitlines() if "model name" in line
    ]
    locked = dict(line.split(" ")[0].split("==") for line in HARVESTERS.read_text().splitlines() if "==" in line)
    return {
        "processor": f"{os.cpu_count()} x {models[0] if models else platform.machine()}",
        "memory": f"{memory:.0f} GB",
        "system": f"{platform.system()} {platform.release()}, Python {platform.python_version()}",
        "PostgreSQL": place.version(postgres_bin() / "postgres", "--version"),
        "Redis": place.version("redis-server", "--version"),
        "Java": place.version("java", "--version"),
        "packages": ", ".join(f"{name} {locked[name]}" for name in PACKAGES if name in locked),
        "load before the run": f"{os.getloadavg()[0]:.2f}",
    }


def commit() -> str:
    """Return the commit that is measured, marked when files differ from it."""
    git = ["git", "-C", str(ROOT), "describe", "--always", "--dirty"]
    return subprocess.run(git, capture_output=True, text=True, check=False).stdout.strip() or "unknown"


def about() -> str:
    """Return when, at which commit and on what something is measured, as one line."""
    found = machine()
    return f"{dt.datetime.now(dt.UTC):%Y-%m-%d %H:%M} UTC, commit {commit()}, {found['processor']}, {found['memory']}"
