"""Datasets as CKAN's package_dictize gives them, with a handful of queries for all of them.

CKAN reads eight statements' worth a dataset. This asks once for a whole chunk and builds the same dicts with CKAN's own
functions; tests/ckan/test_bulk.py compares them with CKAN's.
"""

from __future__ import annotations

import collections
from collections.abc import Collection, Iterable
from typing import Any

import sqlalchemy as sa
from ckan import model
from ckan.lib import dictization as d
from ckan.lib.dictization import model_dictize

TYPE = "dataset"
Values = dict[str, Any]


def _by(rows: Iterable[Any], name: str) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = collections.defaultdict(list)
    for row in rows:
        found[getattr(row, name)].append(row)
    return found


def dictized(ids: Collection[str]) -> list[Values]:
    """Return CKAN's package_dictize of each dataset of our type in ``ids``, with one query a table."""
    execute, context = model.Session.execute, {"model": model, "session": model.Session}
    query = sa.select(model.Package).where(model.Package.id.in_(ids), model.Package.type == TYPE)
    packages = model.Session.scalars(query).all()
    files, tag, link = model.resource_table, model.tag_table, model.package_tag_table
    member, group, relation = model.member_table, model.group_table, model.package_relationship_table
    resources = _by(execute(sa.select(files).where(files.c.package_id.in_(ids))), "package_id")
    tags = _by(
        execute(sa.select(tag, link.c.state, link.c.package_id).join(link, tag.c.id == link.c.tag_id)
                .where(link.c.package_id.in_(ids))), "package_id",
    )  # fmt: skip
    memberships = _by(
        execute(sa.select(group, member.c.capacity, member.c.table_id).join(member, group.c.id == member.c.group_id)
                .where(member.c.table_id.in_(ids), member.c.state == "active", group.c.is_organization.is_(False))),
        "table_id",
    )  # fmt: skip
    owners = {package.owner_org for package in packages}
    organizations = {
        row.id: row for row in execute(sa.select(group).where(group.c.id.in_(owners), group.c.state == "active"))
    }
    related = execute(
        sa.select(relation).where(sa.or_(relation.c.subject_package_id.in_(ids), relation.c.object_package_id.in_(ids)))
    ).all()
    result = []
    for package in packages:
        values = d.table_dictize(package, context)
        values["title"] = (values.get("title") or "").strip() or values.get("title")
        values.pop("plugin_data", None)
        values["resources"] = model_dictize.resource_list_dictize(resources[package.id], dict(context))
        values["tags"] = [
            {k: v for k, v in item.items() if k != "package_id"} | {"display_name": item["name"]}
            for item in d.obj_list_dictize(tags[package.id], context, lambda item: item["name"])
        ]
        values["num_resources"], values["num_tags"] = len(values["resources"]), len(values["tags"])
        values["extras"] = [{"key": key, "value": value} for key, value in (values["extras"] or {}).items()]
        values["groups"] = _memberships(memberships[package.id])
        values["organization"] = _organization(organizations.get(package.owner_org))
        for name in ("subject", "object"):
            mine = [row for row in related if getattr(row, f"{name}_package_id") == package.id]
            values[f"relationships_as_{name}"] = d.obj_list_dictize(mine, context)
        result.append(values | _derived(package))
    return result


def _memberships(rows: list[Any]) -> list[Values]:
    found = model_dictize.group_list_dictize(rows, {"with_capacity": False}, with_package_counts=False)
    return [{key: value for key, value in group.items() if key != "table_id"} for group in found]


def _organization(row: Any) -> Values | None:
    return {k: v for k, v in d.table_dictize(row, {}).items() if k != "extras"} if row else None


def _derived(package: model.Package) -> Values:
    """Return what package_dictize adds to a dataset's own columns."""
    licence = package.license
    values: Values = {
        "isopen": package.isopen(),
        "type": package.type or TYPE,
        "license_title": licence.title if licence else package.license_id,
        "metadata_modified": package.metadata_modified.isoformat(),
        "metadata_created": package.metadata_created.isoformat() if package.metadata_created else None,
    }
    if licence and licence.url:
        values |= {"license_url": licence.url, "license_title": licence.title.split("::")[-1]}
    return values
