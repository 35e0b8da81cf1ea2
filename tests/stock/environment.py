"""Environments of other programs than ours, each made from a lock file of its own below var/stock/."""

from __future__ import annotations

from pathlib import Path

from ops.alone import alone
from ops.instance import ROOT, VENV
from ops.say import step
from ops.services import run

FOLDER = ROOT / "var" / "stock"
HARVESTERS = Path(__file__).with_name("harvesters.txt")


def programs(lock: Path, python: str | Path = VENV / "python") -> Path:
    """Return the folder of an environment's programs; it is made the first time and when ``lock`` has changed."""
    place = FOLDER / lock.stem
    mark = place / "installed.txt"
    with alone(place):
        if not mark.exists() or mark.read_text() != lock.read_text():
            uv = ROOT / "var" / "tools" / "bin" / "uv"
            with step(f"environment {lock.stem}"):
                run(uv, "venv", "-q", "--clear", "-p", python, place)
                run(uv, "pip", "install", "-q", "--python", place, "--require-hashes", "-r", lock)
                mark.write_text(lock.read_text())
    return place / "bin"
