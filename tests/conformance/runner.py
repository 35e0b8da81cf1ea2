"""Run one defect against one kind: the listing over real bytes, then the pure part of the engine; say what differs.

Used by the tests, by the table in docs/conformance.md and by ``bin/conformance``.
"""

from __future__ import annotations

import atexit
import dataclasses as dc
import functools
import importlib
import json
from collections.abc import Iterator
from contextlib import ExitStack
from fnmatch import fnmatch
from pathlib import Path
from types import ModuleType
from typing import Any

from ckanext.satudatapaser.errors import RejectRecord, RetryLater, SourceError
from ckanext.satudatapaser.harvesters import Kind, declared_settings, load_kind
from ckanext.satudatapaser.harvesters._settings import parse
from ckanext.satudatapaser.intake.decide import decide, prepare
from ckanext.satudatapaser.intake.identity import Known, Seen, is_change_of_identity, key_function, rebinding
from ckanext.satudatapaser.record.model import Issue, Outcome, Record
from conformance.defects import DEFECTS
from conformance.laws import broken
from conformance.neutral import Defect, Fails, Want
from conformance.source import Source, running, session

OWNER = "disdik"
KINDS = Path(__file__).with_name("kinds")
ENDS = {"terbuka": "public", "terbatas": "limited", "tertutup": "closed"}


@dc.dataclass(frozen=True)
class End:
    """How one record ended."""

    ends: str
    key: str
    record: Record | None
    issues: tuple[Issue, ...]
    hash: str = ""


def spelling(kind: str) -> ModuleType:
    """Return the module that spells defects for ``kind``; raises ModuleNotFoundError when the kind has none."""
    return importlib.import_module(f"conformance.kinds.{kind}")


def cases(kind: str) -> tuple[Defect, ...]:
    """Return the defects that exist in the protocol of ``kind``: the shared ones it can say, and its own."""
    module = spelling(kind)
    return tuple(defect for defect in DEFECTS if defect.needs <= module.SAYS) + tuple(module.DEFECTS)


@functools.cache
def _source() -> Source:
    stack = ExitStack()
    atexit.register(stack.close)
    return stack.enter_context(running())


@functools.cache
def problems(kind: str, name: str) -> tuple[str, ...]:
    """Return what differs from what must come when ``kind`` meets the defect called ``name``; empty when it passes."""
    defect = next(defect for defect in cases(kind) if defect.name == name)
    case = Case(kind, defect, _source())
    known = case.known() if defect.before is not None else {}
    error, raws = case.listing(defect.items)
    if error or isinstance(defect.expected, Fails):
        return tuple(case.wrong_failure(error, raws, known))
    return tuple(case.wrong_records(raws, known))


class Case:
    """One kind before one defect."""

    def __init__(self, kind: str, defect: Defect, source: Source) -> None:
        self.module, self.defect, self.source = spelling(kind), defect, source
        self.kind: Kind = load_kind(kind)
        given = {"review": "auto", **self.module.SETTINGS, **defect.settings}
        self.settings = parse(given, declared_settings(self.kind))
        self.url = source.url + self.module.PATH

    def listing(self, items: tuple[Any, ...]) -> tuple[SourceError | RetryLater | None, list[Any]]:
        """Return the error that ended the listing, if any, and the raw records as the engine spools them."""
        self.source.show(self.module, self.defect, items)
        raws: list[Any] = []
        try:
            for page in self.kind.pages(self.url, self.settings, session()):
                raws += page.records
        except (SourceError, RetryLater) as error:
            return error, raws
        return None, [json.loads(json.dumps(raw)) for raw in raws]

    def ends(self, raws: list[Any], known: dict[str, Known]) -> Iterator[End]:
        """Yield how each record ends, by the engine's own functions."""
        key_of = key_function(self.settings["identity"])
        done: set[str] = set()
        for position, raw in enumerate(raws):
            try:
                record = prepare(self.kind.to_record(raw, self.settings), self.url, self.settings)
            except RejectRecord as error:
                yield End("rejected", f"line-{position}", None, (Issue(error.code, error.message),))
                continue
            key = key_of(raw, record) or f"line-{position}"
            if key in done:
                yield End("rejected", key, record, (Issue("identifier-twice", key),))
                continue
            done.add(key)
            decision = decide(record, OWNER, self.settings, {OWNER: "id"})
            yield End(_end(decision, known.get(key)), key, record, decision.issues, decision.hash)

    def known(self) -> dict[str, Known]:
        """Return what the engine remembers after a run over what the source listed before."""
        error, raws = self.listing(self.defect.before or ())
        if error:
            raise error
        found = [end for end in self.ends(raws, {}) if end.record]
        return {
            end.key: Known(end.key, end.key, end.key, end.hash, "added", end.record.title, end.record.publisher,
                           end.record.landing_page)
            for end in found if end.record
        }  # fmt: skip

    def wrong_failure(
        self, error: SourceError | RetryLater | None, raws: list[Any], known: dict[str, Known]
    ) -> Iterator[str]:
        """Yield what is wrong with how the listing failed."""
        expected = self.defect.expected
        if not error and isinstance(expected, Fails) and "identity-changed" in expected.codes:
            if not is_change_of_identity(rebinding(known.values(), self.seen(raws), {}), known.values()):
                yield "reissued identifiers were not noticed"
        elif not error:
            yield f"pages() returned normally after {len(raws)} records: an incomplete listing passes as complete"
        elif not isinstance(expected, Fails):
            yield f"the listing failed with {error.code} ({error.message})"
        elif not any(fnmatch(error.code, code) for code in expected.codes):
            yield f"the listing failed with {error.code}, expected {expected.codes}"
        elif self.source.url not in error.message:
            yield f"{error.code} does not say which source: {error.message}"

    def seen(self, raws: list[Any]) -> list[Seen]:
        """Return what the engine's guards see of a listing."""
        found = [(end.key, end.record) for end in self.ends(raws, {}) if end.record]
        return [Seen(n, key, r.title, r.publisher, r.landing_page, "", 0) for n, (key, r) in enumerate(found)]

    def wrong_records(self, raws: list[Any], known: dict[str, Known]) -> Iterator[str]:
        """Yield what is wrong with the records of a complete listing."""
        expected = self.defect.expected
        found = list(self.ends(raws, known))
        assert not isinstance(expected, Fails)
        if len(found) != len(expected):
            yield f"{len(found)} records came, expected {len(expected)}"
        for number, (end, wanted) in enumerate(zip(found, expected, strict=False), 1):
            yield from (f"record {number}: {text}" for text in _differences(end, wanted))
        for number, end in enumerate(found, 1):
            if end.record and end.ends != "rejected":
                yield from (f"record {number}: {text}" for text in broken(end.record, self.url))


def _end(decision: Any, known: Known | None) -> str:
    if decision.outcome:
        return {Outcome.HELD: "held", Outcome.REJECTED: "rejected"}[decision.outcome]
    if known and known.hash == decision.hash:
        return "unchanged"
    if decision.status != "published":
        return "waiting"
    return ENDS[decision.record.access]


def _differences(end: End, wanted: Want) -> Iterator[str]:
    codes = {issue.code for issue in end.issues}
    if end.ends != wanted.ends:
        yield f"ended {end.ends}, expected {wanted.ends}; issues {sorted(codes)}"
    if not wanted.issues <= codes:
        yield f"issues {sorted(codes)}, expected {sorted(wanted.issues)}"
    if wanted.clean and codes - wanted.issues:
        yield f"unexpected issues {sorted(codes - wanted.issues)}"
    for name, value in wanted.values.items():
        found = _value(end.record, name)
        if found not in (value if isinstance(value, frozenset) else (value,)):
            yield f"{name} is {str(found)[:200]!r}, expected {value!r}"


def _value(record: Record | None, name: str) -> Any:
    """Return a record's field, an SDI field of it, or of its files: ``urls``, ``formats``, ``names``."""
    if record is None:
        return None
    if name in ("urls", "formats", "names"):
        return tuple(getattr(resource, name[:-1]) for resource in record.resources)
    return record.sdi.get(name) if not hasattr(record, name) else getattr(record, name)
