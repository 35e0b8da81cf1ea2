"""An instance of the portal: where its state lies and which ports it uses.

``dev`` is what bin/up runs, ``test`` what bin/test runs, ``benchmark`` and ``chaos`` what the commands of those names run; all
may run at once.
"""

from __future__ import annotations

import dataclasses as dc
import hashlib
import json
import os
import pwd
import secrets
import socket
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
VENV = ROOT / ".venv" / "bin"
PORTS = {"web": 5000, "province": 5001, "demo": 5010, "postgres": 5433, "redis": 6380, "solr": 8984}
TEST_PORTS = {"web": 5100, "province": 5101, "demo": 5110, "postgres": 5533, "redis": 6480, "solr": 8994}
BENCHMARK_PORTS = {"web": 5200, "province": 5201, "demo": 5210, "postgres": 5633, "redis": 6580, "solr": 9004}
CHAOS_PORTS = {"web": 5300, "postgres": 5733, "redis": 6680, "solr": 9024}


class SetupError(Exception):
    """Set-up cannot go on; the text is one sentence that says what to do."""


@dc.dataclass(frozen=True)
class Instance:
    """State folder, ports and secrets of one instance."""

    name: str
    state: Path
    ports: dict[str, int]

    @property
    def ini(self) -> Path:
        """The catalogue's ini file."""
        return self.state / "ckan.ini"

    @property
    def province_ini(self) -> Path:
        """The ini file of the second CKAN."""
        return self.state / "province.ini"

    def folder(self, *parts: str) -> Path:
        """Return a folder below the state folder, made if need be."""
        path = self.state.joinpath(*parts)
        path.mkdir(parents=True, exist_ok=True)
        return path

    def secret(self, name: str) -> str:
        """Return the secret called ``name``, generated the first time; only its owner can read the file."""
        path = self.folder("secrets") / name
        if not path.exists():
            path.parent.chmod(0o700)
            handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
            with os.fdopen(handle, "w") as file:
                file.write(secrets.token_urlsafe(24))
        return path.read_text().strip()


def is_root() -> bool:
    """Tell whether this process is root (PostgreSQL then runs as user postgres)."""
    return os.geteuid() == 0


def postgres_can_enter(path: Path) -> bool:
    """Tell whether user postgres may enter ``path``; always true when not root."""
    if not is_root():
        return True
    try:
        pwd.getpwnam("postgres")
    except KeyError:
        return True  # not installed yet: asked again once it is
    path.mkdir(parents=True, exist_ok=True)
    found = subprocess.run(["runuser", "-u", "postgres", "--", "test", "-x", str(path)], check=False)
    return found.returncode == 0


def state_folder(name: str) -> Path:
    """Return where an instance keeps its state: var/NAME, or outside when postgres cannot enter the checkout."""
    inside = ROOT / "var" / name
    if postgres_can_enter(inside):
        return inside
    mark = hashlib.sha256(str(ROOT).encode()).hexdigest()[:10]
    outside = Path("/var/lib/satudatapaser") / mark / name
    outside.mkdir(parents=True, exist_ok=True)
    return outside


def port_is_free(port: int) -> bool:
    """Tell whether nobody listens on 127.0.0.1:``port``."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def next_free(port: int) -> int:
    """Return the first free port from ``port`` upwards."""
    return next(p for p in range(port, port + 400) if port_is_free(p))


def dev() -> Instance:
    """Return the instance of bin/up; SATUDATA_PORT, SATUDATA_PROVINCE_PORT, SATUDATA_<SERVICE>_PORT move its ports."""
    ports = {name: int(os.environ.get(f"SATUDATA_{name.upper()}_PORT") or default) for name, default in PORTS.items()}
    ports["web"] = int(os.environ.get("SATUDATA_PORT") or PORTS["web"])
    return Instance("dev", state_folder("dev"), ports)


def test() -> Instance:
    """Return the instance of bin/test."""
    return _apart("test", TEST_PORTS)


def benchmark() -> Instance:
    """Return the instance of bin/benchmark."""
    return _apart("benchmark", BENCHMARK_PORTS)


def chaos() -> Instance:
    """Return the instance of bin/chaos."""
    return _apart("chaos", CHAOS_PORTS)


def _apart(name: str, ports: dict[str, int]) -> Instance:
    """Return an instance whose ports are chosen free once, from ``ports`` upwards, and kept: checkouts don't clash."""
    state = state_folder(name)
    state.mkdir(parents=True, exist_ok=True)
    kept = state / "ports.json"
    if not kept.exists():
        kept.write_text(json.dumps({service: next_free(port) for service, port in ports.items()}))
    return Instance(name, state, json.loads(kept.read_text()))
