"""What CKAN shows and what Solr holds of many datasets, with a handful of queries for all of them.

CKAN reads eight statements' worth a dataset and sends each document by itself. This asks once for a whole chunk and builds
the same dicts with CKAN's own functions; tests/ckan/test_bulk.py compares them with CKAN's.
"""

from __future__ import annotations

import collections
import copy
import hashlib
import json
from collections.abc import Collection, Iterable, Mapping
from typing import Any

import sqlalchemy as sa
from ckan import model
from ckan import plugins as p
from ckan.common import config
from ckan.lib import dictization as d
from ckan.lib.dictization import model_dictize
from ckan.lib.navl.dictization_functions import MissingNullEncoder
from ckan.lib.navl.dictization_functions import validate as navl_validate
from ckan.lib.plugins import get_permission_labels
from ckan.lib.search.index import KEY_CHARS, RESERVED_FIELDS, escape_xml_illegal_chars
from ckan.logic.schema import default_show_package_schema
from ckanext.satudatapaser.intake.bulk import TYPE, Schema
from dateutil.parser import ParserError
from dateutil.parser import parse as parse_date

Values = dict[str, Any]
FILE_FIELDS = (
    ("name", "res_name"), ("description", "res_description"), ("format", "res_format"), ("url", "res_url"),
    ("resource_type", "res_type"),
)  # fmt: skip


class Shown:
    """Datasets as package_show gives them (``custom``) and as the index wants them besides (``default``)."""

    def __init__(self) -> None:
        self.show = Schema("package_show")
        self.default_schema = default_show_package_schema()

    def of(self, ids: Collection[str]) -> dict[str, tuple[Values, Values]]:
        """Return default and custom dict of each dataset of our type in ``ids`` by its id."""
        return {raw["id"]: self._both(raw) for raw in dictized(ids)}

    def customs(self, ids: Collection[str]) -> dict[str, Values]:
        """Return each dataset of our type in ``ids`` as package_show gives it, by its id."""
        return {raw["id"]: self._custom(_with_files_shown(raw)) for raw in dictized(ids)}

    def _both(self, raw: Values) -> tuple[Values, Values]:
        raw = _with_files_shown(raw)
        default, _ = navl_validate(copy.copy(raw), self.default_schema, _context())
        return default, self._custom(raw)

    def _custom(self, raw: Values) -> Values:
        context = _context()
        custom, _ = self.show.validate(raw, dict(context))
        for plugin in p.PluginImplementations(p.IPackageController):
            plugin.after_dataset_show(context, custom)
        return custom


def _context() -> Values:
    return {"model": model, "session": model.Session, "ignore_auth": True, "user": ""}


def _with_files_shown(raw: Values) -> Values:
    for plugin in p.PluginImplementations(p.IResourceController):
        for resource in raw["resources"]:
            plugin.before_resource_show(resource)
    return raw


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


def document(default: Values, custom: Values) -> Values:
    """Return the Solr document that CKAN's PackageSearchIndex.index_package would send for a dataset."""
    found: Values = dict(default)
    found["data_dict"] = json.dumps(default)
    found["validated_data_dict"] = json.dumps(custom, cls=MissingNullEncoder)
    if found.get("title"):
        found["title_string"] = found["title"]
    _add_extras(found, {*RESERVED_FIELDS, *found})
    found["tags"] = [tag["name"] for tag in found.pop("tags", [])]
    found["capacity"] = "private" if found["private"] else "public"
    found["groups"] = [group["name"] for group in found.pop("groups", [])]
    found["organization"] = found["organization"]["name"] if found.get("organization") else None
    _add_files(found)
    for name in ("relationships_as_subject", "relationships_as_object"):
        found.pop(name, None)
    found |= {"entity_type": "package", "dataset_type": found["type"], "site_id": config["ckan.site_id"]}
    found = {key: value if not key.endswith("_date") else _date(value) for key, value in found.items()}
    found = {key: value for key, value in found.items() if value is not None or not key.endswith("_date")}
    for key in ("title", "notes", "title_string"):
        if found.get(key):
            found[key] = escape_xml_illegal_chars(found[key])
    if found.get("title"):
        found["title"] = found["title"].lstrip()
    for key in ("metadata_created", "metadata_modified"):
        found[key] += "Z"
    # CKAN's own key of a document; nothing secret is hashed
    found["index_id"] = hashlib.md5(f"{found['id']}{found['site_id']}".encode(), usedforsecurity=False).hexdigest()
    for plugin in p.PluginImplementations(p.IPackageController):
        found = plugin.before_dataset_index(found)
    package = model.Session.get(model.Package, found["id"])
    found["permission_labels"] = get_permission_labels().get_dataset_labels(package)
    return found


def _add_extras(found: Values, taken: Collection[str]) -> None:
    for extra in found.pop("extras", []):
        key, value = "".join(c for c in extra["key"] if c in KEY_CHARS), extra["value"]
        if isinstance(value, tuple | list):
            value = " ".join(map(str, value))
        found[f"extras_{key}"] = value
        if key not in taken:
            found[key] = value


def _add_files(found: Values) -> None:
    more = [(name, f"res_extras_{name}") for name in model.Resource.get_extra_columns()]
    for resource in found.pop("resources", []):
        for ours, theirs in (*FILE_FIELDS, *more):
            found.setdefault(theirs, []).append(resource.get(ours, ""))


def _date(value: Any) -> str | None:
    """Return a date as Solr reads it, None when it is none."""
    try:
        date = parse_date(value)
    except (ParserError, TypeError):
        return None
    return date.isoformat() + ("" if date.tzinfo else "Z")


def needs_ckan(default: Mapping[str, Any]) -> bool:
    """Tell whether a dataset has what only CKAN's own indexing knows: tags of vocabularies, relationships, deletion."""
    related = default.get("relationships_as_subject") or default.get("relationships_as_object")
    return bool(
        related
        or default.get("state") != "active"
        or any(tag.get("vocabulary_id") for tag in default.get("tags") or [])
    )
