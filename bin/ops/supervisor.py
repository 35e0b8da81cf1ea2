"""supervisor starts, watches, restarts and stops our processes; this file writes its configuration and talks to it."""

from __future__ import annotations

import dataclasses as dc
import subprocess
import time
from collections.abc import Callable

from ops.instance import ROOT, VENV, Instance, SetupError

# after each start that fails supervisor waits a second longer than before the last: some 80 minutes in all, while
# PostgreSQL reads its log after a crash; what has used them up stays down until somebody starts it
RETRIES = 100


@dc.dataclass(frozen=True)
class Program:
    """One process to keep running. ``healthy`` is asked until it says yes; ``user`` only counts for root."""

    name: str
    command: str
    healthy: Callable[[], bool]
    user: str = ""
    environment: dict[str, str] = dc.field(default_factory=dict)
    stop_signal: str = "TERM"
    wait: int = 60


def configuration(instance: Instance, programs: list[Program]) -> str:
    """Return supervisord's configuration: nothing starts by itself, everything that dies is started again."""
    state = instance.state
    parts = [
        f"[unix_http_server]\nfile={state}/supervisor.sock\nchmod=0700\n"
        f"[supervisord]\nlogfile={state}/logs/supervisor.log\npidfile={state}/supervisor.pid\nnodaemon=false\n"
        "minfds=4096\n"
        "[rpcinterface:supervisor]\nsupervisor.rpcinterface_factory=supervisor.rpcinterface:make_main_rpcinterface\n"
        f"[supervisorctl]\nserverurl=unix://{state}/supervisor.sock\n"
    ]
    for program in programs:
        environment = ",".join(f'{key}="{value}"' for key, value in program.environment.items())
        lines = [
            f"[program:{program.name}]",
            f"command={program.command.replace('%', '%%')}",
            f"directory={ROOT}",
            "autostart=false",
            "autorestart=true",
            "startsecs=1",
            f"startretries={RETRIES}",
            f"stopsignal={program.stop_signal}",
            "stopwaitsecs=30",
            "stopasgroup=false",
            "killasgroup=true",
            "redirect_stderr=true",
            f"stdout_logfile={state}/logs/{program.name}.log",
            "stdout_logfile_maxbytes=20MB",
            "stdout_logfile_backups=3",
        ]
        lines += [f"environment={environment}"] if environment else []
        lines += [f"user={program.user}"] if program.user else []
        parts.append("\n".join(lines) + "\n")
    return "\n".join(parts)


class Supervisor:
    """The supervisord of one instance."""

    def __init__(self, instance: Instance) -> None:
        self.instance = instance
        self.path = instance.state / "supervisord.conf"

    def control(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run supervisorctl with ``words``."""
        return subprocess.run(
            [str(VENV / "supervisorctl"), "-c", str(self.path), *words],
            capture_output=True,
            text=True,
            check=False,
        )

    def runs(self) -> bool:
        """Tell whether supervisord itself answers."""
        return self.path.exists() and self.control("pid").stdout.strip().isdigit()

    def state_of(self, program: str) -> str:
        """Return supervisor's word for a program's state (RUNNING, STOPPED, FATAL, …)."""
        words = self.control("status", program).stdout.split()
        return words[1] if len(words) > 1 else "UNKNOWN"

    def load(self, programs: list[Program]) -> None:
        """Write the configuration; start supervisord or make it read what changed (running programs stay)."""
        self.instance.folder("logs")
        text = configuration(self.instance, programs)
        changed = not self.path.exists() or self.path.read_text() != text
        if changed:
            self.path.touch(mode=0o600)
            self.path.write_text(text)
        if not self.runs():
            done = subprocess.run(
                [str(VENV / "supervisord"), "-c", str(self.path)], capture_output=True, text=True, check=False
            )
            if done.returncode:
                raise SetupError(f"supervisord did not start: {(done.stdout + done.stderr).strip()[-500:]}")
            self._wait(self.runs, 15, "supervisord does not answer")
        elif changed:
            self.control("update")

    def start(self, program: Program) -> None:
        """Start one program unless it runs, and wait until it is healthy."""
        if self.state_of(program.name) != "RUNNING":
            self.control("start", program.name)
        log = self.instance.state / "logs" / f"{program.name}.log"
        self._wait(program.healthy, program.wait, f"{program.name} does not answer; its log is {log}", program.name)

    def _wait(self, healthy: Callable[[], bool], seconds: int, sentence: str, program: str = "") -> None:
        end = time.monotonic() + seconds
        while not healthy():
            if time.monotonic() > end or (program and self.state_of(program) == "FATAL"):
                raise SetupError(f"{sentence}.")
            time.sleep(0.3)

    def stop(self) -> None:
        """Stop every program in the reverse order of their start, then supervisord; wait until all are gone."""
        if not self.runs():
            return
        names = [line.split()[0] for line in self.control("status").stdout.splitlines() if line.split()]
        order = ["postgres", "redis", "solr"]
        for name in sorted(names, key=lambda n: order.index(n) if n in order else 99, reverse=True):
            self.control("stop", name)
        self.control("shutdown")
        self._wait(lambda: not self.runs(), 60, "supervisord did not end")
