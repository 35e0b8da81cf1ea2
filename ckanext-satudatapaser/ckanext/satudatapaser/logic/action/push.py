"""Actions on targets and pushes."""

from __future__ import annotations

import dataclasses as dc
import re
from typing import Any
from urllib.parse import urlsplit

import sqlalchemy as sa
from ckan import model
from ckan.plugins import toolkit as tk
from ckanext.satudatapaser import clock, config
from ckanext.satudatapaser.errors import SatuDataError
from ckanext.satudatapaser.intake.documents import Shown
from ckanext.satudatapaser.model import PushLedger, PushRun, PushTarget
from ckanext.satudatapaser.net.session import guarded_session
from ckanext.satudatapaser.province import ledger, mapping
from ckanext.satudatapaser.province.check import check
from ckanext.satudatapaser.province.push import accept_theirs, push, quiet
from ckanext.satudatapaser.province.remote import Remote
from ckanext.satudatapaser.upkeep import queue
from ckanext.satudatapaser.upkeep.after_push import after_push
from ckanext.satudatapaser.upkeep.cron import next_after
from ckanext.satudatapaser.upkeep.notice import recipients

Context = Any
NAME = re.compile(r"[a-z0-9][a-z0-9_-]{1,62}")
SETTINGS = ("organization", "organization_map", "restricted_metadata", "schedule", "on_change", "notify")
MOST = 1000


def target_by_name(data_dict: dict[str, Any]) -> PushTarget:
    """Return the target named in ``data_dict``; raises ObjectNotFound."""
    name = tk.get_or_bust(data_dict, "target")
    found = model.Session.scalar(sa.select(PushTarget).where(PushTarget.name == name))
    if found is None:
        raise tk.ObjectNotFound(tk._("There is no target called %(name)s.") % {"name": name})
    return found


def _mapping(name: str) -> mapping.FieldMapping:
    return mapping.load(config.config_dir() / "province", name)


def _remote(target: PushTarget) -> Remote:
    return Remote(target.url, guarded_session(target.secret))


def _as_dict(target: PushTarget) -> dict[str, Any]:
    last = model.Session.scalar(
        sa.select(PushRun)
        .where(PushRun.target_id == target.id, PushRun.dry_run.is_(False), PushRun.package_id.is_(None))
        .order_by(PushRun.started.desc())
        .limit(1)
    )
    states = model.Session.execute(
        sa.select(PushLedger.state, sa.func.count()).where(PushLedger.target_id == target.id).group_by(PushLedger.state)
    ).all()
    run = run_dict(last) if last else None
    names = ("name", "url", "secret", "mapping", "settings", "active")
    return {**{name: getattr(target, name) for name in names}, "states": dict(map(tuple, states)), "last_run": run,
            "next_run": target.next_run.isoformat() if target.next_run else None,
            "failing_since": target.failing_since.isoformat() if target.failing_since else None}  # fmt: skip


def run_dict(run: PushRun) -> dict[str, Any]:
    """Return a push as plain data, without what a dry run found."""
    values = {key: getattr(run, key) for key in ("id", "state", "dry_run", "package_id", "counts", "reason")}
    return {
        **values,
        "started": run.started.isoformat(),
        "finished": run.finished.isoformat() if run.finished else None,
    }


def _check(values: dict[str, Any]) -> None:
    errors: dict[str, list[str]] = {}
    if not NAME.fullmatch(values["name"]):
        errors["target"] = [tk._("Expected 2-63 lower-case letters, digits, - or _.")]
    parts = urlsplit(values["url"])
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username or parts.password:
        errors["url"] = [tk._("Expected an http:// or https:// address without a password in it.")]
    unknown = sorted(set(values["settings"]) - set(SETTINGS))
    if unknown:
        errors["settings"] = [
            tk._("Unknown: %(unknown)s; expected one of: %(expected)s.")
            % {"unknown": ", ".join(unknown), "expected": ", ".join(SETTINGS)}
        ]
    try:
        _mapping(values["mapping"])
    except SatuDataError as error:
        errors["mapping"] = [str(error)]
    try:
        recipients(str(values["settings"].get("notify") or ""))
        values["next_run"] = next_after(str(values["settings"].get("schedule") or ""), clock.now())
    except SatuDataError as error:
        errors.setdefault("settings", []).append(str(error))
    if errors:
        raise tk.ValidationError(errors)


def satudata_push_target_create(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Add a CKAN that our datasets are pushed to. Walidata only.

    :param target: short name, lower case
    :param url: address of its front page
    :param secret: NAME of the secret that holds its API token (never the token itself)
    :param mapping: name of the field mapping in config/province, ``kaltim`` unless given
    :param settings: object with ``organization`` (theirs, for all datasets) or ``organization_map`` (ours -> theirs),
        ``restricted_metadata`` (true: metadata of terbatas datasets go up too, without files), ``schedule`` (when to push
        by itself, cron-like, WITA), ``on_change`` (true: also a minute after the catalogue's last change), ``notify`` (who is
        told when pushes begin to fail and when they are well again: mail or https addresses, separated by commas; else the
        installation's default)
    :returns: the target
    """
    tk.check_access("satudata_push_target_create", context, data_dict)
    values = {
        "name": tk.get_or_bust(data_dict, "target"),
        "url": tk.get_or_bust(data_dict, "url"),
        "secret": data_dict.get("secret") or "",
        "mapping": data_dict.get("mapping") or "kaltim",
        "settings": dict(data_dict.get("settings") or {}),
    }
    _check(values)
    if model.Session.scalar(sa.select(PushTarget.id).where(PushTarget.name == values["name"])):
        raise tk.ValidationError({"target": [tk._("There is a target of this name already.")]})
    target = PushTarget(**values)
    model.Session.add(target)
    model.Session.commit()
    return _as_dict(target)


def satudata_push_target_update(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Change a target's address, secret's name, mapping or settings. Walidata only.

    :param target: name of the target
    :param settings: settings to change; the others stay
    :returns: the target
    """
    tk.check_access("satudata_push_target_update", context, data_dict)
    target = target_by_name(data_dict)
    values = {key: getattr(target, key) for key in ("name", "url", "secret", "mapping")}
    values |= {key: data_dict[key] for key in ("url", "secret", "mapping") if data_dict.get(key)}
    values["settings"] = {**target.settings, **(data_dict.get("settings") or {})}
    _check(values)
    for key, value in values.items():
        setattr(target, key, value)
    model.Session.commit()
    return _as_dict(target)


@tk.side_effect_free
def satudata_push_target_list(context: Context, data_dict: dict[str, Any]) -> list[dict[str, Any]]:
    """Return all targets, each with the number of datasets in each state and its last run. Walidata only."""
    tk.check_access("satudata_push_target_list", context, data_dict)
    return [_as_dict(target) for target in model.Session.scalars(sa.select(PushTarget).order_by(PushTarget.name))]


def satudata_push_run(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Push what is eligible to a target now, in this process, and return the counts. Walidata only.

    :param target: name of the target
    :param dry_run: true to find out what would be sent without writing anything, here or there
    :param id: name or id of the one dataset to be pushed (optional)
    :returns: target, state, created, updated, unchanged, withdrawn, skipped, conflict, failed, requests, seconds
    """
    tk.check_access("satudata_push_run", context, data_dict)
    target, only = target_by_name(data_dict), _package_id(data_dict)
    name, dry_run = target.name, tk.asbool(data_dict.get("dry_run", False))
    try:
        fields, remote = _mapping(target.mapping), _remote(target)
    except SatuDataError as error:
        after_push(name, {"state": "failed", "dry_run": dry_run, "reason": error.as_dict()})
        raise tk.ValidationError({"target": [str(error)]}) from error
    progress = context.get("satudata_progress") or quiet
    result = push(target, fields, remote, Shown().customs, dry_run=dry_run, only=only, progress=progress)
    if not only:  # one dataset says nothing about the whole target
        after_push(name, result)
    return result


def _package_id(data_dict: dict[str, Any]) -> str | None:
    if not data_dict.get("id"):
        return None
    package = model.Package.get(data_dict["id"])
    if package is None:
        raise tk.ObjectNotFound(tk._("There is no such dataset."))
    return str(package.id)


def satudata_push_enqueue(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Let a worker push to a target as soon as it can; a push that waits or runs already is not queued again.

    Walidata only.

    :param target: name of the target
    :param dry_run: true to find out what would be sent; satudata_push_run_show has the result (optional)
    :param id: name or id of the one dataset to be pushed (optional)
    :returns: ``task`` (id of the background job) and ``queued`` (false when it waited or ran already)
    """
    tk.check_access("satudata_push_enqueue", context, data_dict)
    target, only = target_by_name(data_dict), _package_id(data_dict)
    return put_in_queue(target.name, context.get("user") or "", tk.asbool(data_dict.get("dry_run", False)), only)


def put_in_queue(name: str, user: str, dry_run: bool = False, only: str | None = None) -> dict[str, Any]:
    """Queue a push to the target called ``name`` unless the same waits or runs."""
    task = " ".join(word for word in ("push", name, "dry" if dry_run else "", only or "") if word)
    queued = queue.put(task, run_in_background, [name, user, dry_run, only])
    return {"task": queue.task_id(task), "queued": queued}


def run_in_background(name: str, user: str, dry_run: bool = False, only: str | None = None) -> None:
    """Push as ``user``; what a worker calls."""
    tk.get_action("satudata_push_run")({"user": user}, {"target": name, "dry_run": dry_run, "id": only})


def satudata_push_check(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Ask a target what a push can expect: version, rights of the token, organisations, required fields. Walidata only.

    :param target: name of the target
    :returns: ``ok`` and ``findings``
    """
    tk.check_access("satudata_push_check", context, data_dict)
    target = target_by_name(data_dict)
    try:
        findings = check(_remote(target), _mapping(target.mapping), target.settings)
    except SatuDataError as error:
        raise tk.ValidationError({"target": [str(error)]}) from error
    return {
        "target": target.name,
        "ok": all(finding.ok for finding in findings),
        "findings": [dc.asdict(finding) for finding in findings],
    }


@tk.side_effect_free
def satudata_push_ledger_list(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Return where each dataset stands at a target. Walidata only.

    :param target: name of the target
    :param state: only rows in this state: pending, ok, conflict, failed, withdrawn, not_eligible (optional)
    :param q: only datasets with these words in their title or name (optional)
    :param limit: how many, 100 unless given, 1000 at most
    :param offset: how many to leave out (optional)
    :returns: ``count`` and ``rows``
    """
    tk.check_access("satudata_push_ledger_list", context, data_dict)
    target = target_by_name(data_dict)
    where = [PushLedger.target_id == target.id]
    if data_dict.get("state"):
        where.append(PushLedger.state == data_dict["state"])
    for word in str(data_dict.get("q") or "").split():
        like = sa.func.lower(model.Package.title + " " + model.Package.name)
        where.append(like.contains(word.lower(), autoescape=True))
    found = (
        sa.select(PushLedger, model.Package.name, model.Package.title, model.Package.metadata_modified)
        .outerjoin(model.Package, model.Package.id == PushLedger.package_id)
        .where(*where)
    )
    count = model.Session.scalar(sa.select(sa.func.count()).select_from(found.subquery()))
    query = (
        found.order_by(model.Package.name)
        .limit(min(int(data_dict.get("limit") or 100), MOST))
        .offset(int(data_dict.get("offset") or 0))
    )
    names = ("package_id", "remote_id", "state", "reasons", "attempts", "last_error")
    rows = [
        {
            "name": name,
            "title": title,
            **{key: getattr(row, key) for key in names},
            "remote_url": remote_url(target, row),
            "modified": modified.isoformat() + "Z" if modified else None,
            "pushed_at": row.pushed_at.isoformat() if row.pushed_at else None,
            "next_try": row.next_try.isoformat() if row.next_try else None,
        }
        for row, name, title, modified in model.Session.execute(query)
    ]
    return {"count": count, "target": target.name, "rows": rows}


def remote_url(target: PushTarget, row: PushLedger) -> str:
    """Return the page of a dataset's copy at a target, "" when it has none that everybody sees."""
    there = row.remote_id and row.state not in ("withdrawn", "not_eligible")
    return f"{target.url.rstrip('/')}/dataset/{row.remote_id}" if there else ""


def satudata_push_resolve(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Decide a conflict: the dataset was changed at the target by hand. Walidata only.

    :param target: name of the target
    :param id: name or id of the dataset
    :param keep: ``ours`` (the next push writes our values), ``theirs`` (theirs stay; later only what we change from now on is
        written) or ``both`` (ours in the fields that we changed since the last push, theirs in the others)
    :returns: the new state
    """
    tk.check_access("satudata_push_resolve", context, data_dict)
    target, keep = target_by_name(data_dict), tk.get_or_bust(data_dict, "keep")
    if keep not in ("ours", "theirs", "both"):
        raise tk.ValidationError({"keep": [tk._("Expected ours, theirs or both.")]})
    package = model.Package.get(tk.get_or_bust(data_dict, "id"))
    row = ledger.rows(target.id).get(package.id) if package else None
    if row is None or row.state != "conflict":
        raise tk.ObjectNotFound(tk._("This dataset has no conflict at this target."))
    if keep == "theirs":
        accept_theirs(target, _mapping(target.mapping), Shown().customs([row.package_id])[row.package_id])
        return {"target": target.name, "id": row.package_id, "state": "ok"}
    if keep == "both" and not ledger.pushed(target.id, row.package_id):
        raise tk.ValidationError({"keep": [tk._("What we sent last is not known: choose ours or theirs.")]})
    forgotten: dict[str, Any] = {"pushed": {}} if keep == "ours" else {}
    ledger.save(target.id, row.package_id, state="pending", reasons=[], **forgotten)
    return {"target": target.name, "id": row.package_id, "state": "pending"}
