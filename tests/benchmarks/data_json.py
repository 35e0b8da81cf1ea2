"""bin/benchmark data-json: /data.json beside CKAN's package_search paged over the same datasets, by one worker of gunicorn.

Measured: seconds to the first byte and to the last, what the worker's memory grows by, and what it costs to hear that nothing
changed, beside the cheapest question that the API has (status_show).
"""

from __future__ import annotations

import argparse
import shlex
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import gunicorn_site
import psycopg2
import requests
from apart import log_of, prepare, running
from ops import instance as instances
from ops import sites
from ops.instance import ROOT, Instance, SetupError

from benchmarks import place
from benchmarks.machine import about
from benchmarks.meters import NOW, memory
from benchmarks.ours import Ours
from benchmarks.phases import FIRST
from benchmarks.source import serving

TARGET = ROOT / "docs" / "benchmarks-data-json.md"
TIMES = 50
PAGE = 100
NOISE = 1.1
"""How far two medians of the same question lie apart."""
Measured = dict[str, float]


def main() -> int:
    """Measure, print the page, write it with --write."""
    parser = argparse.ArgumentParser(prog="bin/benchmark data-json", description=__doc__)
    parser.add_argument("--records", type=int, default=10_000, help="How many datasets.")
    parser.add_argument("--write", action="store_true", help=f"Write docs/{TARGET.name}.")
    options = parser.parse_args()
    name = "bench_data_json"
    with running(instances.benchmark, [name]) as instance:
        site = place.ours_site(instance, name, 1)
        prepare(instance, site)
        log = log_of(instance, f"source-{name}")
        with serving(options.records, "datajson", log) as source:
            engine = Ours(instance, site, "datajson", options.records, source)
            source.phase(FIRST.served, fq=True, document=True)
            engine.measure(FIRST, 300 + 2 * options.records)
        document, search = measured(instance, site, of_document), measured(instance, site, of_search)
    text = page(options.records, document, search)
    print(text)
    if options.write:
        TARGET.write_text(text)
    return 0


def measured(instance: Instance, site: sites.Site, what: Callable[[Instance, sites.Site], Measured]) -> Measured:
    """Measure with a worker of its own, so that nothing of another measurement is in its memory."""
    with gunicorn_site.serving(instance, site) as master:
        [worker] = [int(pid) for pid in Path(f"/proc/{master}/task/{master}/children").read_text().split()]
        ask(site, "/api/3/action/status_show")
        ask(site, "/api/3/action/package_search?rows=1")
        before = memory(worker, NOW)
        found = what(instance, site)
        return {**found, "grown": memory(worker, NOW) - before, "held": memory(worker, NOW)}


def of_document(instance: Instance, site: sites.Site) -> Measured:
    """Measure /data.json: made, kept, not changed, and not changed after something else was written."""
    first, kept = ask(site, "/data.json"), ask(site, "/data.json")
    headers = {"If-None-Match": kept["etag"]}
    ping = median(lambda: ask(site, "/api/3/action/status_show"))
    same = median(lambda: ask(site, "/data.json", headers, 304))
    moved = median(lambda: (moves(instance, site), ask(site, "/data.json", headers, 304))[1])
    return {
        "first": first["first"], "seconds": first["seconds"], "bytes": first["bytes"], "kept": kept["seconds"],
        "kept_first": kept["first"], "ping": ping, "same": same, "moved": moved,
    }  # fmt: skip


def of_search(instance: Instance, site: sites.Site) -> Measured:
    """Measure package_search over everything, a hundred datasets a page."""
    total, start, size, begin, first = 1, 0, 0, time.perf_counter(), 0.0
    while start < total:
        address = f"http://127.0.0.1:{site.port}/api/3/action/package_search?rows={PAGE}&start={start}&sort=id+asc"
        answer = requests.get(address, timeout=120)
        answer.raise_for_status()
        first = first or time.perf_counter() - begin
        total, start, size = answer.json()["result"]["count"], start + PAGE, size + len(answer.content)
    return {"first": first, "seconds": time.perf_counter() - begin, "bytes": size}


def ask(site: sites.Site, path: str, headers: dict[str, str] | None = None, status: int = 200) -> dict[str, Any]:
    """Return seconds to the first and to the last byte, bytes, and the ETag of one answer."""
    begin = time.perf_counter()
    with requests.get(f"http://127.0.0.1:{site.port}{path}", headers=headers, stream=True, timeout=600) as answer:
        if answer.status_code != status:
            raise SetupError(f"{path} answered {answer.status_code}, expected {status}")
        first, size = 0.0, 0
        for block in answer.iter_content(64 * 1024):
            first = first or time.perf_counter() - begin
            size += len(block)
    seconds = time.perf_counter() - begin
    return {"first": first, "seconds": seconds, "bytes": size, "etag": answer.headers.get("ETag", "")}


def median(question: Callable[[], dict[str, Any]]) -> float:
    """Return the median seconds of a question that is asked many times."""
    return statistics.median(question()["seconds"] for _ in range(TIMES))


def moves(instance: Instance, site: sites.Site) -> None:
    """Use up a transaction id, as any write to the database does."""
    connection = psycopg2.connect(sites.database_url(instance, site.name, site.name))
    with connection, connection.cursor() as cursor:
        cursor.execute("select pg_current_xact_id()")
    connection.close()


def page(records: int, document: Measured, search: Measured) -> str:
    """Return what was measured as a page of docs/."""
    bars = (
        ("first byte under 1 s", f"{document['first']:.2f} s", document["first"] < 1),
        ("memory of the worker not above +50 MB", f"+{document['grown']:.0f} MB", document["grown"] <= 50),
        ("304 in the time of an API ping", f"{document['same'] / document['ping']:.2f} of it",
         document["same"] <= NOISE * document["ping"]),
    )  # fmt: skip
    rows = (
        ("/data.json, made", document["first"], document["seconds"], document["bytes"], document["grown"]),
        ("/data.json, kept", document["kept_first"], document["kept"], document["bytes"], None),
        (f"package_search, {PAGE} a page", search["first"], search["seconds"], search["bytes"], search["grown"]),
    )
    lines = [
        "<!-- Written by bin/benchmark data-json --write from a run; change the code, then run it again. -->\n",
        "# /data.json beside CKAN's own API\n",
        f"`{shlex.join(['bin/benchmark', 'data-json', *sys.argv[1:]])}`, {records:,} datasets, {about()}.\n",
        "One worker of gunicorn, restarted between the two; asked from the same machine.\n",
        "| asked | first byte s | last byte s | MB | memory grows by MB |\n| --- | --- | --- | --- | --- |",
    ]
    for title, first, seconds, size, grown in rows:
        more = "" if grown is None else f"{grown:.0f}"
        lines.append(f"| {title} | {first:.3f} | {seconds:.2f} | {size / 1e6:.1f} | {more} |")
    lines += [
        "",
        f"Asked {TIMES} times, median: status_show {document['ping'] * 1000:.1f} ms; /data.json that did not change (304)"
        f" {document['same'] * 1000:.1f} ms, after something else was written {document['moved'] * 1000:.1f} ms.\n",
        "| asked | measured | |\n| --- | --- | --- |",
        *(f"| {bar} | {found} | {'met' if met else '**not met**'} |" for bar, found, met in bars),
    ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (SetupError, OSError, requests.RequestException, subprocess.SubprocessError) as error:
        sys.exit(f"bin/benchmark data-json: {error}")
