"""Other CKAN portals (2.8 to 2.12) and what speaks like them, by package_search.

Datasets of types that we do not have come in as ordinary ones. Private and draft records are only seen with a key, and
stay closed here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ckanext.satudatapaser.errors import RejectRecord, SourceError
from ckanext.satudatapaser.harvesters import Net, Page, Setting
from ckanext.satudatapaser.harvesters._read import get, mappings, text, texts
from ckanext.satudatapaser.harvesters._sdi import sdi_fields
from ckanext.satudatapaser.record import vocabulary
from ckanext.satudatapaser.record.model import Raw, Record, Resource

TITLE = "CKAN"
SETTINGS = (
    Setting("rows", "int", "Catatan per halaman", "Berapa catatan diminta sekali ambil (paling banyak 1000).", 100),
    Setting(
        "max_pages",
        "int",
        "Halaman paling banyak",
        "Batas halaman, agar sumber yang berputar tidak diikuti terus.",
        2000,
    ),
)


def pages(url: str, settings: Mapping[str, Any], net: Net) -> Iterator[Page]:
    """Yield the listing of package_search, ordered by creation so that pages don't shift."""
    return _search(url, settings, net, {"sort": "metadata_created asc, id asc"})


def changes(url: str, settings: Mapping[str, Any], net: Net, since: str) -> list[Page] | None:
    """Return what changed at or after ``since``, or None when the source does not filter by it.

    ``since`` is the stamp of the newest dataset that we have seen, so an answer without any dataset means that it is gone (or
    that the source filters wrongly), and one with an older dataset that the filter was ignored (data.go.id's proxy does).
    """
    asked = {"sort": "metadata_modified asc, id asc", "fq": f"metadata_modified:[{since}Z TO *]"}
    found = []
    for page in _search(url, settings, net, asked):
        if not page.records or any(_stamp(record) < since for record in page.records):
            return None
        found.append(page)
    return found


def _search(url: str, settings: Mapping[str, Any], net: Net, asked: Mapping[str, str]) -> Iterator[Page]:
    address = url.rstrip("/") + "/api/3/action/package_search"
    rows, seen, total = int(settings.get("rows") or 100), 0, None
    known: set[str] = set()
    for _ in range(int(settings.get("max_pages") or 2000)):
        result = _result(net.get_json(address, {"rows": str(rows), "start": str(seen), **asked}), address)
        total, records = int(result["count"]), result["results"]
        fresh = [record for record in records if text(get(record, "id")) not in known or not get(record, "id")]
        known |= {text(get(record, "id")) for record in records}
        seen += len(records)
        if records and not fresh:
            raise SourceError("source-loop", f"Sumber {address} mengulang catatan yang sama mulai baris {seen}.")
        newest = max((_stamp(record) for record in fresh), default="")
        yield Page(fresh, None, f"{address} start={seen - len(records)}", newest)
        if seen >= total or not records:
            break
    if seen < (total or 0):
        raise SourceError(
            "source-short",
            f"Sumber {address} menyebut {total} catatan tetapi hanya memberi {seen}.",
            "Daftar yang tidak lengkap tidak dipakai untuk penghapusan; coba lagi nanti.",
        )


def _stamp(record: Any) -> str:
    """Return when the source changed a dataset last, on its own clock: ISO without zone, as CKAN writes it."""
    return text(get(record, "metadata_modified")).removesuffix("Z") if isinstance(record, Mapping) else ""


def _result(answer: Any, address: str) -> Mapping[str, Any]:
    result = answer.get("result") if isinstance(answer, Mapping) else None
    if isinstance(result, Mapping) and isinstance(result.get("results"), list) and isinstance(result.get("count"), int):
        return result
    found = ", ".join(sorted(map(str, answer))[:6]) if isinstance(answer, Mapping) else type(answer).__name__
    raise SourceError(
        "source-not-ckan",
        f"Sumber {address} menjawab JSON, tetapi bukan jawaban package_search; yang ada: {found or 'tidak ada apa pun'}.",
        "Periksa alamatnya: yang diharapkan alamat depan sebuah portal CKAN.",
    )


def to_record(raw: Raw, settings: Mapping[str, Any]) -> Record:
    """Map one dataset of package_search."""
    if not isinstance(raw, Mapping):
        raise RejectRecord("record-not-object", "Catatan ini bukan objek JSON.")
    values = {**extras(raw.get("extras")), **{k: v for k, v in raw.items() if k != "extras"}}
    stated = text(get(values, "accessRights", "accessLevel", "access_level"))
    organization = raw.get("organization")
    name = text(raw.get("name"))
    return Record(
        title=text(get(raw, "title")) or name,
        identifier=text(get(raw, "id")) or name,
        landing_page=text(get(values, "landingPage")) or (f"dataset/{name}" if name else ""),
        publisher=text(organization) if organization else "",
        notes=text(get(raw, "notes")),
        access=_access(raw, stated),  # type: ignore[arg-type] # the list's codes
        access_stated=stated,
        license_id=text(get(raw, "license_id", "license_url", "license_title")),
        issued=text(get(values, "issued", "metadata_created")),
        modified=text(get(raw, "metadata_modified")),
        tags=tuple(text(get(tag, "display_name", "name")) for tag in mappings(raw.get("tags")))
        or texts(raw.get("tags")),
        groups=tuple(text(get(group, "name")) for group in mappings(raw.get("groups"))),
        resources=tuple(_resource(item) for item in mappings(raw.get("resources"))),
        contact_name=text(get(raw, "maintainer", "author")),
        contact_email=text(get(raw, "maintainer_email", "author_email")),
        sdi=sdi_fields(values),
    )


def extras(value: Any) -> dict[str, Any]:
    """Return extras as a dict, whether they come as a list of key and value or as an object."""
    if isinstance(value, Mapping):
        return dict(value)
    return {text(item.get("key")): item.get("value") for item in mappings(value) if item.get("key")}


def _access(raw: Raw, stated: str) -> str | None:
    if raw.get("private") in (True, "true", "True") or raw.get("state") not in (None, "", "active"):
        return "tertutup"
    return vocabulary.access(stated) if stated else None


def _resource(raw: Mapping[str, Any]) -> Resource:
    return Resource(
        url=text(get(raw, "url")),
        name=text(get(raw, "name", "title")),
        description=text(get(raw, "description")),
        format=text(get(raw, "format")),
        mimetype=text(get(raw, "mimetype")),
        source_id=text(get(raw, "id")),
    )
