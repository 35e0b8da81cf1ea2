"""Which sites the benchmark runs: ours and one with the stock harvesters in an environment of their own."""

from __future__ import annotations

import subprocess
from pathlib import Path

from ops import sites
from ops.instance import ROOT, VENV, Instance, SetupError
from ops.say import step
from ops.services import run

FOLDER = ROOT / "var" / "benchmark"
STOCK_VENV = FOLDER / "venv"
LOCK = Path(__file__).with_name("stock.txt")
PUSH_TARGET = "kaltim"
STOCK_PLUGINS = f"{sites.STOCK} harvest ckan_harvester dcat_json_harvester"


def ours_site(instance: Instance, name: str, redis: int) -> sites.Site:
    """Return a site with what the portal loads."""
    return sites.Site(name, sites.PLUGINS, instance.ports["web"], redis, "Satu Data Paser")


def stock_site(instance: Instance, name: str, redis: int) -> sites.Site:
    """Return a site with the stock harvesters; redis-py's 5 s socket timeout would end their idle consumers."""
    return sites.Site(
        name, STOCK_PLUGINS, instance.ports["web"], redis, "Stock", ours=False, programs=STOCK_VENV / "bin",
        redis_options="?socket_timeout=86400",
    )  # fmt: skip


def stock_environment() -> None:
    """Install the stock harvesters into an environment of their own, the first time or when the lock changed."""
    mark = STOCK_VENV / "installed.txt"
    if mark.exists() and mark.read_text() == LOCK.read_text():
        return
    uv = ROOT / "var" / "tools" / "bin" / "uv"
    with step("environment of the stock harvesters"):
        run(uv, "venv", "-q", "--clear", "-p", VENV / "python", STOCK_VENV)
        run(uv, "pip", "install", "-q", "--python", STOCK_VENV, "--require-hashes", "-r", LOCK)
        mark.write_text(LOCK.read_text())


def version(*command: str | Path) -> str:
    """Return the first line that a program prints about its version."""
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, check=False)
    if done.returncode:
        raise SetupError(f"`{command[0]}` does not tell its version: {done.stderr.strip()[-200:]}")
    return (done.stdout or done.stderr).strip().splitlines()[0]
