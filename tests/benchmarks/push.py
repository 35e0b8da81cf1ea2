"""bin/benchmark push: our push beside `ckanapi load datasets`, then ours alone over many datasets of which few changed.

Both send the same new datasets, one at a time, to an empty stock CKAN of its own that nothing else uses. What is measured is
kept as JSON in var/benchmark/runs/. Prints the page; --write puts it into docs/benchmarks-push.md.
"""

from __future__ import annotations

import argparse
import contextlib
import datetime as dt
import json
import os
import shlex
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import copies
import psycopg2
import requests
from apart import log_of, prepare, running
from ops import instance as instances
from ops import sites
from ops.instance import Instance, SetupError
from ops.say import step
from ops.sites import Site
from two_ckans import ORGANIZATION, Province, serving

from benchmarks import place, push_page
from benchmarks.machine import commit, machine
from benchmarks.ours import Ours
from benchmarks.phases import FIRST
from benchmarks.source import serving as source_serving

SECRET = "kunci-banding"
LIMIT = 4 * 3600  # seconds that one program may take
WARM = 100
OURS, PUSHED, LOADED = "bench_paser", "bench_pushed", "bench_loaded"


def main(words: list[str]) -> int:
    """Return 0 when everything was measured."""
    options = arguments(words)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that services are stopped then, too
    if options.page_of:
        results = json.loads(options.page_of.read_text())
    else:
        begin = dt.datetime.now(dt.UTC)
        results = {"command": shlex.join(["bin/benchmark", "push", *words]), "date": f"{begin:%Y-%m-%d %H:%M} UTC",
                   "commit": commit(), "machine": machine()}  # fmt: skip
        results |= measured(options.records, options.total)
        path = place.FOLDER / "runs" / f"push-{begin:%Y%m%dT%H%M%S}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(results, indent=1))
        print(f"results: {path}", file=sys.stderr)
    text = push_page.page(results)
    print(text)
    if options.write:
        push_page.TARGET.write_text(text)
        print(f"written: {push_page.TARGET}", file=sys.stderr)
    return 0


def arguments(words: list[str]) -> argparse.Namespace:
    """Return the options, checked."""
    parser = argparse.ArgumentParser(prog="bin/benchmark push", description=__doc__)
    parser.add_argument("--records", type=int, default=1000, help="New datasets that both send.")
    parser.add_argument("--total", type=int, default=10_000, help="Datasets of which none, then 1 %% changed.")
    parser.add_argument("--page-of", type=Path, metavar="FILE", help="Measure nothing; the page of an earlier run.")
    parser.add_argument("--write", action="store_true", help="Write docs/benchmarks-push.md.")
    options = parser.parse_args(words)
    if options.records < 1 or options.total % options.records or options.total // 100 > options.records:
        parser.error("expected --total to be a multiple of --records, at most a hundred times it")
    return options


def measured(records: int, total: int) -> dict[str, Any]:
    """Return every figure."""
    with running(instances.benchmark, [OURS, PUSHED, LOADED]) as instance:
        ours = place.ours_site(instance, OURS, 1)
        targets = [stock(instance, PUSHED, 2, "province"), stock(instance, LOADED, 3, "demo")]
        for site in (ours, *targets):
            prepare(instance, site)
        with step(f"{records:,} datasets of ours"):
            log = log_of(instance, "source-push")
            with source_serving(records, "ckan", log) as source:
                Ours(instance, ours, "ckan", records, source).measure(FIRST, LIMIT)
        with contextlib.ExitStack() as stack:
            pushed, loaded = (stack.enter_context(serving(instance, site)) for site in targets)
            return Pushes(instance, ours, pushed).all(loaded, records, total)


def stock(instance: Instance, name: str, redis: int, port: str) -> Site:
    """Return a stock CKAN of the benchmark."""
    return Site(name, sites.STOCK, instance.ports[port], redis, "Stock", ours=False, locale="en")


class Pushes:
    """Pushes from our ``site`` to the stock CKAN ``target``."""

    def __init__(self, instance: Instance, site: Site, target: Province) -> None:
        self.instance, self.site, self.target = instance, site, target
        self.file = instance.folder("push") / "datasets.jsonl"
        self.environment = os.environ | {
            "SATUDATA_SECRET_" + SECRET.upper().replace("-", "_"): target.token,
            "PATH": f"{site.programs}:{os.environ['PATH']}",  # ckanapi starts itself by name
        }
        sites.ckan(
            instance,
            site,
            "satudata",
            "target",
            "add",
            place.PUSH_TARGET,
            "--url",
            target.url,
            "--secret",
            SECRET,
            "--org",
            ORGANIZATION,
        )

    def all(self, loaded: Province, records: int, total: int) -> dict[str, Any]:
        """Measure one thing after the other."""
        found: dict[str, Any] = {"records": records, "total": total}
        listed = self._inside("list", str(self.file))["datasets"]
        if listed != records:
            raise SetupError(f"{listed} of {records} datasets are eligible")
        # one after the other, so that what both share (PostgreSQL, Solr) is as warm for the first as for the second
        with step("both targets warm up"):
            for province in (self.target, loaded):
                self._warm(province)
        with step(f"ours, {records:,} new datasets"):
            found["new"] = self._inside("push")
        with step(f"ckanapi, {records:,} new datasets"):
            found["ckanapi"] = self._loaded(loaded)
        for name, province in (("ours", self.target), ("ckanapi", loaded)):
            there = len(province.datasets())
            if there != records:
                raise SetupError(f"{name}: {there} of {records} datasets arrived")
        self._multiply(total // records - 1)
        with step(f"ours, {total:,} datasets of which none changed"):
            found["same"] = self._inside("push")
        found |= self._inside("change", str(total // 100), str(self.file))
        with step(f"ours, {total:,} datasets of which {total // 100:,} changed"):
            found["changes"] = self._inside("push")
        return found

    def _warm(self, target: Province) -> None:
        """Have a target take some of the datasets and forget them again: the first answers and writes take longer."""
        for line in self.file.read_text().splitlines()[:WARM]:
            values = json.loads(line)
            made = target.call("package_create", **{**values, "name": f"hangat-{values['name']}"[:100]})
            target.call("dataset_purge", id=made["id"])
        target.datasets()

    def _inside(self, *words: str) -> dict[str, Any]:
        """Run a program inside our site; ``process``: the seconds that it took in all, loading CKAN with them."""
        command = [
            str(self.site.programs / "python"),
            "-m",
            "benchmarks.push_inside",
            str(self.site.ini(self.instance)),
        ]
        found, seconds = self._run([*command, *words], f"{self.site.name}-push")
        told: dict[str, Any] = json.loads(found.strip().splitlines()[-1])
        return {**told, "process": seconds}

    def _loaded(self, target: Province) -> dict[str, float]:
        command = [str(self.site.programs / "ckanapi"), "load", "datasets", "-I", str(self.file), "-p", "1"]
        _, seconds = self._run([*command, "-r", target.url, "-a", target.token], "ckanapi")
        return {"process": seconds}

    def _run(self, command: list[str], name: str) -> tuple[str, float]:
        log = log_of(self.instance, name)
        begin = time.monotonic()
        with log.open("a") as file:
            done = subprocess.run(
                command,
                env=self.environment,
                stdout=subprocess.PIPE,
                stderr=file,
                text=True,
                timeout=LIMIT,
                check=False,
            )
        if done.returncode:
            raise SetupError(f"{Path(command[0]).name} ended with {done.returncode}; see {log}")
        return done.stdout, time.monotonic() - begin

    def _multiply(self, times: int) -> None:
        url = sites.database_url(self.instance, self.site.name, self.site.name)
        with contextlib.closing(psycopg2.connect(url)) as connection, connection, connection.cursor() as cursor:
            for statement in (copies.DATASETS, copies.ROWS):
                cursor.execute(statement.replace(":times", "%s"), (times,))


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except (SetupError, OSError, subprocess.SubprocessError, requests.RequestException) as error:
        sys.exit(f"bin/benchmark push: {error}")
