"""The catalogue in DCAT-US 1.1 (Project Open Data Metadata Schema v1.1), as data.go.id and stock harvesters read data.json.

Keys and their patterns are that schema's (https://resources.data.gov/resources/dcat-us/); the keys of the national SDI schema
stand beside them under their own names, but for ``accrualPeriodicity``, which both have and which is ISO 8601 here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ckanext.satudatapaser.catalogue import public
from ckanext.satudatapaser.catalogue.portal import Portal, portal
from ckanext.satudatapaser.record import vocabulary
from ckanext.satudatapaser.record.addresses import web_address
from ckanext.satudatapaser.record.contact import Contact
from ckanext.satudatapaser.record.contact import contact as whom
from ckanext.satudatapaser.record.fields import bounds, degrees, rules

Values = dict[str, Any]
SCHEMA = "https://project-open-data.cio.gov/v1.1/schema"
HEAD = {
    "@context": f"{SCHEMA}/catalog.jsonld",
    "@type": "dcat:Catalog",
    "conformsTo": SCHEMA,
    "describedBy": f"{SCHEMA}/catalog.json",
}
# our codes (vocabularies/frequency.yaml) as repeating durations of ISO 8601
FREQUENCIES = {
    "HARIAN": "R/P1D", "MINGGUAN": "R/P1W", "BULANAN": "R/P1M", "TRIWULANAN": "R/P3M", "EMPAT_BULANAN": "R/P4M",
    "SEMESTERAN": "R/P6M", "TAHUNAN": "R/P1Y", "DUA_TAHUNAN": "R/P2Y", "INSIDENTAL": "irregular",
}  # fmt: skip
ELSEWHERE = frozenset({
    "title", "name", "notes", "tag_string", "owner_org", "license_id", "accrualPeriodicity", "issued", "temporal_start",
    "temporal_end", "spatial", "publishing_status", "status_review_pembina", "author", "author_email", "maintainer",
    "maintainer_email", "url",
})  # fmt: skip
"""Fields of our schema that have a key of DCAT-US, or that are the portal's own business."""
DATE = re.compile(r"\d{4}-\d\d-\d\d")
MAIL = re.compile(r"[\w~!$&'*+=.-]+@[\w.-]+\.[\w.-]+", re.ASCII)
"""What the schema takes of the addresses that there are."""


def catalogue() -> Iterator[bytes]:
    """Yield the document, a dataset at a time."""
    shared = portal()
    head = json.dumps({**HEAD, "@id": f"{shared.url}/data.json"}, ensure_ascii=False)
    yield f'{head[:-1]}, "dataset": ['.encode()
    for number, package in enumerate(public.datasets()):
        text = json.dumps(entry(package, shared), ensure_ascii=False)
        yield (",\n" if number else "\n").encode() + text.encode()
    yield b"\n]}\n"


def entry(package: Mapping[str, Any], shared: Portal) -> Values:
    """Return one dataset as an entry of the catalogue; keys without a value are left out.

    ``package`` is a dict as ``public.datasets`` yields it. Its identifier is the dataset's id, which neither a new title nor
    a new address of the portal changes.
    """
    publisher = (
        (package.get("organization") or {}).get("title") or package.get("produsen_data_name") or shared.distributor
    )
    topics = [group.get("title") or group["name"] for group in package["groups"]]
    values = {
        "@type": "dcat:Dataset",
        "identifier": package["id"],
        "title": package["title"] or package["name"],
        "description": package.get("notes") or package["title"] or package["name"],
        "keyword": [tag["name"] for tag in package["tags"]] or topics or [publisher],
        "modified": f"{package['metadata_modified'][:19]}Z",
        "issued": _date(package.get("issued")),
        "publisher": {"@type": "org:Organization", "name": publisher},
        "contactPoint": contact(package, publisher, shared),
        "accessLevel": "public",
        "license": _address(package.get("license_url")),
        "landingPage": f"{shared.url}/dataset/{package['name']}",
        "accrualPeriodicity": FREQUENCIES.get(package.get("accrualPeriodicity") or ""),
        "temporal": _period(package),
        "spatial": _extent(package),
        "theme": topics,
        "language": ["id"],
        "distribution": list(_distributions(package["resources"])),
        **{key: package.get(key) for key in rules() if key not in ELSEWHERE},
    }
    return {key: value for key, value in values.items() if value not in (None, "", [])}


def contact(package: Mapping[str, Any], publisher: str, shared: Portal) -> Values:
    """Return whom to ask. The schema asks for an address and takes an empty one where nobody has any."""
    agency = Contact(publisher, shared.mails.get(package.get("owner_org") or "", ""))
    found = whom(package, agency, Contact(shared.distributor, shared.email)) or agency
    email = found.email if MAIL.fullmatch(found.email) else ""
    return {"@type": "vcard:Contact", "fn": found.name, "hasEmail": f"mailto:{email}"}


def _distributions(files: Iterable[Mapping[str, Any]]) -> Iterator[Values]:
    for file in files:
        address, form = _address(file.get("url")), file.get("format") or ""
        if not address:
            continue
        media = vocabulary.media_type(vocabulary.file_format(form) or "")
        # a file to download needs its media type; pages, services and what nobody knows are ways to it
        where = (
            {"downloadURL": address, "mediaType": media} if media and media != "text/html" else {"accessURL": address}
        )
        values = {"@type": "dcat:Distribution", **where, "title": file.get("name"), "description": file.get("description"),
                  "format": form, "identifier": file["id"]}  # fmt: skip
        yield {key: value for key, value in values.items() if value}


def _date(text: str | None) -> str | None:
    return text[:10] if text and DATE.match(text) else None


def _period(package: Mapping[str, Any]) -> str | None:
    """Return the period of the data; the schema knows no open end."""
    start, end = _date(package.get("temporal_start")), _date(package.get("temporal_end"))
    return f"{start}/{end}" if start and end else None


def _extent(package: Mapping[str, Any]) -> str | None:
    """Return west, south, east, north in degrees."""
    box = bounds(package.get("spatial") or "")
    return ",".join(map(degrees, box)) if box else None


def _address(text: str | None) -> str | None:
    return web_address(text or "") or None
