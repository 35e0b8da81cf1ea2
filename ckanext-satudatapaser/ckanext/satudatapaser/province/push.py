"""One push to one target: compare, write only what differs, commit the ledger after each dataset."""

from __future__ import annotations

import collections
import datetime as dt
import time
from collections.abc import Callable, Mapping
from typing import Any

from ckan import model
from ckan.plugins import toolkit as tk
from ckanext.satudatapaser import clock
from ckanext.satudatapaser.errors import GuardStop, RetryLater, SatuDataError, StopRun
from ckanext.satudatapaser.lease import lease
from ckanext.satudatapaser.model import PushLedger, PushTarget
from ckanext.satudatapaser.province import compare, ledger
from ckanext.satudatapaser.province.eligible import Facts, reasons_to_stay, their_organization
from ckanext.satudatapaser.province.mapping import FieldMapping
from ckanext.satudatapaser.province.payload import OUR_ID, Payload, body, digest, payload
from ckanext.satudatapaser.province.remote import Remote, RemoteRefused

COUNTS = ("created", "updated", "unchanged", "withdrawn", "skipped", "conflict", "failed")
BREAKER = 5
Progress = Callable[[int, int], None]


def quiet(done: int, total: int) -> None:
    """Show nothing."""


class Push:
    """State of one push; ``remote`` is the target's API."""

    def __init__(self, target: PushTarget, mapping: FieldMapping, remote: Remote, dry_run: bool) -> None:
        self.target_id, self.settings = target.id, dict(target.settings)
        self.mapping, self.remote, self.dry_run = mapping, remote, dry_run
        self.marks = digest([mapping.digest, self.settings])[:16]
        self.fields = frozenset(mapping.fields.values()) | frozenset(mapping.constants) | {OUR_ID}
        self.counts: collections.Counter[str] = collections.Counter(dict.fromkeys(COUNTS, 0))
        self._known: frozenset[str] | None = None
        self.changes: list[dict[str, Any]] = []

    def known(self) -> frozenset[str]:
        """Return the target's own fields; asked once, and only when something is written."""
        if self._known is None:
            self._known = self.remote.known_fields()
        return self._known

    def one(self, facts: Facts, row: PushLedger | None) -> str:
        """Bring the target's copy of one dataset up to date; return the outcome (one of COUNTS)."""
        reasons = reasons_to_stay(facts, self.settings)
        if reasons:
            return self._stay(facts, row, [reason.as_dict() for reason in reasons])
        version = f"{facts.version} {self.marks}"
        if row and row.state == "ok" and row.pushed_version == version:
            return "unchanged"
        package = tk.get_action("package_show")({"ignore_auth": True, "use_cache": False}, {"id": facts.id})
        wanted = payload(package, self.mapping, their_organization(facts.organization, self.settings))
        mark = digest(wanted)
        if row and row.state == "ok" and row.pushed_hash == mark:
            self._save(facts.id, pushed_version=version)
            return "unchanged"
        there = self._find(facts, row)
        if there is None:
            return self._create(facts, wanted, mark, version)
        return self._update(facts, row, there, wanted, mark, version)

    def _save(self, package_id: str, **values: Any) -> None:
        if not self.dry_run:
            ledger.save(self.target_id, package_id, **values)

    def _done(self, facts: Facts, there: Mapping[str, Any], wanted: Payload, mark: str, version: str) -> None:
        held = compare.held(there, wanted, self.fields)
        self._save(
            facts.id, state="ok", remote_id=there["id"], pushed_hash=mark, pushed_version=version, reasons=[],
            remote_hash=digest(held), attempts=0, next_try=None, last_error="", pushed_at=clock.now(),
        )  # fmt: skip

    def _find(self, facts: Facts, row: PushLedger | None) -> dict[str, Any] | None:
        """Return the target's copy: by the id we know, else by the names it can have (a push may have died unheard)."""
        if row and row.remote_id:
            found = self.remote.package(row.remote_id)
            if found:
                return found
        for name in _names(facts):
            found = self.remote.package(name)
            if found is None:
                return None
            if _our_id(found) == facts.id:
                return found
        return None

    def _create(self, facts: Facts, wanted: Payload, mark: str, version: str) -> str:
        self._note(facts, "create", tuple(wanted))
        if self.dry_run:
            return "created"
        values = body(wanted, self.known())
        for name in _names(facts):
            try:
                made = self.remote.call("package_create", {**values, "name": name})
            except RemoteRefused as error:
                if "name" not in error.message or name == _names(facts)[-1]:
                    raise
                continue
            self._done(facts, made, wanted, mark, version)
            return "created"
        raise AssertionError("unreachable: the last name returns or raises")

    def _update(
        self, facts: Facts, row: PushLedger | None, there: dict[str, Any], wanted: Payload, mark: str, version: str
    ) -> str:
        held = compare.held(there, wanted, self.fields)
        different = compare.differences(wanted, held)
        closed = there.get("private") or there.get("state") == "deleted"
        if not different and not closed:
            self._done(facts, there, wanted, mark, version)
            return "unchanged"
        edited = row is not None and row.state == "ok" and row.remote_hash and row.remote_hash != digest(held)
        if edited or (row is not None and row.state == "conflict"):
            sides = [
                {"code": "field", "field": key, "ours": str(wanted.get(key, "")), "theirs": str(held.get(key, ""))}
                for key in different
            ]
            self._save(facts.id, state="conflict", reasons=sides, remote_id=there["id"])
            return "conflict"
        self._note(facts, "update", different)
        if self.dry_run:
            return "updated"
        change = compare.patch(wanted, there, different, self.known())
        if closed:
            change |= {"private": False, "state": "active"}
        self._done(facts, self.remote.call("package_patch", change), wanted, mark, version)
        return "updated"

    def _stay(self, facts: Facts, row: PushLedger | None, reasons: list[dict[str, str]]) -> str:
        there = row is not None and row.remote_id and row.state not in ("withdrawn", "not_eligible")
        if not there:
            if row is None or row.state not in ("withdrawn", "not_eligible") or row.reasons != reasons:
                state = "withdrawn" if row and row.state == "withdrawn" else "not_eligible"
                self._save(facts.id, state=state, reasons=reasons)
            return "skipped"
        self._note(facts, "withdraw", ())
        if not self.dry_run and row:
            if self.mapping.withdraw == "delete":
                self.remote.call("package_delete", {"id": row.remote_id})
            else:
                self.remote.call("package_patch", {"id": row.remote_id, "private": True})
        self._save(facts.id, state="withdrawn", reasons=reasons, pushed_hash="", pushed_version="", remote_hash="")
        return "withdrawn"

    def failed(self, facts: Facts, row: PushLedger | None, error: SatuDataError) -> None:
        """Keep a failure with the time of the next attempt: 1, 2, 4 … minutes, at most a day."""
        attempts = (row.attempts if row else 0) + 1
        wait = min(60 * 2 ** (attempts - 1), 86_400)
        moment = clock.now() + dt.timedelta(seconds=wait)
        self._save(facts.id, state="failed", attempts=attempts, next_try=moment, last_error=str(error))

    def _note(self, facts: Facts, what: str, fields: tuple[str, ...]) -> None:
        if self.dry_run:
            self.changes.append({"name": facts.name, "action": what, "fields": list(fields)})


def _names(facts: Facts) -> tuple[str, str]:
    """Return the names that a dataset can have at a target: its own, and one that no other owner's dataset has."""
    return facts.name, f"{facts.name[:80]}-paser-{facts.id[:8]}"


def _our_id(there: Mapping[str, Any]) -> str:
    extras = {extra["key"]: extra["value"] for extra in there.get("extras") or []}
    return str(there.get(OUR_ID) or extras.get(OUR_ID) or "")


def accept_theirs(target: PushTarget, mapping: FieldMapping, package_id: str) -> None:
    """Leave the target's copy as somebody edited it; our next change of the dataset will be compared anew."""
    facts = next(facts for facts in ledger.facts() if facts.id == package_id)
    package = tk.get_action("package_show")({"ignore_auth": True, "use_cache": False}, {"id": package_id})
    wanted = payload(package, mapping, their_organization(facts.organization, target.settings))
    ledger.save(target.id, package_id, state="ok", pushed_hash=digest(wanted), pushed_version="", reasons=[])


def push(
    target: PushTarget,
    mapping: FieldMapping,
    remote: Remote,
    *,
    dry_run: bool = False,
    only: str | None = None,
    progress: Progress = quiet,
) -> dict[str, Any]:
    """Push every eligible dataset to ``target``, or the one with the id ``only``; return the counts.

    A fault of one dataset does not end the push.
    """
    start, name = time.monotonic(), target.name
    run = Push(target, mapping, remote, dry_run)
    try:
        with lease(f"target {target.id}"):
            row = ledger.start_run(target, dry_run, only)
            run_id = row.id
            reason = _all(run, progress, only)
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


def _all(run: Push, progress: Progress, only: str | None) -> SatuDataError | None:
    known, datasets = ledger.rows(run.target_id), ledger.facts()
    # a dataset that was purged here has no facts any more, but may still stand there
    left = known.keys() - {facts.id for facts in datasets}
    datasets += [Facts(id, id, "deleted", True, None, None, None, "") for id in sorted(left)]
    datasets = [facts for facts in datasets if only in (None, facts.id)]
    failures = 0
    for done, facts in enumerate(datasets, 1):
        row = known.get(facts.id)
        try:
            run.counts[run.one(facts, row)] += 1
            failures = 0
        except StopRun as error:
            model.Session.rollback()
            return error
        except SatuDataError as error:
            model.Session.rollback()
            run.counts["failed"] += 1
            run.failed(facts, row, error)
            failures = failures + 1 if isinstance(error, RetryLater) else 0
            if failures >= BREAKER:
                text = f"Sasaran gagal menjawab {failures} kali berturut-turut: {error.message}"
                return GuardStop("target-down", text, "Data setempat tidak terpengaruh; jalankan lagi nanti.")
        progress(done, len(datasets))
    return None
