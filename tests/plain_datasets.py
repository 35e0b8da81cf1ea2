"""Datasets put straight into the database, as many and as odd as a test wants; Solr does not know them."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping

import sqlalchemy as sa
from ckan import model
from ckan.plugins import toolkit as tk

FIRST = dt.datetime(2025, 1, 1)  # noqa: DTZ001 - CKAN's columns hold UTC without a zone


def put(
    name: str, place: Mapping[str, str], *, title: str = "", notes: str = "Keterangan", access: str = "terbuka",
    status: str = "published", tags: Iterable[str] = (), commit: bool = True, **columns: object,
) -> str:  # fmt: skip
    """Insert one dataset, changed now, and return its id.

    ``place`` has ``owner_org`` and ``topic`` (ids, "" for none); the dataset is public unless told otherwise.
    """
    id, now = str(uuid.uuid4()), dt.datetime.now(dt.UTC).replace(tzinfo=None)
    values = {
        "id": id, "name": name, "title": title or name, "notes": notes, "owner_org": place["owner_org"], "type": "dataset",
        "state": "active", "private": False, "metadata_created": FIRST, "metadata_modified": now,
        "extras": {"accessRights": access, "publishing_status": status}, **columns,
    }  # fmt: skip
    model.Session.execute(sa.insert(model.Package.__table__), [values])
    if place.get("topic"):
        _insert(
            model.Member, group_id=place["topic"], table_name="package", table_id=id, capacity="public", state="active"
        )
    for tag in tags:
        _insert(model.PackageTag, package_id=id, tag_id=_tag(tag), state="active")
    if commit:
        model.Session.commit()
    return id


def _insert(table: type, **values: object) -> None:
    model.Session.execute(sa.insert(table.__table__), [{"id": str(uuid.uuid4()), **values}])  # type: ignore[attr-defined]


def _tag(name: str) -> str:
    found = model.Session.scalar(sa.select(model.Tag.id).where(model.Tag.name == name))
    if found is None:
        _insert(model.Tag, name=name)
        return _tag(name)
    return str(found)


def remove(*ids: str) -> None:
    """Delete datasets from the database, all of them when none is named."""
    package = model.Package
    wanted = sa.select(package.id).where(package.id.in_(ids)) if ids else sa.select(package.id)
    model.Session.execute(sa.delete(model.PackageTag).where(model.PackageTag.package_id.in_(wanted)))
    model.Session.execute(
        sa.delete(model.Member).where(model.Member.table_name == "package", model.Member.table_id.in_(wanted))
    )
    model.Session.execute(sa.delete(model.Resource).where(model.Resource.package_id.in_(wanted)))
    model.Session.execute(sa.delete(package).where(package.id.in_(wanted)) if ids else sa.delete(package))
    model.Session.commit()


def site() -> str:
    """Return the address of the catalogue under test."""
    return str(tk.config["ckan.site_url"])
