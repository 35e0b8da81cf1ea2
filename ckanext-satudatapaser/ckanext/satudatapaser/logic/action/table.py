"""Actions on tables in the DataStore."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from ckan.plugins import toolkit as tk
from ckanext.satudatapaser.lease import lease
from ckanext.satudatapaser.net.session import guarded_session
from ckanext.satudatapaser.tables import load as tables

Context = Any


def satudata_table_load(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Load files of open datasets into the DataStore: those that have no table yet, or changed.

    Rows of files whose dataset is no longer open are taken out. A server that does not answer is left alone for the rest
    of this load: its files wait for the next one. Walidata only.

    :param dataset: only files of the dataset of this name (optional)
    :param source: only files of datasets that the harvest source of this name brought (optional)
    :param wait: true to wait for the end of another load that is going on, instead of refusing (optional)
    :returns: ``loaded``, ``unchanged``, ``failed``, ``waiting`` and ``failures`` (id, message)
    """
    tk.check_access("satudata_table_load", context, data_dict)
    progress = context.get("satudata_progress")
    session, counts = guarded_session(), dict.fromkeys(("loaded", "unchanged", "failed", "waiting"), 0)
    failures, silent = [], set()
    with lease("tables", wait=tk.asbool(data_dict.get("wait", False))):
        for resource_id in tables.unwanted():
            tables.unload(resource_id, context.get("user") or "")
        ids = tables.waiting(data_dict.get("dataset") or "", data_dict.get("source") or "")
        for done, resource_id in enumerate(ids):
            if progress:
                progress(done, len(ids))
            user = {"user": context.get("user")}
            resource = tk.get_action("resource_show")(dict(user), {"id": resource_id})
            server = urlsplit(resource["url"]).netloc
            if server in silent:
                counts["waiting"] += 1
                continue
            result = tables.load(resource, session, context.get("user") or "")
            counts[result["state"]] += 1
            if result["state"] == "waiting":
                silent.add(server)
            if result["message"]:
                failures.append({"id": resource_id, "message": result["message"]})
        if progress and ids:
            progress(len(ids), len(ids))
    return {**counts, "failures": failures}
