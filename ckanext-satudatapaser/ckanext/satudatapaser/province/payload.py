"""Our dataset -> what the target is to hold of it. Pure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Collection, Mapping
from typing import Any

from ckanext.satudatapaser.province.mapping import FieldMapping
from ckanext.satudatapaser.record.contact import without_persons

Payload = dict[str, Any]
CORE = frozenset(
    {"title", "notes", "url", "version", "author", "author_email", "maintainer", "maintainer_email", "license_id"}
)
OUR_ID = "satudata_id"
# of a file that is uploaded: which content (hash-size); it is written together with the content, never without
MARK = "satudata_file"
Mark = Callable[[Mapping[str, Any]], str]


def no_mark(file: Mapping[str, Any]) -> str:
    """Return "": the file stays a link."""
    return ""


def payload(package: Mapping[str, Any], mapping: FieldMapping, organization: str, mark: Mark = no_mark) -> Payload:
    """Return what a target with ``mapping`` is to hold of ``package`` (a package_show dict), under their field names.

    The files of a dataset that is not terbuka stay here: its payload has no resources; so do contacts that are persons.
    ``mark`` gives the mark of a file that is to be uploaded.
    """
    found: Payload = {}
    package = without_persons(package)
    for ours, theirs in mapping.fields.items():
        value = _text(package.get(ours))
        if value:
            found[theirs] = str(mapping.values.get(ours, {}).get(value, value))
    found |= {theirs: str(value) for theirs, value in mapping.constants.items()}
    found["tags"] = sorted(tag["name"] for tag in package.get("tags") or [])
    topics = (mapping.groups.get(group["name"]) for group in package.get("groups") or [])
    found["groups"] = sorted({topic for topic in topics if topic})
    is_open = package.get("accessRights") == "terbuka"
    files = package.get("resources") or [] if is_open else []
    found["resources"] = [_resource(file, mapping.resource_fields, mark(file)) for file in files]
    found["owner_org"] = organization
    found[OUR_ID] = package["id"]
    return found


def _text(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(str(item) for item in value)
    return "" if value is None else str(value)


def _resource(file: Mapping[str, Any], names: Collection[str], mark: str) -> dict[str, str]:
    kept = {name: _text(file.get(name)) for name in names}
    marked = {MARK: mark} if mark else {}
    return {**{k: v for k, v in kept.items() if v}, "url": file["url"], OUR_ID: file["id"], **marked}


def unmarked(values: Payload) -> Payload:
    """Return ``values`` without the marks of files."""
    files = [{key: value for key, value in file.items() if key != MARK} for file in values["resources"]]
    return {**values, "resources": files}


def digest(values: Any) -> str:
    """Return the hash of plain data."""
    return hashlib.sha256(json.dumps(values, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def body(wanted: Payload, known: Collection[str]) -> dict[str, Any]:
    """Return ``wanted`` as the target's API takes it: fields that it does not know (``known``) go into extras.

    A file that is to be uploaded is a link until its content has come.
    """
    result: dict[str, Any] = {"type": "dataset", "private": False, "owner_org": wanted["owner_org"]}
    extras = []
    for key, value in unmarked(wanted).items():
        if key in ("tags", "groups"):
            result[key] = [{"name": name} for name in value]
        elif key == "resources":
            result[key] = [dict(file) for file in value]
        elif key in CORE or key in known:
            result[key] = value
        elif key != "owner_org":
            extras.append({"key": key, "value": value})
    result["extras"] = sorted(extras, key=lambda extra: extra["key"])
    return result
