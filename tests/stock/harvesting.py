"""A served CKAN with the stock harvesters, as a test asks it: give it a source, let it harvest, look at what it has."""

from __future__ import annotations

import dataclasses as dc
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import cores
import pytest
import slots
from ops import instance as instances
from ops import sites
from two_ckans import ORGANIZATION, Province, serving

from stock.engine import PLUGINS, WAITS, Consumers, Engine
from stock.environment import HARVESTERS, programs

OWN_PLUGINS = Path(__file__).with_name("plugins")
KEEP_UNCHANGED = "ckanext.spatial.harvest.reindex_unchanged = False"
"""With the same in a source's settings; else an unchanged record ends ckanext-spatial 2.3.2's fetch consumer on CKAN 2.12."""
LIMIT = 120.0  # seconds that one harvest may take


@dc.dataclass(frozen=True)
class Harvest:
    """What one harvest did (objects by stock's own report), its errors, and every dataset afterwards by title."""

    outcome: dict[str, int]
    errors: list[str]
    problem: str
    packages: dict[str, dict[str, Any]]


class Harvester:
    """A source of one stock harvester."""

    def __init__(self, site: Province, engine: Engine, consumers: Consumers, kind: str, url: str, config: Any) -> None:
        self.site, self.engine, self.consumers = site, engine, consumers
        source = site.call(
            "harvest_source_create", name=f"sumber-{kind.replace('_', '-')}", title=f"Sumber {kind}", url=url, source_type=kind,
            owner_org=ORGANIZATION, frequency="MANUAL", config=json.dumps(config) if config else "",
        )  # fmt: skip
        self.source = source["id"]

    def run(self) -> Harvest:
        """Harvest once. A job that never ends is stopped, and consumers that died start again, as an administrator would do."""
        job = self.site.call("harvest_job_create", source_id=self.source, run=True)["id"]
        done = self.engine.wait(self.consumers, LIMIT)
        report = self.site.call("harvest_job_report", id=job)
        if done.problem:
            self.site.call("harvest_job_abort", id=job)
            self.engine.revive(self.consumers)
        self.site.call("harvest_jobs_run", source_id=self.source)
        errors = [error["message"] for error in report["gather_errors"]]
        errors += [error["message"] for found in report["object_errors"].values() for error in found["errors"]]
        found = {p["title"]: p for p in self.site.everything() if p["type"] == "dataset"}
        return Harvest(done.outcome, errors, done.problem, found)

    def stored(self) -> str:
        """Return everything that the harvester keeps of the source's answers, as one text."""
        with self.engine.database() as connection, connection.cursor() as cursor:
            cursor.execute("select content from harvest_object where harvest_source_id = %s", (self.source,))
            return "\n".join(row[0] or "" for row in cursor.fetchall())

    def remove(self) -> None:
        """Remove the source with all that came from it."""
        self.site.call("harvest_source_clear", id=self.source)
        self.site.call("dataset_purge", id=self.source)


class Stock:
    """The served site with its two consumers."""

    def __init__(self, site: Province, engine: Engine, consumers: Consumers) -> None:
        self.site, self.engine, self.consumers = site, engine, consumers

    @contextmanager
    def source(self, kind: str, url: str, config: Any = None) -> Iterator[Harvester]:
        """Have a source while the block runs; nothing of it is left afterwards."""
        made = Harvester(self.site, self.engine, self.consumers, kind, url, config)
        try:
            yield made
        finally:
            made.remove()


@contextmanager
def running() -> Iterator[Stock]:
    """Serve the stock site of this test slot, with the consumers at their queues, while the block runs."""
    test, slot = instances.test(), slots.number()
    site = sites.Site(
        f"stock_{slot}", f"{PLUGINS} csw_harvester_repaired", instances.next_free(test.ports["web"] + 20 * slot + 10),
        8 + slot, "Stock", ours=False, locale="en", programs=programs(HARVESTERS), redis_options=WAITS,
        settings=(KEEP_UNCHANGED,),
    )  # fmt: skip
    cores.make(test, site.name)
    engine = Engine(test, site, test.folder("logs") / f"{site.name}-harvest.log")
    engine.queue.flushdb()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", f"{os.environ['PYTHONPATH']}:{OWN_PLUGINS}")
        sites.prepare(test, site)
        with serving(test, site) as served, engine.consumers() as consumers:
            for package in served.everything():  # what a run that was killed has left
                if package["type"] == "harvest":
                    served.call("harvest_source_clear", id=package["id"])
            served.empty()
            yield Stock(served, engine, consumers)
