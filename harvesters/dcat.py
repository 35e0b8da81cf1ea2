"""Catalogues in DCAT (DCAT-AP 1 to 3) as RDF/XML, Turtle, N-Triples or JSON-LD, in pages as Hydra says them.

Stock CKAN with ckanext-dcat serves them at /catalog.ttl, .xml and .jsonld. The document itself shows its syntax, since media
types and endings are often wrong; ``format`` forces one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urljoin, urlsplit, urlunsplit

from ckanext.satudatapaser.harvesters import Net, Page, Setting, _rdf
from ckanext.satudatapaser.harvesters._access import own_words, strictest
from ckanext.satudatapaser.harvesters._extent import from_wkt
from ckanext.satudatapaser.harvesters._paging import MAX_PAGES, Repeats, changed, looping, short, too_many_pages
from ckanext.satudatapaser.harvesters._read import mappings, require_object, text
from ckanext.satudatapaser.harvesters._xml import unexpected
from ckanext.satudatapaser.record import vocabulary
from ckanext.satudatapaser.record.model import Access, Raw, Record, Resource
from rdflib.namespace import DCAT, RDF

TITLE = "DCAT (RDF/XML, Turtle, JSON-LD)"
SETTINGS = (
    Setting(
        "format",
        "choice",
        "Bentuk RDF",
        "Kosong: dikenali dari isi dokumennya.",
        "",
        ("", *_rdf.FORMATS),
        label_en="RDF form",
        help_en="Empty: found out from the document.",
    ),
    MAX_PAGES,
)
ACCEPT = "text/turtle, application/rdf+xml;q=0.9, application/ld+json;q=0.8, application/n-triples;q=0.7"
LABELS = ("prefLabel", "label", "name", "fn", "title", "value", "notation", "altLabel")
LANGUAGES = ("id", "", "en")


def pages(url: str, settings: Mapping[str, Any], net: Net) -> Iterator[Page]:
    """Yield the catalogue page by page, following hydra:next."""
    syntax, most = str(settings.get("format") or ""), int(settings.get("max_pages") or MAX_PAGES.default)
    headers = {"Accept": _rdf.FORMATS.get(syntax, ACCEPT)}
    address, visited, repeats, seen, total = url, set[str](), Repeats(url), 0, 0
    for _ in range(most):
        visited.add(address)
        graph = _rdf.read(net.get_bytes(address, headers=headers), url, syntax)
        records = _rdf.datasets(graph)
        if not records and (None, RDF.type, DCAT.Catalog) not in graph:
            raise unexpected(url, "dcat", "RDF tanpa dcat:Catalog dan dcat:Dataset")
        repeats.refuse((record.get("@id", "") for record in records), address)
        said = _rdf.total(graph)
        if total and said and said != total:
            raise changed(url, f"jumlah catatannya berubah dari {total} menjadi {said}")
        seen, total = seen + len(records), said or total
        yield Page(records, None, address)
        following = _rdf.next_page(graph)
        if not following:
            if seen < total:
                raise short(url, total, seen)
            return
        address = same_server(address, following)
        if address in visited:
            raise looping(url, f"halaman berikutnya {address} sudah dibaca")
    raise too_many_pages(url, most)


def same_server(address: str, following: str) -> str:
    """Return the address of the next page on the server of ``address``.

    Portals behind a proxy name themselves by an inner address, and a key must never follow a link to another server.
    """
    there, here = urlsplit(urljoin(address, following)), urlsplit(address)
    return urlunsplit((here.scheme, here.netloc, there.path, there.query, ""))


def to_record(raw: Raw, settings: Mapping[str, Any]) -> Record:
    """Map one dcat:Dataset."""
    require_object(raw)
    own = text(raw.get("@id"))
    files = [item for item in mappings(raw.get("distribution")) if not _withdrawn(item)]
    access, stated = _access(raw, own_words(settings))
    contact: Mapping[str, Any] = next(iter(mappings(raw.get("contactPoint"))), {})
    return Record(
        title=label(raw, "title"),
        identifier=label(raw, "identifier") or own,
        landing_page=_address(raw, "landingPage", "page") or (own if own.startswith(("http://", "https://")) else ""),
        publisher=label(raw, "publisher", "creator"),
        notes=label(raw, "description"),
        access=access,
        access_stated=stated,
        license_id=_licence([raw]) or _licence(files),
        issued=label(raw, "issued"),
        modified=label(raw, "modified"),
        tags=tuple(labels(raw, "keyword")),
        groups=tuple(_last(word) for word in labels(raw, "theme")),
        resources=tuple(_resource(item) for item in files),
        contact_name=label(contact, "fn", "organization-name", "name"),
        contact_email=_mail(contact),
        sdi=_fields(raw),
    )


def _values(raw: Mapping[str, Any], term: str) -> list[Any]:
    value = raw.get(term)
    return list(value) if isinstance(value, list | tuple) else [] if value in (None, "", {}) else [value]


def labels(raw: Mapping[str, Any], *terms: str) -> list[str]:
    """Return the texts of the first of ``terms`` that has any: literals, names of what is described, else its address.

    In more than one language: Indonesian, else without a language, else English, else the first; then those without one.
    """
    for term in terms:
        values = _values(raw, term)
        languages = [_language(value) for value in values]
        wanted = next((code for code in LANGUAGES if code in languages), next(iter(languages), ""))
        found = [
            _label(value)
            for code in (wanted, "")
            for value, said in zip(values, languages, strict=True)
            if said == code
        ]
        if any(found):
            return [word for word in dict.fromkeys(found) if word]
    return []


def _language(value: Any) -> str:
    """Return the language of a literal without its country: id for id-ID."""
    return str(value.get("@language", "")).lower().partition("-")[0] if isinstance(value, Mapping) else ""


def label(raw: Mapping[str, Any], *terms: str) -> str:
    """Return the first text of the first of ``terms`` that has any."""
    return next(iter(labels(raw, *terms)), "")


def _address(raw: Mapping[str, Any], *terms: str) -> str:
    """Return the first address of the first of ``terms`` that has any, whatever the source says of it beside."""
    values = (value for term in terms for value in _values(raw, term))
    found = (
        text(value.get("@id")) or _literal(value) if isinstance(value, Mapping) else text(value) for value in values
    )
    return next((word for word in found if word), "")


def _label(value: Any) -> str:
    if not isinstance(value, Mapping):
        return text(value)
    if "@value" in value:
        return text(value["@value"])
    named = next((word for term in LABELS for item in _values(value, term) if (word := _literal(item))), "")
    return named or text(value.get("@id"))


def _literal(value: Any) -> str:
    return text(value.get("@value")) if isinstance(value, Mapping) else text(value)


def _words(raw: Mapping[str, Any], term: str) -> list[str]:
    """Return every word of a term of a list: address and label of each value."""
    found = []
    for value in _values(raw, term):
        address = text(value.get("@id")) if isinstance(value, Mapping) else ""
        found += [word for word in dict.fromkeys((_label(value), address)) if word]
    return found


def _access(raw: Mapping[str, Any], own: Mapping[str, Access]) -> tuple[Access | None, str]:
    """Return the access class and the words that state it. What the source has withdrawn is closed.

    The dataset's dct:accessRights states a class, whatever it says. dct:rights, and what a file says of itself, state one by
    a word that is known, or that the source's ``own`` list has: what any of them closes stays closed.
    """
    if _withdrawn(raw):
        return "tertutup", "withdrawn"
    stated, classes = [], []
    for part in (raw, *mappings(raw.get("distribution"))):
        for term in ("accessRights", "rights"):
            for value in _values(part, term):
                # address and label say one thing: what the list knows of them counts
                words = _words({"of": [value]}, "of")
                known = [
                    found for word in words if (found := vocabulary.access(word) or own.get(vocabulary.plain(word)))
                ]
                said = [word for word in words if vocabulary.access(word) or vocabulary.plain(word) in own]
                if known or (part is raw and term == "accessRights"):
                    stated += said[:1] or words[:1]
                    classes += known or words[:1]
    return strictest(classes), ", ".join(dict.fromkeys(stated))


def _withdrawn(raw: Mapping[str, Any]) -> bool:
    """Tell whether adms:status says WITHDRAWN (the EU's dataset-status and distribution-status lists, or ADMS' own)."""
    return any(_last(word).lower() == "withdrawn" for word in _words(raw, "status"))


def _last(word: str) -> str:
    """Return the last part of an address, which is the code in a list; other words as they are."""
    return word.rstrip("/#").replace("#", "/").rpartition("/")[2] if word.startswith(("http://", "https://")) else word


def _licence(parts: list[Mapping[str, Any]]) -> str:
    """Return the licence that all of ``parts`` which state one agree on: a known word of each, else what it says."""
    found = set()
    for part in parts:
        words = _words(part, "license") or [word for word in _words(part, "rights") if not vocabulary.access(word)]
        if words:
            found.add(next((word for word in words if vocabulary.licence(word)), words[0]))
    return found.pop() if len(found) == 1 else ""


def _mail(contact: Mapping[str, Any]) -> str:
    inner: Mapping[str, Any] = next(iter(mappings(contact.get("hasEmail"))), {})
    return (_address(inner, "hasValue", "value") or _address(contact, "hasEmail", "email")).removeprefix("mailto:")


def _resource(raw: Mapping[str, Any]) -> Resource:
    formats = [_media(word) for word in (*_words(raw, "format"), *_words(raw, "mediaType"))]
    known = next((word for word in formats if vocabulary.file_format(word)), "")
    return Resource(
        url=_address(raw, "downloadURL", "accessURL"),
        name=label(raw, "title"),
        description=label(raw, "description"),
        format=known or next(iter(formats), ""),
        mimetype=next((_media(word) for word in _words(raw, "mediaType")), ""),
        source_id=text(raw.get("@id")),
    )


def _media(word: str) -> str:
    """Return a media type without the address of IANA's list before it; of other lists the code."""
    _, iana, media = word.partition("/media-types/")
    return media if iana else _last(word)


def _fields(raw: Raw) -> dict[str, str]:
    period: Mapping[str, Any] = next(iter(mappings(raw.get("temporal"))), {})
    found = {
        "accrualPeriodicity": label(raw, "accrualPeriodicity"),
        "spatial": _geometry(raw),
        "temporal_start": label(period, "startDate"),
        "temporal_end": label(period, "endDate"),
    }
    return {key: value for key, value in found.items() if value}


def _geometry(raw: Raw) -> str:
    """Return the geometry of dct:spatial: its GeoJSON, else its well-known text."""
    places = mappings(raw.get("spatial"))
    found = [_literal(item) for term in ("bbox", "geometry") for place in places for item in _values(place, term)]
    as_it_is = next((word for word in found if word.startswith("{")), "")
    return as_it_is or next((from_wkt(word) for word in found if word), "")
