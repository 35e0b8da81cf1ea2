"""Repositories that speak OAI-PMH 2.0, read as Dublin Core (oai_dc) by ListRecords.

A resumption token leads from page to page; the last page has none, or an empty one. Records that the source marks as
deleted are not in the listing. Real repositories repeat ``request`` inside ListRecords, or use no namespace: both are read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ckanext.satudatapaser.errors import SourceError
from ckanext.satudatapaser.harvesters import Net, Page, Setting
from ckanext.satudatapaser.harvesters._dublincore import elements, record_of
from ckanext.satudatapaser.harvesters._paging import (
    INCOMPLETE,
    MAX_PAGES,
    Repeats,
    changed,
    endpoint,
    looping,
    short,
    too_many_pages,
)
from ckanext.satudatapaser.harvesters._read import require_object
from ckanext.satudatapaser.harvesters._xml import Element, children, first, name, parse, unexpected, words
from ckanext.satudatapaser.record.model import Raw, Record

TITLE = "OAI-PMH (Dublin Core)"
SETTINGS = (
    Setting(
        "set",
        "text",
        "Himpunan",
        "setSpec himpunan yang ditarik; kosong berarti semua.",
        "",
        label_en="Set",
        help_en="setSpec of the set that is harvested; empty means all.",
    ),
    Setting(
        "metadata_prefix",
        "text",
        "Bentuk metadata",
        "metadataPrefix yang diminta; isinya harus Dublin Core.",
        "oai_dc",
        label_en="Form of metadata",
        help_en="metadataPrefix that is asked for; it must hold Dublin Core.",
    ),
    MAX_PAGES,
)
OWN = ("verb", "metadataprefix", "resumptiontoken", "set", "from", "until", "identifier")


def pages(url: str, settings: Mapping[str, Any], net: Net) -> Iterator[Page]:
    """Yield the pages of ListRecords, following resumption tokens."""
    url, most = endpoint(url, OWN), int(settings.get("max_pages") or MAX_PAGES.default)
    prefix = str(settings.get("metadata_prefix") or "oai_dc")
    asked, tokens, repeats, seen, total = (
        {"verb": "ListRecords", "metadataPrefix": prefix},
        set[str](),
        Repeats(url),
        0,
        0,
    )
    if settings.get("set"):
        asked["set"] = str(settings["set"])
    for number in range(1, most + 1):
        found = _records(_answer(net, url, asked, prefix), url, number)
        records = [_raw(record) for record in found if name(record) == "record"]
        repeats.refuse((record["id"] for record in records), f"halaman {number}")
        seen += len(records)
        yield Page([record for record in records if record["status"] != "deleted"], None, f"{url} halaman {number}")
        token, said = _token(found, seen)
        if said and said < total:
            raise changed(url, f"jumlah catatannya turun dari {total} menjadi {said}")
        total = said or total
        if not token:
            if seen < total:
                raise short(url, total, seen)
            return
        if token in tokens:
            raise looping(url, f"resumptionToken yang sama dua kali, halaman {number}")
        tokens.add(token)
        asked = {"verb": "ListRecords", "resumptionToken": token}
    raise too_many_pages(url, most)


def _answer(net: Net, url: str, asked: Mapping[str, str], prefix: str) -> Element:
    """Return the root of one answer. pycsw wants the prefix beside a token, which the standard forbids."""
    root = parse(net.get_bytes(url, asked), url, "oai")
    error = first(root, "error")
    if "resumptionToken" in asked and error is not None and error.get("code") == "badArgument":
        return parse(net.get_bytes(url, {**asked, "metadataPrefix": prefix}), url, "oai")
    return root


def _records(root: Element, url: str, number: int) -> list[Element]:
    """Return what stands in ListRecords: records and a token. noRecordsMatch to the first request is an empty listing."""
    error = next(children(root, "error"), None)
    if error is not None:
        code = error.get("code") or "tanpa kode"
        if code == "noRecordsMatch" and number == 1:
            return []
        text = f"Sumber {url} menolak permintaan OAI-PMH: {code} {words(error)[:200]}".rstrip()
        raise SourceError("source-oai-error", f"{text}.", INCOMPLETE)
    listing = first(root, "ListRecords")
    if name(root) != "OAI-PMH" or listing is None:
        raise unexpected(url, "oai", f"XML dengan akar {name(root)} tanpa ListRecords")
    return list(children(listing))


def _token(found: list[Element], seen: int) -> tuple[str, int]:
    """Return the resumption token of a page, and how many records the source says it has in all (0: it does not say).

    pycsw writes 0 where the last page's token must be empty.
    """
    token = next((element for element in found if name(element) == "resumptionToken"), None)
    said = token.get("completeListSize", "") if token is not None else ""
    total = int(said) if said.isdecimal() else 0
    value = words(token)
    return "" if value == "0" and seen >= total > 0 else value, total


def _raw(record: Element) -> dict[str, Any]:
    """Return one record: its header's parts, and the texts of every Dublin Core element."""
    header, metadata = first(record, "header"), first(record, "metadata")
    parts = {name(part).lower(): words(part) for part in header} if header is not None else {}
    core = next(children(metadata), None) if metadata is not None else None
    return {
        "id": parts.get("identifier", ""),
        "datestamp": parts.get("datestamp", ""),
        "status": header.get("status", "") if header is not None else "",
        "dc": elements(core) if core is not None else {},
    }


def to_record(raw: Raw, settings: Mapping[str, Any]) -> Record:
    """Map one record's Dublin Core."""
    require_object(raw)
    return record_of(raw, settings)
