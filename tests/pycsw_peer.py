"""pycsw as a real peer of the csw and oai kinds, in an environment of its own: it needs older libraries than CKAN."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[1]
ENVIRONMENT = ROOT / "var" / "pycsw"
LOCK = ROOT / "tests" / "peers" / "pycsw.txt"
UV = ROOT / "var" / "tools" / "bin" / "uv"


def python() -> Path:
    """Return the Python of pycsw's environment, made from its lock file when that has changed."""
    found, mark = ENVIRONMENT / "bin" / "python", ENVIRONMENT / "installed"
    if not mark.exists() or mark.read_text() != LOCK.read_text():
        subprocess.run([UV, "venv", "-q", "--clear", ENVIRONMENT], check=True)
        subprocess.run([UV, "pip", "install", "-q", "--python", found, "--require-hashes", "-r", LOCK], check=True)
        mark.write_text(LOCK.read_text())
    return found


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
