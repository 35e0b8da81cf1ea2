"""The catalogue around its datasets, and the links between its pages as ckanext-dcat and its harvesters know them. Pure."""

from __future__ import annotations

import dataclasses as dc

from ckanext.satudatapaser.outputs.rdf import agents, lists
from ckanext.satudatapaser.outputs.rdf.agents import Site
from ckanext.satudatapaser.outputs.rdf.terms import HYDRA, Triples, node, plain, said, words
from rdflib import Literal, URIRef
from rdflib.namespace import DCAT, DCTERMS, FOAF, RDF

PAGING = (
    ("first", (HYDRA.first, HYDRA.firstPage)),
    ("previous", (HYDRA.previous, HYDRA.previousPage)),
    ("next", (HYDRA.next, HYDRA.nextPage)),
    ("last", (HYDRA.last, HYDRA.lastPage)),
)
"""Hydra's words and those it had before, which harvesters in the field still read."""


@dc.dataclass(frozen=True, slots=True)
class Paging:
    """Which page this is: addresses of pages, "" where there is none, and how many datasets there are in all.

    Names are those that ckanext-dcat's serialiser knows.
    """

    current: str
    first: str
    last: str
    previous: str
    next: str
    count: int
    items_per_page: int


def reference(site: Site) -> URIRef:
    """Return the name of the catalogue."""
    return URIRef(site.url)


def triples(site: Site, about: URIRef | None = None) -> Triples:
    """Yield what the catalogue says of itself; ``about``: another name than the portal's own."""
    about = about or reference(site)
    title = words(site.title)
    yield about, RDF.type, DCAT.Catalog
    yield from said(about, (DCTERMS.title, title), (DCTERMS.description, words(site.description) or title))
    yield from node(about, FOAF.homepage, URIRef(f"{site.url}/"), FOAF.Document)
    yield from node(about, DCTERMS.language, lists.INDONESIAN, DCTERMS.LinguisticSystem)
    if site.publisher:
        yield from agents.publisher(about, site.publisher, site)
    else:  # DCAT-AP demands one: the portal speaks for itself
        name = (FOAF.name, plain(site.title))
        yield from node(about, DCTERMS.publisher, URIRef(f"{site.url}/#publisher"), FOAF.Agent, name)


def paging(page: Paging) -> Triples:
    """Yield where the other pages are."""
    about = URIRef(page.current)
    yield about, RDF.type, HYDRA.PagedCollection
    for name, predicates in PAGING:
        if found := getattr(page, name):
            for predicate in predicates:
                yield about, predicate, Literal(found)
    yield about, HYDRA.totalItems, Literal(page.count)
    yield about, HYDRA.itemsPerPage, Literal(page.items_per_page)
