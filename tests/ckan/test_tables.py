"""Files into the DataStore: what is read, what waits, and what goes when a dataset is closed."""

from __future__ import annotations

import socket
import threading
import time
from typing import Any

import pytest
from ckan import model
from ckan.plugins import toolkit as tk
from ckan.tests import factories
from ckan.tests.helpers import call_action
from ckanext.satudatapaser.errors import GuardStop
from ckanext.satudatapaser.lease import lease
from portal import Portal

pytestmark = [pytest.mark.ckan, pytest.mark.search, pytest.mark.usefixtures("empty_catalogue")]
CSV = (200, "text/csv", b"kecamatan,jumlah\nTanah Grogot,3\nKuaro,\n")


def dataset(*urls: str, **values: Any) -> dict[str, Any]:
    """Return an open dataset with a CSV file at each address."""
    return factories.Dataset(
        owner_org=factories.Organization()["id"],
        accessRights="terbuka",
        publishing_status="published",
        license_id="cc-by",
        resources=[{"url": url, "format": "CSV", "name": url.rpartition("/")[2]} for url in urls],
        **values,
    )


def call(action: str, **values: Any) -> dict[str, Any]:
    """Call an action as the site's own user: the DataStore and activities want one that exists."""
    user = tk.get_action("get_site_user")({"ignore_auth": True}, {})["name"]
    result = call_action(action, context={"user": user}, **values)
    model.Session.remove()
    return result


def load(name: str) -> dict[str, Any]:
    return call("satudata_table_load", dataset=name)


def rows(resource_id: str) -> list[dict[str, Any]]:
    found = tk.get_action("datastore_search")({"ignore_auth": True}, {"resource_id": resource_id})
    return [{k: v for k, v in row.items() if k != "_id"} for row in found["records"]]


def closed_port() -> str:
    """Return an address on this machine where nobody listens."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{free.getsockname()[1]}"


def test_a_file_is_read_once_and_again_only_when_it_changed(portal: Portal) -> None:
    portal.pages["/a.csv"] = CSV
    made = dataset(f"{portal.url}/a.csv")
    assert load(made["name"])["loaded"] == 1
    assert rows(made["resources"][0]["id"]) == [
        {"kecamatan": "Tanah Grogot", "jumlah": 3},
        {"kecamatan": "Kuaro", "jumlah": None},
    ]
    load(made["name"])
    assert portal.requests == ["/a.csv"]
    call("package_patch", id=made["id"], notes="Keterangan baru.")
    assert load(made["name"])["unchanged"] == 1


def test_files_of_a_silent_server_wait_for_the_next_load_and_cost_one_attempt(portal: Portal) -> None:
    silent = closed_port()
    portal.pages["/a.csv"] = CSV
    made = dataset(*(f"{silent}/{n}.csv" for n in range(20)), f"{portal.url}/a.csv")
    result = load(made["name"])
    assert (result["loaded"], result["waiting"], result["failed"]) == (1, 20, 0)
    assert len(result["failures"]) == 1
    assert load(made["name"])["waiting"] == 20


def test_a_web_page_in_place_of_a_table_fails_with_the_reason(portal: Portal) -> None:
    portal.pages["/a.csv"] = (200, "text/html", b"<!doctype html><title>Masuk</title>")
    made = dataset(f"{portal.url}/a.csv")
    result = load(made["name"])
    assert result["failed"] == 1
    assert "halaman web" in result["failures"][0]["message"]


def test_rows_go_when_the_dataset_is_closed_even_after_its_server_fell_silent(portal: Portal) -> None:
    portal.pages["/a.csv"] = CSV
    made = dataset(f"{portal.url}/a.csv")
    file = made["resources"][0]["id"]
    load(made["name"])
    portal.pages["/a.csv"] = (503, "text/plain", b"sibuk")
    call("package_patch", id=made["id"], notes="Keterangan baru.")
    assert load(made["name"])["waiting"] == 1
    assert len(rows(file)) == 2
    call("package_patch", id=made["id"], accessRights="terbatas")
    load(made["name"])
    with pytest.raises(tk.ObjectNotFound):
        rows(file)


def test_a_load_waits_for_another_one_or_refuses_as_it_is_asked(portal: Portal) -> None:
    portal.pages["/a.csv"] = CSV
    made = dataset(f"{portal.url}/a.csv")
    held, ended = threading.Event(), []

    def other() -> None:
        with lease("tables"):
            held.set()
            time.sleep(0.5)
            ended.append(True)

    thread = threading.Thread(target=other)
    thread.start()
    held.wait()
    with pytest.raises(GuardStop):
        load(made["name"])
    assert call("satudata_table_load", dataset=made["name"], wait=True)["loaded"] == 1
    assert ended
    thread.join()
