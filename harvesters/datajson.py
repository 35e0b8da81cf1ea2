"""Catalogues in DCAT-US 1.1 (data.json), as Indonesian portals publish them for data.go.id.

One document holds everything. Real files misspell keys (accessLeval, contctPoint, keywords), put null where a list
belongs, and give relative addresses; all of that is read.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator, Mapping
from typing import Any

from ckanext.satudatapaser.errors import SourceError
from ckanext.satudatapaser.harvesters import Net, Page, Setting
from ckanext.satudatapaser.harvesters._access import access_of
from ckanext.satudatapaser.harvesters._read import get, mappings, raws, require_object, text, texts
from ckanext.satudatapaser.harvesters._sdi import sdi_fields
from ckanext.satudatapaser.record.model import Raw, Record, Resource

TITLE = "data.json (DCAT-US 1.1)"
SETTINGS: tuple[Setting, ...] = ()
NAMES = ("dataset", "datasets")


def pages(url: str, settings: Mapping[str, Any], net: Net) -> Iterator[Page]:
    """Yield the catalogue some hundred records at a time."""
    with net.get_json_list(url, NAMES) as listing:
        if not listing.found:
            found = ", ".join(sorted(listing.keys)[:6])
            raise SourceError(
                "source-not-datajson",
                f"Sumber {url} menjawab JSON, tetapi tanpa daftar 'dataset'; yang ada: {found or 'tidak ada apa pun'}.",
                "Periksa alamatnya: yang diharapkan katalog data.json (DCAT-US 1.1).",
            )
        if sum(key in NAMES for key in listing.keys) > 1:
            raise SourceError(
                "source-two-listings",
                f"Sumber {url} memuat lebih dari satu daftar 'dataset'; mana yang lengkap tidak diketahui.",
            )
        for records in listing:
            yield Page(raws(records), listing.count, url)


def to_record(raw: Raw, settings: Mapping[str, Any]) -> Record:
    """Map one entry of the catalogue."""
    require_object(raw)
    access, stated = access_of(("accessLevel", "accessLeval", "accesLevel", "accessRights"), raw)
    contact = get(raw, "contactPoint", "contctPoint") or {}
    return Record(
        title=text(get(raw, "title", "name")),
        identifier=text(get(raw, "identifier", "id")),
        landing_page=text(get(raw, "landingPage", "url")),
        publisher=text(get(raw, "publisher")),
        notes=text(get(raw, "description", "notes")),
        access=access,
        access_stated=stated,
        license_id=text(get(raw, "license", "licence")),
        issued=text(get(raw, "issued")),
        modified=text(get(raw, "modified")),
        tags=texts(get(raw, "keyword", "keywords")),
        groups=texts(get(raw, "theme")),
        resources=tuple(_resource(item) for item in mappings(get(raw, "distribution", "distributions"))),
        contact_name=text(get(contact, "fn")) if isinstance(contact, Mapping) else "",
        contact_email=text(get(contact, "hasEmail")) if isinstance(contact, Mapping) else "",
        sdi={**_period(get(raw, "temporal")), **sdi_fields(raw)},
    )


def _period(said: Any) -> dict[str, str]:
    """Return the first and the last day of a period: an interval of ISO 8601 (a year or month lasts to its end), or an object.

    What is no day of an interval (a duration, a repetition, an open end) is left out.
    """
    if isinstance(said, Mapping):
        start, end = text(get(said, "startDate", "start")), text(get(said, "endDate", "end"))
    else:
        start, _, end = text(said).removeprefix("R/").partition("/")
    found = {"temporal_start": start, "temporal_end": _last_day(end)}
    return {key: value for key, value in found.items() if value[:1].isdecimal()}


def _last_day(said: str) -> str:
    """Return the last day of a year or of a month; a day as it is."""
    match = re.fullmatch(r"(\d{4})(?:-(0[1-9]|1[0-2]))?", said, re.ASCII)
    if not match or not int(match[1]):
        return said
    year, month = int(match[1]), int(match[2] or 12)
    return f"{year:04}-{month:02}-{calendar.monthrange(year, month)[1]}"


def _resource(raw: Mapping[str, Any]) -> Resource:
    return Resource(
        url=text(get(raw, "downloadURL", "accessURL", "accesURL", "url")),
        name=text(get(raw, "title", "name")),
        description=text(get(raw, "description")),
        format=text(get(raw, "format")),
        mimetype=text(get(raw, "mediaType")),
        source_id=text(get(raw, "identifier", "@id", "id")),
    )
