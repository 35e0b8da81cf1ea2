"""ISO 19139 (gmd:MD_Metadata), as geographic catalogues carry it, read by ckanext-spatial's ISODocument.

That module needs nothing of CKAN. It does not read security classes and anchors, on which access depends: added here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ckanext.satudatapaser.harvesters._access import own_words, strictest
from ckanext.satudatapaser.harvesters._geojson import box
from ckanext.satudatapaser.harvesters._links import split
from ckanext.satudatapaser.harvesters._read import mappings, text
from ckanext.satudatapaser.harvesters._xml import Element
from ckanext.satudatapaser.record import vocabulary
from ckanext.satudatapaser.record.model import Access, Raw, Record
from ckanext.spatial.harvested_metadata import ISODocument, ISOElement

READ = (
    "guid", "resource-type", "metadata-date", "spatial-reference-system", "title", "alternate-title", "abstract",
    "dataset-reference-date", "unique-resource-identifier", "responsible-organisation", "frequency-of-update", "keywords",
    "keyword-inspire-theme", "keyword-controlled-other", "limitations-on-public-access", "access-constraints",
    "topic-category", "bbox", "temporal-extent-begin", "temporal-extent-end", "data-format", "resource-locator", "lineage",
)  # fmt: skip
CONSTRAINTS = "gmd:identificationInfo/*/gmd:resourceConstraints/*"
METADATA_CONSTRAINTS = "gmd:metadataConstraints/*"
# MD_RestrictionCode (ISO 19115): these speak of rights in the work, not of who may see it
NO_CLASS = frozenset({
    "copyright", "patent", "patentpending", "trademark", "license", "licence", "intellectualpropertyrights",
    "licenceunrestricted", "licenceenduser", "unclassified", "licencedistributor",
    "otherrestrictions", "statutory",
})  # fmt: skip
# MD_RestrictionCode, MD_ClassificationCode and INSPIRE's code list, where our list of words does not have them
CLASSES: dict[str, Access] = {
    "unrestricted": "terbuka",
    "nolimitations": "terbuka",
    "sensitivebutunclassified": "terbatas",
    "sbu": "terbatas",
    "limiteddistribution": "terbatas",
    "in-confidence": "tertutup",
    "secret": "tertutup",
    "topsecret": "tertutup",
    "protected": "tertutup",
}


class Document(ISODocument):
    """The elements that are mapped, and those about access that ISODocument leaves out."""

    elements = [element for element in ISODocument.elements if element.name in READ] + [
        ISOElement("classification", [
            f"{path}/gmd:classification/gmd:MD_ClassificationCode/{part}"
            for path in (CONSTRAINTS, METADATA_CONSTRAINTS) for part in ("@codeListValue", "text()")
        ], "*"),
        ISOElement("anchors", [f"{CONSTRAINTS}/gmd:otherConstraints/gmx:Anchor/@xlink:href"], "*"),
        ISOElement("anchor-words", [f"{CONSTRAINTS}/gmd:otherConstraints/gmx:Anchor/text()"], "*"),
        ISOElement("use-limitation", [f"{CONSTRAINTS}/gmd:useLimitation/*/text()"], "*"),
    ]  # fmt: skip


def read(element: Element) -> dict[str, Any]:
    """Return what one gmd:MD_Metadata says, without what is empty."""
    values = Document(xml_tree=element).read_values()
    return {key: value for key, value in values.items() if value not in ("", [], None)}


def record_of(raw: Raw, settings: Mapping[str, Any]) -> Record:
    """Map one record."""
    page, files = split(mappings(raw.get("resource-locator")))
    access, stated = _access(raw, own_words(settings))
    party = _party(raw)
    title = text(raw.get("title")) or text(raw.get("alternate-title"))
    return Record(
        title=title,
        identifier=text(raw.get("guid")) or text(raw.get("unique-resource-identifier")),
        landing_page=page,
        publisher=text(party.get("organisation-name")),
        notes=text(raw.get("abstract")),
        access=access,
        access_stated=stated,
        license_id=_licence(raw),
        issued=text(raw.get("date-released")) or text(raw.get("date-created")),
        modified=text(raw.get("date-updated")) or text(raw.get("metadata-date")),
        tags=tuple(dict.fromkeys(_strings(raw.get("tags")))),
        groups=tuple(_strings(raw.get("topic-category"))),
        resources=files,
        contact_name=text(party.get("position-name")) or text(party.get("organisation-name")),
        contact_email=text(_mapping(party.get("contact-info")).get("email")),
        sdi=_fields(raw),
    )


def _fields(raw: Raw) -> dict[str, str]:
    corners: Mapping[str, Any] = next(iter(mappings(raw.get("bbox"))), {})
    frequency = text(raw.get("frequency-of-update"))
    found = {
        "jenis": "geospasial",
        "spatial": box(*(corners.get(side) for side in ("west", "south", "east", "north"))) if corners else "",
        "lineage": text(raw.get("lineage")),
        "spatial-reference-system": text(raw.get("spatial-reference-system")),
        "dataset-reference-date": text(next((date.get("value") for date in _dates(raw)), "")),
        "access_constraints": ", ".join(_constraints(raw)),
        "frequency-of-update": frequency,
        "accrualPeriodicity": "" if frequency.lower() in ("unknown", "notplanned") else frequency,
        "temporal_start": text(raw.get("temporal-extent-begin")),
        "temporal_end": text(raw.get("temporal-extent-end")),
    }
    return {key: value for key, value in found.items() if value}


def _dates(raw: Raw) -> list[Mapping[str, Any]]:
    return mappings(raw.get("dataset-reference-date"))


def _party(raw: Raw) -> Mapping[str, Any]:
    """Return the party that publishes the data; the first one that is named when no role says so."""
    parties = [party for party in mappings(raw.get("responsible-organisation")) if text(party.get("organisation-name"))]
    roles = ("publisher", "owner", "custodian", "pointOfContact")
    by_role = {text(party.get("role")): party for party in reversed(parties)}
    return next((by_role[role] for role in roles if role in by_role), next(iter(parties), {}))


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _strings(value: Any) -> list[str]:
    """Return the texts of a list as they are: a comma belongs to a constraint's sentence."""
    found = map(text, value if isinstance(value, list | tuple) else [value])
    return [item for item in found if item]


def _constraints(raw: Raw) -> list[str]:
    """Return everything that the record says about who may see the data."""
    keys = ("classification", "access-constraints", "limitations-on-public-access", "anchors")
    found = [item for key in keys for item in _strings(raw.get(key))]
    # an anchor's words repeat its address in any language: they count when they are a word of the list
    found += [word for word in _strings(raw.get("anchor-words")) if vocabulary.access(word)]
    return list(dict.fromkeys(found))


def _access(raw: Raw, own: Mapping[str, Access]) -> tuple[Access | None, str]:
    """Return the access class and the words that state it.

    Codes about rights in the work say nothing of access, a licence among the other constraints neither. Any other sentence
    does, so that one that nobody understands, and that the source's ``own`` list does not have, leaves the class unknown.
    """
    stated = [word for word in _constraints(raw) if _plain(word) not in NO_CLASS and not _licence_of(word)]
    if not stated and "otherrestrictions" in map(_plain, _constraints(raw)):
        stated = ["otherRestrictions"]

    def known(word: str) -> str | None:
        return CLASSES.get(_plain(word)) or vocabulary.access(word) or own.get(vocabulary.plain(word))

    return strictest(known(word) or word for word in stated), ", ".join(stated)


def _plain(word: str) -> str:
    """Return a code as it is compared: of an address in a code list the last part; a sentence is no code, whatever ends it."""
    code = word.strip()
    if re.fullmatch(r"https?://\S+", code):
        code = re.split(r"[/#]", code.rstrip("/#"))[-1]
    return code.replace(" ", "").lower()


def _licence_of(word: str) -> str | None:
    return vocabulary.licence(word) if vocabulary.access(word) is None else None


def _licence(raw: Raw) -> str:
    """Return the first licence among the limits of use and the other constraints; else what the limits of use say."""
    limits = _strings(raw.get("use-limitation"))
    found = [*limits, *_constraints(raw)]
    return next((word for word in found if _licence_of(word)), next(iter(limits), ""))
