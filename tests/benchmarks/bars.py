"""What was asked of the engine, and whether a run meets it. Nothing here is a test: machines differ."""

from __future__ import annotations

import dataclasses as dc

from benchmarks.phases import Result, Results


@dc.dataclass(frozen=True)
class Bar:
    """One demand: what it is, what was measured in words, and whether that meets it (None: not measured)."""

    demand: str
    measured: str
    met: bool | None


def ratio(stock: float, ours: float) -> float:
    """Return how many times more stock takes; what is below the meters' grain of 10 ms counts as 10 ms."""
    return max(stock, 0.01) / max(ours, 0.01)


def _times(results: Results, records: int, kind: str, phase: str, title: str, cpu: float, wall: float) -> Bar:
    demand = f"{title}: {cpu:g} x less CPU, {wall:g} x less time than stock"
    ours, stock = (results.get(engine, kind, phase, records) for engine in ("ours", "stock"))
    if not ours or not stock:
        return Bar(demand, "not measured", None)
    found_cpu, found_wall = ratio(stock.total_cpu, ours.total_cpu), ratio(stock.wall, ours.wall)
    words = f"{found_cpu:.1f} x CPU, {found_wall:.1f} x time"
    if stock.problem:
        return Bar(demand, f"{words}, but stock did not finish: {stock.problem}", None)
    return Bar(demand, words, found_cpu >= cpu and found_wall >= wall)


def _filtered(results: Results, records: int) -> Bar:
    demand = "ckan, nothing changed, filter honoured: at most 1 s and 2 requests"
    ours = results.get("ours", "ckan", "same", records)
    if not ours:
        return Bar(demand, "not measured", None)
    asked = ours.meters["source_requests"]
    return Bar(demand, f"{ours.wall:.2f} s, {asked:.0f} requests", ours.wall <= 1 and asked <= 2)


def against_stock(results: Results, records: int) -> list[Bar]:
    """Return the demands on the comparison; they were made for 1,000 records."""
    return [
        _times(results, records, "ckan", "first", "ckan, first harvest", 4, 8),
        _times(results, records, "datajson", "first", "datajson, first harvest", 4, 8),
        _times(results, records, "datajson", "same", "datajson, nothing changed", 300, 150),
        _filtered(results, records),
        _times(results, records, "ckan", "same-no-fq", "ckan, nothing changed, filter ignored", 20, 20),
        _times(results, records, "datajson", "changed", "datajson, 10 % changed", 25, 40),
        _times(results, records, "ckan", "changed", "ckan, 10 % changed", 3, 5),
    ]


def of_sizes(results: Results, kind: str, base: int, size: int) -> list[Bar]:
    """Return the demands on the largest size, beside the ``base`` size (1,000 when that was run)."""
    first, small = (results.get("ours", kind, "first", n) for n in (size, base))
    same = results.get("ours", kind, "same-full", size)
    name = f"{kind}, {size:,} records"
    bars = []
    if first and small:
        share = rate(first) / rate(small)
        bars.append(Bar(f"{name}: at least 80 % of the rate at {base:,}", f"{share:.0%}", share >= 0.8))
        more = first.rss - small.rss
        bars.append(Bar(f"{name}: at most 150 MB more memory than at {base:,}", f"{more:+.0f} MB", more <= 150))
    else:
        bars.append(Bar(f"{name}: rate and memory beside {base:,}", "not measured", None))
    demand = f"{name}: nothing changed, whole listing, under 60 s plus the source's own time"
    if same:
        own = same.meters["source_seconds"]
        bars.append(Bar(demand, f"{same.wall:.1f} s, of it the source {own:.1f} s", same.wall - own < 60))
    else:
        bars.append(Bar(demand, "not measured", None))
    return bars


def rate(result: Result) -> float:
    """Return records a second."""
    return result.records / max(result.wall, 0.001)
