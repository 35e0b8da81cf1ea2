"""Dublin Core, as OAI-PMH (oai_dc) and CSW (csw:Record) carry it: texts by element name, any number of each."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from typing import Any

from ckanext.satudatapaser.harvesters._access import own_words, strictest
from ckanext.satudatapaser.harvesters._geojson import box
from ckanext.satudatapaser.harvesters._links import is_file, split
from ckanext.satudatapaser.harvesters._read import mappings, text
from ckanext.satudatapaser.harvesters._xml import Element, first, name, words
from ckanext.satudatapaser.record import vocabulary
from ckanext.satudatapaser.record.model import Access, Raw, Record, Resource

# info:eu-repo/semantics and COAR, the access vocabularies of OpenAIRE's guidelines; repositories put them into dc:rights
RIGHTS: dict[str, Access] = {
    "openaccess": "terbuka",
    "open access": "terbuka",
    "http://purl.org/coar/access_right/c_abf2": "terbuka",
    "restrictedaccess": "terbatas",
    "restricted access": "terbatas",
    "http://purl.org/coar/access_right/c_16ec": "terbatas",
    "http://purl.org/coar/access_right/c_14cb": "terbatas",  # metadata only
    "closedaccess": "tertutup",
    "closed access": "tertutup",
    "embargoedaccess": "tertutup",
    "embargoed access": "tertutup",
    "http://purl.org/coar/access_right/c_f1cf": "tertutup",  # embargoed
}

OTHER = "otherrestrictions"
"""MD_RestrictionCode that geographic catalogues put into dc:rights: there are restrictions, stated somewhere else."""


def elements(core: Element) -> dict[str, Any]:
    """Return the texts of the elements in ``core`` by name; those with attributes as ``links`` where they are addresses."""
    found: dict[str, Any] = {}
    for element in core:
        key, value = name(element), words(element)
        if key in ("URI", "references") and value:
            link = {"url": value, "protocol": element.get("protocol") or element.get("scheme") or ""}
            named = {part: element.get(part) for part in ("name", "description", "function") if element.get(part)}
            found.setdefault("links", []).append({**link, **named})
        elif key in ("BoundingBox", "WGS84BoundingBox"):
            found["bbox"] = _corners(element)
        elif value:
            found.setdefault(key, []).append(value)
    return found


def _corners(element: Element) -> list[str]:
    """Return west, south, east, north. EPSG:4326 as a urn has latitude first, unless that is no latitude."""
    lower, upper = _corner(element, "LowerCorner"), _corner(element, "UpperCorner")
    if "EPSG" in element.get("crs", "") and not _beyond_latitudes(lower, upper):
        lower, upper = lower[::-1], upper[::-1]
    return [*lower, *upper]


def _corner(element: Element, wanted: str) -> list[str]:
    return words(first(element, wanted)).split()


def _beyond_latitudes(*corners: list[str]) -> bool:
    numbers = [corner[0] for corner in corners if corner and re.fullmatch(r"-?\d+(\.\d+)?", corner[0])]
    return any(abs(float(number)) > 90 for number in numbers)


def record_of(raw: Raw, settings: Mapping[str, Any]) -> Record:
    """Map one record: ``id`` and ``datestamp`` of its envelope, ``dc`` with its elements."""
    core = raw.get("dc")
    dc: Mapping[str, Any] = core if isinstance(core, Mapping) else {}
    own = [value for value in texts_of(dc, "identifier") if not value.startswith(("http://", "https://"))]
    page, files = split(_links(dc))
    access, stated, licence = _rights(dc, own_words(settings))
    return Record(
        title=one(dc, "title"),
        identifier=text(raw.get("id")) or next(iter(own), ""),
        landing_page=page,
        publisher=one(dc, "publisher"),
        notes="\n\n".join(texts_of(dc, "description") or texts_of(dc, "abstract")),
        access=access,
        access_stated=stated,
        license_id=licence,
        issued=one(dc, "issued") or one(dc, "date") or one(dc, "created"),
        modified=one(dc, "modified") or text(raw.get("datestamp")),
        tags=tuple(part for value in texts_of(dc, "subject") for part in _keywords(value)),
        groups=tuple(texts_of(dc, "type")),
        resources=_with_format(files, texts_of(dc, "format")),
        contact_name=one(dc, "creator"),
        sdi=_fields(dc),
    )


def texts_of(dc: Mapping[str, Any], element: str) -> list[str]:
    """Return every text of an element."""
    value = dc.get(element)
    found = map(text, value if isinstance(value, list | tuple) else [value])
    return [item for item in found if item]


def one(dc: Mapping[str, Any], element: str) -> str:
    """Return an element's first text."""
    return next(iter(texts_of(dc, element)), "")


def _keywords(subject: str) -> list[str]:
    """Return the keywords of a subject: repositories put several into one; an entity's semicolon divides nothing."""
    return [part.strip() for part in re.split(r"[;,]", html.unescape(subject)) if part.strip()]


def _links(dc: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Yield what may be a page or a file: links with a protocol first, then addresses among the identifiers and relations."""
    yield from mappings(dc.get("links"))
    for element in ("identifier", "source", "relation"):
        for value in texts_of(dc, element):
            if value.startswith(("http://", "https://")) and (element == "identifier" or is_file(value)):
                yield {"url": value}


def _rights(dc: Mapping[str, Any], own: Mapping[str, Access]) -> tuple[Access | None, str, str]:
    """Return access class, the words that state it, and the licence.

    dct:accessRights states a class, whatever it says. dc:rights is free text and states one only by a word that is known,
    or that the source's ``own`` list has; the licence stands there too.
    """

    def known(word: str) -> str | None:
        return _class(word) or own.get(vocabulary.plain(word))

    rights = [*texts_of(dc, "rights"), *texts_of(dc, "license")]
    stated = texts_of(dc, "accessRights") + [word for word in rights if known(word) or _plain(word) == OTHER]
    access = strictest(known(word) or word for word in stated)
    other = [word for word in rights if word not in stated]
    licence = next((word for word in rights if vocabulary.licence(word)), next(iter(other), ""))
    return access, ", ".join(stated), licence


def _class(word: str) -> str | None:
    """Return the access class of a word, of the national list or of OpenAIRE's."""
    return RIGHTS.get(_plain(word)) or vocabulary.access(word)


def _plain(word: str) -> str:
    return vocabulary.plain(word).removeprefix("info:eu-repo/semantics/")


def _with_format(files: tuple[Resource, ...], formats: list[str]) -> tuple[Resource, ...]:
    """Give the one file the one format that the record states; with more of either nobody knows which belongs to which."""
    if len(files) == len(formats) == 1 and not files[0].format:
        return (Resource(files[0].url, files[0].name, files[0].description, formats[0]),)
    return files


def _fields(dc: Mapping[str, Any]) -> dict[str, str]:
    corners = texts_of(dc, "bbox")
    found = {
        "spatial": box(*corners) if len(corners) == 4 else "",
        "accrualPeriodicity": one(dc, "accrualPeriodicity"),
    }
    return {key: value for key, value in found.items() if value}
