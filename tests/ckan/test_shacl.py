"""What the portal gives as RDF is DCAT-AP 3: no violation on the demo's catalogue and on hostile ones after their harvest."""

from __future__ import annotations

import functools
import lzma
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from agency import Source
from ckan.lib import search
from ckan.plugins import toolkit as tk
from ckan.tests import factories
from ckan.tests.helpers import call_action
from ckanext.satudatapaser.harvesters._rdf import next_page
from portal import serve
from pyshacl import validate
from rdflib import Graph, Literal, URIRef
from rdflib.namespace import DCAT, DCTERMS, FOAF, RDF, XSD

from demo.agencies import AGENCIES
from demo.catalogues import datajson

pytestmark = [pytest.mark.ckan, pytest.mark.search]
OURS = Path(__file__).parents[1] / "shacl" / "dcat_ap_3.ttl"
SHACL = "http://www.w3.org/ns/shacl#"
"""Entries as a careless source writes them: every part odd in some way, and published all the same."""
ODD = (
    {"title": "Tanda <b>& \"kutip\" 'x' \u202e\u0007", "description": ""},
    {
        "distribution": [
            {"downloadURL": "https://example.go.id/a b[1].csv?x={1}|2^3`", "format": "tabel csv!", "title": "<x>"}
        ]
    },
    {"distribution": [{"accessURL": "//tanpa-skema.example.go.id", "format": "", "mediaType": "text/csv; charset=x"}]},
    {"contactPoint": {"fn": "Seseorang", "hasEmail": "mailto:seseorang@gmail.example"}, "issued": "2025-02-31"},
    {"spatial": "115.5,-2.1,116.5,-1.5", "temporal": "2024/2025", "accrualPeriodicity": "entah kapan"},
    {"keyword": ["a;b", "", "kata yang panjang " * 20], "theme": ["Ekonomi"], "landingPage": "bukan alamat"},
)


@functools.cache
def shapes(path: Path) -> Graph:
    return Graph().parse(path, format="turtle")


@pytest.fixture(scope="module")
def shape_files(request: pytest.FixtureRequest) -> list[Path]:
    more = request.config.getoption("--dcat-ap-shapes")
    return [OURS, *([Path(more)] if more else [])]


def violations(found: Graph, path: Path) -> list[str]:
    """Return each violation as one line: shape's path, what it is about, the message."""
    _, report, _ = validate(found, shacl_graph=shapes(path))
    assert isinstance(report, Graph)
    term = functools.partial(URIRef.__add__, URIRef(SHACL))
    return [
        " ".join(
            str(report.value(result, term(part))) for part in ("resultPath", "focusNode", "resultMessage", "value")
        )
        for result in report.objects(None, term("result"))
    ]


@pytest.fixture(scope="module")
def catalogue(site_app: Any, empty_catalogue: None, request: pytest.FixtureRequest) -> list[Graph]:
    """Every page of the catalogue after the demo's agencies, a careless one and those of --catalogues were harvested."""
    factories.Organization(name="diskominfostaper", title="Dinas Komunikasi")
    with serve() as portal:
        for agency in AGENCIES:
            portal.pages["/data.json"] = (200, "application/json", datajson(portal.url, agency))
            assert Source(portal, default_license="cc-by").run()["state"] == "finished"
        careless = Source(portal, default_license="other-open")
        base = {"description": "Keterangan.", "accessLevel": "public"}
        careless.list(*(base | {"identifier": f"odd-{n}", "title": f"Data {n}"} | odd for n, odd in enumerate(ODD)))
        assert careless.run()["added"] == len(ODD)
        for text in real_catalogues(request.config.getoption("--catalogues")):
            portal.pages["/data.json"] = (200, "application/json", text)
            Source(portal, default_license="cc-by", default_access="terbuka").run()
    search.commit()
    pages, address = [], "/catalog.ttl"
    while address:
        pages.append(Graph().parse(data=site_app.get(address).body, format="turtle"))
        address = next_page(pages[-1]).removeprefix(tk.config["ckan.site_url"])
    return pages


def real_catalogues(folder: str) -> Iterator[bytes]:
    """Yield the data.json files that a person brings."""
    for path in sorted(Path(folder).glob("*.json*")) if folder else ():
        yield lzma.decompress(path.read_bytes()) if path.suffix == ".xz" else path.read_bytes()


def test_the_demos_catalogue_and_a_careless_one_have_no_violation(
    catalogue: list[Graph], shape_files: list[Path]
) -> None:
    read = sum(len(set(page.subjects(RDF.type, DCAT.Dataset))) for page in catalogue)
    assert read == call_action("package_search", rows=0, fq="accessRights:terbuka")["count"] > 300
    print(f"{read} datasets, {sum(map(len, catalogue))} statements, shapes: {shape_files}")
    assert [line for page in catalogue for path in shape_files for line in violations(page, path)] == []


@pytest.mark.parametrize(
    ("about", "term", "value"),
    [
        (DCAT.Dataset, DCTERMS.title, None),
        (DCAT.Dataset, DCTERMS.publisher, Literal("Dinas")),
        (DCAT.Dataset, DCTERMS.issued, Literal("kemarin")),
        (DCAT.Distribution, DCAT.accessURL, None),
        (DCAT.Distribution, DCAT.byteSize, Literal("besar", datatype=XSD.string)),
        (DCAT.Catalog, DCTERMS.publisher, None),
        (FOAF.Agent, FOAF.name, None),
    ],
)
def test_a_broken_catalogue_has_violations(
    catalogue: list[Graph], about: URIRef, term: URIRef, value: Literal | None
) -> None:
    assert violations(broken(catalogue[-1], about, term, value), OURS)


def test_every_set_of_shapes_sees_a_dataset_without_a_title(catalogue: list[Graph], shape_files: list[Path]) -> None:
    without = broken(catalogue[-1], DCAT.Dataset, DCTERMS.title, None)
    assert all(violations(without, path) for path in shape_files)


def broken(page: Graph, about: URIRef, term: URIRef, value: Literal | None) -> Graph:
    """Return a page whose first thing of a kind has another value of ``term``, or none."""
    found = Graph()
    for triple in page:
        found.add(triple)
    subject = min(found.subjects(RDF.type, about))
    found.remove((subject, term, None))
    if value is not None:
        found.add((subject, term, value))
    return found
