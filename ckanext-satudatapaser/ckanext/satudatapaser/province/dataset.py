"""One dataset to one target: compare, write only what differs, commit the ledger after each step."""

from __future__ import annotations

import collections
import dataclasses as dc
import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from ckanext.satudatapaser import clock
from ckanext.satudatapaser.errors import SatuDataError
from ckanext.satudatapaser.model import PushTarget
from ckanext.satudatapaser.province import compare, ledger
from ckanext.satudatapaser.province.ahead import Ahead
from ckanext.satudatapaser.province.eligible import Facts, reasons_to_stay, their_organization
from ckanext.satudatapaser.province.find import by_name, find, names
from ckanext.satudatapaser.province.ledger import Standing
from ckanext.satudatapaser.province.mapping import FieldMapping
from ckanext.satudatapaser.province.payload import MARK, OUR_ID, Mark, Payload, body, digest, no_mark, payload, unmarked
from ckanext.satudatapaser.province.reading import Package, Reader
from ckanext.satudatapaser.province.remote import Remote, RemoteRefused
from ckanext.satudatapaser.province.sending import content
from ckanext.satudatapaser.province.uploads import Uploads
from ckanext.satudatapaser.record.model import Issue

COUNTS = ("created", "updated", "unchanged", "withdrawn", "skipped", "conflict", "failed")


class Push:
    """State of one push; ``remote`` is the target's API, ``uploads`` has the files that go up (None: all are links)."""

    def __init__(
        self, target: PushTarget, mapping: FieldMapping, remote: Remote, uploads: Uploads | None, dry_run: bool
    ) -> None:
        self.target_id, self.settings = target.id, dict(target.settings)
        self.mapping, self.remote, self.uploads, self.dry_run = mapping, remote, uploads, dry_run
        self.marks = digest([mapping.digest, content(self.settings)])[:16]
        self.fields = frozenset(mapping.fields.values()) | frozenset(mapping.constants) | {OUR_ID}
        self.counts: collections.Counter[str] = collections.Counter(dict.fromkeys(COUNTS, 0))
        self._known: frozenset[str] | None = None
        self._ahead = Ahead(self.target_id, ())
        self.changes: list[dict[str, Any]] = []

    def known(self) -> frozenset[str]:
        """Return the target's own fields; asked once, and only when something is written."""
        if self._known is None:
            self._known = self.remote.known_fields()
        return self._known

    @contextmanager
    def creating(self, ids: Iterable[str]) -> Iterator[None]:
        """Let the block push the datasets with ``ids``, never sent so far, in this order, among others."""
        self._ahead = Ahead(self.target_id, ids)
        yield
        self._ahead.close()

    def is_current(self, facts: Facts, row: Standing | None) -> bool:
        """Tell whether an eligible dataset stands there as it was when last compared; nothing is read or asked for it."""
        return row is not None and row.state == "ok" and row.pushed_version == self._version(facts)

    def _version(self, facts: Facts) -> str:
        return f"{facts.version} {self.marks}"

    def one(self, facts: Facts, row: Standing | None, reasons: Collection[Issue], reader: Reader) -> str:
        """Bring the target's copy of one dataset up to date; return the outcome (one of COUNTS). ``reasons``: to stay here."""
        if reasons:
            return self._stay(facts, row, reasons)
        if self.is_current(facts, row):
            return "unchanged"
        # all was listed at the start, and chunks are read early: what was closed or changed since goes by what it is now
        now = next(iter(ledger.facts(facts.id)), dc.replace(facts, state="deleted"))
        if now != facts:
            reasons = reasons_to_stay(now, self.settings)
            if reasons:
                return self._stay(now, row, reasons)
        return self._compare(now, row, reader.take(facts.id) if now == facts else reader.again(facts.id))

    def _compare(self, facts: Facts, row: Standing | None, package: dict[str, Any]) -> str:
        version = self._version(facts)
        wanted = payload(package, self.mapping, their_organization(facts.organization, self.settings), self._mark)
        if row and row.state == "ok" and row.pushed_hash == digest(wanted) and not row.sent_hash:
            self._save(facts.id, pushed_version=version)
            return "unchanged"
        if row is None and not self.dry_run:  # never sent: no need to look first
            return self._create(facts, None, wanted, version)
        there = find(self.remote, facts, row.remote_id) if row else by_name(self.remote, facts)
        if there is None:
            return self._create(facts, row, wanted, version)
        return self._update(facts, row, there, wanted, version)

    def _mark(self, file: Mapping[str, Any]) -> str:
        return self.uploads.mark(file) if self.uploads else ""

    def _save(self, package_id: str, **values: Any) -> None:
        if not self.dry_run:
            ledger.save(self.target_id, package_id, **values)

    def _done(self, facts: Facts, there: Mapping[str, Any], wanted: Payload, version: str) -> None:
        held = compare.held(there, wanted, self.fields)
        self._save(
            facts.id, state="ok", remote_id=there["id"], pushed_hash=digest(wanted), pushed_version=version, reasons=[],
            remote_hash=compare.seen(held), sent_hash="", pushed=wanted, attempts=0, next_try=None, last_error="",
            fault={}, pushed_at=clock.now(),
        )  # fmt: skip

    def _create(self, facts: Facts, row: Standing | None, wanted: Payload, version: str) -> str:
        self._note(facts, "create", tuple(wanted))
        if self.dry_run:
            return "created"
        values = body(wanted, self.known())
        # kept before anything is sent: whoever dies now, the next push looks before it creates
        if row is None:
            self._ahead.sends(facts.id)
        else:
            self._save(facts.id, state="pending", remote_id=None, reasons=[])
        own, other = names(facts)
        try:
            made = self.remote.write("package_create", {**values, "name": own})
        except RemoteRefused as error:
            if "name" not in error.fields:
                raise
            there = by_name(self.remote, facts)
            if there is not None:
                return self._update(facts, None, there, wanted, version)
            made = self.remote.write("package_create", {**values, "name": other})
        if unmarked(wanted) != wanted:  # its files are still to come
            self._save(facts.id, remote_id=made["id"])
        self._done(facts, self._with_files(made, wanted), wanted, version)
        return "created"

    def _with_files(self, there: Mapping[str, Any], wanted: Payload) -> Mapping[str, Any]:
        """Send the files whose content is not there yet; return the target's dataset as it then is.

        Content and its mark are one write, so that whoever dies here has sent a file, or not.
        """
        places = {file.get(OUR_ID): number for number, file in enumerate(there["resources"])}
        files = list(there["resources"])
        for file in wanted["resources"]:
            if self.uploads is None or not file.get(MARK):
                continue
            number = places.get(file[OUR_ID])
            if number is None:
                text = f"Sasaran tidak menyimpan {OUR_ID} pada berkas, sehingga isinya tidak dapat dikirim."
                hint, values = "Pakai files=link untuk sasaran ini.", {"field": OUR_ID}
                raise RemoteRefused("remote-file-unmarked", text, hint, values)
            if compare.mark_there(files[number]) != file[MARK]:
                path, name = self.uploads.place(file[OUR_ID])
                values = {"id": files[number]["id"], MARK: file[MARK]}
                with path.open("rb") as opened:
                    files[number] = self.remote.upload("resource_patch", values, name, opened)
        return {**there, "resources": files}

    def _update(
        self, facts: Facts, row: Standing | None, there: Mapping[str, Any], wanted: Payload, version: str
    ) -> str:
        held = compare.held(there, wanted, self.fields)
        different = compare.differences(wanted, held)
        pushed = ledger.pushed(self.target_id, facts.id) if row else {}
        if different and row and (row.state == "conflict" or self._is_edited(row, there, wanted, pushed)):
            self._save(facts.id, state="conflict", reasons=_sides(different, wanted, held, pushed),
                       remote_id=there["id"], remote_hash=compare.seen(held), sent_hash="")  # fmt: skip
            return "conflict"
        # a difference in what we did not change is theirs, and a person has accepted it
        mine = tuple(key for key in different if not pushed or _is_changed(key, wanted, pushed))
        if not mine and not _is_closed(there):
            self._done(facts, there, wanted, version)
            return "unchanged"
        self._note(facts, "update", mine)
        if self.dry_run:
            return "updated"
        expected = {key: wanted.get(key) if key in mine else held.get(key) for key in {*wanted, *held}}
        sent = compare.seen({key: value for key, value in expected.items() if value is not None})
        # a field under way counts as changed by us until the target has answered
        self._save(
            facts.id, remote_id=there["id"], sent_hash=sent, pushed=pushed | dict.fromkeys(mine) if pushed else {}
        )
        there = self._patched(there, wanted, held, mine)
        if "resources" in mine:
            there = self._with_files(there, wanted)
        self._done(facts, there, wanted, version)
        return "updated"

    def _patched(
        self, there: Mapping[str, Any], wanted: Payload, held: Payload, mine: Collection[str]
    ) -> Mapping[str, Any]:
        """Write what is to be another at the target, files' content left out; return its dataset as it then is."""
        different = [key for key in compare.differences(unmarked(wanted), unmarked(held)) if key in mine]
        opened = {"private": False, "state": "active"} if _is_closed(there) else {}
        if not different and not opened:
            return there
        change = compare.patch(wanted, there, different, self.known())
        return self.remote.write("package_patch", change | opened)

    def _is_edited(self, row: Standing, there: Mapping[str, Any], wanted: Payload, pushed: Payload) -> bool:
        """Tell whether somebody edited the copy: it is neither as last seen nor as a write of ours left it."""
        seen = {row.remote_hash, row.sent_hash} - {""}
        shapes = (wanted, wanted | {key: value for key, value in pushed.items() if value is not None})
        return bool(row.remote_hash) and not any(
            compare.seen(compare.held(there, shape, self.fields)) in seen for shape in shapes
        )

    def _stay(self, facts: Facts, row: Standing | None, issues: Collection[Issue]) -> str:
        reasons = [issue.as_dict() for issue in issues]
        there = row.remote_id if row is not None and row.state not in ("withdrawn", "not_eligible") else None
        if row is not None and row.uncertain:  # it may have gone up unheard
            found = find(self.remote, facts, None)
            there = found["id"] if found else None
        if not there:
            if row is None or row.state not in ("withdrawn", "not_eligible") or row.reasons != reasons:
                state = "withdrawn" if row and row.state == "withdrawn" else "not_eligible"
                self._save(facts.id, state=state, reasons=reasons)
            return "skipped"
        self._note(facts, "withdraw", ())
        if not self.dry_run:
            if self.mapping.withdraw == "delete":
                self.remote.remove("package_delete", {"id": there})
            else:
                self.remote.remove("package_patch", {"id": there, "private": True})
        # what was last seen stays known, so that an edit there is still one when the dataset comes back
        undecided = {"remote_hash": "conflict"} if row and row.state == "conflict" else {}
        self._save(facts.id, state="withdrawn", remote_id=there, reasons=reasons, pushed_hash="", pushed_version="",
                   attempts=0, next_try=None, last_error="", fault={}, **undecided)  # fmt: skip
        return "withdrawn"

    def failed(self, facts: Facts, row: Standing | None, error: SatuDataError) -> None:
        """Keep a failure with the time of the next attempt: 1, 2, 4 … minutes, at most a day."""
        attempts = (row.attempts if row else 0) + 1
        wait = min(60 * 2 ** (attempts - 1), 86_400)
        moment = clock.now() + dt.timedelta(seconds=wait)
        # a conflict stays one until a person decides
        state = "conflict" if row and row.state == "conflict" else "failed"
        fault = {"last_error": str(error), "fault": error.as_dict()}
        self._save(facts.id, state=state, attempts=attempts, next_try=moment, **fault)

    def _note(self, facts: Facts, what: str, fields: tuple[str, ...]) -> None:
        if self.dry_run:
            self.changes.append({"name": facts.name, "action": what, "fields": list(fields)})


def _sides(different: Collection[str], wanted: Payload, held: Payload, pushed: Payload) -> list[dict[str, Any]]:
    """Return both sides of each field that differs, and whether we changed it since the last push (None: not known)."""
    return [
        {"code": "field", "field": key, "ours": str(wanted.get(key, "")), "theirs": str(held.get(key, "")),
         "changed_by_us": _is_changed(key, wanted, pushed) if pushed else None}
        for key in different
    ]  # fmt: skip


def _is_closed(there: Mapping[str, Any]) -> bool:
    return bool(there.get("private")) or there.get("state") == "deleted"


def _is_changed(key: str, wanted: Payload, pushed: Payload) -> bool:
    return bool(wanted.get(key, "") != pushed.get(key, ""))


def accept_theirs(target: PushTarget, mapping: FieldMapping, package: Package, mark: Mark = no_mark) -> None:
    """Leave the target's copy as somebody edited it; later only what we change from now on is written."""
    organization = (package.get("organization") or {}).get("name")
    wanted = payload(package, mapping, their_organization(organization, target.settings), mark)
    ledger.save(
        target.id, package["id"], state="ok", pushed_hash=digest(wanted), pushed=wanted, pushed_version="", reasons=[]
    )
