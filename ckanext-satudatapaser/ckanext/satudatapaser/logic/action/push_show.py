"""Actions that read what pushes did: their runs, and where one dataset stands."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from ckan import model
from ckan.plugins import toolkit as tk
from ckanext.satudatapaser.logic.targets import MOST, remote_url, run_dict, target_by_name
from ckanext.satudatapaser.model import PushChange, PushLedger, PushRun, PushTarget

Context = Any


@tk.side_effect_free
def satudata_push_run_list(context: Context, data_dict: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the pushes to a target, the newest first. Walidata only.

    :param target: name of the target
    :param limit: how many, 20 unless given
    """
    tk.check_access("satudata_push_run_list", context, data_dict)
    target = target_by_name(data_dict)
    query = sa.select(PushRun).where(PushRun.target_id == target.id).order_by(PushRun.started.desc())
    return [run_dict(run) for run in model.Session.scalars(query.limit(min(int(data_dict.get("limit") or 20), MOST)))]


@tk.side_effect_free
def satudata_push_run_show(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Return one push; of a dry run also ``changes``: name, action and fields of each dataset. Walidata only.

    :param id: id of the push
    """
    tk.check_access("satudata_push_run_show", context, data_dict)
    run = model.Session.get(PushRun, tk.get_or_bust(data_dict, "id"))
    if run is None:
        raise tk.ObjectNotFound(tk._("There is no such push."))
    target = model.Session.get(PushTarget, run.target_id)
    return {**run_dict(run), "target": target.name, "changes": run.changes}


@tk.side_effect_free
def satudata_push_dataset_show(context: Context, data_dict: dict[str, Any]) -> list[dict[str, Any]]:
    """Return where one dataset stands at each target. Walidata only.

    :param id: name or id of the dataset
    :returns: of each: target, state, reasons, last_error, ``fault`` (the same as code, message, hint and values), remote_url,
        pushed_at
    """
    tk.check_access("satudata_push_dataset_show", context, data_dict)
    package = model.Package.get(tk.get_or_bust(data_dict, "id"))
    if package is None:
        raise tk.ObjectNotFound(tk._("There is no such dataset."))
    query = (
        sa.select(PushTarget, PushLedger)
        .join(PushLedger, PushLedger.target_id == PushTarget.id)
        .where(PushLedger.package_id == package.id)
        .order_by(PushTarget.name)
    )
    return [_standing(target, row) for target, row in model.Session.execute(query)]


def _standing(target: PushTarget, row: PushLedger) -> dict[str, Any]:
    return {
        "target": target.name,
        **{name: getattr(row, name) for name in ("state", "reasons", "last_error", "fault")},
        "remote_url": remote_url(target, row),
        "pushed_at": row.pushed_at.isoformat() if row.pushed_at else None,
    }


def _change(change: PushChange) -> dict[str, Any]:
    values = {name: getattr(change, name) for name in ("before", "after", "why", "fault")}
    return {**values, "moment": change.moment.isoformat()}


@tk.side_effect_free
def satudata_push_standing_show(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Return where one dataset stands at one target, what was last sent there, and how it came to that. Walidata only.

    :param target: name of the target
    :param id: name or id of the dataset; the id also when it was purged
    :param limit: how many changes, 50 unless given, 1000 at most
    :param offset: how many of the newest changes to leave out (optional)
    :returns: package_id, name and title (None when it was purged), state, reasons, last_error, ``fault`` (the same as code,
        message, hint and values), attempts, next_try, remote_url, pushed_at, ``pushed`` (the values last written there),
        ``count`` and ``changes``, the newest first: of each moment, before ("" at first), after, why (codes of reasons, or the
        error), ``fault`` (parts of that error), ``run`` (id of the push that it happened in; None when a person decided, or that
        push is no longer kept)
    """
    tk.check_access("satudata_push_standing_show", context, data_dict)
    target, given = target_by_name(data_dict), tk.get_or_bust(data_dict, "id")
    package = model.Package.get(given)
    id = package.id if package else given
    here = (PushLedger.target_id == target.id, PushLedger.package_id == id)
    row = model.Session.scalar(sa.select(PushLedger).where(*here))
    if row is None:
        raise tk.ObjectNotFound(tk._("This dataset never stood at this target."))
    where = (PushChange.target_id == target.id, PushChange.package_id == id)
    query = (
        sa.select(PushChange, _run_of_change())
        .where(*where)
        .order_by(PushChange.id.desc())
        .limit(min(int(data_dict.get("limit") or 50), MOST))
        .offset(int(data_dict.get("offset") or 0))
    )
    return {
        **_standing(target, row),
        "name": package.name if package else None,
        "title": package.title if package else None,
        **{name: getattr(row, name) for name in ("package_id", "attempts", "pushed")},
        "next_try": row.next_try.isoformat() if row.next_try else None,
        "count": model.Session.scalar(sa.select(sa.func.count()).select_from(PushChange).where(*where)),
        "changes": [{**_change(change), "run": run} for change, run in model.Session.execute(query)],
    }


def _run_of_change() -> Any:
    """Return the id of the push that was under way at the moment of a change; a target has one at a time."""
    return (
        sa.select(PushRun.id)
        .where(
            PushRun.target_id == PushChange.target_id,
            PushRun.dry_run.is_(False),
            sa.or_(PushRun.package_id.is_(None), PushRun.package_id == PushChange.package_id),
            PushRun.started <= PushChange.moment,
            sa.or_(PushRun.finished.is_(None), PushRun.finished >= PushChange.moment),
        )
        .order_by(PushRun.started.desc())
        .limit(1)
        .correlate(PushChange)
        .scalar_subquery()
    )


@tk.side_effect_free
def satudata_push_history_list(context: Context, data_dict: dict[str, Any]) -> list[dict[str, Any]]:
    """Return changes of state in the ledger of a target, the newest first. Walidata only.

    :param target: name of the target
    :param id: name or id of a dataset: only its changes (optional)
    :param limit: how many, 100 unless given, 1000 at most
    :returns: of each: package_id, name, moment, before ("" at first), after, why (codes of reasons, or the error), ``fault``
        (parts of that error)
    """
    tk.check_access("satudata_push_history_list", context, data_dict)
    query = (
        sa.select(PushChange, model.Package.name)
        .join(PushTarget, PushTarget.id == PushChange.target_id)
        .outerjoin(model.Package, model.Package.id == PushChange.package_id)
        .where(PushTarget.name == tk.get_or_bust(data_dict, "target"))
        .order_by(PushChange.id.desc())
        .limit(min(int(data_dict.get("limit") or 100), MOST))
    )
    if data_dict.get("id"):
        package = model.Package.get(data_dict["id"])
        query = query.where(PushChange.package_id == (package.id if package else data_dict["id"]))
    return [
        {**_change(change), "package_id": change.package_id, "name": name}
        for change, name in model.Session.execute(query)
    ]
