"""One push to one target: each dataset once, until all are done or the target has enough."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from ckan import model
from ckanext.satudatapaser.errors import GuardStop, RetryLater, SatuDataError, StopRun
from ckanext.satudatapaser.lease import lease
from ckanext.satudatapaser.model import PushTarget
from ckanext.satudatapaser.province import ledger
from ckanext.satudatapaser.province.dataset import COUNTS, Push
from ckanext.satudatapaser.province.eligible import Facts, reasons_to_stay
from ckanext.satudatapaser.province.ledger import Standing
from ckanext.satudatapaser.province.mapping import FieldMapping
from ckanext.satudatapaser.province.pause import BUSY, DOWN, TargetAway
from ckanext.satudatapaser.province.reading import Read, Reader
from ckanext.satudatapaser.province.remote import LONGEST_WAIT, Remote
from ckanext.satudatapaser.province.uploads import Uploads
from ckanext.satudatapaser.record.model import Issue

BREAKER = 5
Progress = Callable[[int, int], None]
Item = tuple[Facts, Standing | None, tuple[Issue, ...]]


def quiet(done: int, total: int) -> None:
    """Show nothing."""


def push(
    target: PushTarget,
    mapping: FieldMapping,
    remote: Remote,
    read: Read,
    *,
    uploads: Uploads | None = None,
    dry_run: bool = False,
    only: str | None = None,
    progress: Progress = quiet,
) -> dict[str, Any]:
    """Push every eligible dataset to ``target``, or the one with the id ``only``; return the counts.

    ``read`` gives many datasets at once as package_show does; ``uploads`` has the files that go up, without it all are links.
    A fault of one dataset does not end the push.
    """
    start, name, paused = time.monotonic(), target.name, target.pauses > 0
    run = Push(target, mapping, remote, uploads, dry_run)
    try:
        with lease(f"target {target.id}"):
            row = ledger.start_run(target, dry_run, only)
            run_id = row.id
            reason = (_probe(remote) if paused else None) or _all(run, read, progress, only)
            state = "finished" if reason is None else "stopped"
            ledger.close_run(run_id, state, dict(run.counts), reason.as_dict() if reason else None, run.changes)
    except GuardStop as busy:
        state, reason = "stopped", busy
    result = {"target": name, "state": state, "dry_run": dry_run, **{key: run.counts[key] for key in COUNTS}}
    result |= {"requests": remote.session.requests, "seconds": round(time.monotonic() - start, 2)}
    if dry_run:
        result["changes"] = run.changes
    if reason:
        result["reason"] = reason.as_dict()
    return result


def _probe(remote: Remote) -> SatuDataError | None:
    """Ask a target that was paused for a sign of life; return why it goes on to be left alone."""
    try:
        remote.call("status_show", {})
    except RetryLater as error:
        return _away(error, 1) or TargetAway(DOWN, f"Sasaran masih tidak menjawab: {error.message}")
    except SatuDataError as error:
        return error
    return None


def _away(error: SatuDataError, failures: int) -> TargetAway | None:
    """Return why the push ends after ``error``, the last of so many ``failures`` in a row; None when it goes on."""
    asked = error.seconds if isinstance(error, RetryLater) else None
    if asked and asked > LONGEST_WAIT:
        return TargetAway(BUSY, f"Sasaran meminta jeda {asked / 60:.0f} menit.", asked)
    if failures >= BREAKER:
        text = f"Sasaran gagal menjawab {failures} kali berturut-turut: {error.message}"
        return TargetAway(DOWN, text, asked)
    return None


def _all(run: Push, read: Read, progress: Progress, only: str | None) -> SatuDataError | None:
    known, datasets = ledger.rows(run.target_id), ledger.facts(only)
    # a dataset that was purged here has no facts any more, but may still stand there
    left = known.keys() - {facts.id for facts in datasets}
    datasets += [Facts(id, id, "deleted", True, None, None, None, "") for id in sorted(left)]
    items = [
        (facts, known.get(facts.id), reasons_to_stay(facts, run.settings))
        for facts in datasets
        if only in (None, facts.id)
    ]
    # what failed before comes last: a few that the target cannot take must not keep it from the others
    items.sort(key=lambda item: item[1].attempts if item[1] else 0)
    wanted = [facts.id for facts, row, reasons in items if not reasons and not run.is_current(facts, row)]
    with run.creating(id for id in wanted if id not in known):
        return _each(run, items, Reader(read, wanted), progress)


def _each(run: Push, items: list[Item], reader: Reader, progress: Progress) -> SatuDataError | None:
    failures = 0
    for done, (facts, row, reasons) in enumerate(items, 1):
        asked = run.remote.session.requests
        try:
            run.counts[run.one(facts, row, reasons, reader)] += 1
            if run.remote.session.requests > asked:  # a dataset for which nothing was asked proves nothing
                failures = 0
        except StopRun as error:
            model.Session.rollback()
            return error
        except SatuDataError as error:
            model.Session.rollback()
            run.counts["failed"] += 1
            run.failed(facts, row, error)
            failures = failures + 1 if isinstance(error, RetryLater) else 0
            if away := _away(error, failures):
                return away
        progress(done, len(items))
    return None
