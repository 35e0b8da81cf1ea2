"""What a run does with one record, before anything is written. Pure."""

from __future__ import annotations

import dataclasses as dc
from collections.abc import Mapping
from typing import Any

from ckanext.satudatapaser.harvesters._access import own_words
from ckanext.satudatapaser.record import gate, vocabulary
from ckanext.satudatapaser.record.fingerprint import fingerprint
from ckanext.satudatapaser.record.model import Access, Issue, Outcome, Record
from ckanext.satudatapaser.record.normalise import is_unreadable, normalise
from ckanext.satudatapaser.record.validate import validate


@dc.dataclass(frozen=True, slots=True)
class Decision:
    """``outcome`` is HELD, REJECTED or None (to be written); then ``public`` and ``status`` say how."""

    record: Record
    issues: tuple[Issue, ...]
    outcome: Outcome | None
    organization: str = ""
    public: bool = False
    status: str = "submitted"
    hash: str = ""


def organization_of(record: Record, owner: str, mapping: Mapping[str, str] | None) -> str:
    """Return our organisation for a record's publisher; "" when the source has a mapping and the name is not in it."""
    if mapping is None:
        return owner
    wanted = " ".join(record.publisher.lower().split())
    return next((ours for theirs, ours in mapping.items() if " ".join(theirs.lower().split()) == wanted), "")


def prepare(record: Record, base: str, settings: Mapping[str, Any]) -> Record:
    """Return the record normalised, with the source's defaults for what it does not state."""
    record = normalise(record, base)
    stated = bool(record.access_stated)
    # a word that nobody knows is not "stated nothing": the default must not open it
    access = record.access or (
        understood(record.access_stated, settings) if stated else settings["default_access"] or None
    )
    return dc.replace(record, access=access, license_id=record.license_id or settings["default_license"] or "")


def understood(stated: str, settings: Mapping[str, Any]) -> Access | None:
    """Return the class that the source's own list of words (``access_words``) gives to a whole statement about access."""
    return None if is_unreadable(stated) else own_words(settings).get(vocabulary.plain(stated))


def decide(record: Record, owner: str, settings: Mapping[str, Any], organizations: Mapping[str, str]) -> Decision:
    """Decide on a prepared record. ``organizations``: name -> id of the organisations that exist here."""
    errors = validate(record)
    if errors:
        return Decision(record, (*record.issues, *errors), Outcome.REJECTED)
    organization = organization_of(record, owner, settings["organization_map"])
    held = _reasons_to_hold(record, organization, organizations)
    if held:
        return Decision(record, (*record.issues, *held), Outcome.HELD, organization)
    missing = gate.minimum(record, organization)
    passes = not missing and settings["review"] == "auto"
    public = passes and record.access != "tertutup"
    status = "published" if passes else "submitted"
    mark = fingerprint(record, organization, status)
    return Decision(record, (*record.issues, *missing), None, organization, public, status, mark)


def _reasons_to_hold(record: Record, organization: str, organizations: Mapping[str, str]) -> tuple[Issue, ...]:
    issues = []
    if organization not in organizations:
        value = None if organization else record.publisher
        shown = record.publisher or "(kosong)"
        text = f"Penerbit {shown!r} belum dipetakan ke perangkat daerah. Tambahkan ke organization_map sumber ini."
        if organization:
            text = f"Perangkat daerah {organization!r} tidak ada di katalog. Buat dahulu, atau perbaiki pemetaannya."
        issues.append(Issue("organization-unmapped", text, "publisher", stage="ownership", value=value))
    if record.access is None:
        stated = record.access_stated or "kosong"
        setting = "access_words" if record.access_stated else "default_access"
        text = f"Klasifikasi akses {stated!r} tidak dikenal. Isi di sumbernya, atau tetapkan {setting} sumber ini."
        value = None if is_unreadable(record.access_stated) else record.access_stated
        issues.append(Issue("access-unknown", text, "accessRights", stage="access", value=value))
    return tuple(issues)
