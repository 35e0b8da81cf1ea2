"""Catalogues in DCAT-US 1.1 (data.json), as Indonesian portals publish them for data.go.id.

One document holds everything. Real files misspell keys (accessLeval, contctPoint, keywords), put null where a list
belongs, and give relative addresses; all of that is read.
"""

from __future__ import annotations

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
        sdi=sdi_fields(raw),
    )


def _resource(raw: Mapping[str, Any]) -> Resource:
    return Resource(
        url=text(get(raw, "downloadURL", "accessURL", "accesURL", "url")),
        name=text(get(raw, "title", "name")),
        description=text(get(raw, "description")),
        format=text(get(raw, "format")),
        mimetype=text(get(raw, "mediaType")),
        source_id=text(get(raw, "identifier", "@id", "id")),
    )
