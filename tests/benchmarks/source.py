"""A source on this machine, in a process of its own: the same synthetic records as CKAN's action API and as data.json.

GET /api/3/action/package_search?rows&start&sort&fq and GET or HEAD /data.json are what harvesters ask; as real data.json
files do, it answers ?page=2 with the whole catalogue again. POST /control with {"phase": …, "fq": …} changes what is
served; GET /control tells what was asked since the last change, and the seconds spent answering.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit
from urllib.request import Request, urlopen

from ops.instance import SetupError

from benchmarks import records

PHASES = ("first", "same", "changed", "removed")
SEARCH, CATALOGUE = "/api/3/action/package_search", "/data.json"


class Catalogue:
    """What is served now. A tenth of the records changes in phase ``changed``, a twentieth is gone in ``removed``."""

    def __init__(self, count: int, series: str) -> None:
        self.count, self.series = count, series
        self.set("first", honours_fq=True)

    def set(self, phase: str, *, honours_fq: bool) -> None:
        """Go to a phase; changed records get the present time as their stamp, once."""
        if phase not in PHASES:
            raise ValueError(f"phase {phase!r}: expected one of {', '.join(PHASES)}")
        if phase in ("first", "same"):
            self.stamp = ""
        elif not self.stamp:
            self.stamp = dt.datetime.now(dt.UTC).replace(tzinfo=None, microsecond=1).isoformat()
        gone = phase == "removed"
        self.honours_fq = honours_fq
        self.numbers = [n for n in range(self.count) if not (gone and n % 20 == 7)]
        self._found: dict[tuple[str, str], list[int]] = {}

    def modified(self, number: int) -> str:
        """Return a record's stamp."""
        return self.stamp if self._changed(number) else records.created(number)

    def _changed(self, number: int) -> bool:
        return bool(self.stamp) and number % 10 == 0

    def search(self, rows: int, start: int, sort: str, fq: str) -> dict[str, Any]:
        """Answer package_search; sorted by metadata_modified when asked, otherwise by id, which is also the age."""
        since = fq.partition("metadata_modified:[")[2].partition(" TO")[0].removesuffix("Z") if self.honours_fq else ""
        key = (since, "modified" if sort.startswith("metadata_modified") else "id")
        if key not in self._found:
            found = [n for n in self.numbers if self.modified(n) >= since]
            self._found[key] = sorted(found, key=lambda n: (self.modified(n), n)) if key[1] == "modified" else found
        found = self._found[key]
        page = [
            records.as_ckan(self.series, n, self.modified(n), self._changed(n)) for n in found[start : start + rows]
        ]
        return {"success": True, "result": {"count": len(found), "sort": sort, "results": page}}

    def document(self) -> dict[str, Any]:
        """Return the whole as data.json."""
        return {
            "conformsTo": "https://project-open-data.cio.gov/v1.1/schema",
            "dataset": [records.as_datajson(self.series, n, self.modified(n), self._changed(n)) for n in self.numbers],
        }


class Server(ThreadingHTTPServer):
    """Serves a catalogue and counts what is asked."""

    def __init__(self, catalogue: Catalogue, port: int) -> None:
        super().__init__(("127.0.0.1", port), Handler)
        self.catalogue, self.lock = catalogue, threading.Lock()
        self.requests, self.seconds = 0, 0.0
        self._document = b""  # made once a phase, as a file would lie there

    def set(self, wanted: dict[str, Any]) -> None:
        """Go to a phase and count anew."""
        with self.lock:
            self.catalogue.set(wanted["phase"], honours_fq=wanted["fq"])
            self._document = b""
            self.requests, self.seconds = 0, 0.0
            if wanted.get("document"):
                self.document()

    def count(self, seconds: float) -> None:
        """Count one request."""
        with self.lock:
            self.requests += 1
            self.seconds += seconds

    def document(self) -> bytes:
        """Return data.json."""
        if not self._document:
            self._document = json.dumps(self.catalogue.document(), ensure_ascii=False).encode()
        return self._document

    def found(self, asked: dict[str, str]) -> bytes:
        """Return an answer of package_search."""
        rows, start = min(int(asked.get("rows", "10")), 1000), int(asked.get("start", "0"))
        answer = self.catalogue.search(rows, start, asked.get("sort", ""), asked.get("fq", ""))
        return json.dumps(answer, ensure_ascii=False).encode()


class Handler(BaseHTTPRequestHandler):
    """Answers one client."""

    server: Server
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        """Answer what harvesters ask, and how often they did."""
        begin, url = time.perf_counter(), urlsplit(self.path)
        if url.path == "/control":
            self._answer(200, json.dumps({"requests": self.server.requests, "seconds": self.server.seconds}).encode())
            return
        if url.path == CATALOGUE:
            self._answer(200, self.server.document())
        elif url.path == SEARCH:
            self._answer(200, self.server.found({name: values[-1] for name, values in parse_qs(url.query).items()}))
        else:
            self._answer(404, b'{"success": false}')
        self.server.count(time.perf_counter() - begin)

    def do_HEAD(self) -> None:
        """Answer as to GET, without the body."""
        self.do_GET()

    def do_POST(self) -> None:
        """Change what is served."""
        self.server.set(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        self._answer(200, b"{}")

    def _answer(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing: requests are counted."""


class Source:
    """A running source as the benchmark sees it."""

    def __init__(self, url: str) -> None:
        self.url = url

    def phase(self, name: str, *, fq: bool, document: bool = False) -> None:
        """Go to a phase and count anew; ``document``: make data.json now, so that no harvester waits for it."""
        body = json.dumps({"phase": name, "fq": fq, "document": document}).encode()
        with urlopen(Request(f"{self.url}/control", body, method="POST"), timeout=300) as answer:
            answer.read()

    def asked(self) -> dict[str, float]:
        """Return the requests since the phase began and the seconds spent answering them."""
        with urlopen(f"{self.url}/control", timeout=60) as answer:
            found: dict[str, float] = json.load(answer)
        return found


@contextmanager
def serving(count: int, series: str, log: Path) -> Iterator[Source]:
    """Serve ``count`` records in a process of its own while the block runs."""
    command = [sys.executable, "-m", "benchmarks.source", "--records", str(count), "--series", series]
    with log.open("a") as file, subprocess.Popen(command, stdout=subprocess.PIPE, stderr=file, text=True) as server:
        try:
            line = server.stdout.readline() if server.stdout else ""
            if not line.startswith("http"):
                raise SetupError(f"the synthetic source did not start; see {log}")
            yield Source(line.strip())
        finally:
            server.terminate()


def main() -> None:
    """Serve on a free port of loopback and print the address."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.source", description=__doc__)
    parser.add_argument("--records", type=int, default=100, help="How many.")
    parser.add_argument("--series", default="a", help="Part of ids and titles, so that two catalogues differ.")
    parser.add_argument("--port", type=int, default=0, help="0: any free one.")
    options = parser.parse_args()
    server = Server(Catalogue(options.records, options.series), options.port)
    print(f"http://127.0.0.1:{server.server_port}", flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
