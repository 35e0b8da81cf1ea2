"""Pages of the walidata on what the province holds. They call actions only."""

from __future__ import annotations

from typing import Any

from ckan.plugins import toolkit as tk
from ckanext.satudatapaser.views.common import ROWS, call, desk, guarded, page_count, page_number

KEEP = ("ours", "theirs", "both")


@desk.route("/sinkronisasi")
@guarded
def sync() -> str:
    """Show all targets."""
    return tk.render("satudata/sync/index.html", {"targets": call("satudata_push_target_list")})


@desk.route("/sinkronisasi/<target>")
@guarded
def target(target: str) -> str:
    """Show one target: its datasets, those of one state, or those with some words; its pushes."""
    shown = _one(target)
    state, words, page = tk.request.args.get("state", ""), tk.request.args.get("q", "").strip(), page_number()
    rows = call("satudata_push_ledger_list", target=target, state=state, q=words, limit=ROWS, offset=(page - 1) * ROWS)
    runs = call("satudata_push_run_list", target=target)
    values = {"target": shown, "rows": rows, "runs": runs, "state": state, "words": words, "keep": KEEP, "page": page}
    return tk.render("satudata/sync/target.html", {**values, "pages": page_count(rows["count"])})


def _one(name: str) -> dict[str, Any]:
    found = [item for item in call("satudata_push_target_list") if item["name"] == name]
    if not found:
        raise tk.ObjectNotFound
    return dict(found[0])


@desk.route("/sinkronisasi/<target>/jalan/<run>")
@guarded
def push_run(target: str, run: str) -> str:
    """Show one push, of a dry run with what it would have sent."""
    shown = call("satudata_push_run_show", id=run)
    if shown["target"] != target:
        raise tk.ObjectNotFound
    return tk.render("satudata/sync/run.html", {"target": _one(target), "run": shown})


@desk.route("/sinkronisasi/<target>/dataset/<id>")
@guarded
def standing(target: str, id: str) -> str:
    """Show where one dataset stands at a target: its state, what was sent last, and its history."""
    page = page_number()
    row = call("satudata_push_standing_show", target=target, id=id, limit=ROWS, offset=(page - 1) * ROWS)
    values = {"target": _one(target), "row": row, "page": page, "pages": page_count(row["count"])}
    return tk.render("satudata/sync/standing.html", values)


@desk.route("/sinkronisasi/<target>/kirim", methods=["POST"])
@guarded
def push(target: str) -> Any:
    """Let a worker push to a target: all, one dataset, or without writing."""
    dry_run, package = tk.request.form.get("uji") == "1", tk.request.form.get("id", "")
    queued = call("satudata_push_enqueue", target=target, dry_run=dry_run, id=package)["queued"]
    if not queued:
        tk.h.flash_notice(tk._("The same push waits or runs already."))
    elif dry_run:
        tk.h.flash_success(tk._("The dry run starts as soon as a worker is free. Nothing will be written."))
    else:
        tk.h.flash_success(tk._("The push starts as soon as a worker is free."))
    return tk.redirect_to("satudata.target", target=target)


@desk.route("/sinkronisasi/<target>/periksa")
@guarded
def check(target: str) -> str:
    """Ask a target what a push can expect."""
    try:
        found = call("satudata_push_check", target=target)
    except tk.ValidationError as error:
        messages = [message for given in error.error_dict.values() for message in given]
        found = {
            "ok": False,
            "findings": [{"ok": False, "code": "", "message": message, "value": ""} for message in messages],
        }
    return tk.render("satudata/sync/check.html", {"target": _one(target), "found": found})


@desk.route("/sinkronisasi/<target>/putuskan", methods=["POST"])
@guarded
def resolve(target: str) -> Any:
    """Decide whose values of a dataset hold that was changed there by hand, and let a worker act on it."""
    package, keep = tk.request.form.get("id", ""), tk.request.form.get("keep", "")
    try:
        call("satudata_push_resolve", target=target, id=package, keep=keep)
    except tk.ValidationError as error:
        tk.h.flash_error("; ".join(str(message) for given in error.error_dict.values() for message in given))
    else:
        call("satudata_push_enqueue", target=target, id=package)
        tk.h.flash_success(tk._("Decided. The push of this dataset starts as soon as a worker is free."))
    return tk.redirect_to("satudata.target", target=target, state="conflict")
