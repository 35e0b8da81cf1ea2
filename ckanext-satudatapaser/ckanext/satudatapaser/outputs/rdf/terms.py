"""Names and values of RDF: namespaces, and plain values made into terms that every syntax can carry. Pure."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from urllib.parse import quote

from ckanext.satudatapaser.record.addresses import web_address
from rdflib import Literal, URIRef
from rdflib.namespace import DCAT, DCTERMS, FOAF, OWL, RDF, RDFS, SKOS, XSD, Namespace

ADMS = Namespace("http://www.w3.org/ns/adms#")
GSP = Namespace("http://www.opengis.net/ont/geosparql#")
HYDRA = Namespace("http://www.w3.org/ns/hydra/core#")
VCARD = Namespace("http://www.w3.org/2006/vcard/ns#")
VERSION = DCAT._NS["version"]
"""Of DCAT 3; rdflib knows DCAT 2."""
PREFIXES = {
    "adms": str(ADMS), "dcat": str(DCAT), "dct": str(DCTERMS), "foaf": str(FOAF), "gsp": str(GSP), "hydra": str(HYDRA),
    "owl": str(OWL), "rdf": str(RDF), "rdfs": str(RDFS), "skos": str(SKOS), "vcard": str(VCARD), "xsd": str(XSD),
}  # fmt: skip
LANGUAGE = "id"
"""The language in which the portal's metadata are written: Indonesian, as Satu Data Indonesia wants them."""
NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
DAY, MOMENT = re.compile(r"\d{4}-\d\d-\d\d"), re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d")

Node = URIRef | Literal
Triple = tuple[URIRef, URIRef, Node]
Triples = Iterator[Triple]


def sdi(url: str) -> Namespace:
    """Return the namespace, below the portal's address, of the fields that only Satu Data Indonesia has."""
    return Namespace(f"{url}/ns/sdi#")


def below(place: str, *parts: str) -> URIRef:
    """Return the name of something of ours: an address below another."""
    return URIRef("/".join([place, *(quote(clean(part)) for part in parts)]))


def address(value: object) -> URIRef | None:
    """Return a web address as a name that every syntax takes; None for what is no address of the web."""
    found = web_address(str(value or ""))
    return URIRef(found) if found else None


def words(value: object) -> Literal | None:
    """Return a text for people, marked as Indonesian; None for an empty one."""
    text = clean(value)
    return Literal(text, lang=LANGUAGE) if text else None


def plain(value: object) -> Literal | None:
    """Return a text without a language: a code, a number, a name; None for an empty one."""
    text = clean(value)
    return Literal(text) if text else None


def day(value: object) -> Literal | None:
    """Return the date at the start of an ISO date or moment as xsd:date; None for anything else."""
    found = DAY.match(str(value or ""))
    try:
        return Literal(dt.date.fromisoformat(found[0]).isoformat(), datatype=XSD.date) if found else None
    except ValueError:
        return None


def moment(value: object) -> Literal | None:
    """Return an ISO moment in UTC, as CKAN keeps them without saying so, as xsd:dateTime to the second."""
    found = MOMENT.match(str(value or ""))
    return Literal(f"{found[0]}Z", datatype=XSD.dateTime, normalize=False) if found else None


def size(value: object) -> Literal | None:
    """Return a number of bytes; None for none or for what is no such number."""
    text = str(value if value is not None else "")
    return Literal(text, datatype=XSD.nonNegativeInteger) if re.fullmatch(r"[1-9]\d{0,17}", text, re.ASCII) else None


def clean(value: object) -> str:
    """Return a value as text without the signs that XML cannot carry, and without white space around it."""
    return NOT_XML.sub("", str(value if value is not None else "")).strip()


def said(subject: URIRef, *pairs: tuple[URIRef, Node | None]) -> Triples:
    """Yield what ``pairs`` say of ``subject``; a value that is missing is left out."""
    for predicate, value in pairs:
        if value is not None:
            yield subject, predicate, value


def node(
    subject: URIRef, predicate: URIRef, about: URIRef, kind: URIRef, *pairs: tuple[URIRef, Node | None]
) -> Triples:
    """Yield a link from ``subject`` to ``about``, of what kind that is, and what ``pairs`` say of it."""
    yield subject, predicate, about
    yield about, RDF.type, kind
    yield from said(about, *pairs)
