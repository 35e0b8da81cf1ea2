"""What geographic catalogues get at /csw: by a real pycsw, OWSLib and our own harvester."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from agency import Source
from ckan import model
from ckan.logic import get_action
from ckan.plugins import toolkit as tk
from ckan.tests import factories
from ckan.tests.helpers import call_action
from csw_records import SECRET
from lxml import etree
from ops import csw as ops_csw
from owslib import fes, fes2
from owslib.catalogue.csw2 import CatalogueServiceWeb as Csw2
from owslib.catalogue.csw3 import CatalogueServiceWeb as Csw3
from owslib.iso import MD_Metadata
from portal import Portal
from served import serving

pytestmark = [pytest.mark.ckan, pytest.mark.search]
GMD, GCO = "http://www.isotc211.org/2005/gmd", "http://www.isotc211.org/2005/gco"


@pytest.fixture
def address(site_app: Any, records: dict[str, Any], folder: Path) -> Iterator[str]:
    """The portal's CSW as a server that other programs reach."""
    with serving(site_app, {"ckanext.satudatapaser.csw_dir": str(folder)}) as url:
        yield f"{url}/csw"


def all_of(client: Any, **asked: Any) -> list[str]:
    """Return the ids of all pages of a search."""
    ids: list[str] = []
    ask = client.getrecords2 if isinstance(client, Csw2) else client.getrecords
    while True:
        ask(maxrecords=5, startposition=len(ids) + 1, esn="full", **asked)
        ids += list(client.records)
        if len(ids) >= client.results["matches"] or not client.records:
            return ids


CLIENTS = [pytest.param(Csw2, "2.0.2", id="2.0.2"), pytest.param(Csw3, "3.0.0", id="3.0.0")]


@pytest.mark.parametrize(("client", "version"), CLIENTS)
def test_owslib_reads_every_open_dataset_with_an_extent_and_no_other(
    address: str, records: dict[str, Any], client: Any, version: str
) -> None:
    catalogue = client(address, version=version)
    assert catalogue.version == version
    assert sorted(all_of(catalogue)) == sorted(package["id"] for package in records.values())


def ask(app: Any, **asked: Any) -> Any:
    """Ask as a program does that knows nothing but addresses."""
    values = {"service": "CSW", "version": "2.0.2", "request": "GetRecords", "typeNames": "csw:Record",
              "resultType": "results", "elementSetName": "full", "maxRecords": "100", **asked}  # fmt: skip
    return app.get("/csw", query_string=values, status=None)


@pytest.mark.parametrize("version", ["2.0.2", "3.0.0"])
def test_a_record_is_found_by_id_as_iso(address: str, site_app: Any, records: dict[str, Any], version: str) -> None:
    """By hand: OWSLib refuses what CSW 3.0 wants here, the record alone."""
    answer = ask(site_app, version=version, request="GetRecordById", id=records["jalan-3"]["id"], outputSchema=GMD)
    root = etree.fromstring(answer.data)
    element = root if root.tag == f"{{{GMD}}}MD_Metadata" else root.find(f"{{{GMD}}}MD_Metadata")
    assert (element is root) == (version == "3.0.0")
    found = MD_Metadata(element).identification[0]
    assert (found.title, found.contact[0].organization) == ("Peta jalan-3", "Dinas Pekerjaan Umum")
    assert [float(found.bbox.minx), float(found.bbox.maxy)] == [115.8, -1.9]


# the first two squares reach into this box; in a filter latitude comes first unless the system says otherwise
BOXES = [([-2.05, 115.45, -1.95, 115.65], None), ([115.45, -2.05, 115.65, -1.95], "urn:ogc:def:crs:OGC:1.3:CRS84")]


@pytest.mark.parametrize(("client", "version"), CLIENTS)
def test_records_are_found_by_words(address: str, records: dict[str, Any], client: Any, version: str) -> None:
    catalogue, words = client(address, version=version), fes if version == "2.0.2" else fes2
    assert all_of(catalogue, constraints=[words.PropertyIsLike("csw:AnyText", "%jalan-11%")]) == [
        records["jalan-11"]["id"]
    ]


@pytest.mark.parametrize(("corners", "system"), BOXES)
def test_records_are_found_by_the_box_of_a_filter(
    address: str, records: dict[str, Any], corners: list[float], system: str | None
) -> None:
    """In 2.0.2 only: the filter that OWSLib writes for 3.0 is not valid by its schemas."""
    found = all_of(Csw2(address), constraints=[fes.BBox(corners, crs=system)])
    assert sorted(found) == sorted(records[f"jalan-{n}"]["id"] for n in (0, 1))


def ids_in(answer: Any) -> set[str]:
    return set(etree.fromstring(answer.data).xpath("//*[local-name()='identifier']/text()"))


@pytest.mark.parametrize("version", ["2.0.2", "3.0.0"])
def test_in_the_address_the_longitude_of_a_box_comes_first(
    address: str, site_app: Any, records: dict[str, Any], version: str
) -> None:
    found = ids_in(ask(site_app, version=version, bbox="115.45,-2.05,115.65,-1.95"))
    assert found == {records[f"jalan-{n}"]["id"] for n in (0, 1)}


CLOSINGS = [
    {"accessRights": "terbatas"}, {"accessRights": "tertutup", "private": True}, {"private": True},
    {"publishing_status": "withdrawn", "private": True}, {"state": "deleted"}, {"spatial": ""},
]  # fmt: skip


@pytest.mark.parametrize("change", CLOSINGS, ids=str)
def test_what_is_closed_is_gone_with_the_next_question_and_comes_back(
    address: str, site_app: Any, records: dict[str, Any], change: dict[str, Any]
) -> None:
    package = records["jalan-5"]
    context = {"user": factories.Sysadmin()["name"], "satudata_may_set_status": True}
    assert package["id"] in ids_in(ask(site_app))
    get_action("package_patch")(dict(context), {"id": package["id"], **change})
    model.Session.remove()
    assert package["id"] not in ids_in(ask(site_app))
    one = ask(site_app, request="GetRecordById", id=package["id"], outputSchema=GMD)
    assert "Peta jalan-5" not in one.text
    back = {key: package[key] for key in ("accessRights", "private", "publishing_status", "state", "spatial")}
    get_action("package_patch")(dict(context), {"id": package["id"], **back})
    model.Session.remove()
    assert package["id"] in ids_in(ask(site_app))


def test_a_change_is_seen_with_the_next_question(address: str, site_app: Any, records: dict[str, Any]) -> None:
    context = {"user": factories.Sysadmin()["name"]}
    get_action("package_patch")(dict(context), {"id": records["jalan-7"]["id"], "notes": "Keterangan yang diperbarui."})
    model.Session.remove()
    assert "Keterangan yang diperbarui." in ask(site_app, id=records["jalan-7"]["id"], request="GetRecordById").text


def test_an_agencys_new_address_is_told_with_the_next_question_and_a_persons_is_not(
    address: str, site_app: Any, records: dict[str, Any]
) -> None:
    package = records["jalan-8"]
    asked = {"id": package["id"], "request": "GetRecordById", "outputSchema": GMD}
    for mail, told in (("pu@example.go.id", True), ("seseorang@gmail.example", False)):
        context = {"user": factories.Sysadmin()["name"]}
        get_action("organization_patch")(context, {"id": package["owner_org"], "email": mail})
        model.Session.remove()
        assert (mail in ask(site_app, **asked).text) == told


def test_a_record_says_to_the_second_when_it_changed(address: str, site_app: Any, records: dict[str, Any]) -> None:
    """A harvester that compares this stamp (ckanext-spatial's) would miss what changes twice a day."""
    shown = get_action("package_show")({}, {"id": records["jalan-2"]["id"]})
    answer = ask(site_app, request="GetRecordById", id=shown["id"], outputSchema=GMD)
    stamp = etree.fromstring(answer.data).findtext(f".//{{{GMD}}}dateStamp/{{{GCO}}}DateTime")
    assert stamp == shown["metadata_modified"][:19] + "Z"


def test_every_record_is_valid_by_the_schemas_of_iso_19139(
    address: str, site_app: Any, records: dict[str, Any]
) -> None:
    answer = etree.fromstring(ask(site_app, outputSchema=GMD).data)
    found = answer.findall(f".//{{{GMD}}}MD_Metadata")
    assert len(found) == len(records)
    place = next(ops_csw.ENVIRONMENT.glob("lib/*/site-packages/pycsw/plugins/profiles/apiso/schemas/ogc"))
    schema = etree.XMLSchema(file=str(place / "iso" / "19139" / "20060504" / "gmd" / "gmd.xsd"))
    for element in found:
        schema.assertValid(etree.fromstring(etree.tostring(element)))


@pytest.mark.parametrize("version", ["2.0.2", "3.0.0"])
def test_our_own_harvester_gets_the_same_records_and_has_nothing_to_repair(
    address: str, records: dict[str, Any], version: str
) -> None:
    place = Portal()
    place.url = address
    source = Source(place, "csw", "", version=version, form="iso", review="manual")
    result = source.run()
    kept = ("title", "notes", "accessRights", "license_id", "accrualPeriodicity", "lineage", "temporal_start", "issued",
            "temporal_end", "spatial", "jenis", "spatial-reference-system", "produsen_data_name")  # fmt: skip
    try:
        assert (result["state"], result["added"]) == ("finished", len(records))
        found = {package["title"]: package for package in source.packages()}
        for number in (0, 11):
            ours = {**records[f"jalan-{number}"], "produsen_data_name": "Dinas Pekerjaan Umum"}
            theirs = found[ours["title"]]
            assert {k: theirs.get(k) for k in kept} == {k: ours.get(k) for k in kept}
            files = [(file["url"], file["format"]) for file in ours["resources"]]
            assert [(file["url"], file["format"]) for file in theirs["resources"]] == files
        assert source.issues("added") == set()
    finally:
        for package in source.packages():
            call_action("dataset_purge", id=package["id"])


def test_a_program_posts_without_a_forms_token(
    address: str, site_app: Any, records: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """CKAN itself asks for one only where there is a session."""
    monkeypatch.setitem(site_app.flask_app.config, "WTF_CSRF_ENABLED", True)
    asked = '<csw:GetCapabilities xmlns:csw="http://www.opengis.net/cat/csw/2.0.2" service="CSW"/>'
    answer = site_app.flask_app.test_client().post("/csw", data=asked, content_type="application/xml")
    assert answer.status_code == 200
    assert "Capabilities" in answer.text


@pytest.mark.parametrize("given", ['<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>', "<a>" + " " * 200_000 + "</a>"])
def test_a_hostile_question_is_refused_in_the_words_of_csw(address: str, site_app: Any, given: str) -> None:
    answer = site_app.flask_app.test_client().post("/csw", data=given, content_type="application/xml")
    assert answer.status_code == 400
    assert "ExceptionReport" in answer.text


@pytest.mark.parametrize(("version", "namespace", "written"), [
    ("2.0.2", "http://www.opengis.net/ows", "1.2.0"), ("3.0.0", "http://www.opengis.net/ows/2.0", "3.0.0")])  # fmt: skip
def test_a_refusal_is_written_in_the_version_that_was_asked_in(
    address: str, site_app: Any, version: str, namespace: str, written: str
) -> None:
    client = site_app.flask_app.test_client()
    broken = f'<csw:GetRecords xmlns:csw="http://www.opengis.net/cat/csw/{version.replace("3.0.0", "3.0")}"><csw:a'
    by_body = client.post("/csw", data=broken, content_type="application/xml")
    by_query = client.get("/csw", query_string={"Version": version, "bbox": "x"})
    for answer in (by_body, by_query):
        root = etree.fromstring(answer.data)
        assert (answer.status_code, root.tag, root.get("version")) == (400, f"{{{namespace}}}ExceptionReport", written)


def test_oai_pmh_lists_the_records(address: str, site_app: Any, records: dict[str, Any]) -> None:
    asked = {"mode": "oaipmh", "verb": "ListRecords", "metadataPrefix": "oai_dc"}
    text = site_app.get("/csw", query_string=asked).text
    assert "<oai:ListRecords" in text
    assert "Peta jalan-3" in text
    assert "Satu Data Paser" in site_app.get("/csw", query_string={"mode": "oaipmh", "verb": "Identify"}).text


def test_nothing_that_is_not_open_is_in_the_file_of_records(
    address: str, site_app: Any, folder: Path, records: dict[str, Any]
) -> None:
    ask(site_app)
    assert SECRET not in (folder / "records.db").read_bytes().decode("latin-1")
    assert SECRET not in ask(site_app, q=SECRET).text.replace(f"q={SECRET}", "")


def test_there_is_no_such_address_where_no_folder_is_named(site_app: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(tk.config, "ckanext.satudatapaser.csw_dir", "")
    assert site_app.get("/csw", status=404)


def test_a_pycsw_that_is_down_is_said(site_app: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(tk.config, "ckanext.satudatapaser.csw_dir", str(tmp_path))
    answer = site_app.get("/csw", status=503)
    assert "not available" in answer.text


def test_health_says_whether_pycsw_answers_where_it_is_offered(
    site_app: Any, folder: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def found(place: Path | str) -> list[bool]:
        monkeypatch.setitem(tk.config, "ckanext.satudatapaser.csw_dir", str(place))
        findings = call_action("satudata_health_show")["findings"]
        return [part["ok"] for part in findings if part["name"] == "csw"]

    assert [found(place) for place in (folder, tmp_path, "")] == [[True], [False], []]
