"""One run of the experiment: a harvest without a kill, the same harvest with one, recovery, comparison."""

from __future__ import annotations

import dataclasses as dc
import time
from collections.abc import Callable
from typing import Any

from ckanext.satudatapaser import clock
from ckanext.satudatapaser.cli.common import call
from ops.supervisor import Supervisor

from chaos.catalogue import AFTER, BEFORE, Source, serving
from chaos.compare import State, faults
from chaos.kill import PROGRAMS, kill, pid_of
from chaos.plan import Kill
from chaos.site import NAME, Run, Site

PATIENCE = 300  # seconds for a run, and for a recovery
REST = 30  # seconds at rest after which the portal will not plan another run by itself: many looks of its scheduler


class TooLongError(Exception):
    """Something did not come to its end in time, or not even without a kill."""


@dc.dataclass(frozen=True)
class Undisturbed:
    """The end state without a kill, and how long the run took from being queued, in seconds."""

    state: State
    seconds: float


@dc.dataclass(slots=True)
class Recovery:
    """How the portal came back.

    ``seconds``: from the kill to the end of the last run; ``waited``: what the portal would have waited besides before it
    tried again, which the experiment cuts short; ``runs``: how many runs were begun in all; ``unplanned``: how often the
    portal had not planned another run by itself, so that one was queued by hand.
    """

    seconds: float = 0.0
    waited: float = 0.0
    runs: int = 0
    unplanned: int = 0


class Experiment:
    """Runs on one site under one supervisor; ``records``: how many the catalogues have in all."""

    def __init__(self, site: Site, supervisor: Supervisor, records: int) -> None:
        self.site, self.supervisor, self.records = site, supervisor, records
        self.known: dict[tuple[str, int], Undisturbed] = {}
        self.resting: float | None = None  # since when the portal rests without a plan
        self.port = 0  # one for all: the source's address stands in its records

    def row(self, plan: Kill) -> dict[str, Any]:
        """Carry out one kill; return its row of the table, also when something did not come to its end."""
        nothing = {"at": 0, "length": 0, "stage": "unknown", **dc.asdict(Recovery()), "datasets": 0, "public": 0}
        try:
            return self.run(plan)
        except TooLongError as error:
            return {**dc.asdict(plan), **nothing, "faults": [str(error)]}

    def run(self, plan: Kill) -> dict[str, Any]:
        """Carry out one kill; return its row of the table; raises TooLongError."""
        with serving(plan.kind, self.records, plan.catalogue, self.port) as source:
            self.port = source.server.server_port
            wanted = self.undisturbed(source, plan)
            first = self._before(source)
            begin = self._enqueue()
            pids = [pid_of(self.supervisor, name) for name in plan.victims]
            time.sleep(max(0.0, begin + plan.moment * wanted.seconds - time.monotonic()))
            stage = self.stage(first, source.listed())
            for pid in pids:
                kill(pid)
            recovery = self._recover(first, time.monotonic())
            found = self.site.state()
        problems = ["nothing planned another run"] * recovery.unplanned + faults(wanted.state, found)
        return {
            **dc.asdict(plan), "at": round(plan.moment * wanted.seconds, 2), "length": round(wanted.seconds, 2),
            "stage": stage, **dc.asdict(recovery), "faults": problems, "datasets": len(found.datasets),
            "public": found.found, "counts": dict(found.job),
        }  # fmt: skip

    def undisturbed(self, source: Source, plan: Kill) -> Undisturbed:
        """Return what the catalogue comes to without a kill; found out once a catalogue and kind."""
        key = (plan.kind, plan.catalogue)
        if key not in self.known:
            first = self._before(source)
            begin = self._enqueue()
            self._until(lambda: self._ended(first), "the end of an undisturbed run")
            length = time.monotonic() - begin
            self._until(self.site.idle, "an empty queue")
            state = self.site.state()
            if problems := faults(state, state):
                raise TooLongError(f"already without a kill: {problems[0]}")
            self.known[key] = Undisturbed(state, length)
        return self.known[key]

    def stage(self, first: Run, listed: int) -> str:
        """Return what the worker is doing, by the run's row."""
        last = self.site.last()
        if last is None or last.id == first.id:
            return "starting"
        if last.state != "running":
            return "after the run"
        seen = last.counts.get("seen", 0)
        if not seen:
            return "fetching"
        return "writing" if seen < listed else "archiving, indexing, closing"

    def _before(self, source: Source) -> Run:
        """Bring the portal to where the run with the kill begins; return the run that did so."""
        self._until(self.site.idle, "an empty queue")
        self.site.clear()
        source.phase(BEFORE)
        self.site.add(source.kind, source.url)
        result = call("satudata_job_run", {"name": NAME})
        first = self.site.last()
        if first is None or result["state"] != "finished":
            raise TooLongError(f"the first harvest did not finish: {result}")
        source.phase(AFTER)
        return first

    def _enqueue(self) -> float:
        if not self.site.enqueue():
            raise TooLongError("the harvest was not queued")
        return time.monotonic()

    def _ended(self, first: Run) -> bool:
        last = self.site.last()
        return last is not None and last.id != first.id and last.state != "running"

    def _until(self, condition: Callable[[], bool], what: str) -> None:
        end = time.monotonic() + PATIENCE
        while not self.site.patiently(condition, False):
            if time.monotonic() > end:
                raise TooLongError(f"{what} did not come in {PATIENCE} s")
            time.sleep(0.05)

    def _recover(self, first: Run, struck: float) -> Recovery:
        """Wait until a run has finished and nothing is under way; what the portal waits for on purpose is cut short."""
        recovery = Recovery()
        end = struck + PATIENCE
        while not self.site.patiently(lambda: self._settled(first, recovery), False):
            if time.monotonic() > end:
                break  # what stands then is compared all the same
            time.sleep(0.2)
        recovery.seconds = round(time.monotonic() - struck, 1)
        self._until(lambda: all(self.supervisor.state_of(name) == "RUNNING" for name in PROGRAMS.values()), "a restart")
        recovery.runs = self.site.patiently(self.site.number_of_runs, 0) - 1
        return recovery

    def _settled(self, first: Run, recovery: Recovery) -> bool:
        """Tell whether the portal has come to rest after a finished run; when it rests without one, go on to its next try."""
        resting, self.resting = self.resting, None
        if not self.site.idle():
            return False
        last = self.site.last()
        if last and last.id != first.id and last.state == "finished":
            return True
        moment = self.site.next_run()
        if moment is None:
            self.resting = resting or time.monotonic()
            if time.monotonic() - self.resting > REST:
                recovery.unplanned += self.site.enqueue()
        elif (wait := (moment - clock.now()).total_seconds()) > 0:
            self.site.bring_forward()
            recovery.waited = round(recovery.waited + wait)
        return False
