"""Who may call which of our actions: the walidata (and sysadmins, whom CKAN lets through); anonymous visitors none."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ckan import authz
from ckan.plugins import toolkit as tk
from ckanext.satudatapaser import config

WALIDATA_ACTIONS = (
    "satudata_source_create", "satudata_source_update", "satudata_source_approve", "satudata_source_show",
    "satudata_source_list", "satudata_source_preview", "satudata_source_rebind", "satudata_job_run",
    "satudata_job_enqueue", "satudata_job_list", "satudata_job_show", "satudata_record_list",
    "satudata_push_target_create", "satudata_push_target_update", "satudata_push_target_list", "satudata_push_run",
    "satudata_push_check", "satudata_push_enqueue", "satudata_push_ledger_list", "satudata_push_resolve", "satudata_table_load",
)  # fmt: skip


def is_walidata(user: str | None) -> bool:
    """Tell whether ``user`` administers or edits the walidata's organisation."""
    return bool(user) and authz.has_user_permission_for_group_or_org(config.walidata_org(), user, "create_dataset")


def walidata_only(context: Any, data_dict: dict[str, Any] | None) -> dict[str, Any]:
    """Allow the walidata."""
    if is_walidata(context.get("user")):
        return {"success": True}
    return {"success": False, "msg": tk._("Only the walidata may do this.")}


def get_auth_functions() -> dict[str, Callable[..., Any]]:
    """Return all auth functions by name."""
    return dict.fromkeys(WALIDATA_ACTIONS, walidata_only)
