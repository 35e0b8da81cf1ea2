"""The page of an experiment: docs/resilience.md."""

from __future__ import annotations

import collections
from collections.abc import Mapping, Sequence
from typing import Any

from ops.instance import ROOT

from chaos.plan import VICTIMS

TARGET = ROOT / "docs" / "resilience.md"
Row = Mapping[str, Any]
HEAD = (
    "run", "killed", "kind", "at s of s", "the run was", "runs begun", "recovered after s", "cut short s",
    "datasets, public", "end state",
)  # fmt: skip


def line(row: Row) -> str:
    """Return a row of the table."""
    cells = (
        row["number"], " + ".join(row["victims"]), row["kind"], f"{row['at']} of {row['length']}", row["stage"],
        row["runs"], row["seconds"], row["waited"], f"{row['datasets']}, {row['public']}",
        "the same" if not row["faults"] else "; ".join(row["faults"][:3]),
    )  # fmt: skip
    return f"| {' | '.join(map(str, cells))} |"


def page(about: Mapping[str, Any], rows: Sequence[Row]) -> str:
    """Return the page in Markdown."""
    killed = collections.Counter(victim for row in rows for victim in row["victims"])
    stages = collections.Counter(row["stage"] for row in rows)
    bad = sum(bool(row["faults"]) for row in rows)
    slowest = max((row["seconds"] for row in rows), default=0)
    return "\n".join([
        "<!-- Written by bin/chaos --write from a run; change the code, then run it again. -->", "",
        "# What a harvest survives", "",
        f"`{about['command']}` on {about['date']}, commit {about['commit']}: {len(rows)} of {about['runs']} runs, {bad} with "
        "another end state than without the kill. Killed: "
        + ", ".join(f"{victim} {killed[victim]} times" for victim in VICTIMS) + ". The run was "
        + ", ".join(f"{stage} {count} times" for stage, count in stages.most_common())
        + f". The slowest recovery took {slowest} s.", "",
        *TEXT.format(**about).splitlines(), "",
        f"| {' | '.join(HEAD)} |", "| --- " * len(HEAD) + "|", *(line(row) for row in rows), "",
    ])  # fmt: skip


TEXT = """\
Each run is a harvest of a source that has {records} records in all: a third stays, a third changes, the others are added,
removed (and archived at once) or change between open and closed. The harvest is queued with `satudata_job_enqueue` and done
by a worker under supervisor, as `bin/up` sets it up, with PostgreSQL, Redis and Solr of its own. At a moment that follows
from the seed, the process named and all that it has started get SIGKILL; supervisor starts it again, and nobody does
anything else. Once a run has finished and nothing is under way, the end state is compared with that of the same harvest
without a kill: package_show of every dataset without ids and moments, Solr's documents against the database (ids, who may
see them, titles), what an anonymous search counts, one ledger row for each record, counts that add up, no run left
*running*, no lease, no work in the queue.

*At* counts from being queued, beside the length of the undisturbed run. *Recovered after* is what the clock showed from the
kill to the end; in production the scheduler looks every 60 s, here every {tick} s. After a run that died the portal waits a
quarter of an hour on purpose before it tries again; *cut short* says how much of that the experiment has skipped."""
