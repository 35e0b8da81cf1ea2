"""docs/benchmarks-push.md from the results of one run; every number in it comes from there."""

from __future__ import annotations

from typing import Any

from ops.instance import ROOT

from benchmarks.bars import Bar

TARGET = ROOT / "docs" / "benchmarks-push.md"
METHOD = """\
Both programs send the same new datasets, one after the other from one process, to a stock CKAN of its own that is empty, warm
and served by one gunicorn worker with four threads; databases are durable. Nothing of ours is installed there. Ours first,
after each of the two has taken and purged a hundred datasets, as they share PostgreSQL and Solr. A dataset has two links, three
or four tags and our fields as extras. `ckanapi load datasets` looks for each dataset before it creates it, as it does by
default; ours creates what it never sent without looking, and keeps a ledger: a commit a dataset, and one before every twenty.
Seconds are of the whole process, its start with the loading of CKAN in it; the pace limit of our session is off, as towards any
server on the same machine. Nearly all of both times is the target's own, and the ratio of single runs differs by some
hundredths: judge by the median of three.

The many datasets are the ones that were sent, the others copies of them and of their rows in the ledger, made by SQL; all that
changed are real ones. Seconds without the start are those of the push itself. More memory is what the process held at most
beyond a loaded CKAN.
"""


def bars(found: dict[str, Any]) -> list[Bar]:
    """Return what was asked of a push and whether this run meets it."""
    ratio = found["new"]["process"] / found["ckanapi"]["process"]
    same, changes = found["same"], found["changes"]
    asked, more = same["result"]["requests"], _more(same)
    each = changes["result"]["requests"] / found["changed"]
    return [
        Bar("new datasets: at most 1.1 times the time of ckanapi", f"{ratio:.2f} times", ratio <= 1.1),
        Bar(
            f"{found['total']:,} datasets, none changed: no request, under 5 s, under 100 MB more memory",
            f"{asked} requests, {same['wall']:.1f} s, {more:.0f} MB", asked == 0 and same["wall"] < 5 and more < 100,
        ),
        Bar("1 % changed: at most 3 requests a changed dataset", f"{each:.2f}", each <= 3),
    ]  # fmt: skip


def page(found: dict[str, Any]) -> str:
    """Return the page."""
    words = {True: "met", False: "**not met**", None: "not measured"}
    records, total, changed = found["records"], found["total"], found["changed"]
    loaded = found["ckanapi"]["process"]
    lines = [
        "<!-- Written by bin/benchmark push --write from a run; change the code, then run it again. -->\n",
        "# Benchmarks of the push\n",
        f"`{found['command']}` on {found['date']}, commit {found['commit']}.\n",
        "| | |", "| --- | --- |",
        *(f"| {name} | {value} |" for name, value in found["machine"].items()),
        "", METHOD,
        "| what | program | seconds in all | without start | CPU s of it | datasets/s | requests | more memory MB |",
        "| --- | --- | --- | --- | --- | --- | --- | --- |",
        _row(f"{records:,} new", "ours", found["new"], records),
        f"| {records:,} new | ckanapi | {loaded:.1f} | | | {records / loaded:.1f} | | |",
        _row(f"{total:,}, none changed", "ours", found["same"], total),
        _row(f"{total:,}, {changed:,} changed", "ours", found["changes"], total),
        "", "| asked | measured | |", "| --- | --- | --- |",
        *(f"| {bar.demand} | {bar.measured} | {words[bar.met]} |" for bar in bars(found)),
    ]  # fmt: skip
    return "\n".join(lines) + "\n"


def _more(run: dict[str, Any]) -> float:
    return float(run["rss"] - run["loaded"])


def _row(what: str, program: str, run: dict[str, Any], datasets: int) -> str:
    cells = [
        what, program, f"{run['process']:.1f}", f"{run['wall']:.1f}", f"{run['cpu']:.1f}", f"{datasets / run['process']:.1f}",
        str(run["result"]["requests"]), f"{_more(run):.0f}",
    ]  # fmt: skip
    return "| " + " | ".join(cells) + " |"
