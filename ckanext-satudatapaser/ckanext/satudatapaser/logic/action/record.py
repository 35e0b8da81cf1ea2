"""Actions on what happened to records: listing them, counting them, finding what keeps them out, and what vanished."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from ckan import model
from ckan.plugins import toolkit as tk
from ckanext.satudatapaser.logic.sources import parsed_settings, source_by_name
from ckanext.satudatapaser.model import HarvestJob, HarvestObject, HarvestRecord
from sqlalchemy.dialects.postgresql import JSONB

Context = Any
MOST = 1000
SHOWN = ("position", "key", "title", "outcome", "stage", "issues", "package_id", "raw")


def _last_listing(source_id: str) -> str | None:
    """Return the last run of a source that compared what is known with a whole listing."""
    query = sa.select(HarvestJob.id).where(
        HarvestJob.source_id == source_id,
        HarvestJob.dry_run.is_(False),
        HarvestJob.only_failed.is_(False),
        sa.or_(HarvestJob.state == "finished", HarvestJob.reason["code"].astext == "too-many-missing"),
    )
    found: str | None = model.Session.scalar(query.order_by(HarvestJob.started.desc()).limit(1))
    return found


def _job_id(source_id: str, wanted: str | None) -> str | None:
    """Return the run ``wanted`` if it is one of the source's, or without it the source's last run that was no dry run."""
    query = sa.select(HarvestJob.id).where(HarvestJob.source_id == source_id)
    query = query.where(HarvestJob.id == wanted) if wanted else query.where(HarvestJob.dry_run.is_(False))
    found: str | None = model.Session.scalar(query.order_by(HarvestJob.started.desc()).limit(1))
    return found


@tk.side_effect_free
def satudata_record_list(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Return the records of a source's last run (or of the run ``job``) in the listing's order. Walidata only.

    :param name: name of the source
    :param job: id of a run (optional)
    :param outcome: only records that ended so: added, updated, unchanged, held, rejected, failed (optional)
    :param stage: only records that were kept out at this stage: map, identity, validate, … (optional)
    :param code: only records with this finding, e.g. ``access-unknown`` (optional)
    :param q: only records with this text in title or key (optional)
    :param limit: how many, 100 unless given, 1000 at most
    :param offset: how many to leave out (optional)
    :returns: ``count``, ``job`` and ``records``
    """
    tk.check_access("satudata_record_list", context, data_dict)
    job_id = _job_id(source_by_name(data_dict).id, data_dict.get("job"))
    where = [HarvestRecord.job_id == job_id]
    where += [getattr(HarvestRecord, key) == data_dict[key] for key in ("outcome", "stage") if data_dict.get(key)]
    if data_dict.get("code"):
        where.append(HarvestRecord.issues.contains([{"code": data_dict["code"]}]))
    if data_dict.get("q"):
        columns = (HarvestRecord.title, HarvestRecord.key)
        where.append(sa.or_(*(column.icontains(str(data_dict["q"]), autoescape=True) for column in columns)))
    count = model.Session.scalar(sa.select(sa.func.count()).select_from(HarvestRecord).where(*where))
    query = sa.select(HarvestRecord).where(*where).order_by(HarvestRecord.position)
    limit = min(int(data_dict.get("limit") or 100), MOST)
    rows = model.Session.scalars(query.limit(limit).offset(int(data_dict.get("offset") or 0)))
    return {"count": count, "job": job_id, "records": [{name: getattr(row, name) for name in SHOWN} for row in rows]}


@tk.side_effect_free
def satudata_record_summary(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Count the records of a source's last run (or of the run ``job``), and say what keeps records out. Walidata only.

    :param name: name of the source
    :param job: id of a run (optional)
    :returns: ``job``; ``outcomes`` and ``stages`` (name to count); ``issues`` (``code``, ``severity``, ``count`` of records,
        ``example`` message, ``value`` that such a finding is about, the most frequent first); ``held`` (held records by
        cause: ``code``, ``message``, ``value`` that the source wrote ("" for nothing, null when it is about no value),
        ``count``, ``example`` title, the most frequent first)
    """
    tk.check_access("satudata_record_summary", context, data_dict)
    job_id = _job_id(source_by_name(data_dict).id, data_dict.get("job"))
    of_job = HarvestRecord.job_id == job_id

    def counts(column: Any) -> dict[str, int]:
        query = sa.select(column, sa.func.count()).where(of_job, column != "").group_by(column)
        return {row[0]: row[1] for row in model.Session.execute(query)}

    issue = sa.func.jsonb_array_elements(HarvestRecord.issues, type_=JSONB).column_valued(
        "issue", joins_implicitly=True
    )
    code, severity, message, value = (issue[key].astext for key in ("code", "severity", "message", "value"))
    many = sa.func.count(HarvestRecord.id.distinct())  # a record may have one finding about several of its files

    def example(column: Any) -> Any:
        return sa.func.min(column.collate("C"))  # any will do: bytes are faster to compare than words

    issues = (
        sa.select(code, severity, many, example(message), example(value))
        .where(of_job)
        .group_by(code, severity)
        .order_by(many.desc(), code)
    )
    names = ("code", "severity", "count", "example", "value")
    held = (
        sa.select(code, message, value, sa.func.count(), example(HarvestRecord.title))
        .where(of_job, HarvestRecord.outcome == "held", severity == "error")
        .group_by(code, message, value)
        .order_by(sa.func.count().desc(), message)
    )
    return {
        "job": job_id,
        "outcomes": counts(HarvestRecord.outcome),
        "stages": counts(HarvestRecord.stage),
        "issues": [dict(zip(names, row, strict=True)) for row in model.Session.execute(issues)],
        "held": [
            dict(zip(("code", "message", "value", "count", "example"), row, strict=True))
            for row in model.Session.execute(held)
        ],
    }


@tk.side_effect_free
def satudata_missing_list(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Return the datasets whose records a source no longer lists, and that are not archived yet. Walidata only.

    :param name: name of the source
    :param limit: how many, 100 unless given, 1000 at most
    :param offset: how many to leave out (optional)
    :returns: ``count``, ``known`` (how many datasets of the source there are), ``job`` and ``records`` (``key``, ``title``,
        ``publisher``, ``package_id``, ``missing_since``, ``missing_runs``), by title
    """
    tk.check_access("satudata_missing_list", context, data_dict)
    source = source_by_name(data_dict)
    job_id = _last_listing(source.id)
    alive = (
        HarvestObject.source_id == source.id,
        HarvestObject.package_id.is_not(None),
        HarvestObject.archived.is_(False),
    )
    seen = sa.select(HarvestRecord.id).where(HarvestRecord.job_id == job_id, HarvestRecord.key == HarvestObject.key)
    # the run that met too many stopped before it noted any; a run that asks for changes only proves nothing by its rows
    stopped = sa.select(HarvestJob.id).where(
        HarvestJob.id == job_id, HarvestJob.reason["code"].astext == "too-many-missing"
    )
    gone = (*alive, sa.or_(HarvestObject.missing_runs > 0, sa.and_(sa.exists(stopped), ~sa.exists(seen))))
    names = ("key", "title", "publisher", "package_id", "missing_since", "missing_runs")
    query = sa.select(*(getattr(HarvestObject, name) for name in names)).where(*gone).order_by(HarvestObject.title)
    limit = min(int(data_dict.get("limit") or 100), MOST)
    rows = model.Session.execute(query.limit(limit).offset(int(data_dict.get("offset") or 0)))

    def count(where: tuple[Any, ...]) -> int:
        return model.Session.scalar(sa.select(sa.func.count()).select_from(HarvestObject).where(*where)) or 0

    records = [dict(zip(names, row, strict=True)) for row in rows]
    for record in records:
        record["missing_since"] = record["missing_since"].isoformat() if record["missing_since"] else None
    return {"count": count(gone), "known": count(alive), "job": job_id, "records": records}


def satudata_publisher_map(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Say which of our organisations a source's publishers are; the rest of its mapping stays. Walidata only.

    It takes effect with the source's next run.

    :param name: name of the source
    :param publishers: object: publisher as the source writes it -> name of our organisation
    :returns: the source
    """
    tk.check_access("satudata_publisher_map", context, data_dict)
    source = source_by_name(data_dict)
    publishers = {str(theirs): str(ours) for theirs, ours in dict(data_dict.get("publishers") or {}).items() if ours}
    if not publishers:
        raise tk.ValidationError({"publishers": [tk._("Choose an organisation for at least one publisher.")]})
    known = model.Session.scalars(
        sa.select(model.Group.name).where(
            model.Group.name.in_(set(publishers.values())), model.Group.is_organization, model.Group.state == "active"
        )
    )
    unknown = set(publishers.values()) - set(known)
    if unknown:
        raise tk.ValidationError(
            {"publishers": [tk._("There is no such organisation.") + f" ({', '.join(sorted(unknown))})"]}
        )
    merged = {**(parsed_settings(source)["organization_map"] or {}), **publishers}
    values = {"name": source.name, "settings": {"organization_map": merged}}
    changed: dict[str, Any] = tk.get_action("satudata_source_update")({"user": context.get("user")}, values)
    return changed


def satudata_access_map(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Say what a source's own words about access mean; the rest of its list stays. Walidata only.

    It takes effect with the source's next run.

    :param name: name of the source
    :param words: object: words as the source writes them -> terbuka, terbatas or tertutup
    :returns: the source
    """
    tk.check_access("satudata_access_map", context, data_dict)
    source = source_by_name(data_dict)
    words = {str(theirs): str(access) for theirs, access in dict(data_dict.get("words") or {}).items() if access}
    if not words:
        raise tk.ValidationError({"words": [tk._("Choose an access class.")]})
    merged = {**(parsed_settings(source)["access_words"] or {}), **words}
    values = {"name": source.name, "settings": {"access_words": merged}}
    changed: dict[str, Any] = tk.get_action("satudata_source_update")({"user": context.get("user")}, values)
    return changed
