"""How a data.json (DCAT-US 1.1) says a neutral record: one JSON document, no pages."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from conformance.neutral import ABSENT, GOOD, Defect, Entry, File, Listing, entries, fails, present, want

PATH = "/data.json"
SETTINGS: dict[str, Any] = {}
SAYS = frozenset({
    "json", "end", "long-texts", "identifier", "title", "description", "access", "private",
    "publisher", "license", "tags", "frequency", "issued", "modified", "page", "contact", "files", "many-files",
})  # fmt: skip
OPEN = {"default_access": "terbuka"}
POINT = '{"type": "Point", "coordinates": [116.2, -1.9]}'
BOX = (
    '{"type": "Polygon", "coordinates": [[[115.5, -2.0], [116.5, -2.0], [116.5, -1.0], [115.5, -1.0], [115.5, -2.0]]]}'
)
DEFECTS = (
    Defect(
        "datajson-misspelt-keys", "Keys as real catalogues misspell them.",
        (want("closed", tags=("sekolah",), accrualPeriodicity="TAHUNAN", contact_name="Disdik", urls=(GOOD.files[0].url,)),),
        items=({"title": "Jumlah Sekolah", "accessLeval": "private", "keywords": "sekolah", "accrualperiodicity": "Tahunan",
                "contctPoint": {"fn": "Disdik"}, "distribution": [{"accesURL": GOOD.files[0].url}], "license": "cc-by"},),
    ),
    Defect(
        "datajson-two-classes", "accessLevel and the SDI's accessRights: the stricter one counts.",
        (want("closed"), want("closed"), want("limited"), want("held")), settings=OPEN,
        items=(*entries("more", {"accessRights": "tertutup"}, {"accessLevel": "non-public", "accessRights": "terbuka"},
                        {"accessRights": "terbatas"}, {"accessRights": "entah"}),),
    ),
    Defect("datajson-bare-list", "A list without the catalogue around it.", (want(),),
           body=lambda answer: answer[answer.index(b"[") : answer.rindex(b"]") + 1]),
    Defect("datajson-null-dataset", "null where the list of datasets belongs: an empty listing.", (),
           body=lambda _: b'{"conformsTo": "x", "dataset": null}'),
    Defect("datajson-lists-inside", "Lists called dataset inside records and beside the listing are none of it.",
           (want(clean=True), want(clean=True)),
           items=entries("more", {"dataset": [{"title": "Dalam"}]}, {"lain": {"dataset": [1, 2]}}),
           body=lambda answer: answer.replace(b'{"conformsTo"', b'{"lain": {"dataset": [{"title": "Lain"}]}, "conformsTo"')),
    Defect("datajson-listing-first", "The listing before everything else, with more keys behind it.", (want(),),
           body=lambda answer: b'{"dataset": ' + answer[answer.index(b"[") : answer.rindex(b"]") + 1] + b', "x": {"y": []}}'),
    Defect("datajson-more-behind", "Something else behind the document: it is no JSON.", fails("source-invalid-*"),
           body=lambda answer: answer + b"<!-- 0.3 s -->"),
    Defect("datajson-two-listings", "The key dataset twice: which one is whole cannot be known.", fails("source-*"),
           body=lambda answer: answer[:-1] + b', "dataset": [{"title": "Lain", "accessLevel": "public"}]}'),
    Defect("datajson-files-as-object", "One object, or an object of objects, where a list of files belongs.",
           (want(urls=(GOOD.files[0].url,)),) * 2,
           items=entries("files", {"downloadURL": GOOD.files[0].url}, {"0": {"downloadURL": GOOD.files[0].url}})),
    Defect("datajson-extents", "An extent as GeoJSON, as text or as it is, and as a box; the name of a place is none.",
           (want(clean=True, spatial=POINT), want(clean=True, spatial=POINT), want(clean=True, spatial=BOX),
            want(clean=True, spatial=None), want("public", "value-unknown", spatial=None)),
           items=entries("more", {"spatial": POINT}, {"spatial": json.loads(POINT)}, {"spatial": "115.5,-2.0,116.5,-1.0"},
                         {"spatial": "Kabupaten Paser"}, {"spatial": "116.2,-91,116.3,-90"})),
    Defect("datajson-periods", "An interval of days, months or years, or an object; durations and open ends are left out.",
           tuple(want(clean=True, temporal_start=start, temporal_end=end) for start, end in (
               ("2024-01-01", "2024-12-31"), ("2024-01-01", "2024-12-31"), ("2024-01-01", "2024-02-29"),
               ("2024-01-01", None), (None, "2024-12-31"), ("2024-01-01", "2024-12-31"), (None, None))),
           items=entries("more", {"temporal": "2024-01-01/2024-12-31"}, {"temporal": "2024/2024"},
                         {"temporal": "2024-01-01T00:00:00Z/2024-02"}, {"temporal": "2024-01-01/P1Y"},
                         {"temporal": "../2024-12-31"}, {"temporal": {"startDate": "2024-01-01", "endDate": "2024-12-31"}},
                         {"temporal": ["lama sekali"]})),
    Defect("datajson-every-sdi-key", "Keys of an activity, of geographic and of financial data.",
           (want(clean=True, judul_kegiatan="Survei", vii_unit_analisis="Desa", tahun_kegiatan="2025"),
            want(clean=True, lineage="Survei.", **{"spatial-reference-system": "EPSG:4326", "frequency-of-update": "annually"}),
            want(clean=True, tahun_anggaran="2026", sumber_dana="APBD", kode_wilayah="64.01.04")),
           items=entries("more", {"judul_kegiatan": "Survei", "VII_unit_analisis": "Desa", "tahun_kegiatan": 2025},
                         {"jenis": "geospasial", "lineage": "Survei.", "spatial-reference-system": "EPSG:4326",
                          "frequency-of-update": "annually"},
                         {"jenis": "keuangan", "tahun_anggaran": "2026", "sumber_dana": "APBD", "kode_wilayah": "64.01.04"})),
)  # fmt: skip


def spell(entry: Any) -> Any:
    """Return one entry of ``dataset``."""
    if not isinstance(entry, Entry):
        return entry
    return {
        **present(
            identifier=entry.identifier,
            title=entry.title,
            description=entry.description,
            accessLevel=entry.access,
            publisher=entry.publisher if entry.publisher in (ABSENT, None) else {"name": entry.publisher},
            license=entry.license,
            keyword=entry.tags,
            accrualPeriodicity=entry.frequency,
            issued=entry.issued,
            modified=entry.modified,
            landingPage=entry.page,
            contactPoint={"fn": entry.contact, "hasEmail": f"mailto:{entry.mail}"},
            private=entry.private,
        ),
        **present(distribution=[_file(f) for f in entry.files] if isinstance(entry.files, tuple) else entry.files),
        **entry.more,
    }


def _file(file: Any) -> Any:
    if not isinstance(file, File):
        return file
    return present(downloadURL=file.url, title=file.title, format=file.format, mediaType=file.media)


def answer(listing: Listing, query: Mapping[str, str]) -> bytes:
    """Return the whole catalogue."""
    document = {
        "conformsTo": "https://project-open-data.cio.gov/v1.1/schema",
        "dataset": [spell(item) for item in listing.window()],
    }
    return json.dumps(document, ensure_ascii=False).encode("utf-8", "surrogatepass")
