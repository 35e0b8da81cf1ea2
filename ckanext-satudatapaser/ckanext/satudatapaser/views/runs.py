"""Pages of the walidata on runs: what happened to each record, why some are held, and the click that resolves it."""

from __future__ import annotations

from typing import Any

from ckan.plugins import toolkit as tk
from ckanext.satudatapaser.views.common import ROWS, call, desk, guarded, page_count, page_number
from ckanext.satudatapaser.views.sources import act, nearest, organisations
from flask import make_response

FILTERS = ("outcome", "stage", "code", "q")
POLL = "HX-Request"


@desk.route("/penarikan/<name>/jalan/<job>")
@guarded
def run(name: str, job: str) -> Any:
    """Show one run with its records; to htmx only how far it is."""
    shown = _job(name, job)
    if tk.request.headers.get(POLL):
        answer = make_response(tk.render("satudata/sources/progress.html", {"run": shown, "name": name}))
        if shown["state"] not in ("running", "queued"):
            answer.headers["HX-Refresh"] = "true"
        return answer
    filters = {key: tk.request.args.get(key, "").strip() for key in FILTERS}
    page = page_number()
    summary = call("satudata_record_summary", name=name, job=job)
    records = call("satudata_record_list", name=name, job=job, limit=ROWS, offset=(page - 1) * ROWS, **filters)
    values = {
        "source": call("satudata_source_show", name=name),
        "name": name,
        "run": shown,
        "summary": summary,
        "records": records,
        "filters": filters,
        "page": page,
        "pages": page_count(records["count"]),
    }
    return tk.render("satudata/sources/run.html", {**values, **_causes(values["source"], summary["held"])})


def _job(name: str, job: str) -> dict[str, Any]:
    shown: dict[str, Any] = call("satudata_job_show", id=job)
    if shown["source_id"] != call("satudata_source_show", name=name)["id"]:
        raise tk.ObjectNotFound
    return shown


def _causes(source: dict[str, Any], held: list[dict[str, Any]]) -> dict[str, Any]:
    """Return what is held by what resolves it: publishers to map, access to set or to explain, the rest."""
    known = organisations()
    mapping = source["settings"].get("organization_map") or {}
    mapped = {" ".join(str(theirs).lower().split()): ours for theirs, ours in mapping.items()}
    understood = source["settings"].get("access_words") or {}
    publishers, no_access, words, rest = [], [], [], []
    for group in held:
        if group["code"] == "organization-unmapped" and group["value"]:
            ours = mapped.get(" ".join(group["value"].lower().split()), "")
            publishers.append({**group, "mapped": ours, "proposed": nearest(group["value"], known)})
        elif group["code"] == "access-unknown" and group["value"] == "":
            no_access.append(group)
        elif group["code"] == "access-unknown" and group["value"]:
            words.append({**group, "mapped": understood.get(group["value"], "")})
        else:
            rest.append(group)
    return {"publishers": publishers, "no_access": no_access, "words": words, "rest": rest, "organisations": known}


def _back(name: str) -> Any:
    """Return to the run whose records were looked at, or to the source."""
    job = tk.request.form.get("job", "")
    if job:
        return tk.redirect_to(tk.h.url_for("satudata.run", name=name, job=job, _anchor="held"))
    return tk.redirect_to("satudata.source", name=name)


def _resolve(action: str, name: str, done: str, **values: Any) -> Any:
    act(action, name, done, **values)
    return _back(name)


def _pairs(theirs: str, ours: str) -> dict[str, str]:
    """Return the rows of a form's table, what is theirs -> what is chosen here; those without a choice left out."""
    given = (tk.request.form.getlist(key) for key in (theirs, ours))
    return {their: our for their, our in zip(*given, strict=False) if our}


@desk.route("/penarikan/<name>/petakan", methods=["POST"])
@guarded
def map_publishers(name: str) -> Any:
    """Say which of our organisations the source's publishers are."""
    publishers = _pairs("publisher", "organization")
    done = tk._("The publishers are mapped. It takes effect with the next harvest.")
    return _resolve("satudata_publisher_map", name, done, publishers=publishers)


@desk.route("/penarikan/<name>/akses-baku", methods=["POST"])
@guarded
def default_access(name: str) -> Any:
    """Set the access class of records that state none."""
    settings = {"default_access": tk.request.form.get("default_access", "")}
    if not settings["default_access"]:
        tk.h.flash_error(tk._("Choose an access class."))
        return _back(name)
    done = tk._("The default access is set. It takes effect with the next harvest.")
    return _resolve("satudata_source_update", name, done, settings=settings)


@desk.route("/penarikan/<name>/arti-akses", methods=["POST"])
@guarded
def access_words(name: str) -> Any:
    """Say what the source's own words about access mean."""
    words = _pairs("words", "access")
    done = tk._("The words about access are explained. It takes effect with the next harvest.")
    return _resolve("satudata_access_map", name, done, words=words)


@desk.route("/penarikan/<name>/bandingkan")
@guarded
def compare(name: str) -> str:
    """Show which of our datasets would follow the source's new identifiers; nothing is written."""
    source, found, fault = call("satudata_source_show", name=name), None, []
    try:
        found = call("satudata_source_rebind", name=name, apply=False)
    except tk.ValidationError as error:
        fault = [str(message) for messages in error.error_dict.values() for message in messages]
    return tk.render("satudata/sources/compare.html", {"source": source, "found": found, "fault": fault})


@desk.route("/penarikan/<name>/ikat-ulang", methods=["POST"])
@guarded
def rebind(name: str) -> Any:
    """Bind our datasets to the source's new identifiers."""
    done = tk._("The datasets follow the new identifiers. Harvest now to bring them up to date.")
    return _resolve("satudata_source_rebind", name, done, apply=True)


@desk.route("/penarikan/<name>/hilang")
@guarded
def missing(name: str) -> str:
    """Show the datasets whose records the last run did not find."""
    page = page_number()
    found = call("satudata_missing_list", name=name, limit=ROWS, offset=(page - 1) * ROWS)
    values = {
        "source": call("satudata_source_show", name=name),
        "found": found,
        "page": page,
        "pages": page_count(found["count"]),
    }
    return tk.render("satudata/sources/missing.html", values)


@desk.route("/penarikan/<name>/arsipkan", methods=["POST"])
@guarded
def archive_missing(name: str) -> Any:
    """Let a worker harvest once more and archive what is still missing."""
    done = tk._("The harvest starts as soon as a worker is free; what is still missing then is archived.")
    busy = tk._("A harvest is running at this moment, without your confirmation. Confirm again when it has ended.")
    return _resolve("satudata_job_enqueue", name, done, busy=busy, confirm_missing=True)
