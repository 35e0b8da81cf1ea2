"""A network between us and the province that breaks in planned ways; for each write the next fault of a plan."""

from __future__ import annotations

import email.utils
import json
import os
import signal
import socket
import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import requests

SILENCE = 5.0  # seconds; more than the read time-out of the tests
WRITES = ("package_create", "package_patch", "package_delete", "resource_patch")
AFTER = ("silent-after", "500-after", "closed-after", "half-after", "502-after")
BEFORE = ("500-before", "409", "429-seconds", "429-date", "closed-before")
FAULTS = AFTER + BEFORE


class Proxy:
    """``plan``: the faults of the next writes ("" = none; when it is used up, none); ``done``: those that happened.

    ``kill-after`` kills the process ``victim`` when the write was carried out and its answer is still to come. While ``down``
    is set, every request gets that answer: status and headers. ``asked`` counts requests.
    """

    def __init__(self, url: str, behind: str) -> None:
        self.url, self.behind = url, behind
        self.plan: deque[str] = deque()
        self.done: list[str] = []
        self.waits: list[float] = []
        self.victim = 0
        self.down: tuple[int, dict[str, str]] | None = None
        self.asked = 0

    def fault(self, path: str) -> str:
        """Return what happens to this request."""
        if path.rsplit("/", 1)[-1] not in WRITES or not self.plan:
            return ""
        fault = self.plan.popleft()
        self.done.append(fault)
        return fault


class _Handler(BaseHTTPRequestHandler):
    proxy: Proxy

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.proxy.asked += 1
        if self.proxy.down:
            self._answer(self.proxy.down[0], b"Away", self.proxy.down[1])
            return
        fault = self.proxy.fault(self.path)
        if fault in BEFORE:
            self._before(fault)
            return
        headers = {name: self.headers[name] for name in ("Authorization", "Content-Type") if self.headers[name]}
        answer = requests.post(self.proxy.behind + self.path, data=body, headers=headers, timeout=60)
        if fault == "kill-after":
            os.kill(self.proxy.victim, signal.SIGKILL)
        elif fault in AFTER:
            self._after(fault, answer.content)
        else:
            self._answer(answer.status_code, answer.content)

    def _before(self, fault: str) -> None:
        if fault == "409":
            error = {"__type": "Validation Error", "title": ["Basis data sibuk"]}
            self._answer(409, json.dumps({"success": False, "error": error}).encode())
        elif fault == "500-before":
            self._answer(500, b"Internal Server Error")
        elif fault == "closed-before":
            self._close()
        else:
            date = email.utils.formatdate(time.time() + 3, usegmt=True)
            self._answer(429, b"{}", {"Retry-After": "2" if fault == "429-seconds" else date})

    def _after(self, fault: str, content: bytes) -> None:
        if fault == "silent-after":
            time.sleep(SILENCE)
        elif fault == "half-after":
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content[: len(content) // 2])
        elif fault in ("500-after", "502-after"):
            self._answer(int(fault[:3]), b"Bad Gateway")
        self._close()

    def _close(self) -> None:
        self.wfile.flush()
        self.close_connection = True
        self.connection.shutdown(socket.SHUT_RDWR)

    def _answer(self, status: int, content: bytes, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        values = {"Content-Type": "application/json", "Content-Length": str(len(content)), **(headers or {})}
        for name, value in values.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing: whoever asked may have been killed, which is what was planned."""


@contextmanager
def serving(behind: str) -> Iterator[Proxy]:
    """Serve a proxy to ``behind`` while the block runs."""
    handler = type("Handler", (_Handler,), {})
    with _Server(("127.0.0.1", 0), handler) as server:
        handler.proxy = Proxy(f"http://127.0.0.1:{server.server_port}", behind)  # type: ignore[attr-defined]
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield handler.proxy  # type: ignore[attr-defined]
        server.shutdown()
