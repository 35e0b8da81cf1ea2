"""What is measured, and one measured result."""

from __future__ import annotations

import dataclasses as dc
import json
from pathlib import Path
from typing import Any


@dc.dataclass(frozen=True)
class Phase:
    """One harvest: what the source serves (see source.PHASES), whether it honours fq, whether ours asks for everything."""

    name: str
    served: str
    title: str
    fq: bool = True
    full: bool = False


FIRST = Phase("first", "first", "first harvest")
CHANGED = Phase("changed", "changed", "10 % changed")
CKAN = (
    FIRST,
    Phase("same", "same", "nothing changed, the source filters by change"),
    Phase("same-no-fq", "same", "nothing changed, the source ignores the filter", fq=False),
    CHANGED,
    Phase("removed", "removed", "5 % removed (ours: --full)", full=True),
)
DATAJSON = (
    FIRST,
    Phase("same", "same", "nothing changed"),
    CHANGED,
    Phase("removed", "removed", "5 % removed"),
)
SIZES = (
    FIRST,
    Phase("same", "same", "nothing changed, the source filters by change"),
    Phase("same-full", "same", "nothing changed, whole listing (--full)", full=True),
)
KINDS = {"ckan": CKAN, "datajson": DATAJSON}


@dc.dataclass(frozen=True)
class Result:
    """One phase measured. ``engine``: ours or stock; times in seconds, memory in MB, ``meters`` as meters.Meter gives them.

    ``wall`` and ``cpu`` are of the harvesting processes, without their start-up.
    """

    engine: str
    kind: str
    phase: str
    records: int
    wall: float
    cpu: float
    rss: float
    meters: dict[str, float]
    outcome: dict[str, int]
    problem: str = ""

    @property
    def total_cpu(self) -> float:
        """CPU seconds of the harvester, Solr and PostgreSQL."""
        return self.cpu + self.meters["solr_cpu"] + self.meters["postgres_cpu"]


class Results:
    """All results of a run, each kept in a file of JSON lines as soon as it is known."""

    def __init__(self, path: Path, about: dict[str, Any]) -> None:
        self.path, self.about = path, about
        self.found: list[Result] = []
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps({"about": about}) + "\n")

    @classmethod
    def read(cls, path: Path) -> Results:
        """Return the results of an earlier run."""
        first, *rest = [json.loads(line) for line in path.read_text().splitlines()]
        self = cls.__new__(cls)
        self.path, self.about = path, first["about"]
        self.found = [Result(**line) for line in rest if "engine" in line]
        self.about["failures"] = [line["failure"] for line in rest if "failure" in line]
        return self

    def add(self, result: Result) -> None:
        """Keep a result."""
        self.found.append(result)
        self._line(dc.asdict(result))

    def fail(self, words: str) -> None:
        """Keep why a part ended early."""
        self.about.setdefault("failures", []).append(words)
        self._line({"failure": words})

    def _line(self, values: dict[str, Any]) -> None:
        with self.path.open("a") as file:
            file.write(json.dumps(values) + "\n")

    def get(self, engine: str, kind: str, phase: str, records: int) -> Result | None:
        """Return one result, or None when that phase was not reached."""
        wanted = (engine, kind, phase, records)
        return next((r for r in self.found if (r.engine, r.kind, r.phase, r.records) == wanted), None)
