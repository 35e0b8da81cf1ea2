"""Services and sites apart from all others, made anew each time below the state folder: for bin/benchmark and bin/chaos."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from ops import accounts, programs, sites
from ops.instance import Instance
from ops.say import step
from ops.services import prepare_postgres, prepare_redis, prepare_solr
from ops.supervisor import Program, Supervisor

ORGANIZATION = "dinas-contoh"
More = Callable[[Instance], list[Program]]


def _empty(state: Path) -> None:
    for name in ("postgres", "redis", "solr", "storage"):
        shutil.rmtree(state / name, ignore_errors=True)
    for path in [*state.glob("*.prepared"), *state.glob("*.ini"), state / "ports.json", state / "supervisord.conf"]:
        path.unlink(missing_ok=True)


@contextmanager
def running(make: Callable[[], Instance], cores: list[str], more: More | None = None) -> Iterator[Instance]:
    """Run PostgreSQL, Redis and Solr with empty ``cores`` while the block runs; leftovers of an earlier run are removed.

    ``more``: what else supervisor is told of, without starting it.
    """
    left = make()
    if Supervisor(left).runs():
        Supervisor(left).stop()
    _empty(left.state)
    instance = make()
    supervisor = Supervisor(instance)
    try:
        with step("services"):
            prepare_postgres(instance)
            prepare_redis(instance)
            prepare_solr(instance, cores)
            wanted = programs.services(instance)
            supervisor.load([*wanted, *(more(instance) if more else [])])
            for program in wanted:
                supervisor.start(program)
        yield instance
    finally:
        with step("stopping services"):
            supervisor.stop()


def prepare(instance: Instance, site: sites.Site) -> None:
    """Make a site's databases and tables, and the organisation that records go to."""
    with step(f"site {site.name}"):
        sites.prepare(instance, site)
        accounts.run(instance, site, {"users": {}, "organizations": {ORGANIZATION: "Dinas Contoh"}})


def log_of(instance: Instance, name: str) -> Path:
    """Return the log file of one part, below the instance's logs."""
    return instance.folder("logs") / f"{name}.log"
