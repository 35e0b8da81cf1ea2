"""Actions on harvest sources."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

import sqlalchemy as sa
from ckan import model
from ckan.plugins import toolkit as tk
from ckanext.satudatapaser import clock
from ckanext.satudatapaser.errors import ConfigError, SatuDataError
from ckanext.satudatapaser.harvesters import Setting, declared_settings, kind_names, load_kind
from ckanext.satudatapaser.harvesters._settings import parse
from ckanext.satudatapaser.intake import ledger
from ckanext.satudatapaser.intake.identity import rebinding
from ckanext.satudatapaser.intake.run import preview
from ckanext.satudatapaser.logic.sources import (
    as_dict,
    is_awaited,
    listing_of,
    not_read,
    parsed_settings,
    schedule,
    session_for,
    source_by_name,
)
from ckanext.satudatapaser.model import HarvestSource
from ckanext.satudatapaser.net.secrets import NAME as SECRET
from ckanext.satudatapaser.upkeep.cron import next_after
from ckanext.satudatapaser.upkeep.notice import recipients

Context = Any
NAME = re.compile(r"[a-z0-9][a-z0-9_-]{1,62}")
UUID = re.compile(r"[0-9a-f]{8}(-?[0-9a-f]{4}){3}-?[0-9a-f]{12}")  # what keys of older CKAN portals look like
RESERVED = ("tambah",)  # a page of ours has this address


def _fault(name: str, value: Any, declared: tuple[Setting, ...]) -> str:
    """Return what is wrong with the value of a setting, "" when nothing is."""
    kinds = {setting.name: setting.type for setting in declared}
    if kinds.get(name) == "secret" and value and (not SECRET.fullmatch(str(value)) or UUID.fullmatch(str(value))):
        # the value is not quoted: it may be the key itself
        return tk._("Expected the name of a stored secret (lower-case letters, digits, - or _), not the key itself.")
    try:
        next_after(parse({name: value}, declared)["schedule"], clock.now())
    except ConfigError as error:
        return str(error)
    return ""


def _setting_errors(values: dict[str, Any], declared: tuple[Setting, ...]) -> dict[str, list[str]]:
    """Return all faults under ``settings``, and that of a known setting also under ``settings.NAME``."""
    faults = {name: fault for name, value in values.items() if (fault := _fault(name, value, declared))}
    known = {setting.name for setting in declared}
    errors = {f"settings.{name}": [fault] for name, fault in faults.items() if name in known}
    return {"settings": list(faults.values()), **errors} if faults else {}


def _check(values: dict[str, Any]) -> None:
    errors: dict[str, list[str]] = {}
    if not NAME.fullmatch(values["name"]) or values["name"] in RESERVED:
        errors["name"] = [tk._("Expected 2-63 lower-case letters, digits, - or _.")]
    if values["kind"] not in kind_names():
        expected = ", ".join(kind_names())
        errors["kind"] = [tk._("Unknown kind of source; expected one of: %(expected)s.") % {"expected": expected}]
    parts = urlsplit(values["url"])
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username or parts.password:
        errors["url"] = [tk._("Expected an http:// or https:// address without a password in it.")]
    group = model.Group.get(values["owner_org"])
    if group is None or not group.is_organization:
        errors["owner_org"] = [tk._("There is no such organisation.")]
    else:
        values["owner_org"] = group.name
    if "kind" not in errors:
        errors |= _setting_errors(values["settings"], declared_settings(load_kind(values["kind"])))
    try:
        recipients(values["notify"])
    except ConfigError as error:
        errors["notify"] = [str(error)]
    if errors:
        raise tk.ValidationError(errors)


def satudata_source_create(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Add a harvest source; it waits for approval by a second person. Walidata only.

    :param name: short name, lower case
    :param kind: kind of source, e.g. ``ckan``, ``datajson``
    :param url: address of the source
    :param owner_org: name of the organisation that its records belong to
    :param title: name for people (optional)
    :param settings: object of settings, see the kind's documentation (optional)
    :param notify: who is told of failure and recovery: e-mail addresses, https addresses or ``secret:NAME``, separated by
        commas; the installation's default unless given (optional)
    :returns: the source
    """
    tk.check_access("satudata_source_create", context, data_dict)
    values = {key: tk.get_or_bust(data_dict, key) for key in ("name", "kind", "url", "owner_org")}
    values |= {"title": data_dict.get("title") or values["name"], "settings": dict(data_dict.get("settings") or {})}
    values["notify"] = str(data_dict.get("notify") or "").strip()
    _check(values)
    if model.Session.scalar(sa.select(HarvestSource.id).where(HarvestSource.name == values["name"])):
        raise tk.ValidationError({"name": [tk._("There is a source of this name already.")]})
    source = HarvestSource(**values, created_by=context.get("user"))
    model.Session.add(source)
    model.Session.commit()
    return as_dict(source)


def satudata_source_update(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Change a source's title, address, organisation, settings or recipients. A new address needs approval anew.

    Walidata only.

    :param name: name of the source
    :param settings: settings to change; the others stay
    :param notify: who is told of failure and recovery; empty for the installation's default
    :returns: the source
    """
    tk.check_access("satudata_source_update", context, data_dict)
    source = source_by_name(data_dict)
    values = {key: getattr(source, key) for key in ("name", "title", "kind", "url", "owner_org", "notify")}
    values |= {key: data_dict[key] for key in ("title", "url", "owner_org") if data_dict.get(key)}
    values["settings"] = {**source.settings, **(data_dict.get("settings") or {})}
    values["notify"] = str(data_dict.get("notify", source.notify) or "").strip()
    _check(values)
    rescheduled = values["settings"].get("schedule") != source.settings.get("schedule") or values["url"] != source.url
    if values["url"] != source.url:
        source.state, source.approved_by, source.approved_at = "draft", None, None
        source.created_by = context.get("user")
    for key, value in values.items():
        setattr(source, key, value)
    source.modified = clock.now()
    if rescheduled:
        schedule(source)
    model.Session.commit()
    return as_dict(source)


def satudata_source_approve(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Approve a source: from now on it may run. Not by the person who added it or changed its address.

    :param name: name of the source
    :returns: the source
    """
    tk.check_access("satudata_source_approve", context, data_dict)
    source = source_by_name(data_dict)
    if source.created_by == context.get("user") and not context.get("satudata_alone"):
        raise tk.NotAuthorized(tk._("A second person has to approve this source."))
    source.state, source.approved_by, source.approved_at = "approved", context.get("user"), clock.now()
    source.approved_url = source.url
    schedule(source)
    model.Session.commit()
    return as_dict(source)


def satudata_source_pause(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Let an approved source rest: it does not run until it is resumed. A run that is going on goes on. Walidata only.

    :param name: name of the source
    :returns: the source; its ``state`` is paused
    """
    tk.check_access("satudata_source_pause", context, data_dict)
    return _change_state(data_dict, "approved", "paused", tk._("Only an approved source can be paused."))


def satudata_source_resume(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Let a paused source run again, by its schedule from now on. Walidata only.

    :param name: name of the source
    :returns: the source; its ``state`` is approved
    """
    tk.check_access("satudata_source_resume", context, data_dict)
    return _change_state(data_dict, "paused", "approved", tk._("Only a paused source can be resumed."))


def _change_state(data_dict: dict[str, Any], before: str, after: str, otherwise: str) -> dict[str, Any]:
    source = source_by_name(data_dict)
    if source.state != before:
        raise tk.ValidationError({"source": [otherwise]})
    source.state = after
    schedule(source)
    model.Session.commit()
    return as_dict(source)


@tk.side_effect_free
def satudata_source_show(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Return a source with its last run. Walidata only.

    :param name: name of the source
    """
    tk.check_access("satudata_source_show", context, data_dict)
    return as_dict(source_by_name(data_dict))


@tk.side_effect_free
def satudata_source_list(context: Context, data_dict: dict[str, Any]) -> list[dict[str, Any]]:
    """Return all sources by name, each with its last run. Walidata only."""
    tk.check_access("satudata_source_list", context, data_dict)
    return [as_dict(source) for source in model.Session.scalars(sa.select(HarvestSource).order_by(HarvestSource.name))]


def satudata_source_preview(context: Context, data_dict: dict[str, Any]) -> list[dict[str, Any]]:
    """Fetch the first records of a source and return each raw, mapped and with its problems; nothing is written.

    Over the web it takes a few seconds at most (setting http.page_seconds); the command line has time.

    :param name: name of the source
    :param limit: how many records, 20 unless given, 100 at most
    """
    tk.check_access("satudata_source_preview", context, data_dict)
    source = source_by_name(data_dict)
    limit, awaited = min(int(data_dict.get("limit") or 20), 100), is_awaited(context)
    try:
        settings = parsed_settings(source)
        return list(preview(source, load_kind(source.kind), settings, session_for(settings, awaited), limit))
    except SatuDataError as error:
        raise not_read(error, awaited, f"bin/ckan satudata source preview {source.name}") from error


def satudata_source_rebind(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Follow a source that has given its records new identifiers: bind our datasets to the new ones. Walidata only.

    Records are matched by their page, then by title and publisher; only matches unique on both sides count, and none with a
    record that was listed before, such as one that is held.
    Over the web it takes a few seconds at most (setting http.page_seconds); the command line has time.

    :param name: name of the source
    :param apply: true to bind; otherwise only the matches are returned
    :returns: ``matched``, ``applied`` and ``examples`` (title, old and new key)
    """
    tk.check_access("satudata_source_rebind", context, data_dict)
    source = source_by_name(data_dict)
    known = ledger.known_records(source.id)
    apply, awaited = tk.asbool(data_dict.get("apply", False)), is_awaited(context)
    try:
        moved = rebinding(known.values(), listing_of(source, awaited), ledger.strangers(source.id))
    except SatuDataError as error:
        command = f"bin/ckan satudata source rebind {source.name}{' --apply' if apply else ''}"
        raise not_read(error, awaited, command) from error
    if apply:
        for old, new in moved.items():
            ledger.set_objects([known[old].id], key=new, mark=None)
        model.Session.commit()
    examples = [{"title": known[old].title, "old": old, "new": new} for old, new in list(moved.items())[:10]]
    return {"matched": len(moved), "known": len(known), "applied": apply, "examples": examples}
