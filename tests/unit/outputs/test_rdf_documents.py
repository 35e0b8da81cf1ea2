"""What is written: every syntax says the same, whatever stands in a dataset; the catalogue and its pages."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from ckanext.satudatapaser.outputs.rdf import catalogue, dataset, namespace, write
from ckanext.satudatapaser.outputs.rdf.agents import Site
from ckanext.satudatapaser.outputs.rdf.catalogue import Paging
from ckanext.satudatapaser.outputs.rdf.terms import HYDRA, sdi
from hypothesis import given
from hypothesis import strategies as st
from open_dataset import PACKAGE, PORTAL, URL
from rdflib import Graph, Literal, URIRef
from rdflib.namespace import DCAT, DCTERMS, FOAF, RDF, RDFS

PARSERS = {"ttl": "turtle", "n3": "n3", "xml": "xml", "rdf": "xml", "jsonld": "json-ld"}
SITE = URIRef(URL)
TEXTS = st.one_of(
    st.text(), st.sampled_from(["\x00\x0b", "\ud800", "\ufffe", '"""', "\\", "<a>", "]]>", "@id", "{}", "2025-02-30"])
)


def read(document: bytes, syntax: str) -> Graph:
    return Graph().parse(data=document, format=PARSERS[syntax])


def direct() -> Graph:
    """Return the dataset's statements with their values in rdflib's own spelling, as its parsers leave them."""
    found = Graph()
    for triple in dataset.triples(PACKAGE, PORTAL):
        found.add(triple)
    return Graph().parse(data=found.serialize(format="nt"), format="nt")


@pytest.mark.parametrize("syntax", sorted(write.SYNTAXES))
def test_every_syntax_says_what_the_mapping_says(syntax: str) -> None:
    assert set(read(write.document(dataset.triples(PACKAGE, PORTAL), syntax, URL), syntax)) == set(direct())


def test_the_parsers_above_are_those_of_the_syntaxes_that_we_write() -> None:
    assert set(PARSERS) == set(write.SYNTAXES)


def test_turtle_is_written_with_short_names_and_each_subject_once() -> None:
    text = write.document(dataset.triples(PACKAGE, PORTAL), "ttl", URL).decode()
    assert "a dcat:Dataset" in text
    assert "dct:title" in text
    assert "sdi:konsep" in text
    assert text.count(f"\n<{URL}/dataset/{PACKAGE['id']}> ") == 1


@pytest.mark.parametrize("syntax", ["ttl", "xml", "jsonld"])
@given(data=st.data())
def test_whatever_stands_in_a_field_the_document_can_be_read(syntax: str, data: st.DataObject) -> None:
    odd: dict[str, Any] = copy.deepcopy(PACKAGE)
    for key in data.draw(st.lists(st.sampled_from(sorted(set(PACKAGE) - {"id", "resources", "groups", "tags"})))):
        if isinstance(odd[key], str):
            odd[key] = data.draw(TEXTS)
    for key in data.draw(st.lists(st.sampled_from(["name", "url", "format", "mimetype", "size", "created"]))):
        odd["resources"][0][key] = data.draw(TEXTS)
    odd["tags"] = [{"name": data.draw(TEXTS)}]
    found = read(write.document(dataset.triples(odd, PORTAL), syntax, URL), syntax)
    assert (URIRef(f"{URL}/dataset/{odd['id']}"), RDF.type, DCAT.Dataset) in found


def test_json_ld_names_its_context_in_the_document_itself() -> None:
    document = json.loads(write.document(dataset.triples(PACKAGE, PORTAL), "jsonld", URL))
    assert document["@context"]["sdi"] == f"{URL}/ns/sdi#"
    (first, *_) = document["@graph"]
    assert first["@type"] == "dcat:Dataset"
    assert first["dct:title"] == {"@value": "Jumlah Sekolah", "@language": "id"}


def test_the_catalogue_says_who_publishes_it_and_in_which_language() -> None:
    found = Graph()
    for triple in catalogue.triples(PORTAL):
        found.add(triple)
    assert found.value(SITE, DCTERMS.title) == Literal("Satu Data Paser", lang="id")
    assert found.value(SITE, DCTERMS.description) == Literal("Katalog data terbuka", lang="id")
    assert found.value(SITE, FOAF.homepage) == URIRef(f"{URL}/")
    publisher = found.value(SITE, DCTERMS.publisher)
    assert found.value(publisher, FOAF.name) == Literal("Dinas Komunikasi")


def test_a_portal_without_a_walidata_publishes_in_its_own_name() -> None:
    found = Graph()
    for triple in catalogue.triples(Site(URL, "Portal")):
        found.add(triple)
    assert found.value(found.value(SITE, DCTERMS.publisher), FOAF.name) == Literal("Portal")


def test_pages_are_linked_in_hydras_old_and_new_words_and_missing_ones_not_at_all() -> None:
    links = catalogue.paging(Paging(f"{URL}/catalog.ttl?page=1", "one", "two", "", "two", 150, 100))
    found = {(predicate, str(value)) for _, predicate, value in links}
    assert {(HYDRA.next, "two"), (HYDRA.nextPage, "two"), (HYDRA.totalItems, "150")} <= found
    assert not {HYDRA.previous, HYDRA.previousPage} & {predicate for predicate, _ in found}


def test_our_own_fields_are_explained_at_their_address_in_two_languages() -> None:
    fields = [
        {
            "field_name": "konsep",
            "label": {"id": "Konsep", "en": "Concept"},
            "help_text": {"id": "Ide.", "en": "Idea."},
        },
        {"field_name": "title", "label": {"id": "Judul", "en": "Title"}},
        {"field_name": "publishing_status", "label": {"id": "Status", "en": "Status"}},
    ]
    found = Graph()
    for triple in namespace.triples(fields, URL):
        found.add(triple)
    about = sdi(URL).konsep
    assert set(found.objects(about, RDFS.label)) == {Literal("Konsep", lang="id"), Literal("Concept", lang="en")}
    assert set(found.subjects(RDF.type, RDF.Property)) == {about}
