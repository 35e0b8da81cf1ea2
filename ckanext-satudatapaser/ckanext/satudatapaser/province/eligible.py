"""Which datasets may go up, and why the others stay. Pure."""

from __future__ import annotations

import dataclasses as dc
from collections.abc import Mapping
from typing import Any

from ckanext.satudatapaser.record.model import Issue


@dc.dataclass(frozen=True, slots=True)
class Facts:
    """What decides about one dataset; ``organization`` is the name of its OPD, ``version`` changes when it does."""

    id: str
    name: str
    state: str
    private: bool
    status: str | None
    access: str | None
    organization: str | None
    version: str


def their_organization(organization: str | None, settings: Mapping[str, Any]) -> str:
    """Return the target's organisation for ours: by ``organization_map``, else the one ``organization`` of all; or ""."""
    mapping = settings.get("organization_map")
    if mapping is not None:
        return str(mapping.get(organization, ""))
    return str(settings.get("organization") or "") if organization else ""


def reasons_to_stay(facts: Facts, settings: Mapping[str, Any]) -> tuple[Issue, ...]:
    """Return why a dataset does not go to a target with ``settings``; empty when it goes."""
    found = []
    if facts.state != "active":
        found.append(("deleted", "Dataset sudah dihapus atau masih draf.", "state"))
    if facts.private:
        found.append(("private", "Dataset tidak untuk umum.", "private"))
    if facts.status != "published":
        found.append(("not-published", "Dataset belum ditayangkan oleh walidata.", "publishing_status"))
    if facts.access == "terbatas" and not settings.get("restricted_metadata"):
        found.append(("access-terbatas", "Akses terbatas: sasaran ini hanya menerima data terbuka.", "accessRights"))
    elif facts.access not in ("terbuka", "terbatas"):
        stated = facts.access or "belum diisi"
        found.append((f"access-{facts.access or 'missing'}", f"Klasifikasi akses {stated}.", "accessRights"))
    if not their_organization(facts.organization, settings):
        shown = facts.organization or "(tanpa Produsen Data)"
        found.append(("organization-unmapped", f"{shown} belum dipetakan ke organisasi di sasaran.", "owner_org"))
    return tuple(Issue(code, message, field, stage="eligible") for code, message, field in found)
