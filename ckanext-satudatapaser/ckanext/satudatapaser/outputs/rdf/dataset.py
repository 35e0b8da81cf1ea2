"""A dataset as dcat:Dataset by DCAT-AP 3: what stands in which term. Pure; docs/be-harvested-dcat.md has the table.

Every part has an address below the dataset's own: no blank nodes, so two readings of one dataset say the same.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Mapping
from typing import Any

from ckanext.satudatapaser.outputs.rdf import agents, distribution, lists
from ckanext.satudatapaser.outputs.rdf.agents import Site
from ckanext.satudatapaser.outputs.rdf.terms import (
    ADMS,
    GSP,
    LANGUAGE,
    VERSION,
    Node,
    Triples,
    address,
    below,
    clean,
    day,
    moment,
    node,
    plain,
    said,
    sdi,
    words,
)
from ckanext.satudatapaser.record import areas, fields
from rdflib import Literal, URIRef
from rdflib.namespace import DCAT, DCTERMS, FOAF, RDF, RDFS, SKOS

MAPPED = frozenset(
    {
        "title", "notes", "tag_string", "owner_org", "id_dds", "spatial-reference-system", "lineage", "accrualPeriodicity",
        "issued", "temporal_start", "temporal_end", "spatial", "accessRights", "source_landing_page", "version",
    }
)  # fmt: skip
"""Fields that have a term of DCAT-AP's."""
NOT_TOLD = frozenset(
    {
        "name", "publishing_status", "status_review_pembina",
        "author", "author_email", "maintainer", "maintainer_email",
    }
)  # fmt: skip
"""The portal's own working, and contacts, of which only units are told (agents.contact)."""
EPSG = re.compile(r"(?i)\s*(?:urn:ogc:def:crs:)?EPSG:(?:[\d.]*:)?(\d{4,6})\s*")
CRS = "http://www.opengis.net/def/crs/EPSG/0"


def reference(package: Mapping[str, Any], site: Site) -> URIRef:
    """Return the name of a dataset; as an address it is its page, and stays when the dataset is renamed."""
    return below(site.url, "dataset", package["id"])


def triples(package: Mapping[str, Any], site: Site, about: URIRef | None = None) -> Triples:
    """Yield a dataset as package_show gives it to a visitor; ``about``: another name than the portal's own."""
    about = about or reference(package, site)
    agent = site.agents.get(str(package.get("owner_org") or ""))
    yield about, RDF.type, DCAT.Dataset
    yield from _texts(about, package, site)
    if agent:
        yield from agents.publisher(about, agent, site)
    yield from agents.contact(about, package, agent, site)
    yield from _themes(about, package, site)
    yield from _time(about, package)
    yield from _place(about, package)
    yield from _sources(about, package)
    yield from _own_fields(about, package, site)
    licence = address(package.get("license_url"))
    for file in package.get("resources") or []:
        yield from distribution.triples(about, file, licence)


def _texts(about: URIRef, package: Mapping[str, Any], site: Site) -> Triples:
    page = address(package.get("source_landing_page")) or below(site.url, "dataset", package["name"])
    yield from said(
        about,
        (DCTERMS.identifier, plain(package["id"])),
        (DCTERMS.title, words(package.get("title") or package["name"])),
        (DCTERMS.description, words(package.get("notes") or package.get("title") or package["name"])),
        (DCAT.landingPage, page),
        (VERSION, plain(package.get("version"))),
    )
    yield from said(page, (RDF.type, FOAF.Document))
    for tag in package.get("tags") or []:
        yield from said(about, (DCAT.keyword, words(tag.get("display_name") or tag["name"])))
    if package.get("accessRights") == "terbuka":
        yield from node(about, DCTERMS.accessRights, lists.PUBLIC, DCTERMS.RightsStatement)
    if number := plain(package.get("id_dds")):
        yield from node(about, ADMS.identifier, _part(about, "id_dds"), ADMS.Identifier, (SKOS.notation, number))


def _themes(about: URIRef, package: Mapping[str, Any], site: Site) -> Triples:
    """Yield the topics, ours and the EU's that holds them."""
    for topic in package.get("groups") or []:
        own, name = below(site.url, "group", topic["id"]), topic["name"]
        label = words(site.topics.get(topic["id"]) or topic.get("title") or name)
        yield from node(about, DCAT.theme, own, SKOS.Concept, (SKOS.prefLabel, label), (SKOS.notation, plain(name)))
        if found := lists.theme(name):
            theme, english = found
            label = Literal(english, lang="en")
            yield from node(about, DCAT.theme, theme, SKOS.Concept, (SKOS.prefLabel, label))
            yield own, SKOS.broadMatch, theme


def _time(about: URIRef, package: Mapping[str, Any]) -> Triples:
    yield from said(
        about,
        (DCTERMS.issued, day(package.get("issued"))),
        (DCTERMS.modified, moment(package.get("metadata_modified"))),
    )
    if (schedule := lists.frequency(package.get("accrualPeriodicity"))) is not None:
        yield from node(about, DCTERMS.accrualPeriodicity, schedule, DCTERMS.Frequency)
    ends = (DCAT.startDate, day(package.get("temporal_start"))), (DCAT.endDate, day(package.get("temporal_end")))
    if any(value is not None for _, value in ends):
        yield from node(about, DCTERMS.temporal, _part(about, "period"), DCTERMS.PeriodOfTime, *ends)


def _place(about: URIRef, package: Mapping[str, Any]) -> Triples:
    """Yield where the data are: the box or the point, and the names of the areas whose codes are given."""
    found = [area for code in clean(package.get("kode_wilayah")).split(",") if code and (area := areas.by_code(code))]
    where = _extent(clean(package.get("spatial")))
    if not found and where is None:
        return
    place = _part(about, "place")
    yield from node(about, DCTERMS.spatial, place, DCTERMS.Location, *([where] if where else []))
    if found:
        yield from said(place, (SKOS.prefLabel, Literal(", ".join(area.name for area in found), lang=LANGUAGE)))


def _extent(geometry: str) -> tuple[URIRef, Literal] | None:
    """Return a GeoJSON geometry's box, or its point, as well-known text; None where there is none."""
    if (box := fields.bounds(geometry)) is None:
        return None
    west, south, east, north = map(fields.degrees, box)
    if (west, south) == (east, north):
        return DCAT.centroid, Literal(f"POINT({west} {south})", datatype=GSP.wktLiteral)
    corners = ((west, south), (east, south), (east, north), (west, north), (west, south))
    ring = ", ".join(f"{x} {y}" for x, y in corners)
    return DCAT.bbox, Literal(f"POLYGON(({ring}))", datatype=GSP.wktLiteral)


def _sources(about: URIRef, package: Mapping[str, Any]) -> Triples:
    """Yield how the data came to be, and the reference system of its positions."""
    if lineage := words(package.get("lineage")):
        said_of = (RDFS.label, lineage)
        yield from node(about, DCTERMS.provenance, _part(about, "provenance"), DCTERMS.ProvenanceStatement, said_of)
    system = clean(package.get("spatial-reference-system"))
    if system:
        known = EPSG.fullmatch(system)
        standard = URIRef(f"{CRS}/{known[1]}") if known else _part(about, "reference-system")
        yield from node(about, DCTERMS.conformsTo, standard, DCTERMS.Standard, (DCTERMS.title, plain(system)))


def _own_fields(about: URIRef, package: Mapping[str, Any], site: Site) -> Triples:
    """Yield what only Satu Data Indonesia asks, each field under its own key."""
    names = sdi(site.url)
    for key in own_keys():
        for value in _values(package.get(key)):
            yield about, names[key], value


@functools.cache
def own_keys() -> tuple[str, ...]:
    """Return the fields of the dataset schema that DCAT-AP has no term for, in the schema's order."""
    return tuple(key for key in fields.rules() if key not in MAPPED and key not in NOT_TOLD)


def _values(value: object) -> Iterator[Node]:
    for item in value if isinstance(value, list | tuple) else [value]:
        if (found := plain(item)) is not None:
            yield found


def _part(about: URIRef, name: str) -> URIRef:
    return URIRef(f"{about}#{name}")
