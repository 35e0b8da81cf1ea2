"""bin/benchmark: our harvest engine beside the stock harvesters, then ours alone by size.

Finished phases are kept as JSON lines in var/benchmark/runs/ also when a later one fails. Prints the page; --write puts it
into docs/benchmarks.md.
"""

from __future__ import annotations

import argparse
import datetime as dt
import shlex
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import requests
from apart import log_of, prepare, running
from ops import instance as instances
from ops.instance import Instance, SetupError
from ops.say import step
from ops.sites import Site
from stock.environment import HARVESTERS, programs

from benchmarks import place, report
from benchmarks.machine import commit, machine
from benchmarks.ours import Ours
from benchmarks.phases import KINDS, SIZES, Phase, Result, Results
from benchmarks.source import Source, serving
from benchmarks.stock import Stock

FAULTS = (SetupError, OSError, ValueError, KeyError, subprocess.SubprocessError, requests.RequestException)


def main() -> int:
    """Return 0 when everything was measured, 1 when a part failed."""
    options = arguments()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that services are stopped then, too
    if options.page_of:
        runs = [Results.read(path) for path in options.page_of]
    else:
        begin = dt.datetime.now(dt.UTC)
        path = place.FOLDER / "runs" / f"{begin:%Y%m%dT%H%M%S}.jsonl"
        runs = [Results(path, about(options, begin))]
        measure_all(options, runs[0])
    text = report.page(*runs)
    print(text)
    if options.write:
        report.TARGET.write_text(text)
        print(f"written: {report.TARGET}", file=sys.stderr)
    print(f"results: {', '.join(str(run.path) for run in runs)}", file=sys.stderr)
    return 1 if any(run.about.get("failures") for run in runs) else 0


def arguments() -> argparse.Namespace:
    """Return the options, checked."""
    parser = argparse.ArgumentParser(prog="bin/benchmark", description=__doc__)
    parser.add_argument("--records", type=int, default=1000, help="How many for the comparison; 0 leaves it out.")
    parser.add_argument("--ours-only", action="store_true", help="Leave the stock harvesters out.")
    parser.add_argument("--sizes", default="1000,10000,100000", help="Sizes for ours alone; '' leaves them out.")
    parser.add_argument("--size-kind", choices=sorted(KINDS), default="ckan", help="Kind of source for --sizes.")
    parser.add_argument("--limit", type=float, default=0, help="Seconds that one phase may take; by default by size.")
    parser.add_argument(
        "--page-of", type=Path, nargs="+", metavar="FILE", help="Measure nothing; the page of earlier runs."
    )
    parser.add_argument("--write", action="store_true", help="Write docs/benchmarks.md.")
    options = parser.parse_args()
    try:
        options.sizes = sorted({int(word) for word in options.sizes.split(",") if word})
    except ValueError:
        parser.error(f"--sizes {options.sizes!r}: expected numbers with commas between them")
    if options.records < 0 or any(size < 1 for size in options.sizes):
        parser.error("expected positive numbers of records")
    return options


def about(options: argparse.Namespace, begin: dt.datetime) -> dict[str, object]:
    """Return what was run, when and on what."""
    return {
        "command": shlex.join(["bin/benchmark", *sys.argv[1:]]), "date": f"{begin:%Y-%m-%d %H:%M} UTC",
        "commit": commit(), "machine": machine(), "records": options.records, "sizes": options.sizes,
        "size_kind": options.size_kind, "ours_only": options.ours_only, "idle": True,
    }  # fmt: skip


def measure_all(options: argparse.Namespace, results: Results) -> None:
    """Measure everything that was asked for; what fails is kept as a sentence and the rest goes on."""
    sizes = {size: f"bench_{size}" for size in options.sizes}
    stock = bool(options.records) and not options.ours_only
    try:
        if stock:
            programs(HARVESTERS)
        cores = ["bench_ours", "bench_stock", *sizes.values()]
        with running(instances.benchmark, cores) as instance:
            if options.records:
                compare(instance, options, results, stock)
            for size, name in sizes.items():
                with kept(results, f"{size:,} records"):
                    site = place.ours_site(instance, name, 3)
                    prepare(instance, site)
                    log = log_of(instance, f"source-{name}")
                    with serving(size, options.size_kind, log) as source:
                        engine = Ours(instance, site, options.size_kind, size, source)
                        measure(engine, source, list(SIZES), options, results)
    except FAULTS as error:
        results.fail(words(error))
        print(f"bin/benchmark: {words(error)}", file=sys.stderr)


def compare(instance: Instance, options: argparse.Namespace, results: Results, stock: bool) -> None:
    """Measure every kind with ours, then with stock; both see the same records."""
    sites: list[tuple[type[Ours] | type[Stock], Site]] = [(Ours, place.ours_site(instance, "bench_ours", 1))]
    sites += [(Stock, place.stock_site(instance, "bench_stock", 2))] if stock else []
    for make, site in sites:
        with kept(results, make.__name__.lower()):
            prepare(instance, site)
            for kind, phases in KINDS.items():
                with kept(results, f"{make.__name__.lower()}, {kind}"):
                    log = log_of(instance, f"source-{site.name}")
                    with serving(options.records, kind, log) as source:
                        engine = make(instance, site, kind, options.records, source)
                        measure(engine, source, list(phases), options, results)


def measure(
    engine: Ours | Stock, source: Source, phases: list[Phase], options: argparse.Namespace, results: Results
) -> None:
    """Measure one phase after the other and keep each result."""
    limit = options.limit or 300 + 2 * engine.records
    for phase in phases:
        source.phase(phase.served, fq=phase.fq, document=engine.kind == "datajson")
        name = type(engine).__name__.lower()
        with step(f"{name}, {engine.kind}, {engine.records:,} records: {phase.title}"):
            result: Result = engine.measure(phase, limit)
        results.add(result)


@contextmanager
def kept(results: Results, name: str) -> Iterator[None]:
    """Keep a part's fault as a sentence, so that the next part can be measured."""
    try:
        yield
    except FAULTS as error:
        results.fail(f"{name}: {words(error)}")
        print(f"bin/benchmark: {name}: {words(error)}", file=sys.stderr)


def words(error: BaseException) -> str:
    """Return an error as one line: the first and, of a longer output, the last."""
    lines = [line for line in (str(error) or type(error).__name__).splitlines() if line.strip()]
    return " ".join(dict.fromkeys([lines[0], lines[-1]]))


if __name__ == "__main__":
    sys.exit(main())
