"""Ask a target before anything is sent to it; every finding is a sentence for people."""

from __future__ import annotations

import dataclasses as dc
from collections.abc import Collection, Mapping
from typing import Any

from ckanext.satudatapaser.errors import SatuDataError
from ckanext.satudatapaser.province.mapping import FieldMapping
from ckanext.satudatapaser.province.payload import CORE
from ckanext.satudatapaser.province.remote import Remote


@dc.dataclass(frozen=True, slots=True)
class Finding:
    """``ok`` false means that a push would fail for this reason."""

    ok: bool
    code: str
    message: str


def organizations(settings: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the target's organisations that ``settings`` name."""
    mapping = settings.get("organization_map")
    names = mapping.values() if mapping is not None else [settings.get("organization") or ""]
    return tuple(sorted({str(name) for name in names if name}))


def check(remote: Remote, mapping: FieldMapping, settings: Mapping[str, Any]) -> list[Finding]:
    """Return what a push to this target can expect: version, rights of the token, organisations, required fields."""
    try:
        return [_version(remote), *_rights(remote, organizations(settings)), *_required(remote, mapping)]
    except SatuDataError as error:
        return [Finding(False, error.code, str(error))]


def _version(remote: Remote) -> Finding:
    status = remote.call("status_show", {}) or {}
    version = str(status.get("ckan_version") or "")
    if not version:
        return Finding(True, "version", "Sasaran adalah CKAN; versinya tidak disebutkan.")
    return Finding(True, "version", f"Sasaran adalah CKAN {version}.")


def _rights(remote: Remote, wanted: Collection[str]) -> list[Finding]:
    if not wanted:
        return [Finding(False, "organization-missing", "Organisasi di sasaran belum diatur (setelan organization).")]
    found = remote.call("organization_list_for_user", {"permission": "create_dataset"}) or []
    mine = {org.get("name") for org in found} | {org.get("id") for org in found}
    return [
        Finding(True, "organization", f"Token boleh menulis di organisasi {name!r}.")
        if name in mine
        else Finding(
            False, "organization-forbidden", f"Token tidak boleh menulis di organisasi {name!r}, atau tidak ada."
        )
        for name in wanted
    ]


def _required(remote: Remote, mapping: FieldMapping) -> list[Finding]:
    schema = remote.call("scheming_dataset_schema_show", {"type": "dataset"})
    if not isinstance(schema, dict):
        return [Finding(True, "schema", "Sasaran tidak menyebutkan skema; isian SDI dikirim sebagai extras.")]
    sent = CORE | set(mapping.fields.values()) | set(mapping.constants) | {"name", "owner_org", "tag_string", "type"}
    missing = [
        f["field_name"] for f in schema.get("dataset_fields", []) if f.get("required") and f["field_name"] not in sent
    ]
    if missing:
        words = ", ".join(missing)
        return [Finding(False, "required-unmapped", f"Sasaran mewajibkan isian yang tidak dikirim: {words}.")]
    return [Finding(True, "schema", "Skema sasaran dikenal; isian wajibnya terpetakan.")]
