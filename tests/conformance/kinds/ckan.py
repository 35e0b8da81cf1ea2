"""How another CKAN says a neutral record: package_search, two datasets a page."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from conformance.neutral import ABSENT, Defect, Entry, File, Listing, entries, fails, present, want

PATH = "/"
SETTINGS: dict[str, Any] = {"rows": "2"}
SAYS = frozenset({
    "json", "end", "long-texts", "pages", "total", "identifier", "title", "description", "access", "private",
    "publisher", "license", "tags", "frequency", "issued", "modified", "page", "contact", "files", "many-files",
})  # fmt: skip
OPEN = {"default_access": "terbuka"}


def extra(*pairs: tuple[str, Any]) -> dict[str, Any]:
    """Return extras as CKAN lists them."""
    return {"extras": [{"key": key, "value": value} for key, value in pairs]}


def body(text: str) -> Any:
    """Return a change that puts ``text`` in place of every answer."""
    return lambda _: text.encode()


DEFECTS = (
    Defect(
        "ckan-class-in-two-places", "A class in extras and another as a field, or twice in extras: the stricter one counts.",
        (want("closed"), want("closed"), want("limited"), want("held")), settings=OPEN,
        items=entries("more", {"accessLevel": "public", **extra(("accessRights", "tertutup"))},
                      extra(("accessRights", "tertutup"), ("accessRights", "terbuka")),
                      {"accessRights": None, **extra(("accessRights", "terbatas"))},
                      {"access_level": "terbuka", **extra(("accesslevel", "entah"))}),
    ),
    Defect("ckan-private-in-extras", "private among the extras.", (want("closed"),), settings=OPEN,
           items=entries("more", extra(("private", "True")))),
    Defect("ckan-states", "Drafts and deleted datasets stay closed.", (want("closed"),) * 3, settings=OPEN,
           items=entries("more", {"state": "draft"}, {"state": "deleted"}, {"state": ["aneh"]})),
    Defect("ckan-extras-as-object", "Extras as an object, as null, as nonsense.", (want("limited"), want(), want()),
           settings=OPEN,
           items=entries("more", {"extras": {"accessRights": "terbatas"}}, {"extras": None},
                         {"extras": ["x", 5, {"key": None}]})),
    Defect("ckan-other-types", "Datasets of types that only the source has come as ordinary ones.", (want(clean=True),),
           items=entries("more", {"type": "statistik"})),
    Defect("ckan-error-answer", "success false with an error.", fails("source-not-ckan"),
           body=body('{"success": false, "error": {"message": "Access denied", "__type": "Authorization Error"}}')),
    Defect("ckan-count-as-text", "The count is a text of digits.", (want(),),
           body=lambda answer: answer.replace(b'"count": 1', b'"count": "1"')),
    Defect("ckan-negative-count", "A count below nothing.", fails("source-not-ckan"),
           body=lambda answer: answer.replace(b'"count": 1', b'"count": -1')),
    Defect("ckan-envelope-of-data-go-id", "The envelope of the national portal, without success.", (want(),),
           body=lambda answer: answer.replace(b'"success": true', b'"status": "200 OK", "message": "Sucess"')),
    Defect("ckan-name-for-title", "A dataset without title is called by its name.", (want(title="jumlah-sekolah"),),
           items=(Entry(title="", more={"name": "jumlah-sekolah"}),)),
    Defect("ckan-every-sdi-key", "Keys of an activity, of geographic and of financial data, as fields or extras.",
           (want(clean=True, judul_kegiatan="Survei", vii_unit_analisis="Desa", temporal_start="2024-01-01"),
            want(clean=True, lineage="Survei.", spatial='{"type": "Point", "coordinates": [116.2, -1.9]}'),
            want(clean=True, tahun_anggaran="2026", sumber_dana="APBD")), settings=OPEN,
           items=entries("more", {"judul_kegiatan": "Survei", "temporal_start": "2024-01-01",
                                  **extra(("vii_unit_analisis", "Desa"))},
                         {"jenis": "geospasial", "lineage": "Survei.",
                          **extra(("spatial", '{"type": "Point", "coordinates": [116.2, -1.9]}'))},
                         {"jenis": "keuangan", "tahun_anggaran": 2026, "sumber_dana": "APBD"})),
    Defect("ckan-persons-and-versions", "The author, the version and the address of the source's copy are none of ours.",
           (want(clean=True, author=None, author_email=None, version=None, url=None),),
           items=entries("more", {"author": "Nama Orang", "author_email": "orang@example.go.id", "version": "2",
                                  "url": "https://x.example.go.id/"})),
)  # fmt: skip


def spell(entry: Any) -> Any:
    """Return one dataset of package_search."""
    if not isinstance(entry, Entry):
        return entry
    extras = present(accessRights=entry.access, accrualPeriodicity=entry.frequency, issued=entry.issued,
                     landingPage=entry.page)  # fmt: skip
    return {
        **present(
            id=entry.identifier,
            title=entry.title,
            notes=entry.description,
            organization=entry.publisher if entry.publisher in (ABSENT, None) else {"title": entry.publisher},
            license_id=entry.license,
            tags=[{"name": tag, "display_name": tag} for tag in entry.tags]
            if isinstance(entry.tags, tuple)
            else entry.tags,
            metadata_modified=entry.modified,
            maintainer=entry.contact,
            maintainer_email=entry.mail,
            private=entry.private,
            resources=[_resource(f) for f in entry.files] if isinstance(entry.files, tuple) else entry.files,
        ),
        "state": "active",
        "type": "dataset",
        "extras": [{"key": key, "value": value} for key, value in extras.items()],
        **entry.more,
    }


def _resource(file: Any) -> Any:
    if not isinstance(file, File):
        return file
    return present(url=file.url, name=file.title, format=file.format, mimetype=file.media)


def answer(listing: Listing, query: Mapping[str, str]) -> bytes:
    """Return one page of package_search."""
    found = [spell(item) for item in listing.window(int(query["start"]), int(query["rows"]))]
    result = {"count": listing.total, "results": found, "facets": {}}
    document = {"success": True, "result": result}
    return json.dumps(document, ensure_ascii=False).encode("utf-8", "surrogatepass")
