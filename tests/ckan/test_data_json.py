"""What other catalogues get at /data.json, and when they get it anew."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import jsonschema
import pytest
from ckan import model
from ckan.logic import get_action
from ckan.plugins import toolkit as tk
from ckan.tests import factories
from ckanext.satudatapaser.catalogue import public
from pod_schema import CATALOGUE

pytestmark = [pytest.mark.ckan, pytest.mark.search]
SECRET = "qxrahasia"


def system() -> dict[str, Any]:
    return {"user": factories.Sysadmin()["name"], "satudata_may_set_status": True}


def dataset(name: str, **values: Any) -> dict[str, Any]:
    """Make a dataset as the walidata publishes it."""
    made = {"name": name, "title": f"Data {name}", "notes": "Keterangan.", "license_id": "cc-by",
            "accessRights": "terbuka", "publishing_status": "published", "tags": [{"name": "jalan"}],
            "resources": [{"url": f"https://a.example.go.id/{name}.csv", "name": "Tabel", "format": "CSV"}],
            **values}  # fmt: skip
    return get_action("package_create")(system(), made)


def change(action: str, **values: Any) -> Any:
    return get_action(action)(system(), values)


@pytest.fixture(scope="module")
def owner(empty_catalogue: None) -> dict[str, Any]:
    return factories.Organization(title="Dinas Pekerjaan Umum", name="dpu")


@pytest.fixture(autouse=True)
def ended() -> Iterator[None]:
    yield
    model.Session.remove()


def read(app: Any) -> dict[str, Any]:
    answer = app.get("/data.json")
    assert answer.headers["Content-Type"] == "application/json"
    document = json.loads(answer.body)
    jsonschema.validate(document, CATALOGUE)
    return {entry["identifier"]: entry for entry in document["dataset"]}


def test_an_empty_catalogue_is_a_valid_one(site_app: Any, owner: dict[str, Any]) -> None:
    assert read(site_app) == {}


def test_what_is_published_and_open_is_in_it_and_nothing_else(site_app: Any, owner: dict[str, Any]) -> None:
    seen = dataset("terbuka-1", owner_org=owner["id"], satuan="km")
    for number, values in enumerate((
        {"accessRights": "terbatas"}, {"accessRights": "tertutup"},
        {"publishing_status": "submitted", "private": True}, {"publishing_status": "withdrawn"}, {"state": "draft"},
    )):  # fmt: skip
        dataset(f"lain-{number}", owner_org=owner["id"], title=f"Data {SECRET}", notes=SECRET, **values)
    gone = dataset("dihapus", owner_org=owner["id"], title=SECRET)
    change("package_delete", id=gone["id"])
    found = read(site_app)
    assert set(found) == {seen["id"]}
    assert SECRET not in json.dumps(found)
    assert found[seen["id"]]["publisher"]["name"] == "Dinas Pekerjaan Umum"
    assert found[seen["id"]]["satuan"] == "km"
    assert found[seen["id"]]["license"] == "http://www.opendefinition.org/licenses/cc-by"


def test_who_has_it_already_is_told_so_until_it_changes(site_app: Any, owner: dict[str, Any]) -> None:
    made = dataset("etag", owner_org=owner["id"])
    first = site_app.get("/data.json")
    again = site_app.get("/data.json", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.body, again.headers["ETag"]) == (304, "", first.headers["ETag"])
    change("package_patch", id=made["id"], title="Judul baru")
    fresh = site_app.get("/data.json", headers={"If-None-Match": first.headers["ETag"]})
    assert fresh.status_code == 200
    assert fresh.headers["ETag"] != first.headers["ETag"]
    assert "Judul baru" in fresh.body


def test_a_dataset_that_is_closed_is_gone_with_the_next_question(site_app: Any, owner: dict[str, Any]) -> None:
    made = dataset("ditutup", owner_org=owner["id"])
    assert made["id"] in read(site_app)
    change("package_patch", id=made["id"], accessRights="tertutup")
    assert made["id"] not in read(site_app)


CHANGES: dict[str, Callable[[dict[str, Any], dict[str, Any]], Any]] = {
    "title": lambda made, _: change("package_patch", id=made["id"], title="Lain"),
    "field": lambda made, _: change("package_patch", id=made["id"], satuan="unit"),
    "tag": lambda made, _: change("package_patch", id=made["id"], tags=[{"name": "jembatan"}]),
    "file": lambda made, _: change("resource_patch", id=made["resources"][0]["id"], name="Lembar"),
    "new file": lambda made, _: change("resource_create", package_id=made["id"], url="https://a.example.go.id/b.csv"),
    "topic": lambda made, _: change(
        "member_create", id=factories.Group()["id"], object=made["id"], object_type="package", capacity="public"
    ),
    "name of the agency": lambda _, owner: change("organization_patch", id=owner["id"], title="Dinas PU"),
    "mail of the agency": lambda _, owner: change("organization_patch", id=owner["id"], email="dpu@example.go.id"),
    "deletion": lambda made, _: change("package_delete", id=made["id"]),
    "class": lambda made, _: change("package_patch", id=made["id"], accessRights="terbatas"),
}


@pytest.mark.parametrize("what", CHANGES)
def test_the_stamp_changes_with_everything_that_belongs_to_a_public_dataset(what: str, owner: dict[str, Any]) -> None:
    made = dataset(f"cap-{what.replace(' ', '-')}", owner_org=owner["id"])
    before = public.stamp()
    assert public.stamp() == before
    CHANGES[what](made, owner)
    assert public.stamp() != before


@pytest.mark.parametrize(
    ("key", "value"),
    [("ckan.site_url", "https://data.example.go.id"), ("ckan.site_title", "Lain"), ("ckan.site_description", "Lain"),
     ("ckanext.satudatapaser.walidata_org", "dpu"), ("ckan.feeds.limit", 7), ("ckanext.dcat.datasets_per_page", 7)],
)  # fmt: skip
def test_the_stamp_changes_with_what_the_settings_say_of_the_portal(
    owner: dict[str, Any], monkeypatch: pytest.MonkeyPatch, key: str, value: object
) -> None:
    before = public.stamp()
    monkeypatch.setitem(tk.config, key, value)
    assert public.stamp() != before


def test_the_stamp_stays_when_something_else_is_written(owner: dict[str, Any]) -> None:
    closed = dataset("cap-tertutup", owner_org=owner["id"], accessRights="tertutup")
    before = public.stamp()
    change("package_patch", id=closed["id"], title="Lain")
    factories.User()
    assert public.stamp() == before


def test_datasets_come_in_order_of_their_ids_across_chunks(
    owner: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(5):
        dataset(f"urut-{number}", owner_org=owner["id"])
    whole = [package["id"] for package in public.datasets()]
    monkeypatch.setattr(public, "CHUNK", 2)
    assert [package["id"] for package in public.datasets()] == whole == sorted(whole)
    assert len(whole) >= 5


def test_a_dataset_is_read_as_package_show_gives_it_to_a_visitor(owner: dict[str, Any]) -> None:
    made = dataset(
        "sama", owner_org=owner["id"], satuan="km", spatial='{"type": "Point", "coordinates": [116.2, -1.9]}'
    )
    shown = get_action("package_show")({"user": "", "auth_user_obj": None}, {"id": made["id"]})
    [ours] = [package for package in public.datasets() if package["id"] == made["id"]]
    assert {key: ours.get(key) for key, value in shown.items() if value and key not in ("resources", "tags")} == {
        key: value for key, value in shown.items() if value and key not in ("resources", "tags")
    }
    assert [(f["id"], f["url"]) for f in ours["resources"]] == [(f["id"], f["url"]) for f in shown["resources"]]


def test_the_address_needs_no_language_and_no_account(site_app: Any, owner: dict[str, Any]) -> None:
    answer = site_app.get("/data.json")
    assert answer.status_code == 200
    assert "Set-Cookie" not in answer.headers
    assert {"public", "no-cache"} <= set(answer.headers["Cache-Control"].split(", "))
