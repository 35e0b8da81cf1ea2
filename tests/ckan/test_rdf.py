"""What harvesters get at /catalog.* and /dataset/*.*: what is public, whole, over its pages, and nothing else."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from ckan import model
from ckan.lib import search
from ckan.logic import get_action
from ckan.plugins import toolkit as tk
from ckan.tests import factories
from ckan.tests.helpers import call_action
from ckanext.dcat.processors import RDFParser, RDFSerializer
from ckanext.satudatapaser.harvesters import dcat as kind
from ckanext.satudatapaser.harvesters._rdf import next_page, total
from ckanext.satudatapaser.outputs.rdf import pages, source
from ckanext.satudatapaser.outputs.rdf.source import Question
from rdflib import Graph, URIRef
from rdflib.namespace import DCAT, DCTERMS, RDF

pytestmark = [pytest.mark.ckan, pytest.mark.search]
SECRET = "qxrahasia"
SYNTAXES = {"ttl": "turtle", "xml": "xml", "rdf": "xml", "n3": "n3", "jsonld": "json-ld"}
TYPES = {
    "ttl": "text/turtle", "xml": "application/rdf+xml", "rdf": "application/rdf+xml", "n3": "text/n3",
    "jsonld": "application/ld+json",
}  # fmt: skip
NOT_PUBLIC = {
    "terbatas": {"accessRights": "terbatas"},
    "tertutup": {"accessRights": "tertutup"},
    "menunggu": {"publishing_status": "submitted", "private": True},
    "ditarik": {"publishing_status": "withdrawn"},
    "tanpa-kelas": {"accessRights": None, "publishing_status": None},
    "pribadi": {"private": True},
}


@pytest.fixture(scope="module")
def datasets(empty_catalogue: None) -> dict[str, dict[str, Any]]:
    """Five public datasets and one of each sort that is not."""
    factories.Organization(name="diskominfostaper", title="Dinas Komunikasi")
    owner = factories.Organization(title="Dinas Pendidikan", email="disdik@example.go.id")
    topic = factories.Group(name="ekonomi-dan-industri", title="Ekonomi dan Industri")
    context = {"user": factories.Sysadmin()["name"], "satudata_may_set_status": True}

    def dataset(name: str, **values: Any) -> dict[str, Any]:
        made = {"name": name, "title": f"Data {name}", "notes": "Keterangan.", "owner_org": owner["id"],
                "license_id": "cc-by", "accessRights": "terbuka", "publishing_status": "published",
                "accrualPeriodicity": "TAHUNAN", "tags": [{"name": "sekolah"}], "groups": [{"name": topic["name"]}],
                "resources": [{"url": f"https://disdik.example.go.id/{name}.csv", "name": "Tabel", "format": "CSV"}],
                **values}  # fmt: skip
        return get_action("package_create")(dict(context), {k: v for k, v in made.items() if v is not None})

    found = {f"data-{number}": dataset(f"data-{number}") for number in range(5)}
    for name, values in NOT_PUBLIC.items():
        found[name] = dataset(name, **{"title": f"Data {SECRET}", "notes": SECRET, **values})
    search.commit()
    return found


@pytest.fixture(autouse=True)
def small_pages(datasets: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two datasets a page."""
    monkeypatch.setitem(tk.config, "ckanext.dcat.datasets_per_page", 2)


def graph(app: Any, path: str) -> Graph:
    answer = app.get(path)
    return Graph().parse(data=answer.body, format=SYNTAXES[path.partition("?")[0].rpartition(".")[2]])


def names(found: Graph) -> list[str]:
    return sorted(
        str(title) for about in found.subjects(RDF.type, DCAT.Dataset) for title in found.objects(about, DCTERMS.title)
    )


def test_every_page_is_reached_by_its_link_and_all_public_datasets_come_once(site_app: Any) -> None:
    read, address = [], "/catalog.ttl"
    for _ in range(3):
        found = graph(site_app, address)
        read += names(found)
        address = next_page(found).removeprefix(tk.config["ckan.site_url"])
    assert address == ""
    assert sorted(read) == [f"Data data-{number}" for number in range(5)]


@pytest.mark.parametrize("syntax", SYNTAXES)
def test_every_syntax_has_its_media_type_and_says_the_same(site_app: Any, syntax: str) -> None:
    answer = site_app.get(f"/catalog.{syntax}?page=2")
    assert answer.headers["Content-Type"].partition(";")[0] == TYPES[syntax]
    said = Graph().parse(data=answer.body, format=SYNTAXES[syntax])
    assert names(said) == ["Data data-2", "Data data-3"]
    assert len(said) == len(graph(site_app, "/catalog.ttl?page=2"))


def test_a_page_after_the_last_is_empty_and_leads_back(site_app: Any) -> None:
    found = graph(site_app, "/catalog.ttl?page=9")
    assert names(found) == []
    assert next_page(found) == ""
    assert total(found) == 5


@pytest.mark.parametrize("query", ["page=0", "page=-1", "page=x", "page=²", "modified_since=kemarin", "fq=title:("])
def test_a_question_that_is_none_is_refused(site_app: Any, query: str) -> None:
    assert site_app.get(f"/catalog.ttl?{query}", status=409)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("q=title:data-3", ["Data data-3"]),
        ("fq=name:data-4", ["Data data-4"]),
        ("modified_since=2020-01-01&q=name:data-1", ["Data data-1"]),
        ("modified_since=2999-01-01", []),
        ("fq=name:data-1) OR (name:*", None),
        ("fq=accessRights:*&q=*:*", None),
        (f"q={SECRET}", []),
        (f"fq=notes:{SECRET}", []),
    ],
)
def test_questions_narrow_what_is_public_and_never_widen_it(site_app: Any, query: str, expected: Any) -> None:
    answer = site_app.get(f"/catalog.ttl?{query}", status=None, expect_errors=True)
    assert f"Data {SECRET}" not in answer.body
    if answer.status_code == 200:
        found = names(Graph().parse(data=answer.body, format="turtle"))
        assert found == expected if expected is not None else len(found) <= 2


@pytest.mark.parametrize("query", ["", "?q=*:*", "?fq=name:*", "?modified_since=2020-01-01"])
def test_what_is_not_public_is_not_counted_either(site_app: Any, query: str) -> None:
    assert total(graph(site_app, f"/catalog.ttl{query}")) == 5


@pytest.mark.parametrize("profile", ["euro_dcat_ap_3", "schemaorg", "satudata_dcat_ap_3", "euro_dcat_ap_2"])
def test_other_profiles_get_the_same_datasets(site_app: Any, profile: str) -> None:
    body = site_app.get(f"/catalog.ttl?page=3&profiles={profile}").body
    assert "Data data-4" in body
    assert SECRET not in body


def test_a_profile_that_nobody_knows_is_refused(site_app: Any) -> None:
    assert site_app.get("/catalog.ttl?profiles=entah", status=409)


@pytest.mark.parametrize("syntax", SYNTAXES)
@pytest.mark.parametrize("name", [*NOT_PUBLIC, "tidak-ada"])
def test_a_dataset_that_is_not_public_is_not_found_by_anybody(
    site_app: Any, datasets: dict[str, Any], name: str, syntax: str
) -> None:
    token = factories.SysadminWithToken()["token"]
    for address in {name, datasets.get(name, {}).get("id", name)}:
        for headers in ({}, {"Authorization": token}):
            answer = site_app.get(f"/dataset/{address}.{syntax}", headers=headers, status=404, expect_errors=True)
            assert SECRET not in answer.body


@pytest.mark.parametrize("syntax", SYNTAXES)
@pytest.mark.parametrize("by", ["id", "name"])
def test_a_public_dataset_is_found_by_id_and_name_under_one_name(
    site_app: Any, datasets: dict[str, Any], by: str, syntax: str
) -> None:
    found = graph(site_app, f"/dataset/{datasets['data-1'][by]}.{syntax}")
    about = URIRef(f"{tk.config['ckan.site_url']}/dataset/{datasets['data-1']['id']}")
    assert list(found.subjects(RDF.type, DCAT.Dataset)) == [about]


def test_an_ending_that_is_no_syntax_is_not_found(site_app: Any, datasets: dict[str, Any]) -> None:
    for path in ("/catalog.entah", "/dataset/data-1.entah"):
        assert site_app.get(path, status=None, expect_errors=True).status_code in (404, 409)


def test_who_has_a_page_already_gets_it_again_only_when_something_changed(site_app: Any, changed: Any) -> None:
    tag = site_app.get("/catalog.ttl?page=1").headers["ETag"]
    for path in ("/catalog.ttl?page=1", "/catalog.ttl"):
        assert site_app.get(path, headers={"If-None-Match": tag}, status=304).body == ""
    tag_of_one = site_app.get("/dataset/data-1.ttl").headers["ETag"]
    assert site_app.get("/dataset/data-1.ttl", headers={"If-None-Match": tag_of_one}, status=304).body == ""
    changed("data-1", title="Judul baru")
    assert "Judul baru" in site_app.get("/dataset/data-1.ttl", headers={"If-None-Match": tag_of_one}, status=200).body
    again = site_app.get("/catalog.ttl?page=1", headers={"If-None-Match": tag}, status=200)
    assert "Judul baru" in again.body
    assert again.headers["ETag"] != tag


# -- at this moment -----------------------------------------------------------------------------------------------------


@pytest.fixture
def changed(datasets: dict[str, Any]) -> Iterator[Any]:
    """Change a dataset in the database alone, as if the index came late; and back."""

    def change(name: str, **values: Any) -> None:
        model.Session.execute(sa.update(model.Package).where(model.Package.name == name).values(**values))
        model.Session.commit()

    before = {name: model.Package.get(name).metadata_modified for name in ("data-0", "data-1")}
    yield change
    for name, modified in before.items():
        change(name, private=False, title=f"Data {name}", metadata_modified=modified)
    model.Session.remove()


def test_what_is_closed_is_gone_with_the_next_answer_whatever_the_index_says(site_app: Any, changed: Any) -> None:
    changed("data-0", private=True, metadata_modified=sa.func.now())
    assert "Data data-0" not in names(graph(site_app, "/catalog.ttl"))
    assert "Data data-0" not in names(graph(site_app, "/catalog.ttl?q=data-0"))
    site_app.get("/dataset/data-0.ttl", status=404)


def test_what_changed_is_told_as_it_is_whatever_the_index_says(site_app: Any, changed: Any) -> None:
    changed("data-1", title="Judul baru", metadata_modified=sa.func.now())
    assert "Judul baru" in names(graph(site_app, "/catalog.ttl"))
    assert "Judul baru" in names(graph(site_app, "/dataset/data-1.ttl"))


# -- readers ------------------------------------------------------------------------------------------------------------


class Net:
    """The portal as our own harvester reads it."""

    def __init__(self, app: Any) -> None:
        self.app = app

    def get_bytes(self, url: str, headers: Any = None) -> bytes:
        body: str = self.app.get(url.removeprefix(tk.config["ckan.site_url"])).body
        return body.encode()


@pytest.mark.parametrize("ending", ["ttl", "xml", "jsonld"])
def test_our_own_harvester_reads_back_what_we_give(site_app: Any, datasets: dict[str, Any], ending: str) -> None:
    listing = kind.pages(f"{tk.config['ckan.site_url']}/catalog.{ending}", {}, Net(site_app))
    records = {r.title: r for page in listing for raw in page.records for r in [kind.to_record(raw, {})]}
    assert set(records) == {f"Data data-{number}" for number in range(5)}
    found, given = records["Data data-2"], datasets["data-2"]
    assert (found.identifier, found.publisher, found.access, found.license_id) == (
        given["id"], "Dinas Pendidikan", "terbuka", "http://www.opendefinition.org/licenses/cc-by",
    )  # fmt: skip
    assert [(file.url, file.name) for file in found.resources] == [("https://disdik.example.go.id/data-2.csv", "Tabel")]
    assert found.tags == ("sekolah",)
    assert found.contact_email == "disdik@example.go.id"


def test_ckanext_dcats_own_parser_reads_what_we_give(site_app: Any, datasets: dict[str, Any]) -> None:
    parser = RDFParser(profiles=["euro_dcat_ap_3"])
    parser.parse(site_app.get("/catalog.ttl").body, "ttl")
    found = {dataset["title"]: dataset for dataset in parser.datasets()}
    assert set(found) == {"Data data-0", "Data data-1"}
    assert parser.next_page() == f"{tk.config['ckan.site_url']}/catalog.ttl?page=2"
    extras = {extra["key"]: extra["value"] for extra in found["Data data-0"]["extras"]}
    assert extras["identifier"] == datasets["data-0"]["id"]
    assert extras["publisher_name"] == "Dinas Pendidikan"
    assert found["Data data-0"]["license_id"] == "cc-by"


def test_the_profile_gives_ckanext_dcats_serialiser_what_the_address_gives(site_app: Any) -> None:
    found = pages.question({"page": 1})
    serializer = RDFSerializer(profiles=["satudata_dcat_ap_3"])
    text = serializer.serialize_catalog({}, source.search(found).datasets, "ttl")
    said = set(Graph().parse(data=text, format="turtle"))
    ours = set(graph(site_app, "/catalog.ttl"))
    assert said <= ours
    assert {str(p).partition("#")[0] for _, p, _ in ours - said} <= {
        "http://www.w3.org/ns/hydra/core", str(RDF).partition("#")[0],
    }  # fmt: skip


def test_the_actions_answer_over_the_api_as_the_addresses_do(site_app: Any, datasets: dict[str, Any]) -> None:
    for name in ("dcat_catalog_show", "dcat_catalog_search"):
        text = call_action(name, format="ttl", page=3)
        assert names(Graph().parse(data=text, format="turtle")) == ["Data data-4"]
    with pytest.raises(tk.ObjectNotFound):
        call_action("dcat_dataset_show", id="tertutup", format="ttl")
    with pytest.raises(tk.ValidationError):
        call_action("dcat_dataset_show", id="data-1", format="entah")


def test_our_fields_are_explained_where_their_names_lead(site_app: Any) -> None:
    found = Graph().parse(data=site_app.get("/ns/sdi").body, format="turtle")
    about = URIRef(f"{tk.config['ckan.site_url']}/ns/sdi#konsep")
    assert (about, RDF.type, RDF.Property) in found


# -- the page -----------------------------------------------------------------------------------------------------------


def structured(body: str) -> list[Any]:
    found = re.findall(r'<script type="application/ld\+json">(.*?)</script>', body, re.S)
    return [json.loads(text) for text in found]


def test_the_page_of_a_public_dataset_tells_search_engines_what_it_is(site_app: Any, datasets: dict[str, Any]) -> None:
    body = site_app.get("/dataset/data-1").body
    (found,) = structured(body)
    assert found["@type"] == "Dataset"
    assert found["identifier"] == datasets["data-1"]["id"]
    assert 'type="text/turtle"' in body


def test_the_page_of_a_limited_dataset_tells_them_nothing(site_app: Any) -> None:
    body = site_app.get("/dataset/terbatas").body
    assert structured(body) == []
    assert "text/turtle" not in body
    assert "terbatas.ttl" not in body


def test_a_question_is_plain_only_without_conditions() -> None:
    assert Question(3).plain
    assert not Question(1, q="x").plain
