"""The shapes that travel through the pipeline; every stage takes and returns these.

Used by the source kinds, intake, province and curation. Field names follow CKAN where CKAN has one, and the
national SDI schema (keys such as ``accrualPeriodicity``) in ``Record.sdi``.
"""

from __future__ import annotations

import dataclasses as dc
import enum
from collections.abc import Mapping
from typing import Any, Literal

Access = Literal["terbuka", "terbatas", "tertutup"]
"""The three access classes of Satu Data Indonesia."""


class Severity(enum.StrEnum):
    """How bad an issue is: an error keeps the record out, a warning is kept beside it."""

    ERROR = "error"
    WARNING = "warning"


@dc.dataclass(frozen=True, slots=True)
class Issue:
    """One finding about one field: what is wrong, where, what was expected, what to do.

    ``code`` is stable and English (``frequency-unknown``); ``message`` is Indonesian and complete;
    ``field`` is a key of the schema or of the source, ``stage`` the pipeline stage that found it. ``value`` is what the
    finding is about as the source wrote it ("" when it wrote nothing), None when it is about no value.
    """

    code: str
    message: str
    field: str = ""
    severity: Severity = Severity.ERROR
    stage: str = "validate"
    value: str | None = None

    def as_dict(self) -> dict[str, str]:
        """Return the issue as plain strings for JSON and the record table."""
        return {key: str(value) for key, value in dc.asdict(self).items() if value is not None}


def warning(code: str, message: str, field: str, value: str | None = None) -> Issue:
    """Return what normalising repaired or left out, as an issue that is kept beside the record."""
    return Issue(code, message, field, Severity.WARNING, "normalise", value)


@dc.dataclass(frozen=True, slots=True)
class Resource:
    """One file or service of a record. ``source_id`` is what the source calls it, never used as our id."""

    url: str
    name: str = ""
    description: str = ""
    format: str = ""
    mimetype: str = ""
    source_id: str = ""


@dc.dataclass(frozen=True, slots=True)
class Record:
    """One dataset as a source describes it, in our words.

    ``identifier``, ``landing_page``, ``publisher`` are the source's own; ``access`` is None when the source
    states no class (then the source's default decides, or the record is held). ``access_stated`` keeps the
    source's own words. ``modified`` and ``issued`` are ISO dates or date-times as text, "" when unknown.
    ``sdi`` holds further schema fields by their SDI key; values are text or lists of text.
    ``issues`` are repairs and findings so far.
    """

    title: str
    identifier: str = ""
    landing_page: str = ""
    publisher: str = ""
    notes: str = ""
    access: Access | None = None
    access_stated: str = ""
    license_id: str = ""
    issued: str = ""
    modified: str = ""
    tags: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    resources: tuple[Resource, ...] = ()
    contact_name: str = ""
    contact_email: str = ""
    sdi: Mapping[str, str | tuple[str, ...]] = dc.field(default_factory=dict)
    issues: tuple[Issue, ...] = ()

    def noting(self, *issues: Issue) -> Record:
        """Return this record with ``issues`` added."""
        return dc.replace(self, issues=(*self.issues, *issues))


Raw = Mapping[str, Any]
"""One record exactly as the source gave it."""


class Outcome(enum.StrEnum):
    """How a record ended in a run. Each record of a listing ends in exactly one of the first six."""

    ADDED = "added"  # created in the catalogue: public, waiting or closed
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    HELD = "held"  # not created, waits for a decision
    REJECTED = "rejected"  # not created, invalid
    FAILED = "failed"  # our fault or the machine's: tried again next time
    MISSING = "missing"  # known, absent from this listing
    ARCHIVED = "archived"  # absent long enough: private, with a note
    RESTORED = "restored"  # came back after it was archived (counted beside updated)
