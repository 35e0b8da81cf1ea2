"""Rows of a run: known records in, one row per record out."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from ckan import model
from ckanext.satudatapaser import clock
from ckanext.satudatapaser.intake.identity import Known, Seen
from ckanext.satudatapaser.model import HarvestJob, HarvestObject, HarvestRecord, HarvestSource
from ckanext.satudatapaser.model.harvest import new_id
from ckanext.satudatapaser.record.model import Issue, Outcome
from sqlalchemy.dialects.postgresql import ARRAY, insert

EXCERPT = 2000
KNOWN = [getattr(HarvestObject, name) for name in Known.__dataclass_fields__]
SETTLED = ("added", "updated", "unchanged")
OPEN = ("held", "rejected", "failed")


def marks(source_id: str) -> dict[bytes, str]:
    """Return mark -> id of the records that need no look when they come back word for word."""
    table = HarvestObject
    query = sa.select(table.mark, table.id).where(
        table.source_id == source_id, table.mark.is_not(None), table.package_id.is_not(None),
        table.archived.is_(False), table.outcome.in_(SETTLED),
    )  # fmt: skip
    return {bytes(mark): id for mark, id in model.Session.execute(query)}


def known_records(source_id: str, without: Collection[str] = ()) -> dict[str, Known]:
    """Return all we know of a source's records but those with an id in ``without``, by key, with one query."""
    query = sa.select(*KNOWN).where(HarvestObject.source_id == source_id)
    if without:
        ids = sa.cast(list(without), ARRAY(sa.UnicodeText))
        query = query.where(sa.not_(HarvestObject.id == sa.any_(ids)))
    return {row.key: Known(*row) for row in model.Session.execute(query)}


def strangers(source_id: str) -> dict[str, str]:
    """Return key -> title of the records that any run of a source, as far back as history goes, could not write."""
    table = HarvestRecord
    query = sa.select(table.key, table.title).join(HarvestJob, HarvestJob.id == table.job_id)
    query = query.where(HarvestJob.source_id == source_id, table.outcome.in_(OPEN), table.key != "").distinct()
    return {row.key: row.title for row in model.Session.execute(query)}


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


def write_unchanged(job_id: str, positions: Sequence[tuple[int, str]]) -> None:
    """Add the rows of records (position, object id) that came back word for word; PostgreSQL fills in what it knows."""
    if not positions:
        return
    statement = sa.text(
        "insert into satudata_record (job_id, position, key, title, outcome, stage, issues, package_id, raw, created) "
        "select :job, seen.position, o.key, o.title, 'unchanged', '', o.issues, o.package_id, '', :now "
        "from unnest(cast(:positions as int[]), cast(:ids as text[])) as seen(position, id) "
        "join satudata_object o on o.id = seen.id"
    )
    values = {"positions": [p for p, _ in positions], "ids": [id for _, id in positions]}
    model.Session.execute(statement, {"job": job_id, "now": clock.now(), **values})


def write_unmentioned(job_id: str, source_id: str, mentioned: Collection[str], first: int) -> int:
    """Add an unchanged row for every record that the source did not name among its changes; return how many.

    ``mentioned``: keys that it did name; ``first``: the position that the rows begin at.
    """
    statement = sa.text(
        "insert into satudata_record (job_id, position, key, title, outcome, stage, issues, package_id, raw, created) "
        "select :job, :first + row_number() over (order by o.key), o.key, o.title, 'unchanged', '', o.issues, "
        "o.package_id, '', :now from satudata_object o where o.source_id = :source and o.package_id is not null "
        "and not o.archived and o.missing_runs = 0 and not (o.key = any(cast(:mentioned as text[])))"
    )
    values = {"job": job_id, "source": source_id, "now": clock.now(), "first": first - 1, "mentioned": list(mentioned)}
    return int(model.Session.execute(statement, values).rowcount)


def object_row(source_id: str, seen: Seen, **values: Any) -> dict[str, Any]:
    """Return what is now known of a record, for ``remember``."""
    return {
        "id": new_id(),
        "source_id": source_id,
        "key": seen.key,
        "title": seen.title,
        "publisher": seen.publisher,
        "landing_page": seen.landing_page,
        "missing_since": None,
        "missing_runs": 0,
        "archived": False,
        "first_seen": clock.now(),
        "last_changed": clock.now(),
        **values,
    }


def remember(objects: list[dict[str, Any]]) -> None:
    """Keep what we now know of records, in the present transaction."""
    if not objects:
        return
    statement = insert(HarvestObject)
    stay = ("id", "source_id", "key", "first_seen")
    changed = {name: statement.excluded[name] for name in objects[0] if name not in stay}
    model.Session.execute(statement.on_conflict_do_update(index_elements=["source_id", "key"], set_=changed), objects)


def set_marks(marks: Sequence[tuple[str, bytes, Iterable[Issue]]]) -> None:
    """Keep new marks (object id, mark, what was found) of records that say the same in other words."""
    if marks:
        table = HarvestObject.__table__
        statement = (
            table.update()
            .where(table.c.id == sa.bindparam("of"))
            .values(mark=sa.bindparam("new"), issues=sa.bindparam("found"))
        )
        model.Session.connection().execute(
            statement,
            [{"of": id, "new": mark, "found": [issue.as_dict() for issue in issues]} for id, mark, issues in marks],
        )


def waiting_for_index(source_id: str) -> list[str]:
    """Return ids of datasets of a source that Solr has yet to see."""
    query = sa.select(HarvestObject.package_id).where(
        HarvestObject.source_id == source_id, HarvestObject.needs_index, HarvestObject.package_id.is_not(None)
    )
    return list(model.Session.scalars(query))


def indexed(source_id: str, package_ids: Collection[str]) -> None:
    """Note that Solr has these datasets, in the present transaction."""
    model.Session.execute(
        sa.update(HarvestObject)
        .where(HarvestObject.source_id == source_id, HarvestObject.package_id.in_(package_ids))
        .values(needs_index=False)
    )


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


def cancelled(job_id: str) -> bool:
    """Tell whether a person asked a run to end."""
    return bool(model.Session.scalar(sa.select(HarvestJob.cancel).where(HarvestJob.id == job_id)))


def set_source(source_id: str, **values: Any) -> None:
    """Keep what a run found out about its source, in the present transaction."""
    model.Session.execute(sa.update(HarvestSource).where(HarvestSource.id == source_id).values(**values))


def all_settled(source_id: str) -> bool:
    """Tell whether the last ordinary run of a source finished and left no record held, rejected or failed."""
    last = model.Session.execute(
        sa.select(HarvestJob.state, HarvestJob.counts)
        .where(HarvestJob.source_id == source_id, HarvestJob.dry_run.is_(False), HarvestJob.only_failed.is_(False))
        .where(HarvestJob.state != "running")
        .order_by(HarvestJob.started.desc())
        .limit(1)
    ).first()
    return bool(last) and last.state == "finished" and not any(last.counts.get(key) for key in OPEN)


def came_back(source_id: str, ids: Collection[str]) -> None:
    """Note that records which were missing are there again (archived ones are restored by writing)."""
    query = sa.select(HarvestObject.id).where(
        HarvestObject.source_id == source_id, HarvestObject.missing_runs > 0, HarvestObject.archived.is_(False)
    )
    back = set(model.Session.scalars(query)) & set(ids)
    set_objects(back, missing_runs=0, missing_since=None)
    model.Session.commit()


def still_missing(ids: Collection[str]) -> None:
    """Count one more run in which records were missing, in the present transaction."""
    now = clock.now()
    since = sa.func.coalesce(HarvestObject.missing_since, now)
    set_objects(ids, missing_runs=HarvestObject.missing_runs + 1, missing_since=since)


def close_job(job_id: str, state: str, counts: Mapping[str, int], reason: dict[str, str] | None) -> None:
    """Keep how a run ended, and commit."""
    model.Session.execute(
        sa.update(HarvestJob)
        .where(HarvestJob.id == job_id)
        .values(state=state, counts=dict(counts), reason=reason, finished=clock.now())
    )
    model.Session.commit()


def keys(ids: Collection[str]) -> list[str]:
    """Return the keys of records by their ids."""
    return list(model.Session.scalars(sa.select(HarvestObject.key).where(HarvestObject.id.in_(ids)))) if ids else []


def taken_keys(source_id: str, ids: Collection[str], wanted: Collection[str]) -> set[str]:
    """Return those of the ``wanted`` keys that belong to records with an id in ``ids``."""
    if not ids or not wanted:
        return set()
    table = HarvestObject
    named = sa.cast(list(wanted), ARRAY(sa.UnicodeText))
    query = sa.select(table.id, table.key).where(table.source_id == source_id, table.key == sa.any_(named))
    taken = set(ids)
    return {row.key for row in model.Session.execute(query) if row.id in taken}
