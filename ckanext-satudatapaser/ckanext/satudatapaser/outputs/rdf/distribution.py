"""A file or service of a dataset as dcat:Distribution. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ckanext.satudatapaser.outputs.rdf import lists
from ckanext.satudatapaser.outputs.rdf.terms import (
    Triples,
    address,
    below,
    clean,
    moment,
    node,
    plain,
    said,
    size,
    words,
)
from ckanext.satudatapaser.record import vocabulary
from rdflib import URIRef
from rdflib.namespace import DCAT, DCTERMS, RDF, RDFS


def triples(dataset: URIRef, file: Mapping[str, Any], licence: URIRef | None) -> Triples:
    """Yield one file of ``dataset`` (as package_show gives it) under the dataset's ``licence``.

    Where its address is none, its page on the portal stands for it: a distribution has to say where one gets at it.
    """
    about = below(dataset, "resource", file["id"])
    found, code = address(file.get("url")), format_code(file)
    yield dataset, DCAT.distribution, about
    yield about, RDF.type, DCAT.Distribution
    yield from node(about, DCAT.accessURL, found or about, RDFS.Resource)
    yield from said(
        about,
        (DCTERMS.title, words(file.get("name"))),
        (DCTERMS.description, words(file.get("description"))),
        (DCAT.downloadURL, found if code and code not in lists.SERVICES else None),
        (DCAT.byteSize, size(file.get("size"))),
        (DCTERMS.issued, moment(file.get("created"))),
        (DCTERMS.modified, moment(file.get("last_modified") or file.get("metadata_modified"))),
    )
    yield from _form(about, code, clean(file.get("format")))
    if licence is not None:
        yield from node(about, DCTERMS.license, licence, DCTERMS.LicenseDocument)


def format_code(file: Mapping[str, Any]) -> str:
    """Return the format in our vocabulary's words; "" for one that it does not know."""
    return (
        vocabulary.file_format(clean(file.get("format"))) or vocabulary.file_format(clean(file.get("mimetype"))) or ""
    )


def _form(about: URIRef, code: str, stated: str) -> Triples:
    """Yield file type and media type; a format that no list has is told by its name."""
    kind, media = lists.file_type(code), lists.media_type(code)
    if kind is None and stated:
        kind = URIRef(f"{about}#format")
    if kind is not None:
        label = plain(code or stated)
        yield from node(about, DCTERMS.format, kind, DCTERMS.MediaTypeOrExtent, (RDFS.label, label))
    if media is not None:
        yield from node(about, DCAT.mediaType, media, DCTERMS.MediaType)
