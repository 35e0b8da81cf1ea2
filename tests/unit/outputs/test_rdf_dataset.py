"""A dataset as DCAT-AP: what stands in which term, and that what is missing or odd is left out."""

from __future__ import annotations

from typing import Any

import pytest
from ckanext.satudatapaser.outputs.rdf import dataset, lists
from ckanext.satudatapaser.outputs.rdf.terms import ADMS, GSP, VCARD, VERSION, sdi
from ckanext.satudatapaser.record import vocabulary
from open_dataset import AGENCY, FILE, ID, ORG, PACKAGE, PORTAL, TOPIC, URL, package, with_file
from rdflib import Graph, Literal, URIRef
from rdflib.namespace import DCAT, DCTERMS, FOAF, RDF, RDFS, SKOS, XSD
from rdflib.term import Node

ABOUT = URIRef(f"{URL}/dataset/{ID}")
FILE_ABOUT = URIRef(f"{ABOUT}/resource/{FILE}")
EU = "http://publications.europa.eu/resource/authority"


def graph(given: dict[str, Any] = PACKAGE) -> Graph:
    found = Graph()
    for triple in dataset.triples(given, PORTAL):
        found.add(triple)
    return found


def value(given: dict[str, Any], *path: URIRef, start: URIRef = ABOUT) -> Node | None:
    """Return what a path of terms leads to from the dataset."""
    found, at = graph(given), start
    for predicate in path:
        at = found.value(at, predicate)  # type: ignore[assignment]
    return at


def text(word: str) -> Literal:
    return Literal(word, lang="id")


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ([DCTERMS.identifier], Literal(ID)),
        ([DCTERMS.title], text("Jumlah Sekolah")),
        ([DCTERMS.description], text("Jumlah sekolah menurut kecamatan.")),
        ([DCAT.landingPage], URIRef("https://disdik.example.go.id/data/7")),
        ([VERSION], Literal("2")),
        ([DCTERMS.accessRights], URIRef(f"{EU}/access-right/PUBLIC")),
        ([DCTERMS.accrualPeriodicity], URIRef(f"{EU}/frequency/ANNUAL")),
        ([DCTERMS.issued], Literal("2025-02-01", datatype=XSD.date)),
        ([DCTERMS.modified], Literal("2025-03-01T10:20:30Z", datatype=XSD.dateTime, normalize=False)),
        ([DCTERMS.temporal, DCAT.startDate], Literal("2024-01-01", datatype=XSD.date)),
        ([DCTERMS.temporal, DCAT.endDate], Literal("2024-12-31", datatype=XSD.date)),
        ([DCTERMS.publisher], URIRef(f"{URL}/organization/{ORG}")),
        ([DCTERMS.publisher, FOAF.name], Literal("Dinas Pendidikan")),
        ([DCTERMS.publisher, FOAF.mbox], URIRef("mailto:disdik@example.go.id")),
        ([DCAT.contactPoint, VCARD.fn], Literal("Bidang Data")),
        ([DCAT.contactPoint, VCARD.hasEmail], URIRef("mailto:data@disdik.example.go.id")),
        ([DCTERMS.conformsTo], URIRef("http://www.opengis.net/def/crs/EPSG/0/4326")),
        ([DCTERMS.provenance, RDFS.label], text("Dari Dapodik.")),
        ([ADMS.identifier, SKOS.notation], Literal("DDS-7")),
        ([DCTERMS.spatial, SKOS.prefLabel], text("Tanah Grogot")),
        ([DCTERMS.spatial, DCAT.bbox],
         Literal("POLYGON((115.5 -2, 116.5 -2, 116.5 -1.5, 115.5 -1.5, 115.5 -2))", datatype=GSP.wktLiteral)),
        ([sdi(URL).konsep], Literal("Sekolah")),
        ([DCAT.distribution], FILE_ABOUT),
        ([DCAT.distribution, DCTERMS.title], text("Tabel")),
        ([DCAT.distribution, DCAT.accessURL], URIRef("https://disdik.example.go.id/data/7.csv")),
        ([DCAT.distribution, DCAT.downloadURL], URIRef("https://disdik.example.go.id/data/7.csv")),
        ([DCAT.distribution, DCTERMS.format], URIRef(f"{EU}/file-type/CSV")),
        ([DCAT.distribution, DCTERMS.format, RDFS.label], Literal("CSV")),
        ([DCAT.distribution, DCAT.mediaType], URIRef("https://www.iana.org/assignments/media-types/text/csv")),
        ([DCAT.distribution, DCAT.byteSize], Literal("2048", datatype=XSD.nonNegativeInteger)),
        ([DCAT.distribution, DCTERMS.license], URIRef("http://www.opendefinition.org/licenses/cc-by")),
        ([DCAT.distribution, DCTERMS.modified], Literal("2025-02-01T00:00:00Z", datatype=XSD.dateTime, normalize=False)),
    ],
)  # fmt: skip
def test_a_field_stands_in_its_term(path: list[URIRef], expected: Node) -> None:
    assert value(PACKAGE, *path) == expected


def test_a_list_becomes_one_value_each() -> None:
    found = set(graph().objects(ABOUT, sdi(URL).iv_sarana_pengumpulan_data))
    assert found == {Literal("PAPI"), Literal("CAPI")}
    assert set(graph().objects(ABOUT, DCAT.keyword)) == {text("sekolah"), text("guru")}


@pytest.mark.parametrize(
    ("field", "path"),
    [
        ("accrualPeriodicity", [DCTERMS.accrualPeriodicity]),
        ("issued", [DCTERMS.issued]),
        ("version", [VERSION]),
        ("lineage", [DCTERMS.provenance]),
        ("id_dds", [ADMS.identifier]),
        ("spatial-reference-system", [DCTERMS.conformsTo]),
        ("license_url", [DCAT.distribution, DCTERMS.license]),
        ("konsep", [sdi(URL).konsep]),
    ],
)
@pytest.mark.parametrize("nothing", [None, "", "  "])
def test_a_value_that_is_missing_is_left_out(field: str, path: list[URIRef], nothing: str | None) -> None:
    assert value(package(**{field: nothing}), *path) is None


@pytest.mark.parametrize(("start", "end"), [("2024-01-01", None), (None, "2024-12-31")])
def test_a_period_may_be_open_and_one_without_ends_is_none(start: str | None, end: str | None) -> None:
    given = package(temporal_start=start, temporal_end=end)
    found = (value(given, DCTERMS.temporal, DCAT.startDate), value(given, DCTERMS.temporal, DCAT.endDate))
    assert [str(day) if day else None for day in found] == [start, end]
    assert value(package(temporal_start=None, temporal_end=None), DCTERMS.temporal) is None


def test_names_come_from_the_portal_as_they_are_now_not_from_the_datasets_copy() -> None:
    assert value(PACKAGE, SKOS.prefLabel, start=URIRef(f"{URL}/group/{TOPIC}")) == text("Ekonomi")


def test_a_topic_is_ours_and_the_eus_where_one_holds_it() -> None:
    own, theme = URIRef(f"{URL}/group/{TOPIC}"), URIRef(f"{EU}/data-theme/ECON")
    found = graph()
    assert set(found.objects(ABOUT, DCAT.theme)) == {own, theme}
    assert (own, SKOS.broadMatch, theme) in found
    other = graph(package(groups=[{"id": TOPIC, "name": "budaya-dan-agama", "title": "Budaya dan Agama"}]))
    assert set(other.objects(ABOUT, DCAT.theme)) == {own}


def test_without_a_page_at_the_source_the_portals_page_is_the_landing_page() -> None:
    assert value(package(source_landing_page=None), DCAT.landingPage) == URIRef(f"{URL}/dataset/jumlah-sekolah")


def test_a_dataset_without_a_description_is_described_by_its_title() -> None:
    assert value(package(notes=None), DCTERMS.description) == text("Jumlah Sekolah")


def test_a_point_is_a_centroid() -> None:
    given = package(spatial='{"type": "Point", "coordinates": [116.25, -1.9]}')
    assert value(given, DCTERMS.spatial, DCAT.centroid) == Literal("POINT(116.25 -1.9)", datatype=GSP.wktLiteral)
    assert value(given, DCTERMS.spatial, DCAT.bbox) is None


@pytest.mark.parametrize("spatial", ["", "x", "{}", "[]", '{"coordinates": []}'])
def test_an_extent_that_is_none_leaves_the_place_out(spatial: str) -> None:
    assert value(package(spatial=spatial, kode_wilayah=None), DCTERMS.spatial) is None


# -- contacts -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "values",
    [
        {"maintainer": "Seseorang", "maintainer_email": "seseorang@gmail.example"},
        {"maintainer": "Seseorang", "maintainer_email": None},
        {"maintainer": "Seseorang", "maintainer_email": "bukan surel"},
        {"maintainer": None, "maintainer_email": None, "author": "Seseorang", "author_email": "orang@yahoo.example"},
    ],
)
def test_a_contact_without_a_units_address_is_the_organisation(values: dict[str, Any]) -> None:
    given = package(**values)
    assert value(given, DCAT.contactPoint, VCARD.fn) == Literal(AGENCY.title)
    assert value(given, DCAT.contactPoint, VCARD.hasEmail) == URIRef("mailto:disdik@example.go.id")
    assert "Seseorang" not in graph(given).serialize(format="nt")
    assert "orang@" not in graph(given).serialize(format="nt")


def test_a_unit_without_a_name_has_the_organisations() -> None:
    given = package(maintainer=None, maintainer_email="data@disdik.example.go.id")
    assert value(given, DCAT.contactPoint, VCARD.fn) == Literal(AGENCY.title)
    assert value(given, DCAT.contactPoint, VCARD.hasEmail) == URIRef("mailto:data@disdik.example.go.id")


def test_the_authors_unit_is_asked_where_there_is_no_maintainer() -> None:
    given = package(maintainer=None, maintainer_email=None, author="Bidang A", author_email="a@disdik.example.go.id")
    assert value(given, DCAT.contactPoint, VCARD.fn) == Literal("Bidang A")


# -- files --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "url", ["", None, "bukan alamat", "ftp://example.go.id/x", "javascript:alert(1)", "C:\\data.csv"]
)
def test_a_file_without_a_web_address_is_reached_by_its_page(url: str | None) -> None:
    given = with_file(url=url)
    assert value(given, DCAT.distribution, DCAT.accessURL) == FILE_ABOUT
    assert value(given, DCAT.distribution, DCAT.downloadURL) is None


def test_an_address_with_odd_signs_is_escaped() -> None:
    found = value(with_file(url='https://example.go.id/a b"<c>.csv?x={1}|2'), DCAT.distribution, DCAT.accessURL)
    assert found == URIRef("https://example.go.id/a%20b%22%3Cc%3E.csv?x=%7B1%7D%7C2")


@pytest.mark.parametrize("format", ["WMS", "wfs", "HTML", "API"])
def test_a_service_or_page_is_opened_not_downloaded(format: str) -> None:
    given = with_file(format=format, mimetype=None)
    assert value(given, DCAT.distribution, DCAT.downloadURL) is None
    assert value(given, DCAT.distribution, DCAT.accessURL) is not None
    assert value(given, DCAT.distribution, DCTERMS.format) == lists.file_type(vocabulary.file_format(format) or "")


def test_a_format_that_no_list_has_is_told_by_its_name() -> None:
    given = with_file(format="DBF", mimetype=None)
    assert value(given, DCAT.distribution, DCTERMS.format) == URIRef(f"{FILE_ABOUT}#format")
    assert value(given, DCAT.distribution, DCTERMS.format, RDFS.label) == Literal("DBF")
    assert value(given, DCAT.distribution, DCAT.mediaType) is None


def test_without_a_format_the_media_type_tells_it() -> None:
    assert value(with_file(format=""), DCAT.distribution, DCTERMS.format) == URIRef(f"{EU}/file-type/CSV")
    assert value(with_file(format="", mimetype=None), DCAT.distribution, DCTERMS.format) is None


@pytest.mark.parametrize("size", ["", None, "0", 0, "-1", "1.5", "besar", "9" * 30])
def test_a_size_that_is_none_is_left_out(size: Any) -> None:
    assert value(with_file(size=size), DCAT.distribution, DCAT.byteSize) is None


# -- lists --------------------------------------------------------------------------------------------------------------


def test_every_code_of_our_vocabularies_is_in_the_lists() -> None:
    assert set(lists.FREQUENCIES) == set(vocabulary.codes("frequency"))
    assert set(lists.FILE_TYPES) <= set(vocabulary.codes("format"))


def test_every_field_of_the_schema_is_mapped_or_told_under_its_key_or_left_out_on_purpose() -> None:
    from ckanext.satudatapaser.record import fields

    assert set(fields.rules()) == dataset.MAPPED | dataset.NOT_TOLD | set(dataset.own_keys())
    assert not dataset.MAPPED & dataset.NOT_TOLD


def test_names_stay_when_titles_and_addresses_of_pages_change() -> None:
    renamed = graph(package(name="nama-baru", title="Judul baru", organization={"id": ORG, "name": "x", "title": "X"}))
    ours = {str(node) for node in graph().subjects() if str(node).startswith(URL)}
    assert {str(node) for node in renamed.subjects() if str(node).startswith(URL)} == ours


def test_there_are_no_blank_nodes_so_two_readings_say_the_same() -> None:
    assert all(isinstance(node, URIRef) for node in graph().subjects())
    assert set(graph()) == set(graph())


def test_the_dataset_says_what_kind_of_thing_it_is() -> None:
    assert (ABOUT, RDF.type, DCAT.Dataset) in graph()
    assert (FILE_ABOUT, RDF.type, DCAT.Distribution) in graph()
