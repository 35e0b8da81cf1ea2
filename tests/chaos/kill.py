"""SIGKILL to a program of our own supervisor, and to what it has started."""

from __future__ import annotations

import os
import signal
from contextlib import suppress
from pathlib import Path

from ops.supervisor import Supervisor

from chaos.plan import VICTIMS

PROGRAMS = {name: "worker-1" if name == "worker" else name for name in VICTIMS}


def pid_of(supervisor: Supervisor, victim: str) -> int:
    """Return the process id that supervisor gives for a victim; raises ValueError when it does not run."""
    return int(supervisor.control("pid", PROGRAMS[victim]).stdout.strip() or "0")


def family(pid: int) -> list[int]:
    """Return a process and all below it, the eldest first."""
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except FileNotFoundError:
        return [pid]
    return [pid, *(member for child in children for member in family(int(child)))]


def kill(pid: int) -> None:
    """Kill a process and all below it at once; raises ValueError for what cannot be a program."""
    if pid < 2:
        raise ValueError(f"process {pid} is no program")
    for member in family(pid):
        with suppress(ProcessLookupError):
            os.kill(member, signal.SIGKILL)
