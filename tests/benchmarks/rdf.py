"""bin/benchmark rdf: a page of a hundred datasets as RDF, the portal beside stock CKAN with ckanext-dcat, in one run.

Both sites hold the same datasets and answer over HTTP, one gunicorn worker each, in turns. Of ours the page is measured made
anew each time (the page that it keeps is removed before each request) and as it is served.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack

import gunicorn_site
import requests
from apart import log_of, prepare, running
from ops import instance as instances
from ops import sites
from ops.instance import Instance, SetupError
from ops.say import step
from ops.sites import Site
from rdflib import Graph

PATHS = {"/catalog.ttl": "turtle", "/catalog.jsonld": "json-ld", "/catalog.xml": "xml"}
BAR = 0.5
"""Ours may take this part of stock's time."""


def main(words: list[str]) -> int:
    """Print the times; return 1 when ours, made anew, takes more than BAR of stock's time anywhere."""
    parser = argparse.ArgumentParser(prog="bin/benchmark rdf", description=__doc__)
    parser.add_argument("--datasets", type=int, default=300, help="How many each site holds; a page has 100.")
    parser.add_argument("--rounds", type=int, default=15, help="How many requests of each sort.")
    options = parser.parse_args(words)
    with running(instances.benchmark, ["rdf_ours", "rdf_stock"]) as instance, ExitStack() as stack:
        both = _sites(instance)
        for site in both:
            prepare(instance, site)
            with step(f"{site.name}: {options.datasets} datasets"):
                _fill(instance, site, options.datasets)
            stack.enter_context(gunicorn_site.serving(instance, site))
        return _compare(instance, *both, options.rounds)


def _sites(instance: Instance) -> tuple[Site, Site]:
    ours = Site("rdf_ours", sites.PLUGINS, instance.ports["web"], 1, "Satu Data Paser")
    return ours, Site("rdf_stock", sites.STOCK, instance.ports["province"], 2, "Stock", ours=False)


def _fill(instance: Instance, site: Site, datasets: int) -> None:
    command = [str(site.programs / "python"), "-m", "benchmarks.rdf_fill", str(site.ini(instance)), str(datasets)]
    with log_of(instance, f"{site.name}-fill").open("w") as log:
        done = subprocess.run(command, stdout=log, stderr=log, check=False)
    if done.returncode:
        raise SetupError(f"{site.name} could not be filled; see {log.name}")


def _compare(instance: Instance, ours: Site, stock: Site, rounds: int) -> int:
    """Measure every address and print a table."""
    print("| address | stock ms | ours, made anew ms | of stock's | ours, kept ms | bytes stock / ours | statements |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    parts = [_row(instance, ours, stock, rounds, path, syntax) for path, syntax in PATHS.items()]
    worst = max(parts)
    print(f"\n{'met' if worst <= BAR else 'NOT met'}: made anew at most {BAR:.0%} of stock's time (worst {worst:.0%})")
    return 0 if worst <= BAR else 1


def _row(instance: Instance, ours: Site, stock: Site, rounds: int, path: str, syntax: str) -> float:
    """Ask in turns, print one line and return which part of stock's time ours takes; the first of each is not counted."""
    turns: dict[str, tuple[Site, Callable[[], None]]] = {
        "stock": (stock, lambda: None),
        "anew": (ours, lambda: _forget(instance, ours)),
        "kept": (ours, lambda: None),
    }
    bodies = {name: _get(site, path)[1] for name, (site, _) in turns.items()}
    times: dict[str, list[float]] = {name: [] for name in turns}
    for _ in range(rounds):
        for name, (site, before) in turns.items():
            before()
            times[name].append(_get(site, path)[0])
    median = {name: statistics.median(found) * 1000 for name, found in times.items()}
    part = median["anew"] / median["stock"]
    sizes = [len(bodies[name]) for name in ("stock", "kept")]
    counts = [len(Graph().parse(data=bodies[name], format=syntax)) for name in ("stock", "kept")]
    print(
        f"| {path} | {median['stock']:.0f} | {median['anew']:.0f} | {part:.0%} | {median['kept']:.0f} | "
        f"{sizes[0]:,} / {sizes[1]:,} | {counts[0]:,} / {counts[1]:,} |"
    )
    return part


def _forget(instance: Instance, site: Site) -> None:
    """Remove the documents that the portal keeps."""
    for folder in instance.folder("cache", site.name).iterdir():
        shutil.rmtree(folder)


def _get(site: Site, path: str) -> tuple[float, bytes]:
    """Return how many seconds an answer took, and what it said."""
    begin = time.perf_counter()
    answer = requests.get(f"http://127.0.0.1:{site.port}{path}", timeout=120)
    spent = time.perf_counter() - begin
    answer.raise_for_status()
    return spent, answer.content


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
