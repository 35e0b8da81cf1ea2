"""Pages of the walidata on what the province holds. They call actions only."""

from __future__ import annotations

from typing import Any

from ckan.plugins import toolkit as tk
from ckanext.satudatapaser.views.common import ROWS, call, desk, guarded, page_count, page_number


@desk.route("/sinkronisasi")
@guarded
def sync() -> str:
    """Show all targets, and the datasets of one in one state."""
    targets, page = call("satudata_push_target_list"), page_number()
    name, state = tk.request.args.get("target", ""), tk.request.args.get("state", "")
    ledger = None
    if name:
        ledger = call("satudata_push_ledger_list", target=name, state=state, limit=ROWS, offset=(page - 1) * ROWS)
    pages = page_count(ledger["count"]) if ledger else 1
    return tk.render("satudata/sync.html", {"targets": targets, "ledger": ledger, "page": page, "pages": pages})


@desk.route("/sinkronisasi/<target>/kirim", methods=["POST"])
@guarded
def push(target: str) -> Any:
    """Let a worker push to a target."""
    call("satudata_push_enqueue", target=target)
    tk.h.flash_success(tk._("The push starts as soon as a worker is free."))
    return tk.redirect_to("satudata.sync")
