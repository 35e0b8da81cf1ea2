"""The words for the fields that only Satu Data Indonesia has: what their addresses answer. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ckanext.satudatapaser.outputs.rdf.dataset import own_keys
from ckanext.satudatapaser.outputs.rdf.terms import Triples, clean, said, sdi
from rdflib import Literal, URIRef
from rdflib.namespace import DCTERMS, OWL, RDF, RDFS

TITLES = {"id": "Isian Satu Data Indonesia", "en": "Fields of Satu Data Indonesia"}


def triples(fields: Iterable[Mapping[str, Any]], url: str) -> Triples:
    """Yield a property for each field that has no term of DCAT-AP's, in the words of the form.

    ``fields``: those of the dataset schema, with label and help_text as {"id": …, "en": …}; ``url``: the portal's address.
    """
    names, vocabulary = sdi(url), URIRef(str(sdi(url)))
    yield vocabulary, RDF.type, OWL.Ontology
    yield from said(vocabulary, *((DCTERMS.title, text) for text in _texts(TITLES)))
    for field in fields:
        key = field["field_name"]
        if key in own_keys():
            about = names[key]
            yield about, RDF.type, RDF.Property
            yield about, RDFS.isDefinedBy, vocabulary
            yield from said(about, *((RDFS.label, text) for text in _texts(field.get("label"))))
            yield from said(about, *((RDFS.comment, text) for text in _texts(field.get("help_text"))))


def _texts(value: Any) -> list[Literal]:
    by_language = value if isinstance(value, Mapping) else {"id": value}
    return [Literal(text, lang=language) for language, word in by_language.items() if (text := clean(word))]
