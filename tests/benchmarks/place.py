"""Where the benchmark runs: services and sites of its own, made anew each time below the state folder."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ops import accounts, programs, sites
from ops import instance as instances
from ops.instance import ROOT, VENV, Instance, SetupError
from ops.say import step
from ops.services import prepare_postgres, prepare_redis, prepare_solr, run
from ops.supervisor import Supervisor

FOLDER = ROOT / "var" / "benchmark"
STOCK_VENV = FOLDER / "venv"
LOCK = Path(__file__).with_name("stock.txt")
STOCK_PLUGINS = f"{sites.STOCK} harvest ckan_harvester dcat_json_harvester"
ORGANIZATION = "dinas-contoh"


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


def prepare(instance: Instance, site: sites.Site) -> None:
    """Make a site's databases and tables, and the organisation that records go to."""
    with step(f"site {site.name}"):
        sites.prepare(instance, site)
        accounts.run(instance, site, {"users": {}, "organizations": {ORGANIZATION: "Dinas Contoh"}})


def _empty(state: Path) -> None:
    for name in ("postgres", "redis", "solr", "storage"):
        shutil.rmtree(state / name, ignore_errors=True)
    for path in [
        *state.glob("*.prepared"),
        *state.glob("bench_*.ini"),
        state / "ports.json",
        state / "supervisord.conf",
    ]:
        path.unlink(missing_ok=True)


@contextmanager
def running(cores: list[str]) -> Iterator[Instance]:
    """Run PostgreSQL, Redis and Solr with empty ``cores`` while the block runs; leftovers of an earlier run are removed."""
    left = instances.benchmark()
    if Supervisor(left).runs():
        Supervisor(left).stop()
    _empty(left.state)
    instance = instances.benchmark()
    supervisor = Supervisor(instance)
    try:
        with step("services"):
            prepare_postgres(instance)
            prepare_redis(instance)
            prepare_solr(instance, cores)
            wanted = programs.services(instance)
            supervisor.load(wanted)
            for program in wanted:
                supervisor.start(program)
        yield instance
    finally:
        with step("stopping services"):
            supervisor.stop()


def log_of(instance: Instance, name: str) -> Path:
    """Return the log file of one part, below the instance's logs."""
    return instance.folder("logs") / f"{name}.log"


def version(*command: str | Path) -> str:
    """Return the first line that a program prints about its version."""
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, check=False)
    if done.returncode:
        raise SetupError(f"`{command[0]}` does not tell its version: {done.stderr.strip()[-200:]}")
    return (done.stdout or done.stderr).strip().splitlines()[0]
