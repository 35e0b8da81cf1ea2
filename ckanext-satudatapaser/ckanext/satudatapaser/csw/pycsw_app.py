"""The WSGI program that gunicorn runs in pycsw's own environment; it imports nothing of ours.

SATUDATA_CSW names the folder that the portal writes.

Not pycsw's own wsgi module: that one takes the path of its configuration from the question.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from pycsw import server


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Answer one question by the configuration that the portal has written."""
    asked = server.Csw(str(Path(os.environ["SATUDATA_CSW"]) / "pycsw.cfg"), environ)
    status, content = asked.dispatch_wsgi()
    kind = getattr(asked, "contenttype", "application/xml; charset=UTF-8")
    start_response(status, [("Content-Length", str(len(content))), ("Content-Type", str(kind))])
    return [content]
