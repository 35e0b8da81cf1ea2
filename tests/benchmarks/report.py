"""docs/benchmarks.md from the results of runs; every number in it comes from there."""

from __future__ import annotations

from ops.instance import ROOT

from benchmarks import bars
from benchmarks.phases import KINDS, SIZES, Phase, Result, Results

TARGET = ROOT / "docs" / "benchmarks.md"
METHOD = """\
Start-up of processes is left out: ours is one process a run, counted from the moment CKAN is loaded; stock is counted from the
moment its waiting gather consumer is let go to the last stamp on an object of the job. CPU is the harvesting processes, Solr
and the whole PostgreSQL cluster, the services with what they do up to two seconds after and without what they use at rest (seen
in five seconds before each phase), read from /proc; Redis is left out.
Memory is the most that a harvesting process held (for stock the sum of its two consumers). Ours runs first, so that Solr's
warm-up is ours to pay. Both sites have durable databases, the same Solr and the same settings; ours has the portal's plugins
and schema, stock CKAN's. The records are synthetic: two resources, three or four tags, two or three extras, about 2.4 KB each
as data.json, from a server on the same machine.
"""


def page(*runs: Results) -> str:
    """Return the page of one run, or of several that measured different parts."""
    parts = [
        "<!-- Written by bin/benchmark --write from a run; change the code, then run it again. -->\n",
        "# Benchmarks\n",
        METHOD,
    ]
    for run in runs:
        parts += _run(run)
    return "\n".join(parts).rstrip() + "\n"


def _run(results: Results) -> list[str]:
    about = results.about
    rest = "" if about.get("idle") else "; what the services use at rest is not taken off here"
    parts = [
        f"`{about['command']}` on {about['date']}, commit {about['commit']}{rest}.\n",
        "| | |\n| --- | --- |",
        *(f"| {name} | {value} |" for name, value in about["machine"].items()),
        "",
    ]
    parts += [f"**Not complete:** {words.replace(f'{ROOT}/', '')}\n" for words in about.get("failures", [])]
    records = about["records"]
    measured = [kind for kind in KINDS if any(r.kind == kind and r.records == records for r in results.found)]
    if records and measured:
        parts += [f"## Beside stock: {records:,} records\n", *(_compared(results, kind, records) for kind in measured)]
        if not about["ours_only"]:
            parts.append(_bars(bars.against_stock(results, records)))
    if about["sizes"]:
        kind, sizes = about["size_kind"], about["sizes"]
        parts += [f"## Ours alone, by size ({kind})\n", _sizes(results, kind, sizes)]
        base = 1000 if 1000 in sizes else sizes[0]
        parts.append(_bars(bars.of_sizes(results, kind, base, sizes[-1])))
    return parts


def _row(cells: list[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def _compared(results: Results, kind: str, records: int) -> str:
    head = ["run", "engine", "wall s", "records/s", "CPU s", "CPU ms a record", "of it harvester / Solr / PostgreSQL s",
            "memory MB", "requests", "Solr updates / commits / selects", "what came of it"]  # fmt: skip
    lines = [f"### {kind}\n", _row(head), _row(["---"] * len(head))]
    for phase in KINDS[kind]:
        found = [results.get(engine, kind, phase.name, records) for engine in ("ours", "stock")]
        lines += [_measured(phase, result) for result in found if result]
        ours, stock = found
        if ours and stock:
            lines.append(_ratio(ours, stock, len(head)))
    return "\n".join(lines) + "\n"


def _ratio(ours: Result, stock: Result, width: int) -> str:
    wall, cpu = bars.ratio(stock.wall, ours.wall), bars.ratio(stock.total_cpu, ours.total_cpu)
    cells = ["", "**stock / ours**", f"**{wall:.1f} x**", "", f"**{cpu:.1f} x**"]
    return _row(cells + [""] * (width - len(cells)))


def _per_record(phase: Phase, result: Result) -> str:
    """Return CPU ms a record; of a run in which a tenth changed, also a changed record."""
    each = result.total_cpu / result.records * 1000
    changed = f" ({each * 10:.0f} a changed one)" if phase.served == "changed" else ""
    return f"{each:.1f}{changed}"


def _measured(phase: Phase, result: Result) -> str:
    meters = result.meters
    outcome = ", ".join(f"{name} {count}" for name, count in result.outcome.items()) or "no objects"
    return _row([
        phase.title, result.engine, f"{result.wall:.2f}", f"{bars.rate(result):.1f}", f"{result.total_cpu:.2f}",
        _per_record(phase, result),
        f"{result.cpu:.2f} / {meters['solr_cpu']:.2f} / {meters['postgres_cpu']:.2f}",
        f"{result.rss:.0f}", f"{meters['source_requests']:.0f}",
        " / ".join(f"{meters[name]:.0f}" for name in ("solr_updates", "solr_commits", "solr_selects")),
        outcome + (f"; **{result.problem}**" if result.problem else ""),
    ])  # fmt: skip


def _sizes(results: Results, kind: str, sizes: list[int]) -> str:
    smallest = 1000 if 1000 in sizes else sizes[0]
    base = results.get("ours", kind, "first", smallest)
    head = ["records", "run", "wall s", "records/s", f"beside {smallest:,}", "CPU ms a record", "memory MB", "more memory",
            "requests", "source's own s"]  # fmt: skip
    lines = [_row(head), _row(["---"] * len(head))]
    for size in sizes:
        for phase in SIZES:
            result = results.get("ours", kind, phase.name, size)
            if not result:
                continue
            beside = bars.rate(result) / bars.rate(base) if base and phase.name == "first" else None
            more = result.rss - base.rss if base else None
            lines.append(_row([
                f"{size:,}", phase.title, f"{result.wall:.2f}", f"{bars.rate(result):.1f}",
                f"{beside:.0%}" if beside is not None else "", _per_record(phase, result), f"{result.rss:.0f}",
                f"{more:+.0f} MB" if more is not None else "", f"{result.meters['source_requests']:.0f}",
                f"{result.meters['source_seconds']:.1f}",
            ]))  # fmt: skip
    return "\n".join(lines) + "\n"


def _bars(found: list[bars.Bar]) -> str:
    words = {True: "met", False: "**not met**", None: "not measured"}
    lines = [_row(["asked", "measured", ""]), _row(["---"] * 3)]
    lines += [_row([bar.demand, bar.measured, words[bar.met]]) for bar in found]
    return "\n".join(lines) + "\n"
