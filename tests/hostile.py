"""A server that keeps to no rule: what it sends is said byte by byte, slowly or without an end."""

from __future__ import annotations

import socket
import ssl
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

Script = Callable[["Visit"], None]


class Visit:
    """One connection: ``head`` is the request as it came, ``alone`` waits until the server is stopped."""

    def __init__(self, wire: socket.socket, stop: threading.Event) -> None:
        self.wire, self.stop, self.head = wire, stop, b""

    def read(self) -> bytes:
        """Read the head of a request."""
        self.head = b""
        while b"\r\n\r\n" not in self.head and (more := self.wire.recv(65536)):
            self.head += more
        return self.head

    def send(self, *parts: bytes, every: float = 0, forever: bool = False) -> None:
        """Send ``parts``, one each ``every`` seconds; ``forever`` the last one again and again."""
        for part in parts:
            self.wire.sendall(part)
            if every and self.stop.wait(every):
                return
        while forever and not self.stop.wait(every):
            self.wire.sendall(parts[-1])

    def wait(self) -> None:
        """Say nothing until the test is over."""
        self.stop.wait(30)

    def reset(self) -> None:
        """Break the connection off instead of closing it."""
        self.wire.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


class Hostile:
    """``heads``: the requests that came; ``connections``: how many were made; ``early``: answers the first bytes."""

    def __init__(self, script: Script, host: str, tls: ssl.SSLContext | None, early: bool) -> None:
        self.script, self.host, self.tls = script, host, tls
        self.early = early
        self.heads: list[bytes] = []
        self.connections = 0
        self.stop = threading.Event()
        self.listener = socket.create_server((host, 0))
        self.port = self.listener.getsockname()[1]
        self.url = f"{'https' if tls else 'http'}://{host}:{self.port}"

    def run(self) -> None:
        """Take connections until stopped."""
        with suppress(OSError):
            while True:
                wire, _ = self.listener.accept()
                self.connections += 1
                threading.Thread(target=self.serve, args=(wire,), daemon=True).start()

    def serve(self, wire: socket.socket) -> None:
        """Play the script on one connection."""
        with suppress(OSError):
            plain = self.tls.wrap_socket(wire, server_side=True) if self.tls else wire
            with plain:
                visit = Visit(plain, self.stop)
                self.heads.append(wire.recv(9) if self.early else visit.read())
                self.script(visit)
        wire.close()


@contextmanager
def hostile(
    script: Script, host: str = "127.0.0.1", tls: ssl.SSLContext | None = None, early: bool = False
) -> Iterator[Hostile]:
    """Serve ``script`` on a free port of ``host``."""
    server = Hostile(script, host, tls, early)
    threading.Thread(target=server.run, daemon=True).start()
    try:
        yield server
    finally:
        server.stop.set()
        # closing alone does not wake accept
        with suppress(OSError):
            server.listener.shutdown(socket.SHUT_RDWR)
        server.listener.close()


def says(*parts: bytes, every: float = 0, forever: bool = False) -> Script:
    """Return the script that sends ``parts`` and closes."""
    return lambda visit: visit.send(*parts, every=every, forever=forever)


def answer(body: bytes = b"", status: str = "200 OK", **headers: str) -> bytes:
    """Return a whole, correct answer; ``headers`` with _ for -."""
    named = {"Content-Length": str(len(body)), "Connection": "close"}
    named |= {name.replace("_", "-"): value for name, value in headers.items()}
    lines = "".join(f"{name}: {value}\r\n" for name, value in named.items())
    return f"HTTP/1.1 {status}\r\n{lines}\r\n".encode() + body
