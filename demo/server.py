"""The agencies' web server, on loopback only."""

from __future__ import annotations

import html
import json
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

from demo import catalogues
from demo.agencies import AGENCIES
from demo.files import MAKERS, slug
from demo.model import Agency

Answer = tuple[int, str, bytes]
BY_PATH = {agency.path: agency for agency in AGENCIES}
HTML, JSON = "text/html; charset=utf-8", "application/json"
LOGIN = b"<!doctype html><title>Masuk</title><form method=post><input name=user><input type=password name=pass></form>"
BROKEN: dict[str, Answer] = {
    "login": (200, HTML, LOGIN),
    "kosong": (200, JSON, b'{"conformsTo": "", "dataset": []}'),
    "terpotong": (200, JSON, b'{"dataset": [{"title": "Jumlah Sekolah", "identifier": "a1", "distribution": [{"down'),
    "500": (500, HTML, b"<h1>Internal Server Error</h1>"),
    "bukan-katalog": (200, JSON, b'{"pesan": "halo"}'),
}
HANG_SECONDS = 120


def index(base: str) -> Answer:
    """Return the page that lists the agencies."""
    lines = [
        f"<li><a href='{base}/{a.path}/'>{html.escape(a.name)}</a> ({a.kind}, {len(a.datasets)})</li>" for a in AGENCIES
    ]
    text = (
        f"<!doctype html><html lang=id><title>Peraga</title><h1>Perangkat daerah peraga</h1><ul>{''.join(lines)}</ul>"
    )
    return 200, HTML, text.encode()


def respond(base: str, path: str, query: dict[str, str]) -> Answer:
    """Return status, content type and body for a path."""
    parts = path.strip("/").split("/")
    if parts == [""]:
        return index(base)
    if parts[0] == "rusak":
        if parts[1:] == ["gantung"]:
            time.sleep(HANG_SECONDS)
        return BROKEN.get("/".join(parts[1:]), (404, HTML, b"<h1>Not found</h1>"))
    agency = BY_PATH.get(parts[0])
    found = _agency(base, agency, parts[1:], query) if agency else None
    return found or (404, HTML, b"<h1>Not found</h1>")


def _agency(base: str, agency: Agency, parts: list[str], query: dict[str, str]) -> Answer | None:
    if parts in ([], ["data.json"]) and agency.kind == "datajson":
        return 200, JSON, catalogues.datajson(base, agency)
    if parts[:3] == ["api", "3", "action"] and agency.kind == "ckan":
        answer = catalogues.answer(base, agency, parts[3], query) if len(parts) == 4 else None
        missing = {"success": False, "error": {"__type": "Not Found Error", "message": "Not found"}}
        return (200 if answer else 404), JSON, json.dumps(answer or missing).encode()
    dataset = next((d for d in agency.datasets if len(parts) > 1 and d.id == parts[1]), None)
    if dataset and parts[0] == "dataset":
        return 200, HTML, f"<!doctype html><html lang=id><h1>{html.escape(dataset.title)}</h1>".encode()
    if dataset and parts[0] == "berkas" and len(parts) == 3:
        for file in dataset.files:
            if slug(file.name, file.format) == parts[2]:
                make, kind = MAKERS[file.format]
                return 200, kind, make(dataset)
    return None


class Handler(BaseHTTPRequestHandler):
    """Answers GET."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """Answer one request."""
        parts = urlsplit(self.path)
        base = f"http://{self.headers.get('Host', 'localhost')}"
        status, kind, body = respond(base, parts.path, dict(parse_qsl(parts.query)))
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Keep quiet: the log of a demo is of no use."""


def serve(port: int) -> None:
    """Serve until stopped."""
    with ThreadingHTTPServer(("127.0.0.1", port), Handler) as server:
        server.serve_forever()
