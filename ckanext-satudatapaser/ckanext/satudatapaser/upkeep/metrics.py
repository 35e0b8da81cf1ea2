"""Facts as metrics in Prometheus' text format; pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

RUN_STATES = ("running", "finished", "stopped", "failed")
Sample = tuple[list[str], float]


def text(facts: Mapping[str, Any]) -> bytes:
    """Return ``facts`` (of upkeep.facts.gather) in Prometheus' text format."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Facts(facts))
    return generate_latest(registry)


class _Facts(Collector):
    def __init__(self, facts: Mapping[str, Any]) -> None:
        self.facts = facts

    def collect(self) -> Iterator[GaugeMetricFamily]:
        yield from _sources(self.facts["sources"])
        facts, queue = self.facts, self.facts["queue"]
        yield _gauge("datasets", "Datasets by publishing state.", ["state"], _by_key(facts["datasets"]))
        rows = [([row["target"], row["state"]], float(row["count"])) for row in facts["ledger"]]
        yield _gauge("push_ledger", "Datasets by their state at each target.", ["target", "state"], rows)
        yield _gauge("queue_waiting", "Work that waits in the queue.", [], [([], queue["waiting"])])
        yield _gauge("queue_running", "Work that is being done.", [], [([], queue["running"])])
        yield _gauge("workers", "Workers alive.", [], [([], queue["workers"])])
        tick = facts["scheduler"]["seconds_since_tick"]
        samples: list[Sample] = [] if tick is None else [([], tick)]
        yield _gauge("scheduler_tick_age_seconds", "Seconds since the scheduler last looked.", [], samples)


def _sources(sources: Iterable[Mapping[str, Any]]) -> Iterator[GaugeMetricFamily]:
    found = list(sources)
    states = [
        ([s["name"], state], float(s["last_run"] == state)) for s in found for state in RUN_STATES if s["last_run"]
    ]
    yield _gauge("source_last_run", "1 for the state of a source's last run.", ["source", "state"], states)
    failing = [([s["name"]], float(s["failing"])) for s in found]
    yield _gauge("source_failing", "1 while a source's runs fail or are stopped.", ["source"], failing)
    ages = [([s["name"]], s["seconds_since_success"]) for s in found if s["seconds_since_success"] is not None]
    yield _gauge("source_success_age_seconds", "Seconds since a source's last good run ended.", ["source"], ages)
    counts = [([s["name"], what], float(number)) for s in found for what, number in sorted(s["counts"].items())]
    yield _gauge("source_records", "Records of a source's last run by outcome.", ["source", "outcome"], counts)


def _by_key(counts: Mapping[str, int]) -> list[Sample]:
    return [([key], float(number)) for key, number in sorted(counts.items())]


def _gauge(name: str, meaning: str, labels: list[str], samples: Iterable[Sample]) -> GaugeMetricFamily:
    family = GaugeMetricFamily(f"satudata_{name}", meaning, labels=labels)
    for values, number in samples:
        family.add_metric(values, number)
    return family
