"""Servers that take notices in tests: a mail server and a web server that keep what they are sent."""

from __future__ import annotations

import email
import email.policy
import json
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, cast


class Mailbox:
    """``place`` is host:port; ``mails`` is what came; while ``refuses`` is set every recipient is refused."""

    def __init__(self) -> None:
        self.place, self.mails, self.refuses = "", cast(list[EmailMessage], []), False


@contextmanager
def mail_server() -> Iterator[Mailbox]:
    """Serve SMTP (RFC 5321, as much as a client without extensions needs) on a free port of loopback."""
    box = Mailbox()

    class Handler(socketserver.StreamRequestHandler):
        def say(self, text: str) -> None:
            self.wfile.write(f"{text}\r\n".encode())

        def handle(self) -> None:
            self.say("220 test")
            for line in iter(self.rfile.readline, b""):
                verb = line[:4].strip().upper()
                if verb == b"RCPT" and box.refuses:
                    self.say("550 no such mailbox")
                elif verb == b"DATA":
                    self.say("354 go on")
                    lines = iter(self.rfile.readline, b".\r\n")
                    message = email.message_from_bytes(b"".join(lines), policy=email.policy.default)
                    box.mails.append(cast(EmailMessage, message))
                    self.say("250 kept")
                elif verb == b"QUIT":
                    self.say("221 bye")
                    return
                else:
                    self.say("250 ok")

    server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    box.place = f"127.0.0.1:{server.server_address[1]}"
    with _served(server):
        yield box


class Hook:
    """``url`` takes JSON; ``posts`` is what came; ``status`` is the answer."""

    def __init__(self) -> None:
        self.url, self.posts, self.status = "", cast(list[dict[str, Any]], []), 204


@contextmanager
def hook_server() -> Iterator[Hook]:
    """Serve a web address that takes JSON on a free port of loopback."""
    hook = Hook()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            hook.posts.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(hook.status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    hook.url = f"http://127.0.0.1:{server.server_address[1]}/masuk/kunci-rahasia"
    with _served(server):
        yield hook


@contextmanager
def _served(server: Any) -> Iterator[None]:
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
