"""RDF of data catalogues: one page's bytes to one plain dict per dcat:Dataset.

Read with rdflib alone. ckanext-dcat's RDFParser would map more, but it imports CKAN and asks for a running configuration,
which a kind must not know. rdflib may open addresses by itself (JSON-LD contexts, XML entities): whatever could make it do
so is refused before it sees the document.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import rdflib
from ckanext.satudatapaser.errors import SourceError
from ckanext.satudatapaser.harvesters._read import decode
from ckanext.satudatapaser.harvesters._xml import excerpt, parse, unexpected
from lxml import etree
from rdflib import Graph, Literal, URIRef
from rdflib.namespace import DCAT, DCTERMS, FOAF, RDF, RDFS, SKOS, Namespace
from rdflib.term import Node

HYDRA = Namespace("http://www.w3.org/ns/hydra/core#")
VOCABULARIES = (
    str(DCAT), str(DCTERMS), str(FOAF), str(RDFS), str(SKOS), "http://www.w3.org/2006/vcard/ns#", "http://www.w3.org/ns/adms#",
    "http://www.w3.org/ns/locn#", "http://schema.org/", "https://schema.org/",
)  # fmt: skip
"""Those whose terms are known by their bare names; terms of others are left out."""
ENTITIES = (DCAT.Dataset, DCAT.Catalog, DCAT.CatalogRecord, DCAT.DataService)
DEEPEST = 3
"""How far from the dataset a description is followed: dataset, distribution, its licence."""
FORMATS = {
    "xml": "application/rdf+xml",
    "turtle": "text/turtle",
    "json-ld": "application/ld+json",
    "nt": "application/n-triples",
}
XML_START = re.compile(r"<(\?xml|!--|!DOCTYPE|[\w.-]+(:[\w.-]+)?[\s/>])", re.IGNORECASE)


def read(body: bytes, url: str, syntax: str = "") -> Graph:
    """Return the graph of one answer. ``syntax`` forces one of FORMATS, else the document itself shows which it is.

    Raises SourceError: ``source-no-body``, ``source-not-dcat``, ``source-invalid-rdf``, ``source-invalid-json``,
    ``source-invalid-xml``, ``source-xml-dtd``, ``source-remote-context``.
    """
    text = decode(body).strip()
    if not text:
        raise SourceError("source-no-body", f"Sumber {url} menjawab tanpa isi; yang diharapkan: RDF.")
    syntax = syntax or sniff(text)
    if syntax == "xml":
        # what rdflib gets is written anew from what was checked: no document type can hide from one of two parsers
        data: Any = etree.tostring(parse(body, url, "dcat"))
    elif syntax == "json-ld":
        data = _json(text, url)
    else:
        data = re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f]", "", text)
    return _graph(data, syntax, url, text)


def sniff(text: str) -> str:
    """Return the syntax of a document by its first characters; Turtle holds N-Triples."""
    if XML_START.match(text):
        return "xml"
    return "json-ld" if text[0] in "{[" else "turtle"


def _graph(data: Any, syntax: str, url: str, text: str) -> Graph:
    graph, normalising = Graph(), rdflib.NORMALIZE_LITERALS
    # a decimal of ten letters ("1E300000000") becomes hundreds of megabytes when it is written out
    rdflib.NORMALIZE_LITERALS = False
    try:
        graph.parse(data=data, format=syntax, publicID=url)
    except Exception as error:
        # rdflib's parsers raise whatever they stumble over; the document is the cause
        if ":" not in text and "<" not in text:
            raise unexpected(url, "dcat", f"bukan RDF: {excerpt(text)!r}") from error
        said = " ".join(str(error).split())[:160]
        raise SourceError(
            "source-invalid-rdf",
            f"Sumber {url} mengirim RDF ({syntax}) yang rusak: {type(error).__name__} {said}",
            "Jawaban mungkin terpotong; hubungi pengelola sumber, atau tetapkan format.",
        ) from error
    finally:
        rdflib.NORMALIZE_LITERALS = normalising
    if not len(graph):
        raise unexpected(url, "dcat", f"dokumen tanpa satu pun pernyataan RDF: {excerpt(text)!r}")
    return graph


def _json(text: str, url: str) -> Any:
    try:
        document = json.loads(text, strict=False)
        remote = next(_remote(document), None)
    except (ValueError, RecursionError) as error:
        raise SourceError("source-invalid-json", f"Sumber {url} mengirim JSON yang rusak: {error}.") from error
    if not isinstance(document, dict | list):
        raise unexpected(url, "dcat", f"JSON tanpa objek: {excerpt(text)!r}")
    if remote is not None:
        raise SourceError(
            "source-remote-context",
            f"Sumber {url} memakai konteks JSON-LD dari alamat lain ({str(remote)[:120]}), yang tidak diambil.",
            "Minta sumber menuliskan konteksnya di dalam dokumen, atau pakai Turtle atau RDF/XML.",
        )
    return document if isinstance(document, dict) else {"@graph": document}


def _remote(value: Any, is_context: bool = False) -> Iterator[str]:
    """Yield every context that a JSON-LD reader would fetch: texts in @context or @import, in lists of any depth."""
    if isinstance(value, str) and is_context:
        yield value
    elif isinstance(value, list):
        for item in value:
            yield from _remote(item, is_context)
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _remote(item, key in ("@context", "@import"))


def datasets(graph: Graph) -> list[dict[str, Any]]:
    """Return every dcat:Dataset of a graph in the order of the document."""
    return [describe(graph, node) for node in graph.subjects(RDF.type, DCAT.Dataset)]


def describe(graph: Graph, node: Node, depth: int = 0) -> dict[str, Any]:
    """Return what a graph says of ``node``: bare term -> sorted list of texts, {"@value", "@language"} or descriptions.

    Blank nodes have no ``@id``: their names change with each reading. Other datasets and catalogues are not followed.
    """
    found: dict[str, Any] = {"@id": str(node)} if isinstance(node, URIRef) else {}
    if depth and any((node, RDF.type, kind) in graph for kind in ENTITIES):
        return found
    values: dict[str, list[Any]] = {}
    for predicate, value in graph.predicate_objects(node):
        if (term := bare(str(predicate))) and (read := _value(graph, value, depth)) not in ({}, ""):
            values.setdefault(term, []).append(read)
    return found | {term: sorted(values[term], key=_order) for term in sorted(values)}


def bare(address: str) -> str:
    """Return a term without its vocabulary's address; "" for vocabularies that we do not read."""
    return next((address[len(start) :] for start in VOCABULARIES if address.startswith(start)), "")


def _value(graph: Graph, value: Node, depth: int) -> Any:
    if isinstance(value, Literal):
        return {"@value": str(value), "@language": value.language} if value.language else str(value)
    if depth >= DEEPEST:
        return {"@id": str(value)} if isinstance(value, URIRef) else {}
    return describe(graph, value, depth + 1)


def _order(value: Any) -> tuple[str, bool, str]:
    """Return what values are sorted by, since RDF has no order: two readings of one document must say the same.

    Of twins that differ in capitals and spaces the one that is written as a word comes first.
    """
    said = json.dumps(value, sort_keys=True, ensure_ascii=False)
    return "".join(said.casefold().split()), str(value) != str(value).strip().capitalize(), said


def next_page(graph: Graph) -> str:
    """Return the address of the page after this one, as Hydra says it in its new and its old words; "" for none."""
    for predicate in (HYDRA.next, HYDRA.nextPage):
        for address in graph.objects(None, predicate):
            return str(address)
    return ""


def total(graph: Graph) -> int:
    """Return how many datasets the catalogue says it has; 0 when it does not say."""
    said = (str(value) for value in graph.objects(None, HYDRA.totalItems))
    return max((int(text) for text in said if text.isdecimal()), default=0)
