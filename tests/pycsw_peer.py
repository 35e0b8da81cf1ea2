"""pycsw as a real peer of the csw and oai kinds, in an environment of its own: it needs older libraries than CKAN."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from ops.csw import python

ROOT = Path(__file__).parents[1]


@contextmanager
def serving(folder: Path, records: Mapping[str, str]) -> Iterator[str]:
    """Serve ``records`` (name -> XML) from ``folder`` while the block runs; gives the address of the service."""
    (folder / "records").mkdir(parents=True)
    for name, xml in records.items():
        (folder / "records" / f"{name}.xml").write_text(xml)
    command = [python(), ROOT / "tests" / "peers" / "pycsw_server.py", folder]
    with (folder / "pycsw.log").open("w") as log:
        server = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, text=True)
        try:
            assert server.stdout
            port = next((line.strip() for line in server.stdout if line.strip().isdecimal()), "")
            assert port, f"pycsw did not start:\n{(folder / 'pycsw.log').read_text()[-2000:]}"
            yield f"http://127.0.0.1:{port}/csw"
        finally:
            server.terminate()
            server.wait(30)
