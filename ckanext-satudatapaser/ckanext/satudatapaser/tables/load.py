"""One file into the DataStore: fetch, read, create the table, rows by COPY; what came of it is kept in satudata_table."""

from __future__ import annotations

import csv
import hashlib
import io
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from ckan import model
from ckan.lib import uploader
from ckan.plugins import toolkit as tk
from ckanext.datastore.backend import DatastoreBackend
from ckanext.datastore.backend.postgres import get_write_engine
from ckanext.satudatapaser import clock
from ckanext.satudatapaser.errors import RetryLater, SatuDataError
from ckanext.satudatapaser.model import HarvestObject, HarvestSource, ResourceTable
from ckanext.satudatapaser.net.http import GuardedSession
from ckanext.satudatapaser.tables.columns import type_of
from ckanext.satudatapaser.tables.read import READABLE, Table, read
from sqlalchemy.dialects.postgresql import insert


def waiting(package_name: str = "", source_name: str = "") -> list[str]:
    """Return ids of files of open datasets that have no table yet, or whose dataset changed since.

    Only those of one dataset or of one harvest source when named.
    """
    resource, package, table = model.Resource, model.Package, ResourceTable
    query = (
        sa.select(resource.id)
        .join(package, package.id == resource.package_id)
        .outerjoin(table, table.resource_id == resource.id)
        .where(resource.state == "active", package.state == "active", sa.func.upper(resource.format).in_(READABLE))
        .where(package.extras["accessRights"].astext == "terbuka")
        .where(sa.or_(table.resource_id.is_(None), table.url != resource.url, table.state == "waiting", _changed()))
        .order_by(package.name, resource.position)
    )
    if package_name:
        query = query.where(package.name == package_name)
    if source_name:
        of_source = sa.select(HarvestObject.package_id).join(HarvestSource).where(HarvestSource.name == source_name)
        query = query.where(package.id.in_(of_source))
    return list(model.Session.scalars(query))


def unwanted() -> list[str]:
    """Return ids of files once read whose dataset is no longer open, or that are gone: their rows must go."""
    resource, package, table = model.Resource, model.Package, ResourceTable
    query = (
        sa.select(table.resource_id)
        .join(resource, resource.id == table.resource_id)
        .join(package, package.id == resource.package_id)
        .where(
            sa.or_(
                sa.func.coalesce(package.extras["accessRights"].astext, "") != "terbuka",
                resource.state != "active",
                package.state != "active",
            )
        )
    )
    return list(model.Session.scalars(query))


def unload(resource_id: str, user: str) -> None:
    """Take a file's rows out of the DataStore; the file itself stays where it is."""
    if DatastoreBackend.get_active_backend().resource_exists(resource_id):
        tk.get_action("datastore_delete")({"user": user}, {"resource_id": resource_id, "force": True})
    model.Session.execute(sa.delete(ResourceTable).where(ResourceTable.resource_id == resource_id))
    model.Session.commit()


def _changed() -> Any:
    # our own loading touches the dataset too, a moment before loaded_at
    utc = sa.func.timezone("UTC", ResourceTable.loaded_at)
    return model.Package.metadata_modified > utc


def load(resource: dict[str, Any], session: GuardedSession, user: str) -> dict[str, Any]:
    """Load one file; return state, rows and message. A bad file is no exception, but a row.

    State is loaded, unchanged, failed (the file is no table), or waiting (its server did not answer: asked again next time,
    and what was read from it before stays).
    """
    values: dict[str, Any] = {"url": resource["url"], "state": "failed", "rows": 0, "message": ""}
    before = model.Session.get(ResourceTable, resource["id"])
    try:
        body = _bytes(resource, session)
        values["digest"] = hashlib.sha256(body).hexdigest()
        if before and before.state != "failed" and before.digest == values["digest"]:
            _keep(resource["id"], **(values | {"state": "loaded", "rows": before.rows}))
            return {"id": resource["id"], "state": "unchanged", "rows": before.rows, "message": ""}
        table = read(body, resource["format"].upper())
        _write(resource["id"], table, user)
        values |= {"state": "loaded", "rows": len(table.rows)}
    except RetryLater as error:
        kept = {"digest": before.digest, "rows": before.rows} if before else {}
        values |= {"state": "waiting", "message": str(error), **kept}
    except SatuDataError as error:
        values["message"] = str(error)
    _keep(resource["id"], **values)
    return {"id": resource["id"], **{key: values[key] for key in ("state", "rows", "message")}}


def _bytes(resource: dict[str, Any], session: GuardedSession) -> bytes:
    if resource.get("url_type") == "upload":
        return Path(uploader.get_resource_uploader(resource).get_path(resource["id"])).read_bytes()
    return session.get_bytes(resource["url"])


def _write(resource_id: str, table: Table, user: str) -> None:
    fields = [
        {"id": name, "type": type_of(name, (row[number] for row in table.rows))}
        for number, name in enumerate(table.header)
    ]
    context = {"user": user}
    if DatastoreBackend.get_active_backend().resource_exists(resource_id):
        tk.get_action("datastore_delete")(dict(context), {"resource_id": resource_id, "force": True})
    create = {"resource_id": resource_id, "fields": fields, "force": True}
    tk.get_action("datastore_create")(dict(context), create)
    out = io.StringIO()
    csv.writer(out).writerows(table.rows)
    out.seek(0)
    quoted = ", ".join(_quote(name) for name in table.header)
    with get_write_engine().begin() as connection:
        cursor = connection.connection.cursor()
        # an empty cell is no value, whatever the column's type
        cursor.copy_expert(f"copy {_quote(resource_id)} ({quoted}) from stdin with (format csv, null '')", out)


def _quote(name: str) -> str:
    """Return ``name`` as an SQL identifier; names from files have their quotes removed before."""
    return '"' + name.replace('"', '""') + '"'


def _keep(resource_id: str, **values: Any) -> None:
    values["loaded_at"] = clock.now()
    statement = insert(ResourceTable).values(resource_id=resource_id, **values)
    model.Session.execute(statement.on_conflict_do_update(index_elements=["resource_id"], set_=values))
    model.Session.commit()
