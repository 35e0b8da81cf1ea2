"""Rows of a run: known records in, one row per record out."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

import sqlalchemy as sa
from ckan import model
from ckanext.satudatapaser import clock
from ckanext.satudatapaser.intake.identity import Known, Seen
from ckanext.satudatapaser.model import HarvestJob, HarvestObject, HarvestRecord
from ckanext.satudatapaser.record.model import Issue, Outcome
from sqlalchemy.dialects.postgresql import insert

EXCERPT = 2000
KNOWN = [getattr(HarvestObject, name) for name in Known.__dataclass_fields__]


def known_records(source_id: str) -> dict[str, Known]:
    """Return all we know of a source's records, by key, with one query."""
    rows = model.Session.execute(sa.select(*KNOWN).where(HarvestObject.source_id == source_id))
    return {row.key: Known(*row) for row in rows}


def row(
    job_id: str,
    seen: Seen,
    outcome: Outcome,
    issues: Iterable[Issue] = (),
    package_id: str | None = None,
    raw: Any = None,
) -> dict[str, Any]:
    """Return the row of one record in one run; held, rejected and failed ones carry an excerpt of the raw record."""
    found = [issue.as_dict() for issue in issues]
    stage = next((issue["stage"] for issue in found if issue["severity"] == "error"), "")
    excerpt = json.dumps(raw, ensure_ascii=False)[:EXCERPT].replace("\\u0000", "") if raw is not None else ""
    return {
        "job_id": job_id,
        "position": seen.position,
        "key": seen.key,
        "title": seen.title,
        "outcome": str(outcome),
        "stage": stage,
        "issues": found,
        "package_id": package_id,
        "raw": excerpt,
        "created": clock.now(),
    }


def write_rows(rows: list[dict[str, Any]]) -> None:
    """Add rows to the present transaction."""
    if rows:
        model.Session.execute(sa.insert(HarvestRecord), rows)


def remember(source_id: str, seen: Seen, **values: Any) -> None:
    """Keep what we now know of a record, in the present transaction."""
    always = {
        "title": seen.title,
        "publisher": seen.publisher,
        "landing_page": seen.landing_page,
        "missing_since": None,
        "missing_runs": 0,
        "archived": False,
        "last_changed": clock.now(),
        **values,
    }
    statement = insert(HarvestObject).values(source_id=source_id, key=seen.key, **always)
    model.Session.execute(statement.on_conflict_do_update(index_elements=["source_id", "key"], set_=always))


def set_objects(ids: Iterable[str], **values: Any) -> None:
    """Change objects by id, in the present transaction."""
    ids = list(ids)
    if ids:
        model.Session.execute(sa.update(HarvestObject).where(HarvestObject.id.in_(ids)).values(**values))


def close_dead_jobs(source_id: str) -> None:
    """Close runs of a source that are marked running; only called while holding the source's lease."""
    reason = {
        "code": "run-died",
        "message": "Penarikan terputus sebelum selesai.",
        "hint": "Penarikan berikutnya melanjutkan.",
    }
    model.Session.execute(
        sa.update(HarvestJob)
        .where(HarvestJob.source_id == source_id, HarvestJob.state == "running")
        .values(state="failed", reason=reason, finished=clock.now())
    )
    model.Session.commit()


def beat(job_id: str, counts: Mapping[str, int]) -> None:
    """Say that a run lives and how far it is, in the present transaction."""
    model.Session.execute(
        sa.update(HarvestJob).where(HarvestJob.id == job_id).values(heartbeat=clock.now(), counts=dict(counts))
    )
