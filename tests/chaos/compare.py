"""What differs between two end states: nothing may be lost, doubled, left open, or findable that is closed."""

from __future__ import annotations

import collections
import dataclasses as dc
from collections.abc import Iterable, Mapping
from typing import Any

LEFT_OUT = frozenset({
    "id", "package_id", "name", "metadata_created", "metadata_modified", "created", "last_modified",
    "metadata_modified_date", "revision_id", "owner_org", "organization", "creator_user_id",
})  # fmt: skip
SETTLED = ("added", "updated", "unchanged", "held", "rejected", "failed")


@dc.dataclass(frozen=True)
class State:
    """What stands after a run.

    ``datasets``: (key at the source, package_show) of every active dataset; ``documents``: dataset id -> whether everybody
    finds it, as Solr has it; ``job``: counts of the finishing run; ``rows``: its ledger rows; ``running``: runs still
    marked so; ``leases``: advisory locks held; ``queued``: ids of background work that is left.
    """

    datasets: tuple[tuple[str, Mapping[str, Any]], ...]
    documents: Mapping[str, bool]
    job: Mapping[str, int]
    rows: int
    running: int = 0
    leases: int = 0
    queued: tuple[str, ...] = ()


def plain(value: Any) -> Any:
    """Return ``value`` without what two runs of the same catalogue may differ in: ids and moments."""
    if isinstance(value, Mapping):
        return {key: plain(item) for key, item in value.items() if key not in LEFT_OUT}
    return [plain(item) for item in value] if isinstance(value, list | tuple) else value


def faults(wanted: State, found: State) -> list[str]:
    """Return what is wrong with ``found``, given the end state of an undisturbed run; empty when nothing is."""
    return [*_datasets(wanted, found), *_index(found), *_ledger(found)]


def _datasets(wanted: State, found: State) -> Iterable[str]:
    times = collections.Counter(key for key, _ in found.datasets)
    yield from (f"dataset {key} is there {count} times" for key, count in times.items() if count > 1)
    expected, present = dict(wanted.datasets), dict(found.datasets)
    yield from (f"dataset {key} is lost" for key in expected.keys() - present.keys())
    yield from (f"dataset {key} should not be there" for key in present.keys() - expected.keys())
    for key in expected.keys() & present.keys():
        if plain(expected[key]) != plain(present[key]):
            yield f"dataset {key} differs"


def _index(found: State) -> Iterable[str]:
    public = {str(dataset["id"]): not dataset["private"] for _, dataset in found.datasets}
    yield from (f"Solr lacks {id}" for id in public.keys() - found.documents.keys())
    yield from (f"Solr has {id}, the database has not" for id in found.documents.keys() - public.keys())
    for id in public.keys() & found.documents.keys():
        if public[id] != found.documents[id]:
            yield f"{id} is {'closed' if not public[id] else 'open'}, Solr says otherwise"


def _ledger(found: State) -> Iterable[str]:
    if sum(found.job.get(name, 0) for name in SETTLED) != found.job.get("seen", 0):
        yield "the counts of the run do not add up"
    if found.rows != found.job.get("seen", 0):
        yield f"{found.rows} ledger rows for {found.job.get('seen', 0)} records seen"
    if found.running:
        yield f"{found.running} runs are still marked running"
    if found.leases:
        yield f"{found.leases} leases are still held"
    yield from (f"background work {id} is left" for id in found.queued)
