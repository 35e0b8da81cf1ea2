"""What differs between two end states: nothing may be lost, doubled, left open, or findable that is closed."""

from __future__ import annotations

import collections
import dataclasses as dc
from collections.abc import Iterable, Mapping
from typing import Any

# ids and moments: all that two runs of the same catalogue at the same organisation may differ in
LEFT_OUT = frozenset({
    "id", "package_id", "metadata_created", "metadata_modified", "created", "last_modified", "metadata_modified_date",
})  # fmt: skip
SETTLED = ("added", "updated", "unchanged", "held", "rejected", "failed")


@dc.dataclass(frozen=True)
class Document:
    """What Solr has of a dataset: whether everybody finds it, and its title."""

    open: bool
    title: str


@dc.dataclass(frozen=True)
class State:
    """What stands after a run.

    ``datasets``: (key at the source, package_show) of every active dataset; ``documents``: dataset id -> what Solr has;
    ``job``: counts of the finishing run; ``positions``: those of its ledger rows; ``ended``: its state; ``running``: runs
    still marked so; ``leases``: advisory locks held; ``queued``: background work that is left; ``unseen``: records that
    Solr is still to be told of; ``found``: how many datasets an anonymous search counts.
    """

    datasets: tuple[tuple[str, Mapping[str, Any]], ...]
    documents: Mapping[str, Document]
    job: Mapping[str, int]
    positions: tuple[int, ...]
    ended: str = "finished"
    running: int = 0
    leases: int = 0
    queued: tuple[str, ...] = ()
    unseen: int = 0
    found: int = 0


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
        one, other = plain(expected[key]), plain(present[key])
        if one != other:
            fields = sorted(name for name in one.keys() | other.keys() if one.get(name) != other.get(name))
            yield f"dataset {key} differs in {', '.join(fields)}"


def _index(found: State) -> Iterable[str]:
    wanted = {str(data["id"]): Document(not data["private"], data["title"]) for _, data in found.datasets}
    yield from (f"Solr lacks {id}" for id in wanted.keys() - found.documents.keys())
    yield from (f"Solr has {id}, the database has not" for id in found.documents.keys() - wanted.keys())
    for id in wanted.keys() & found.documents.keys():
        if wanted[id].open != found.documents[id].open:
            yield f"{id} is {'open' if wanted[id].open else 'closed'}, Solr says otherwise"
        elif wanted[id] != found.documents[id]:
            yield f"Solr has an older {id}"
    public = sum(document.open for document in wanted.values())
    if found.found != public:
        yield f"anybody finds {found.found} datasets, {public} are public"
    if found.unseen:
        yield f"Solr is still to be told of {found.unseen} records"


def _ledger(found: State) -> Iterable[str]:
    seen = found.job.get("seen", 0)
    if found.ended != "finished":
        yield f"the last run ended as {found.ended or 'none'}"
    if sum(found.job.get(name, 0) for name in SETTLED) != seen:
        yield "the counts of the run do not add up"
    if len(found.positions) != seen:
        yield f"{len(found.positions)} ledger rows for {seen} records seen"
    elif len(set(found.positions)) != seen:
        yield "a record has two ledger rows"
    if found.running:
        yield f"{found.running} runs are still marked running"
    if found.leases:
        yield f"{found.leases} leases are still held"
    yield from (f"background work {id} is left" for id in found.queued)
