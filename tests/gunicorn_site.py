"""A site behind gunicorn as bin/up serves it, with one worker, for tests and benchmarks."""

from __future__ import annotations

import os
import shlex
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager

from ops import sites
from ops.instance import ROOT, Instance, SetupError

PATIENCE = 240  # seconds for a CKAN to load


@contextmanager
def serving(instance: Instance, site: sites.Site) -> Iterator[int]:
    """Serve ``site`` on its port while the block runs; give gunicorn's pid. Raises SetupError when it does not answer."""
    environment = os.environ | {"CKAN_INI": str(site.ini(instance))}
    with (instance.folder("logs") / f"{site.name}.log").open("w") as log:
        command = shlex.split(sites.wsgi_command(instance, site, 1))
        server = subprocess.Popen(command, env=environment, cwd=ROOT, stdout=log, stderr=log)
        try:
            deadline = time.monotonic() + PATIENCE
            while not sites.gunicorn_answers(site):
                if server.poll() is not None or time.monotonic() > deadline:
                    raise SetupError(f"{site.name} does not answer; see {log.name}")
                time.sleep(0.3)
            yield server.pid
        finally:
            server.terminate()
            server.wait(60)
