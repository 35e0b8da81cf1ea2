"""Pages of the walidata on sources: the list, one source, its form, the trial, approval. They call actions only."""

from __future__ import annotations

from collections.abc import Callable
from difflib import get_close_matches
from typing import Any

from ckan.plugins import toolkit as tk
from ckanext.satudatapaser.views import source_form
from ckanext.satudatapaser.views.common import call, desk, guarded

PREVIEW = 20
LIKE = 0.9  # how alike two names must be, from 0 to 1, before one is proposed for the other
FACTS = ("title", "name", "url", "owner_org", "notify")
SCHEDULES = ("", "0 2 * * *", "0 */6 * * *", "0 2 * * 1", "0 2 1 * *")
HEALTHS = ("failing", "attention", "running", "waiting", "paused", "never", "ok")


def organisations() -> list[dict[str, Any]]:
    """Return name and title of all organisations, by title."""
    found = call("organization_autocomplete", q="", limit=1000)
    return sorted(found, key=lambda item: str(item["title"] or item["name"]).lower())


def nearest(publisher: str, known: list[dict[str, Any]]) -> str:
    """Return the name of the organisation whose title is nearly ``publisher``, "" when none is."""
    names = {(word or "").lower(): item["name"] for item in known for word in (item["name"], item["title"])}
    found = get_close_matches(" ".join(publisher.lower().split()), names, 1, LIKE)
    return str(names[found[0]]) if found else ""


@desk.route("/penarikan")
@guarded
def sources() -> str:
    """Show all sources with their health, or those of one health."""
    found = call("satudata_source_health")
    wanted = tk.request.args.get("keadaan", "")
    counts = {state: sum(item["health"] == state for item in found) for state in HEALTHS}
    shown = [item for item in found if not wanted or item["health"] == wanted]
    shown.sort(key=lambda item: HEALTHS.index(item["health"]) if item["health"] in HEALTHS[:2] else len(HEALTHS))
    values = {
        "sources": shown,
        "total": len(found),
        "counts": counts,
        "wanted": wanted,
        "kinds": _kinds(),
    }
    return tk.render("satudata/sources/index.html", values)


def _kinds() -> dict[str, dict[str, Any]]:
    return {kind["name"]: kind for kind in call("satudata_kind_list")}


@desk.route("/penarikan/<name>")
@guarded
def source(name: str) -> str:
    """Show one source, what it needs, and its runs."""
    shown = _one(name)
    kind = _kinds().get(shown["kind"], {"title": shown["kind"], "settings": []})
    jobs = call("satudata_job_list", name=name)
    values = {
        "source": shown,
        "kind": kind,
        "organisation": next(
            (o["title"] for o in organisations() if o["name"] == shown["owner_org"]), shown["owner_org"]
        ),
        "jobs": jobs,
        "real": [job for job in jobs if not job["dry_run"]],
        "queued": f"harvest {name}" in call("satudata_queue_show")["waiting"],
        "own": shown["created_by"] == tk.current_user.name,
    }
    return tk.render("satudata/sources/read.html", values)


def _one(name: str) -> dict[str, Any]:
    found = call("satudata_source_health", name=name)
    if not found:
        raise tk.ObjectNotFound
    return dict(found[0])


@desk.route("/penarikan/tambah", methods=["GET", "POST"])
@guarded
def add() -> Any:
    """Choose a kind, then fill its form; the source then waits for approval."""
    tk.check_access("satudata_source_create", {"user": tk.current_user.name})
    kinds = _kinds()
    kind = kinds.get(tk.request.args.get("jenis", ""))
    if kind is None:
        return tk.render("satudata/sources/kinds.html", {"kinds": kinds.values()})
    first = {"kind": kind["name"], "settings": {}, "name": "", "title": "", "url": "", "owner_org": "", "notify": ""}
    return _form(kind, first, lambda values: call("satudata_source_create", kind=kind["name"], **values))


@desk.route("/penarikan/<name>/ubah", methods=["GET", "POST"])
@guarded
def edit(name: str) -> Any:
    """Change a source; a new address needs approval anew."""
    shown = call("satudata_source_show", name=name)
    kind = _kinds().get(shown["kind"])
    if kind is None:
        raise tk.ObjectNotFound
    return _form(kind, shown, lambda values: call("satudata_source_update", **{**values, "name": name}))


def _form(kind: dict[str, Any], stored: dict[str, Any], save: Callable[[dict[str, Any]], Any]) -> Any:
    """Show the form, or save what it says and show the source; with errors the form stays as it was typed."""
    form, settings = tk.request.form, kind["settings"]
    facts = {key: stored[key] for key in FACTS}
    given, errors, more = None, {}, 0
    if tk.request.method == "POST":
        facts = {key: form.get(key, "").strip() for key in FACTS}
        given = source_form.posted(form, settings)
        more = source_form.BLANK_ROWS if "more_rows" in form else 0
        errors = {} if more else _saved(facts, given, settings, stored, save)
        if not more and not errors:
            return tk.redirect_to("satudata.source", name=stored["name"] or facts["name"])
    found = source_form.fields(settings, stored["settings"], given, _suggestions(), more)
    values = {
        "kind": kind,
        "source": stored,
        "facts": facts,
        "sections": source_form.sections(found),
        "labels": {field["id"]: field for field in found},
        "errors": errors,
        "organisations": organisations(),
    }
    return tk.render("satudata/sources/form.html", values)


def _saved(
    facts: dict[str, str], given: dict[str, Any], settings: Any, stored: dict[str, Any], save: Callable[..., Any]
) -> dict[str, list[str]]:
    """Save a source; return what is wrong by the id of the form's field, "" for what belongs to none."""
    errors = {
        f"s.{name}": [tk._("Fill both columns, and each name once: {rows}").format(rows=rows)]
        for name, rows in source_form.faults(given, settings).items()
    }
    if errors:
        return errors
    try:
        save({**facts, "settings": source_form.to_settings(given, settings, stored["settings"])})
    except tk.ValidationError as error:
        fields = {f"settings.{setting['name']}": f"s.{setting['name']}" for setting in settings}
        fields |= {key: key for key in FACTS}
        found: dict[str, list[str]] = {}
        for key, messages in error.error_dict.items():
            found.setdefault(fields.get(key, ""), []).extend(map(str, messages))
        at_fields = {message for field, messages in found.items() if field for message in messages}
        found[""] = [message for message in found.get("", []) if message not in at_fields]
        return {field: messages for field, messages in found.items() if messages}
    tk.h.flash_success(tk._("The source is saved."))
    return {}


def _suggestions() -> dict[str, list[tuple[str, str]]]:
    identities = ("identifier", "landing_page", "title_publisher")
    licences = [(item["id"], item["title"]) for item in call("license_list") if item["id"] != "notspecified"]
    return {
        "schedule": [(cron, tk.h.satudata_schedule(cron)) for cron in SCHEDULES],
        "identity": [(word, tk.h.satudata_setting_value(word)) for word in identities],
        "default_license": [("", tk._("None")), *licences],
    }


@desk.route("/penarikan/<name>/uji")
@guarded
def preview(name: str) -> str:
    """Show the source's first records raw, mapped and with their problems; nothing is written."""
    shown = _one(name)
    records, fault = [], []
    try:
        records = call("satudata_source_preview", name=name, limit=PREVIEW)
    except tk.ValidationError as error:
        fault = [str(message) for messages in error.error_dict.values() for message in messages]
    values = {
        "source": shown,
        "records": records,
        "fault": fault,
        "limit": PREVIEW,
        "own": shown["created_by"] == tk.current_user.name,
    }
    return tk.render("satudata/sources/preview.html", values)


def act(action: str, name: str, done: str, busy: str = "", **values: Any) -> None:
    """Call one action on a source and say how it went on the next page; ``busy`` where nothing was queued."""
    try:
        result = call(action, name=name, **values)
    except tk.ValidationError as error:
        for messages in error.error_dict.values():
            for message in messages if isinstance(messages, list) else [messages]:
                tk.h.flash_error(message)
        return
    if result.get("queued") is False and not result.get("confirmed"):
        tk.h.flash_notice(busy or tk._("This source waits for a worker or runs already."))
    else:
        tk.h.flash_success(done)


# the last part of each address that does one thing: the action, and what is said when it went well
DEEDS: dict[str, tuple[str, Callable[[], str]]] = {
    "tarik": ("satudata_job_enqueue", lambda: tk._("The harvest starts as soon as a worker is free.")),
    "setujui": ("satudata_source_approve", lambda: tk._("The source is approved and may run.")),
    "jeda": ("satudata_source_pause", lambda: tk._("The source rests until it is resumed.")),
    "lanjutkan": ("satudata_source_resume", lambda: tk._("The source runs again by its schedule.")),
    "ulangi": ("satudata_job_retry", lambda: tk._("What failed is tried again as soon as a worker is free.")),
    "batalkan": ("satudata_job_cancel", lambda: tk._("The run ends in a moment; what it has written stays.")),
}


@desk.route(f"/penarikan/<name>/<any({', '.join(DEEDS)}):deed>", methods=["POST"])
@guarded
def do(name: str, deed: str) -> Any:
    """Do one thing with a source and show it again."""
    action, done = DEEDS[deed]
    act(action, name, done())
    return tk.redirect_to("satudata.source", name=name)
