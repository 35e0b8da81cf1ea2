"""Other CKAN portals (2.8 to 2.12) and what speaks like them, by package_search.

Datasets of types that we do not have come in as ordinary ones. Private and draft records are only seen with a key, and
stay closed here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ckanext.satudatapaser.errors import RetryLater, SatuDataError, SourceError
from ckanext.satudatapaser.harvesters import Net, Page, Setting
from ckanext.satudatapaser.harvesters._access import access_of
from ckanext.satudatapaser.harvesters._read import get, mappings, raws, require_object, text, texts
from ckanext.satudatapaser.harvesters._sdi import sdi_fields
from ckanext.satudatapaser.record.model import Raw, Record, Resource

TITLE = "CKAN"
SETTINGS = (
    Setting(
        "rows",
        "int",
        "Catatan per halaman",
        "Berapa catatan diminta sekali ambil (paling banyak 1000).",
        100,
        label_en="Records a page",
        help_en="How many records are asked for at once (1000 at most).",
    ),
    Setting(
        "max_pages",
        "int",
        "Halaman paling banyak",
        "Batas halaman, agar sumber yang berputar tidak diikuti terus.",
        2000,
        label_en="Most pages",
        help_en="Limit of pages, so that a source that goes round in circles is not followed for ever.",
    ),
)


def pages(url: str, settings: Mapping[str, Any], net: Net) -> Iterator[Page]:
    """Yield the listing of package_search, ordered by creation so that pages don't shift.

    A record that stands on two pages, or a total that falls, says that the listing changed while it was read: others may
    have been skipped, so it proves nothing.
    """
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
    rows, seen, total = int(settings.get("rows") or 100), 0, 0
    known: set[str] = set()
    for _ in range(int(settings.get("max_pages") or 2000)):
        answer = net.get_json(address, {"rows": str(rows), "start": str(seen), **asked})
        records, count = _result(answer, address)
        found = {text(get(record, "id")) for record in records} - {""}
        if found & known:
            raise _repeated(address, seen, found <= known)
        if count < total:
            raise _changed(address, f"jumlah catatannya turun dari {total} menjadi {count}")
        total = count
        known |= found
        seen += len(records)
        newest = max((_stamp(record) for record in records), default="")
        yield Page(records, total, f"{address} start={seen - len(records)}", newest)
        if seen >= total or not records:
            break
    if seen < total:
        raise SourceError(
            "source-short",
            f"Sumber {address} menyebut {total} catatan tetapi hanya memberi {seen}.",
            "Daftar yang tidak lengkap tidak dipakai untuk penghapusan; coba lagi nanti.",
        )


def _stamp(record: Any) -> str:
    """Return when the source changed a dataset last, on its own clock: ISO without zone, as CKAN writes it."""
    return text(get(record, "metadata_modified")).removesuffix("Z") if isinstance(record, Mapping) else ""


def _repeated(address: str, seen: int, whole_page: bool) -> SatuDataError:
    if whole_page:
        return SourceError("source-loop", f"Sumber {address} mengulang catatan yang sama mulai baris {seen}.")
    return _changed(address, f"catatan mulai baris {seen} sudah ada di halaman sebelumnya")


def _changed(address: str, what: str) -> RetryLater:
    text = f"Daftar sumber {address} berubah selagi dibaca: {what}."
    return RetryLater("source-changed", text, "Daftar yang tidak lengkap tidak dipakai; coba lagi nanti.")


def _result(answer: Any, address: str) -> tuple[list[Raw], int]:
    """Return the records and the count of an answer of package_search."""
    result = answer.get("result") if isinstance(answer, Mapping) else None
    if isinstance(result, Mapping) and isinstance(result.get("results"), list) and str(result.get("count")).isdecimal():
        return raws(result["results"]), int(result["count"])
    found = ", ".join(sorted(map(str, answer))[:6]) if isinstance(answer, Mapping) else type(answer).__name__
    raise SourceError(
        "source-not-ckan",
        f"Sumber {address} menjawab JSON, tetapi bukan jawaban package_search; yang ada: {found or 'tidak ada apa pun'}.",
        "Periksa alamatnya: yang diharapkan alamat depan sebuah portal CKAN.",
    )


def to_record(raw: Raw, settings: Mapping[str, Any]) -> Record:
    """Map one dataset of package_search."""
    require_object(raw)
    more = extras(raw.get("extras"))
    values = dict(more) | {name: value for name, value in raw.items() if name != "extras" and value is not None}
    names = ("accessRights", "accessLevel", "access_level")
    access, stated = access_of(names, raw, *({name: value} for name, value in more))
    if raw.get("state") not in (None, "", "active"):
        access = "tertutup"
    organization = raw.get("organization")
    name = text(raw.get("name"))
    return Record(
        title=text(get(raw, "title")) or name,
        identifier=text(get(raw, "id")) or name,
        landing_page=text(get(values, "landingPage")) or (f"dataset/{name}" if name else ""),
        publisher=text(organization) if organization else "",
        notes=text(get(raw, "notes")),
        access=access,
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


def extras(value: Any) -> list[tuple[str, Any]]:
    """Return extras as pairs, whether they come as a list of key and value or as an object; a key may come twice."""
    if isinstance(value, Mapping):
        return [(str(name), item) for name, item in value.items()]
    return [(text(item.get("key")), item.get("value")) for item in mappings(value) if item.get("key")]


def _resource(raw: Mapping[str, Any]) -> Resource:
    return Resource(
        url=text(get(raw, "url")),
        name=text(get(raw, "name", "title")),
        description=text(get(raw, "description")),
        format=text(get(raw, "format")),
        mimetype=text(get(raw, "mimetype")),
        source_id=text(get(raw, "id")),
    )
