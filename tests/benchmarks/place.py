"""Which sites the benchmark runs: ours and one with the stock harvesters in an environment of their own."""

from __future__ import annotations

import subprocess
from pathlib import Path

from ops import sites
from ops.instance import ROOT, Instance, SetupError
from stock.engine import PLUGINS, WAITS
from stock.environment import HARVESTERS, programs

FOLDER = ROOT / "var" / "benchmark"
PUSH_TARGET = "kaltim"


def ours_site(instance: Instance, name: str, redis: int) -> sites.Site:
    """Return a site with what the portal loads."""
    return sites.Site(name, sites.PLUGINS, instance.ports["web"], redis, "Satu Data Paser")


def stock_site(instance: Instance, name: str, redis: int) -> sites.Site:
    """Return a site with the stock harvesters, in their own environment."""
    return sites.Site(
        name, PLUGINS, instance.ports["web"], redis, "Stock", ours=False, programs=programs(HARVESTERS),
        redis_options=WAITS,
    )  # fmt: skip


def version(*command: str | Path) -> str:
    """Return the first line that a program prints about its version."""
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, check=False)
    if done.returncode:
        raise SetupError(f"`{command[0]}` does not tell its version: {done.stderr.strip()[-200:]}")
    return (done.stdout or done.stderr).strip().splitlines()[0]
