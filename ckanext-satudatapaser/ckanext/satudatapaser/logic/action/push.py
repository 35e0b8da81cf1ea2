"""Actions on pushes: run, queue, ask, the ledger, conflicts."""

from __future__ import annotations

import dataclasses as dc
import logging
from typing import Any

import sqlalchemy as sa
from ckan import model
from ckan.plugins import toolkit as tk
from ckanext.satudatapaser import clock, config
from ckanext.satudatapaser.errors import SatuDataError
from ckanext.satudatapaser.intake.documents import Shown
from ckanext.satudatapaser.logic.sources import is_awaited
from ckanext.satudatapaser.logic.targets import MOST, mapping_of, remote_of, remote_url, target_by_name, uploads_of
from ckanext.satudatapaser.model import PushLedger, PushTarget
from ckanext.satudatapaser.province import ledger, pause
from ckanext.satudatapaser.province.check import check
from ckanext.satudatapaser.province.dataset import accept_theirs
from ckanext.satudatapaser.province.eligible import reasons_to_stay, their_organization
from ckanext.satudatapaser.province.finding import Question
from ckanext.satudatapaser.province.payload import no_mark, payload
from ckanext.satudatapaser.province.push import push, quiet
from ckanext.satudatapaser.province.sending import sending
from ckanext.satudatapaser.upkeep import queue
from ckanext.satudatapaser.upkeep.after_push import after_push

log = logging.getLogger(__name__)
Context = Any
CHECK_SECONDS = 60  # for whoever asks on the command line


def satudata_push_run(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Push what is eligible to a target now, in this process, and return the counts. Walidata only.

    :param target: name of the target
    :param dry_run: true to find out what would be sent without writing anything, here or there
    :param id: name or id of the one dataset to be pushed (optional)
    :returns: target, state, created, updated, unchanged, withdrawn, skipped, conflict, failed, requests, seconds; ``reason``
        when it stopped, ``paused_until`` when the target is left alone for a while because it was down
    """
    tk.check_access("satudata_push_run", context, data_dict)
    target, only = target_by_name(data_dict), _package_id(data_dict)
    name, dry_run = target.name, tk.asbool(data_dict.get("dry_run", False))
    try:
        fields, remote, uploads = mapping_of(target.mapping), remote_of(target), uploads_of(target)
    except SatuDataError as error:
        ledger.refuse_run(target.id, dry_run, only, error.as_dict())
        pause.end(target.id)
        after_push(name, {"state": "failed", "dry_run": dry_run, "reason": error.as_dict()})
        raise tk.ValidationError({"target": [str(error)]}) from error
    id, progress = target.id, context.get("satudata_progress") or quiet
    read = Shown().customs
    result = push(target, fields, remote, read, uploads=uploads, dry_run=dry_run, only=only, progress=progress)
    until = pause.after(id, result, clock.now(), only)
    if not only:  # one dataset says nothing about the whole target
        after_push(name, result)
    return result | ({"paused_until": until.isoformat()} if until else {})


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
    try:
        tk.get_action("satudata_push_run")({"user": user}, {"target": name, "dry_run": dry_run, "id": only})
    except tk.ObjectNotFound as error:  # purged while this waited
        log.warning("Nothing to push to %s: %s", name, error)


def satudata_push_check(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Ask a target what a push can expect, within a time limit. Walidata only.

    Version, plugins, clock, pace, rights of the token, organisations, required fields; with the target's setting ``trial``
    also whether a dataset, and a file where files are uploaded, can be written (a private one, deleted at once).

    :param target: name of the target
    :returns: ``ok`` and ``findings``: of each ``ok``, ``note`` (true: no fault, but worth knowing), ``code``, ``message``,
        ``value`` and ``values`` (what it is about)
    """
    tk.check_access("satudata_push_check", context, data_dict)
    target = target_by_name(data_dict)
    seconds = config.page_seconds() if is_awaited(context) else CHECK_SECONDS
    try:
        fields = mapping_of(target.mapping)
        question = Question(
            remote_of(target, seconds), fields, dict(target.settings), bool(target.secret), _sample(target)
        )
        findings = check(question, seconds)
    except SatuDataError as error:
        raise tk.ValidationError({"target": [str(error)]}) from error
    return {
        "target": target.name,
        "ok": all(finding.ok for finding in findings),
        "findings": [dc.asdict(finding) for finding in findings],
    }


def _sample(target: PushTarget) -> dict[str, Any] | None:
    """Return a dataset as it would go up, None when none is eligible or nothing is to be tried."""
    for facts in ledger.facts() if sending(target.settings).trial else []:
        if not reasons_to_stay(facts, target.settings):
            (package,) = Shown().customs([facts.id]).values()
            return payload(package, mapping_of(target.mapping), their_organization(facts.organization, target.settings))
    return None


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
        found.order_by(model.Package.name, PushLedger.package_id)
        .limit(min(int(data_dict.get("limit") or 100), MOST))
        .offset(int(data_dict.get("offset") or 0))
    )
    names = ("package_id", "remote_id", "state", "reasons", "attempts", "last_error", "fault")
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
    found = model.Package.get(tk.get_or_bust(data_dict, "id"))
    row = ledger.rows(target.id).get(found.id) if found else None
    if row is None or row.state != "conflict":
        raise tk.ObjectNotFound(tk._("This dataset has no conflict at this target."))
    if keep == "theirs":
        package, uploads = Shown().customs([row.package_id])[row.package_id], uploads_of(target)
        accept_theirs(target, mapping_of(target.mapping), package, uploads.mark if uploads else no_mark)
        return {"target": target.name, "id": row.package_id, "state": "ok"}
    if keep == "both" and not ledger.pushed(target.id, row.package_id):
        raise tk.ValidationError({"keep": [tk._("What we sent last is not known: choose ours or theirs.")]})
    forgotten: dict[str, Any] = {"pushed": {}} if keep == "ours" else {}
    ledger.save(target.id, row.package_id, state="pending", reasons=[], **forgotten)
    return {"target": target.name, "id": row.package_id, "state": "pending"}
