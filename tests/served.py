"""Our own portal as other programs reach it: a real server on loopback, and the pycsw behind its /csw."""

from __future__ import annotations

import os
import subprocess
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from ckan.plugins import toolkit as tk
from ops import csw
from werkzeug.serving import WSGIRequestHandler, make_server


class _Quiet(WSGIRequestHandler):
    def log(self, *_: Any, **__: Any) -> None:
        """Say nothing."""


@contextmanager
def serving(app: Any, settings: Mapping[str, str] | None = None) -> Iterator[str]:
    """Serve the portal of a test client while the block runs, under ``settings``; gives its address, which is its site_url."""
    server = make_server("127.0.0.1", 0, app.flask_app, request_handler=_Quiet, threaded=True)
    url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    with pytest.MonkeyPatch.context() as patch:
        for key, value in {"ckan.site_url": url, **(settings or {})}.items():
            patch.setitem(tk.config, key, value)
        thread.start()
        yield url
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def pycsw(folder: Path) -> Iterator[Path]:
    """Run pycsw over ``folder`` as bin/up runs it while the block runs."""
    environment = {"PATH": os.environ["PATH"], **csw.environment(folder)}
    with (folder / "log").open("w") as log:
        server = subprocess.Popen(csw.command(folder), env=environment, stdout=log, stderr=log)
        try:
            end = time.monotonic() + 60
            while not csw.answers(folder):
                assert server.poll() is None, (folder / "log").read_text()
                assert time.monotonic() < end
                time.sleep(0.2)
            yield folder
        finally:
            server.terminate()
            server.wait(30)
