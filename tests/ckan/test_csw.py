"""What geographic catalogues get at /csw: by a real pycsw, OWSLib and our own harvester."""

from __future__ import annotations

import json
import os
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from ckan import model
from ckan.logic import get_action
from ckan.plugins import toolkit as tk
from ckan.tests import factories
from ckan.tests.helpers import call_action
from lxml import etree
from ops import csw as ops_csw
from owslib.catalogue.csw2 import CatalogueServiceWeb as Csw2
from owslib.catalogue.csw3 import CatalogueServiceWeb as Csw3

pytestmark = [pytest.mark.ckan, pytest.mark.search]
GMD = "http://www.isotc211.org/2005/gmd"
SECRET = "qxrahasia"


def polygon(west: float, south: float) -> str:
    east, north = west + 0.1, south + 0.1
    return json.dumps(
        {"type": "Polygon",
         "coordinates": [[[west, south], [east, south], [east, north], [west, north], [west, south]]]}
    )  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The folder of a pycsw that runs as bin/up runs it."""
    place = tmp_path_factory.mktemp("csw")
    log = (place / "log").open("w")
    environment = {"PATH": os.environ["PATH"], **ops_csw.environment(place)}
    server = subprocess.Popen(ops_csw.command(place), env=environment, stdout=log, stderr=log)
    end = time.monotonic() + 60
    while not ops_csw.answers(place):
        assert server.poll() is None and time.monotonic() < end, (place / "log").read_text()
        time.sleep(0.2)
    yield place
    server.terminate()
    server.wait(30)
    log.close()


@pytest.fixture(scope="module")
def records(empty_catalogue: None) -> dict[str, Any]:
    """Twelve open datasets with an extent, and one of each sort that must not be seen."""
    organization = factories.Organization(title="Dinas Pekerjaan Umum")
    context = {"user": factories.Sysadmin()["name"], "satudata_may_set_status": True}

    def dataset(name: str, **values: Any) -> dict[str, Any]:
        made = {"name": name, "title": f"Peta {name}", "notes": "Keterangan peta.", "owner_org": organization["id"],
                "license_id": "cc-by", "accessRights": "terbuka", "publishing_status": "published",
                "jenis": "geospasial", "tags": [{"name": "jalan"}], **values}  # fmt: skip
        return get_action("package_create")(dict(context), made)

    found = {}
    for number in range(12):
        found[f"jalan-{number}"] = dataset(
            f"jalan-{number}", spatial=polygon(115.5 + number / 10, -2.0), accrualPeriodicity="TAHUNAN",
            lineage="Survei lapangan.", temporal_start="2024-01-01", temporal_end="2024-12-31", issued="2025-02-01",
            **{"spatial-reference-system": "EPSG:4326"},
            resources=[{"url": f"https://pu.example.go.id/{number}.zip", "name": "SHP", "format": "ZIP"},
                       {"url": "https://pu.example.go.id/wms", "name": "jalan", "format": "WMS"}],
        )  # fmt: skip
    where = polygon(116.0, -2.0)
    dataset("tanpa-wilayah", title=f"Tabel {SECRET}")
    for access in ("terbatas", "tertutup"):
        dataset(f"{access}-1", title=f"Peta {SECRET}", notes=SECRET, accessRights=access, spatial=where)
    dataset("draf-1", title=f"Peta {SECRET}", publishing_status="submitted", spatial=where, private=True)
    return found


@pytest.fixture
def address(site_app: Any, records: dict[str, Any], folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The portal's CSW as a server that other programs reach."""
    import threading

    from werkzeug.serving import WSGIRequestHandler, make_server

    monkeypatch.setitem(tk.config, "ckanext.satudatapaser.csw_dir", str(folder))

    class Quiet(WSGIRequestHandler):
        def log(self, *_: Any, **__: Any) -> None:
            """Say nothing."""

    server = make_server("127.0.0.1", 0, site_app.flask_app, request_handler=Quiet, threaded=True)
    url = f"http://127.0.0.1:{server.server_port}"
    monkeypatch.setitem(tk.config, "ckan.site_url", url)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"{url}/csw"
    server.shutdown()
    thread.join()


def all_of(client: Any, **asked: Any) -> list[str]:
    """Return the ids of all pages of a search."""
    ids: list[str] = []
    start: int | None = 0 if isinstance(client, Csw2) else 1
    while True:
        client.getrecords2(maxrecords=5, startposition=max(len(ids) + 1, 1), esn="full", **asked)
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


@pytest.mark.parametrize(("client", "version"), CLIENTS)
def test_a_record_is_found_by_id_as_iso(address: str, records: dict[str, Any], client: Any, version: str) -> None:
    wanted = records["jalan-3"]
    catalogue = client(address, version=version)
    catalogue.getrecordbyid(id=[wanted["id"]], outputschema=GMD)
    record = catalogue.records[wanted["id"]]
    found = record.identification[0]
    assert (found.title, found.contact[0].organization) == ("Peta jalan-3", "Dinas Pekerjaan Umum")
    assert [float(found.bbox.minx), float(found.bbox.maxy)] == [115.8, -1.9]
