"""Geographic catalogues that speak CSW 2.0.2 or 3.0 (pycsw, GeoNetwork, GeoNode): ISO 19139 or Dublin Core.

The server's capabilities decide about version and form: ISO 19139 where it has it. Only GET requests are made. pycsw 2.2
answers in CSW 3.0 unless it is told which versions we read, so it always is.
"""

from __future__ import annotations

import dataclasses as dc
from collections.abc import Iterator, Mapping
from typing import Any

from ckanext.satudatapaser.errors import RejectRecord, SourceError
from ckanext.satudatapaser.harvesters import Net, Page, Setting, _dublincore, _iso
from ckanext.satudatapaser.harvesters._paging import (
    MAX_PAGES,
    Repeats,
    changed,
    endpoint,
    looping,
    short,
    too_many_pages,
)
from ckanext.satudatapaser.harvesters._read import require_object, text
from ckanext.satudatapaser.harvesters._xml import Element, children, first, name, parse, unexpected, within, words
from ckanext.satudatapaser.record.model import Raw, Record

TITLE = "CSW (ISO 19139, Dublin Core)"
VERSIONS = {"2.0.2": "http://www.opengis.net/cat/csw/2.0.2", "3.0.0": "http://www.opengis.net/cat/csw/3.0"}
ISO = "http://www.isotc211.org/2005/gmd"
SETTINGS = (
    Setting(
        "version",
        "choice",
        "Versi CSW",
        "Kosong: versi yang disebut server (2.0.2 lebih dahulu).",
        "",
        ("", *VERSIONS),
        label_en="CSW version",
        help_en="Empty: the version that the server names (2.0.2 first).",
    ),
    Setting(
        "form",
        "choice",
        "Bentuk metadata",
        "iso (ISO 19139) atau dc (Dublin Core); kosong: ISO bila server memilikinya.",
        "",
        ("", "iso", "dc"),
        label_en="Form of metadata",
        help_en="iso (ISO 19139) or dc (Dublin Core); empty: ISO where the server has it.",
    ),
    Setting(
        "rows",
        "int",
        "Catatan per halaman",
        "Berapa catatan diminta sekali ambil.",
        100,
        label_en="Records a page",
        help_en="How many records are asked for at once.",
    ),
    MAX_PAGES,
)
OWN = (
    "service", "request", "version", "acceptversions", "typenames", "outputschema", "elementsetname", "resulttype",
    "startposition", "maxrecords", "namespace", "outputformat",
)  # fmt: skip


@dc.dataclass(frozen=True)
class Position:
    """Where a page of results stands: how many records match, where the next page begins (0: this was the last)."""

    total: int
    next: int


def pages(url: str, settings: Mapping[str, Any], net: Net) -> Iterator[Page]:
    """Yield the pages of GetRecords."""
    url, most = endpoint(url, OWN), int(settings.get("max_pages") or MAX_PAGES.default)
    asked = _request(url, settings, net)
    start, seen, total, repeats = 1, 0, -1, Repeats(url)
    for _ in range(most):
        results = _results(parse(net.get_bytes(url, {**asked, "startPosition": str(start)}), url, "csw"), url)
        records = [_raw(element) for element in children(results)]
        position, where = _position(results, url), f"startPosition={start}"
        repeats.refuse((text(record.get("id")) for record in records), where)
        if total not in (-1, position.total):
            raise changed(url, f"jumlah catatannya berubah dari {total} menjadi {position.total}")
        total, seen = position.total, seen + len(records)
        yield Page(records, None, f"{url} {where}")
        if seen >= total or not records or not position.next:
            if seen < total:
                raise short(url, total, seen)
            return
        if position.next <= start:
            raise looping(url, f"nextRecord={position.next} tidak maju dari {where}")
        start = position.next
    raise too_many_pages(url, most)


def _request(url: str, settings: Mapping[str, Any], net: Net) -> dict[str, str]:
    """Return the parameters of GetRecords, after what the server says of itself."""
    said = str(settings.get("version") or "")
    asked = {"service": "CSW", "request": "GetCapabilities", "AcceptVersions": said or ",".join(VERSIONS)}
    root = _checked(parse(net.get_bytes(url, asked), url, "csw"), url, "Capabilities")
    version = said or ("3.0.0" if root.get("version", "").startswith("3") else "2.0.2")
    form = settings.get("form") or ("iso" if ISO in _schemas(root) else "dc")
    return {
        "service": "CSW",
        "version": version,
        "request": "GetRecords",
        "typeNames": "csw:Record",
        "outputSchema": ISO if form == "iso" else VERSIONS[version],
        "elementSetName": "full",
        "maxRecords": str(int(settings.get("rows") or 100)),
        # 3.0 knows no resultType, and pycsw fails on its way of writing namespaces
        **({"resultType": "results", "namespace": f"xmlns(csw={VERSIONS[version]})"} if version == "2.0.2" else {}),
    }


def _schemas(root: Element) -> set[str]:
    """Return the output schemas that GetRecords offers."""
    operations = (found for found in within(root, "Operation") if found.get("name") == "GetRecords")
    offered = (part for found in operations for part in found.iter() if part.get("name", "").lower() == "outputschema")
    return {words(value) for part in offered for value in within(part, "Value")}


def _results(root: Element, url: str) -> Element:
    results = first(_checked(root, url, "GetRecordsResponse"), "SearchResults")
    if results is None:
        raise unexpected(url, "csw", "GetRecordsResponse tanpa SearchResults")
    return results


def _checked(root: Element, url: str, wanted: str) -> Element:
    """Return the root when it is the one that is ``wanted``; an ExceptionReport's own words become the error."""
    if name(root) == "ExceptionReport":
        said = [f"{found.get('exceptionCode', '')} {words(found)}".strip() for found in within(root, "Exception")]
        text = f"Sumber {url} menolak permintaan CSW: {'; '.join(said)[:300] or 'tanpa keterangan'}."
        raise SourceError("source-csw-exception", text, "Periksa alamat, version dan form sumber ini.")
    if name(root) != wanted:
        raise unexpected(url, "csw", f"XML dengan akar {name(root)}; yang diharapkan {wanted}")
    return root


def _position(results: Element, url: str) -> Position:
    said = {key: results.get(key, "") for key in ("numberOfRecordsMatched", "nextRecord")}
    if not said["numberOfRecordsMatched"].isdecimal() or not (said["nextRecord"] or "0").isdecimal():
        raise unexpected(url, "csw", f"SearchResults dengan {said}")
    return Position(int(said["numberOfRecordsMatched"]), int(said["nextRecord"] or 0))


def _raw(element: Element) -> dict[str, Any]:
    """Return one record by its form; ``id`` is what tells it apart."""
    form = name(element)
    if form in ("MD_Metadata", "MI_Metadata"):
        values = _iso.read(element)
        return {"id": text(values.get("guid")), "form": form, **values}
    if form in ("Record", "SummaryRecord", "BriefRecord"):
        core = _dublincore.elements(element)
        return {"id": _dublincore.one(core, "identifier"), "form": form, "dc": core}
    return {"id": "", "form": form}


def to_record(raw: Raw, settings: Mapping[str, Any]) -> Record:
    """Map one record."""
    require_object(raw)
    if "dc" in raw:
        return _dublincore.record_of(raw, settings)
    if text(raw.get("form")) in ("MD_Metadata", "MI_Metadata"):
        return _iso.record_of(raw, settings)
    shown = text(raw.get("form"))[:60] or "tanpa nama"
    raise RejectRecord("record-form", f"Bentuk metadata {shown} tidak dikenal; yang dibaca: ISO 19139 dan Dublin Core.")
