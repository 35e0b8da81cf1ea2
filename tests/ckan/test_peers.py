"""Whole runs against real catalogues of others: a stock CKAN's DCAT, pycsw's CSW and OAI-PMH, and a faithful repository."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from agency import Source, settled
from oai_repository import Repository
from peers.catalogue import core, iso
from portal import Portal, serve
from pycsw_peer import serving
from two_ckans import ORGANIZATION, Province

pytestmark = [pytest.mark.ckan, pytest.mark.search, pytest.mark.usefixtures("empty_catalogue")]
POINT = '{"type": "Point", "coordinates": [116.2, -1.9]}'
EU = "http://publications.europa.eu/resource/authority"


def at(url: str, kind: str, path: str = "", **settings: Any) -> Source:
    """Return an approved source at somebody else's server."""
    place = Portal()
    place.url = url
    return Source(place, kind, path, **settings)


@pytest.fixture(scope="module")
def stock(province: Province) -> Province:
    """A stock CKAN with five public datasets, one of them not for the public by its own word, and a private one."""
    province.empty()
    for number in range(1, 6):
        access = {"key": "access_rights", "value": f"{EU}/access-right/{'NON_PUBLIC' if number == 5 else 'PUBLIC'}"}
        province.call(
            "package_create", name=f"jalan-{number}", title=f"Panjang Jalan {number}", notes="Menurut kecamatan.",
            owner_org=ORGANIZATION, license_id="cc-by", tags=[{"name": "jalan"}],
            extras=[access, {"key": "frequency", "value": f"{EU}/frequency/ANNUAL"},
                    {"key": "spatial", "value": POINT},
                    {"key": "temporal_start", "value": "2025-01-01"}, {"key": "contact_name", "value": "Dinas PU"},
                    {"key": "contact_email", "value": "data@pu.example.go.id"}],
            resources=[{"url": f"https://pu.example.go.id/{number}.csv", "name": "Tabel", "format": "CSV",
                        "license": "https://creativecommons.org/licenses/by/4.0/"}],
        )  # fmt: skip
    province.call("package_create", name="rahasia", title="Rahasia", owner_org=ORGANIZATION, private=True)
    return province


@pytest.mark.two_ckans
@pytest.mark.parametrize("ending", ["ttl", "xml", "jsonld"])
def test_a_stock_ckans_dcat_comes_whole_over_its_pages(stock: Province, ending: str) -> None:
    source = at(stock.url, "dcat", f"/catalog.{ending}")
    result = source.run()
    assert (result["state"], result["added"], settled(result)) == ("finished", 5, 5)
    assert source.public() == 4, "NON_PUBLIC stays closed"
    found = {package["title"]: package for package in source.packages()}["Panjang Jalan 1"]
    wanted = {
        "notes": "Menurut kecamatan.", "license_id": "cc-by", "accrualPeriodicity": "TAHUNAN", "accessRights": "terbuka",
        "spatial": POINT, "temporal_start": "2025-01-01",
        "maintainer": "Dinas PU", "maintainer_email": "data@pu.example.go.id", "produsen_data_name": "Kabupaten Paser",
    }  # fmt: skip
    assert {key: found.get(key) for key in wanted} == wanted
    assert found["source_landing_page"].startswith(f"{stock.url}/dataset/")
    assert [(r["url"], r["format"]) for r in found["resources"]] == [("https://pu.example.go.id/1.csv", "CSV")]
    again = source.run()
    assert (again["unchanged"], settled(again)) == (5, 5)


@pytest.fixture(scope="module")
def pycsw(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """pycsw over twelve ISO records, one restricted and one whose constraint nobody understands, and two of Dublin Core."""
    odd = {10: "terbatas", 11: "Hubungi dinas"}
    records = {f"iso-{n}": iso(n, odd.get(n, "terbuka")) for n in range(12)} | {f"dc-{n}": core(n) for n in range(2)}
    with serving(tmp_path_factory.mktemp("pycsw"), records) as url:
        yield url


@pytest.mark.parametrize("version", ["", "2.0.2", "3.0.0"])
def test_pycsws_iso_records_come_whole_over_its_pages(pycsw: str, version: str) -> None:
    source = at(pycsw, "csw", version=version, default_access="tertutup", default_license="cc-by")
    result = source.run()
    assert (result["state"], settled(result)) == ("finished", 14)
    assert (result["added"], result["held"]) == (13, 1)
    assert source.issues("held") == {"access-unknown"}
    found = {package["title"]: package for package in source.packages()}
    wanted = {
        "notes": "Jalan kabupaten menurut kondisi.", "jenis": "geospasial", "license_id": "cc-by",
        "accessRights": "terbuka", "accrualPeriodicity": "TAHUNAN", "lineage": "Survei lapangan 2025.",
        "spatial-reference-system": "EPSG:4326", "issued": "2026-01-15", "produsen_data_name": "Dinas Pekerjaan Umum",
        "source_landing_page": "https://simpul.example.go.id/jalan/1", "dataset-reference-date": "2026-01-15",
    }  # fmt: skip
    assert {key: found["Jaringan Jalan 1"].get(key) for key in wanted} == wanted
    assert '"Polygon"' in found["Jaringan Jalan 1"]["spatial"]
    assert [r["format"] for r in found["Jaringan Jalan 1"]["resources"]] == ["WMS", "ZIP"]
    assert found["Jaringan Jalan 10"]["accessRights"] == "terbatas"
    assert source.run()["unchanged"] == 13


@pytest.mark.parametrize("version", ["2.0.2", "3.0.0"])
def test_pycsws_dublin_core_is_read_and_hides_no_constraint(pycsw: str, version: str) -> None:
    source = at(pycsw, "csw", version=version, form="dc", default_access="terbuka", default_license="cc-by")
    result = source.run()
    assert (result["state"], result["added"], result["held"]) == ("finished", 2, 12)
    assert {package["accessRights"] for package in source.packages()} == {"terbuka"}


def test_pycsws_oai_pmh_is_read_in_spite_of_its_tokens(pycsw: str) -> None:
    source = at(pycsw, "oai", "?mode=oaipmh", default_access="terbuka", default_license="cc-by")
    result = source.run()
    assert (result["state"], result["added"], result["held"]) == ("finished", 2, 12)


@pytest.fixture
def repository() -> Iterator[Repository]:
    """A repository with seven records, three a page, one of them deleted."""
    with serve(Repository(records=7, deleted={3})) as found:
        yield found  # type: ignore[misc] # what serve is given it gives back


def test_an_oai_repository_comes_whole_without_what_it_deleted(repository: Repository) -> None:
    source = at(repository.url, "oai", "/oai", default_access="terbuka", default_license="cc-by")
    result = source.run()
    assert (result["state"], result["added"], settled(result)) == ("finished", 6, 6)
    assert source.public() == 6
    assert source.run()["unchanged"] == 6
    assert len(repository.requests) == 2 * 3


def test_a_token_that_expires_leaves_what_came_and_takes_nothing_for_missing(repository: Repository) -> None:
    source = at(
        repository.url, "oai", "/oai", default_access="terbuka", default_license="cc-by", grace_runs=0, grace_days=0
    )
    source.run()
    repository.lifetime = 1
    result = source.run()
    assert (result["state"], result["reason"]["code"]) == ("failed", "source-oai-error")
    assert "badResumptionToken" in result["reason"]["message"]
    assert (result["missing"], result["archived"], source.public()) == (0, 0, 6)


def test_a_record_that_an_oai_repository_deletes_is_archived(repository: Repository) -> None:
    source = at(
        repository.url, "oai", "/oai", default_access="terbuka", default_license="cc-by", grace_runs=1, grace_days=0
    )
    source.run()
    repository.deleted.add(5)
    assert source.run()["archived"] == 1
    assert source.public() == 5


def test_an_empty_set_is_an_empty_listing(repository: Repository) -> None:
    source = at(repository.url, "oai", "/oai", set="kosong", allow_empty="true")
    result = source.run()
    assert (result["state"], result["seen"]) == ("finished", 0)
