"""Who may call which of our actions: the walidata (and sysadmins, whom CKAN lets through); anonymous visitors none.

What concerns the machine itself is for sysadmins only.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable
from typing import Any

from ckan import model
from ckan import plugins as p
from ckan.plugins import toolkit as tk
from ckanext.activity.model.activity import Activity
from ckanext.satudatapaser import config
from ckanext.satudatapaser.curation.access import is_walidata, may_open_files
from ckanext.satudatapaser.net.session import secret

WALIDATA_ACTIONS = (
    "satudata_source_create", "satudata_source_update", "satudata_source_approve", "satudata_source_show",
    "satudata_source_list", "satudata_source_preview", "satudata_source_rebind", "satudata_job_run",
    "satudata_job_enqueue", "satudata_job_list", "satudata_job_show", "satudata_record_list", "satudata_record_summary",
    "satudata_missing_list", "satudata_publisher_map", "satudata_access_map", "satudata_source_health", "satudata_kind_list",
    "satudata_push_target_create", "satudata_push_target_update", "satudata_push_target_list", "satudata_push_run",
    "satudata_push_check", "satudata_push_enqueue", "satudata_push_ledger_list", "satudata_push_resolve", "satudata_table_load",
    "satudata_push_run_list", "satudata_push_run_show", "satudata_push_dataset_show", "satudata_push_history_list",
    "satudata_push_standing_show",
    "satudata_source_pause", "satudata_source_resume", "satudata_job_cancel", "satudata_job_retry",
    "satudata_queue_show", "satudata_notice_list", "satudata_asker_list",
)  # fmt: skip


SYSADMIN_ACTIONS = ("satudata_tick", "satudata_history_trim", "satudata_notice_send", "satudata_health_show")


def sysadmin_only(context: Any, data_dict: dict[str, Any] | None) -> dict[str, Any]:
    """Allow nobody: CKAN lets administrators through before it asks."""
    return {"success": False, "msg": tk._("Only administrators may do this.")}


@tk.auth_allow_anonymous_access
def satudata_metrics_show(context: Any, data_dict: dict[str, Any] | None) -> dict[str, Any]:
    """Allow whoever shows the key of the metrics (``satudata_metrics_key``); it comes in a header, never in a parameter."""
    given, name = context.get("satudata_metrics_key") or "", config.metrics_secret()
    if given and name and hmac.compare_digest(given.encode(), secret(name).encode()):
        return {"success": True}
    return sysadmin_only(context, data_dict)


def walidata_only(context: Any, data_dict: dict[str, Any] | None) -> dict[str, Any]:
    """Allow the walidata."""
    if is_walidata(context.get("user")):
        return {"success": True}
    return {"success": False, "msg": tk._("Only the walidata may do this.")}


def _rows_of_open_files(next_auth: Callable[..., Any], context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Let CKAN decide, and refuse rows of limited files to those who may not open them."""
    result: dict[str, Any] = next_auth(context, data_dict)
    resource = model.Resource.get(data_dict.get("resource_id") or data_dict.get("id") or "")
    if result.get("success") and resource and not may_open_files(context, resource.package):
        return {"success": False, "msg": tk._("The files of this dataset are limited (terbatas).")}
    return result


@tk.chained_auth_function
@tk.auth_allow_anonymous_access
def datastore_search(next_auth: Callable[..., Any], context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Who may read a table's rows."""
    return _rows_of_open_files(next_auth, context, data_dict)


@tk.chained_auth_function
@tk.auth_allow_anonymous_access
def datastore_info(next_auth: Callable[..., Any], context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Who may read a table's columns."""
    return _rows_of_open_files(next_auth, context, data_dict)


@tk.chained_auth_function
@tk.auth_allow_anonymous_access
def datastore_search_sql(next_auth: Callable[..., Any], context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Who may query tables by SQL: nobody when one of them is a limited file that the caller may not open."""
    result: dict[str, Any] = next_auth(context, data_dict)
    resources = [model.Resource.get(name) for name in context.get("table_names", [])]
    if result.get("success") and any(r and not may_open_files(context, r.package) for r in resources):
        return {"success": False, "msg": tk._("The files of this dataset are limited (terbatas).")}
    return result


def _copies_of_open_files(next_auth: Callable[..., Any], context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    result: dict[str, Any] = next_auth(context, data_dict)
    activity = context.get("activity") or Activity.get(data_dict.get("id"))
    package = model.Package.get(activity.object_id) if activity else None
    if result.get("success") and package and not may_open_files(context, package):
        return {"success": False, "msg": tk._("The files of this dataset are limited (terbatas).")}
    return result


@tk.chained_auth_function
@tk.auth_allow_anonymous_access
def activity_data_show(next_auth: Callable[..., Any], context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Who may read an activity's copy of a dataset."""
    return _copies_of_open_files(next_auth, context, data_dict)


@tk.chained_auth_function
@tk.auth_allow_anonymous_access
def activity_diff(next_auth: Callable[..., Any], context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Who may compare an activity's copies of a dataset."""
    return _copies_of_open_files(next_auth, context, data_dict)


DATASTORE: dict[str, Callable[..., Any]] = {
    "datastore_search": datastore_search,
    "datastore_info": datastore_info,
    "datastore_search_sql": datastore_search_sql,
}
ACTIVITY: dict[str, Callable[..., Any]] = {"activity_data_show": activity_data_show, "activity_diff": activity_diff}


def get_auth_functions() -> dict[str, Callable[..., Any]]:
    """Return all auth functions by name; those that change the DataStore's only where it is loaded."""
    chained = DATASTORE if p.plugin_loaded("datastore") else {}
    chained = {**chained, **(ACTIVITY if p.plugin_loaded("activity") else {})}
    return {**dict.fromkeys(WALIDATA_ACTIONS, walidata_only), **dict.fromkeys(SYSADMIN_ACTIONS, sysadmin_only),
            "satudata_metrics_show": satudata_metrics_show, **chained}  # fmt: skip
