"""A small web server of our own for tests: pages by path, every request counted."""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit


class Portal:
    """``pages``: path -> JSON-able value, or (status, content type, bytes); ``ckan``: records behind package_search, whose
    fq on metadata_modified is honoured unless ``filters`` is false."""

    def __init__(self) -> None:
        self.pages: dict[str, Any] = {}
        self.ckan: list[dict[str, Any]] | None = None
        self.filters = True
        self.hang = 0.0
        self.requests: list[str] = []
        self.url = ""

    def _since(self, query: dict[str, str]) -> str:
        """Return the stamp that a filter asks for, "" without one or where this portal ignores filters."""
        asked = re.fullmatch(r"metadata_modified:\[(.+?)Z? TO \*\]", query.get("fq", ""))
        return asked[1] if asked and self.filters else ""

    def answer(self, path: str, query: dict[str, str]) -> tuple[int, str, bytes]:
        """Return status, content type and body."""
        if path == "/gantung":
            time.sleep(self.hang)
        if self.ckan is not None and path.endswith("/package_search"):
            start, rows = int(query.get("start", 0)), int(query.get("rows", 10))
            found = [item for item in self.ckan if item.get("metadata_modified", "") >= self._since(query)]
            result = {"count": len(found), "results": found[start : start + rows]}
            return 200, "application/json", json.dumps({"success": True, "result": result}).encode()
        page = self.pages.get(path)
        if isinstance(page, tuple):
            return page
        if page is None:
            return 404, "text/html", b"<h1>Not found</h1>"
        return 200, "application/json", json.dumps(page).encode()


@contextmanager
def serve(portal: Portal | None = None) -> Iterator[Portal]:
    """Serve a portal on a free port of loopback."""
    portal = portal or Portal()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            portal.requests.append(self.path)
            status, kind, body = portal.answer(parts.path, dict(parse_qsl(parts.query)))
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    portal.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield portal
    finally:
        server.shutdown()
        server.server_close()
