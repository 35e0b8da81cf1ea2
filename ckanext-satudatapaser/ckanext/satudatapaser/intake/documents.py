"""What CKAN shows and what Solr holds of many datasets: the same dicts as CKAN's own, which tests/ckan/test_bulk.py compares."""

from __future__ import annotations

import copy
import hashlib
import json
from collections.abc import Collection, Mapping
from typing import Any

from ckan import model
from ckan import plugins as p
from ckan.common import config
from ckan.lib.navl.dictization_functions import MissingNullEncoder
from ckan.lib.navl.dictization_functions import validate as navl_validate
from ckan.lib.plugins import get_permission_labels
from ckan.lib.search.index import KEY_CHARS, RESERVED_FIELDS, escape_xml_illegal_chars
from ckan.logic.schema import default_show_package_schema
from ckan.plugins import toolkit as tk
from ckanext.satudatapaser.catalogue.rows import dictized
from ckanext.satudatapaser.intake.bulk import Schema
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
        # asks the database whether another dataset has this name: what is saved has passed that
        self.default_schema["name"].remove(tk.get_validator("package_name_validator"))

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
