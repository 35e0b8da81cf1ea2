"""Pages of the walidata: sources with their runs and records, and what the province holds. They call actions only."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from ckan.plugins import toolkit as tk
from flask import Blueprint

desk = Blueprint("satudata", __name__)
ROWS = 50


def _guarded(view: Callable[..., Any]) -> Callable[..., Any]:
    """Answer 403 and 404 as CKAN's own pages do."""

    @wraps(view)
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        try:
            return view(*args, **kwargs)
        except tk.NotAuthorized:
            return tk.abort(403, tk._("Only the walidata may do this."))
        except tk.ObjectNotFound:
            return tk.abort(404, tk._("Page not found"))

    return wrapper


def _call(action: str, **values: Any) -> Any:
    return tk.get_action(action)({"user": tk.current_user.name, "auth_user_obj": tk.current_user}, values)


def _page() -> int:
    given = tk.request.args.get("page", "1")
    return max(1, int(given)) if given.isdigit() and len(given) < 8 else 1


def _pages(count: int) -> int:
    return max(1, -(-count // ROWS))


@desk.route("/penarikan")
@_guarded
def sources() -> str:
    """Show all sources with their last run."""
    return tk.render("satudata/sources.html", {"sources": _call("satudata_source_list")})


@desk.route("/penarikan/<name>")
@_guarded
def source(name: str) -> str:
    """Show one source, its runs, and the records of the last or the chosen one."""
    outcome, page = tk.request.args.get("outcome", ""), _page()
    jobs = _call("satudata_job_list", name=name)
    wanted = {"job": tk.request.args.get("job", ""), "outcome": outcome, "limit": ROWS, "offset": (page - 1) * ROWS}
    records: dict[str, Any] = {"count": 0, "records": []}
    if jobs:
        records = _call("satudata_record_list", name=name, **wanted)
    values = {
        "source": _call("satudata_source_show", name=name),
        "jobs": jobs,
        "records": records,
        "outcome": outcome,
        "page": page,
        "pages": _pages(records["count"]),
    }
    return tk.render("satudata/source.html", values)


@desk.route("/penarikan/<name>/tarik", methods=["POST"])
@_guarded
def harvest(name: str) -> Any:
    """Let a worker harvest a source."""
    _call("satudata_job_enqueue", name=name)
    tk.h.flash_success(tk._("The harvest starts as soon as a worker is free."))
    return tk.redirect_to("satudata.source", name=name)


@desk.route("/penarikan/<name>/setujui", methods=["POST"])
@_guarded
def approve(name: str) -> Any:
    """Approve a source."""
    _call("satudata_source_approve", name=name)
    return tk.redirect_to("satudata.source", name=name)


@desk.route("/sinkronisasi")
@_guarded
def sync() -> str:
    """Show all targets, and the datasets of one in one state."""
    targets, page = _call("satudata_push_target_list"), _page()
    name, state = tk.request.args.get("target", ""), tk.request.args.get("state", "")
    ledger = None
    if name:
        ledger = _call("satudata_push_ledger_list", target=name, state=state, limit=ROWS, offset=(page - 1) * ROWS)
    pages = _pages(ledger["count"]) if ledger else 1
    return tk.render("satudata/sync.html", {"targets": targets, "ledger": ledger, "page": page, "pages": pages})


@desk.route("/sinkronisasi/<target>/kirim", methods=["POST"])
@_guarded
def push(target: str) -> Any:
    """Let a worker push to a target."""
    _call("satudata_push_enqueue", target=target)
    tk.h.flash_success(tk._("The push starts as soon as a worker is free."))
    return tk.redirect_to("satudata.sync")
