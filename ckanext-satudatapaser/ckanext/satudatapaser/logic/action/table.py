"""Actions on tables in the DataStore."""

from __future__ import annotations

from typing import Any

from ckan.plugins import toolkit as tk
from ckanext.satudatapaser.lease import lease
from ckanext.satudatapaser.net.session import guarded_session
from ckanext.satudatapaser.tables import load as tables

Context = Any


def satudata_table_load(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Load files of open datasets into the DataStore: those that have no table yet, or changed.

    Rows of files whose dataset is no longer open are taken out. Walidata only.

    :param dataset: only files of the dataset of this name (optional)
    :returns: ``loaded``, ``unchanged``, ``failed`` and ``failures`` (id, message)
    """
    tk.check_access("satudata_table_load", context, data_dict)
    progress = context.get("satudata_progress")
    session, counts = guarded_session(), {"loaded": 0, "unchanged": 0, "failed": 0}
    failures = []
    with lease("tables"):
        for resource_id in tables.unwanted():
            tables.unload(resource_id, context.get("user") or "")
        ids = tables.waiting(data_dict.get("dataset") or "")
        for done, resource_id in enumerate(ids, 1):
            user = {"user": context.get("user")}
            resource = tk.get_action("resource_show")(dict(user), {"id": resource_id})
            result = tables.load(resource, session, context.get("user") or "")
            counts[result["state"]] += 1
            if result["state"] == "failed":
                failures.append({"id": resource_id, "message": result["message"]})
            if progress:
                progress(done, len(ids))
    return {**counts, "failures": failures}


def load_in_background(user: str) -> None:
    """Load what waits as ``user``; what a worker calls."""
    tk.get_action("satudata_table_load")({"user": user}, {})
