"""Record -> the dict that package_create and package_update take. Pure."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Collection, Mapping
from typing import Any

from ckanext.satudatapaser.intake.decide import Decision
from ckanext.satudatapaser.record import vocabulary
from ckanext.satudatapaser.record.model import Record, Resource

KINDS = {"jenis": "kind"}
LONGEST_NAME = 90


def slug(title: str) -> str:
    """Return the part of an address for ``title``: lower-case ASCII letters, digits and dashes, 2 to 90 long."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    text = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:LONGEST_NAME].strip("-")
    return text if len(text) > 1 else f"dataset-{text}".strip("-")


def free_name(title: str, key: str, taken: Collection[str]) -> str:
    """Return a name for a new dataset: from its title, with a mark of its key when the name is ``taken``."""
    name = slug(title)
    if name not in taken:
        return name
    return f"{name[:80]}-{hashlib.sha256(key.encode()).hexdigest()[:8]}"


def fields(decision: Decision, organization_id: str, topics: Mapping[str, str]) -> dict[str, Any]:
    """Return the dataset's fields without name, id and resources. ``topics``: plain title or name -> name of our topics."""
    record = decision.record
    wanted = (topics.get(vocabulary.plain(group)) for group in record.groups)
    values: dict[str, Any] = {
        "title": record.title,
        "notes": record.notes,
        "owner_org": organization_id,
        "license_id": record.license_id or "notspecified",
        "accessRights": record.access,
        "private": not decision.public,
        "publishing_status": decision.status,
        "tags": [{"name": tag} for tag in record.tags],
        "groups": [{"name": name} for name in dict.fromkeys(wanted) if name],
        "issued": record.issued,
        "source_landing_page": record.landing_page,
        "maintainer": record.contact_name,
        "maintainer_email": record.contact_email,
        "produsen_data_name": record.publisher,
    }
    return {key: value for key, value in {**values, **sdi(record)}.items() if value not in (None, "")}


def sdi(record: Record) -> dict[str, str]:
    """Return the record's SDI fields as the schema takes them; values outside a controlled list are left out."""
    found = {key: value if isinstance(value, str) else ", ".join(value) for key, value in record.sdi.items()}
    if "jenis" in found:
        found["jenis"] = vocabulary.kind(found["jenis"]) or ""
    if found.get("prioritas_tahun") and not re.fullmatch(r"(19|20)\d\d", found["prioritas_tahun"]):
        del found["prioritas_tahun"]
    if found.get("publisher_type") not in ("pusat", "daerah-provinsi", "daerah-kota", "daerah-kabupaten"):
        found.pop("publisher_type", None)
    return found


def resources(wanted: tuple[Resource, ...], existing: list[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return resource dicts; those that were here before keep their id (same address, else same name and format)."""
    left = list(existing)
    result = []
    for resource in wanted:
        values = {"url": resource.url, "name": resource.name, "format": resource.format}
        if resource.description:
            values["description"] = resource.description
        old = next((r for r in left if r.get("url") == resource.url), None) or next(
            (r for r in left if (r.get("name"), r.get("format")) == (resource.name, resource.format)), None
        )
        if old:
            left.remove(old)
            values = {**{k: v for k, v in old.items() if k not in ("position",)}, **values}
        result.append(values)
    return result


def updated(
    existing: Mapping[str, Any],
    decision: Decision,
    organization_id: str,
    keep: Collection[str],
    topics: Mapping[str, str],
) -> dict[str, Any]:
    """Return the dict for package_update: the dataset as it is, with what the source says, but for ``keep``.

    A dataset that is public under the same access class stays public while a changed record passes the gate; one that a
    person has returned or withdrawn stays closed.
    """
    ours = {key: value for key, value in fields(decision, organization_id, topics).items() if key not in keep}
    status, access = existing.get("publishing_status"), existing.get("accessRights")
    complete = not any(issue.stage == "gate" for issue in decision.issues)
    if status == "published" and access == decision.record.access and complete:
        ours |= {"publishing_status": "published", "private": decision.record.access == "tertutup"}
    elif status in ("returned", "withdrawn"):
        ours |= {"publishing_status": status, "private": True}
    result = {**existing, **ours}
    if "resources" not in keep:
        result["resources"] = resources(decision.record.resources, existing.get("resources") or [])
    return result


def closes(before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    """Tell whether fewer people may see a dataset ``after`` than ``before``."""
    narrower = before.get("accessRights") == "terbuka" and after.get("accessRights") != "terbuka"
    return narrower or (not before.get("private") and bool(after.get("private")))
