"""How a DCAT catalogue says a neutral record: Turtle, two datasets a page, paged by Hydra as ckanext-dcat does."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from typing import Any

from conformance.neutral import ABSENT, GOOD, HOST, Defect, Entry, File, Listing, entries, fails, want
from rdflib import BNode, Graph, Literal, URIRef
from rdflib.namespace import DCAT, DCTERMS, FOAF, RDF, Namespace

PATH = "/catalog.ttl"
SETTINGS: dict[str, Any] = {}
SAYS = frozenset({
    "end", "long-texts", "pages", "total", "identifier", "title", "description", "access", "publisher", "license", "tags",
    "frequency", "issued", "modified", "page", "contact", "files", "many-files",
})  # fmt: skip
PAGE = 2
HYDRA = Namespace("http://www.w3.org/ns/hydra/core#")
VCARD = Namespace("http://www.w3.org/2006/vcard/ns#")
ADMS = Namespace("http://www.w3.org/ns/adms#")
EU = "http://publications.europa.eu/resource/authority"
OPEN = {"default_access": "terbuka"}
GOOD_XML = b"""<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:dcat="http://www.w3.org/ns/dcat#"
 xmlns:dct="http://purl.org/dc/terms/"><dcat:Dataset rdf:about="https://disdik.example.go.id/d/1">
 <dct:title>Jumlah Sekolah</dct:title><dct:description>Keterangan.</dct:description>
 <dct:license rdf:resource="https://creativecommons.org/licenses/by/4.0/"/><dct:accessRights>public</dct:accessRights>
</dcat:Dataset></rdf:RDF>"""
GOOD_JSON = b"""{"@context": {"dcat": "http://www.w3.org/ns/dcat#", "dct": "http://purl.org/dc/terms/"},
 "@graph": [{"@id": "https://disdik.example.go.id/d/1", "@type": "dcat:Dataset", "dct:title": "Jumlah Sekolah",
 "dct:description": "Keterangan.", "dct:license": "cc-by", "dct:accessRights": "public"}]}"""
BOMB = b'<!DOCTYPE x [<!ENTITY a "hahaha"><!ENTITY b "&a;&a;&a;&a;">]>'


def body(text: bytes) -> Any:
    """Return a change that puts ``text`` in place of every answer."""
    return lambda _: text


def status(word: str) -> dict[URIRef, Any]:
    """Return an adms:status."""
    return {ADMS.status: URIRef(f"{EU}/dataset-status/{word}")}


DEFECTS = (
    Defect("dcat-rdf-xml", "RDF/XML instead of Turtle, under the same address.", (want(title="Jumlah Sekolah"),),
           body=body(GOOD_XML)),
    Defect("dcat-json-ld", "JSON-LD instead of Turtle, under the same address.", (want(title="Jumlah Sekolah"),),
           body=body(GOOD_JSON)),
    Defect("dcat-entities", "XML that declares entities.", fails("source-xml-dtd"), body=body(BOMB + GOOD_XML)),
    Defect("dcat-remote-context", "JSON-LD whose context lies on another server.", fails("source-remote-context"),
           body=body(GOOD_JSON.replace(b'{"dcat"', b'["https://lain.example.org/c.jsonld", {"dcat"')
                     .replace(b'dc/terms/"}', b'dc/terms/"}]'))),
    Defect("dcat-withdrawn", "What the source has withdrawn is closed; other states change nothing.",
           (want("closed"), want()), items=entries("more", status("WITHDRAWN"), status("COMPLETED"))),
    Defect("dcat-two-classes", "Two accessRights: the strictest counts, an unknown one leaves an open one unknown.",
           (want("closed"), want("held", "access-unknown")), settings=OPEN,
           items=entries("more", {DCTERMS.accessRights: URIRef(f"{EU}/access-right/NON_PUBLIC")},
                         {DCTERMS.accessRights: Literal("entah")})),
    Defect("dcat-next-elsewhere", "The next page is on another server: it is read from this one, where the first page is.",
           fails("source-loop"), items=(GOOD,),
           body=lambda text: text + f"\n<x:p> <{HYDRA.next}> <http://169.254.169.254/catalog.ttl?start=0> .".encode()),
)  # fmt: skip


def answer(listing: Listing, query: Mapping[str, str]) -> bytes:
    """Return one page of the catalogue."""
    start = int(query.get("start", 0))
    found = listing.window(start, PAGE)
    graph = Graph()
    catalogue, page = URIRef(f"{HOST}/catalog"), URIRef(f"{HOST}/catalog.ttl?start={start}")
    graph.add((catalogue, RDF.type, DCAT.Catalog))
    graph.add((page, RDF.type, HYDRA.PagedCollection))
    graph.add((page, HYDRA.totalItems, Literal(listing.total)))
    following = start + (PAGE if listing.loops or listing.overlaps else len(found))
    if found and following < len(listing.items):
        graph.add((page, HYDRA.next, URIRef(f"{HOST}/catalog.ttl?start={following}")))
    parts = [graph.serialize(format="turtle")] + [dataset(item, start + n) for n, item in enumerate(found)]
    return "\n".join(parts).encode("utf-8", "surrogatepass")


def dataset(entry: Entry, number: int) -> str:
    """Return one dataset, a statement a line, so that all keep their order."""
    named = isinstance(entry.identifier, str) and entry.identifier.strip()
    mark = zlib.crc32(f"{entry.identifier} {entry.title}".encode("utf-8", "surrogatepass"))
    node: Any = URIRef(f"urn:d:{mark}") if named else BNode(f"d{number}")
    texts = {
        DCTERMS.identifier: entry.identifier, DCTERMS.title: entry.title, DCTERMS.description: entry.description,
        DCTERMS.accessRights: entry.access, DCTERMS.license: entry.license, DCTERMS.accrualPeriodicity: entry.frequency,
        DCTERMS.issued: entry.issued, DCTERMS.modified: entry.modified, DCAT.landingPage: entry.page, **entry.more,
    }  # fmt: skip
    values = list(texts.items()) + [(DCTERMS.accessRights, entry.access)] * (DCTERMS.accessRights in entry.more)
    values += [(DCAT.keyword, tag) for tag in entry.tags or ()]
    lines = [(node, RDF.type, DCAT.Dataset), *_statements(node, values)]
    lines += _inner(node, DCTERMS.publisher, [(FOAF.name, entry.publisher)])
    lines += _inner(node, DCAT.contactPoint, [(VCARD.fn, entry.contact), (VCARD.hasEmail, entry.mail)])
    for file in entry.files if isinstance(entry.files, tuple) else ():
        lines += _inner(node, DCAT.distribution, _file(file))
    return "\n".join(" ".join(term.n3() for term in line) + " ." for line in lines)


def _file(file: File) -> list[tuple[URIRef, Any]]:
    return [(DCAT.downloadURL, file.url), (DCTERMS.title, file.title), (DCTERMS["format"], file.format),
            (DCAT.mediaType, file.media)]  # fmt: skip


def _statements(node: Any, values: list[tuple[URIRef, Any]]) -> list[tuple[Any, URIRef, Any]]:
    given = [(term, value) for term, value in values if value is not ABSENT and value is not None]
    return [
        (node, term, value if isinstance(value, URIRef | Literal) else Literal(str(value))) for term, value in given
    ]


def _inner(node: Any, term: URIRef, values: list[tuple[URIRef, Any]]) -> list[tuple[Any, URIRef, Any]]:
    inner = BNode()
    found = _statements(inner, values)
    return [(node, term, inner), *found] if found else []
