"""pycsw, which answers /csw behind the portal: an environment of its own, a socket in the folder that both share."""

from __future__ import annotations

import socket
import subprocess
from pathlib import Path

from ops import sites
from ops.alone import alone
from ops.instance import ROOT, Instance
from ops.supervisor import Program

ENVIRONMENT = ROOT / "var" / "pycsw"
LOCK = ROOT / "requirements-csw.txt"
UV = ROOT / "var" / "tools" / "bin" / "uv"
APPLICATION = ROOT / "ckanext-satudatapaser" / "ckanext" / "satudatapaser" / "csw"


def python() -> Path:
    """Return the Python of pycsw's environment, made from its lock file when that has changed."""
    found, mark = ENVIRONMENT / "bin" / "python", ENVIRONMENT / "installed"
    with alone(ENVIRONMENT):
        if not mark.exists() or mark.read_text() != LOCK.read_text():
            subprocess.run([UV, "venv", "-q", "--clear", ENVIRONMENT], check=True)
            subprocess.run([UV, "pip", "install", "-q", "--python", found, "--require-hashes", "-r", LOCK], check=True)
            mark.write_text(LOCK.read_text())
    return found


def command(folder: Path) -> list[str]:
    """Return the command that serves ``folder``; a question that takes longer than half a minute is ended."""
    return [
        str(python()), "-m", "gunicorn", "pycsw_app:application", "--chdir", str(APPLICATION),
        "-b", f"unix:{folder / 'pycsw.sock'}", "-w", "2", "--timeout", "30", "--umask", "0077",
        "--max-requests", "2000", "--worker-tmp-dir", str(folder), "--no-control-socket",
    ]  # fmt: skip


def environment(folder: Path) -> dict[str, str]:
    """Return what the program is told: the folder, and nothing of the portal's passwords."""
    return {"SATUDATA_CSW": str(folder), "PYTHONUNBUFFERED": "1"}


def answers(folder: Path) -> bool:
    """Tell whether somebody listens on the socket of ``folder``."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        probe.settimeout(3)
        try:
            probe.connect(str(folder / "pycsw.sock"))
        except OSError:
            return False
    return True


def program(instance: Instance, site: sites.Site) -> Program:
    """Return what supervisor keeps running for ``site``."""
    folder = sites.csw_folder(instance, site)
    return Program("csw", " ".join(command(folder)), lambda: answers(folder), environment=environment(folder))
