"""Files by upload: sent once, sent again when they change, never lost, never doubled, and links where that is what was asked."""

from __future__ import annotations

import io
from typing import Any

import pytest
import requests
from ckan import model
from ckan.plugins import toolkit as tk
from ckan.tests.helpers import call_action
from ckanext.satudatapaser.province.remote import Remote
from faulty_proxy import Proxy
from paser import Paser, as_admin
from werkzeug.datastructures import FileStorage

pytestmark = [pytest.mark.ckan, pytest.mark.search]
FIRST, SECOND = b"kecamatan,jumlah\nTanah Grogot,1\n", b"kecamatan,jumlah\nTanah Grogot,2\nKuaro,3\n"


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the files that were uploaded."""
    found: list[str] = []
    upload = Remote.upload

    def recorded(self: Remote, action: str, values: dict[str, str], filename: str, file: Any) -> Any:
        found.append(filename)
        return upload(self, action, values, filename, file)

    monkeypatch.setattr(Remote, "upload", recorded)
    return found


@pytest.fixture
def dataset(paser: Paser) -> str:
    """A dataset with an uploaded file and a link, at a target that takes files."""
    setting(files="upload")
    paser.dataset("aa")
    add_file(FIRST)
    return "aa"


def setting(**values: Any) -> None:
    call_action("satudata_push_target_update", target="kaltim", settings=values)


def uploaded(content: bytes, filename: str = "jumlah.csv") -> FileStorage:
    return FileStorage(io.BytesIO(content), filename)


def add_file(content: bytes, **values: Any) -> str:
    given = {"package_id": "aa", "name": "Unggahan", "format": "CSV", "url": "x", "upload": uploaded(content)} | values
    made = tk.get_action("resource_create")(as_admin(), given)
    model.Session.remove()
    return str(made["id"])


def change_file(content: bytes) -> None:
    (id,) = [file["id"] for file in call_action("package_show", id="aa")["resources"] if file["url_type"] == "upload"]
    tk.get_action("resource_patch")(as_admin(), {"id": id, "upload": uploaded(content)})
    model.Session.remove()


def there(paser: Paser) -> dict[str, dict[str, Any]]:
    """Return the files of the one dataset there, by name."""
    (package,) = paser.everything_there()
    names = [file["name"] for file in package["resources"]]
    assert len(names) == len(set(names)), "a file is there twice"
    return {file["name"]: file for file in package["resources"]}


def content(paser: Paser) -> bytes:
    file = there(paser)["Unggahan"]
    assert file["url_type"] == "upload"
    return requests.get(file["url"], timeout=60).content


def test_an_uploaded_file_goes_up_as_a_file_and_a_link_as_a_link(paser: Paser, dataset: str, sent: list[str]) -> None:
    assert paser.push()["created"] == 1
    assert content(paser) == FIRST
    assert there(paser)["Tabel"]["url"] == "https://disdik.example.go.id/aa.csv"
    assert sent == ["jumlah.csv"]
    assert paser.push()["requests"] == 0


def test_by_default_all_files_are_links(paser: Paser, dataset: str, sent: list[str]) -> None:
    setting(files="link")
    paser.push()
    assert there(paser)["Unggahan"]["url"].endswith("/download/jumlah.csv")
    assert there(paser)["Unggahan"]["url_type"] != "upload"
    assert sent == []


def test_a_file_is_sent_again_only_when_its_content_changed(paser: Paser, dataset: str, sent: list[str]) -> None:
    paser.push()
    ids = {name: file["id"] for name, file in there(paser).items()}
    paser.change("aa", title="Judul baru")
    assert (paser.push()["updated"], sent) == (1, ["jumlah.csv"])
    change_file(FIRST)  # the same once more
    assert (paser.push()["failed"], sent) == (0, ["jumlah.csv"])
    change_file(SECOND)
    assert (paser.push()["updated"], sent) == (1, ["jumlah.csv"] * 2)
    assert content(paser) == SECOND
    assert {name: file["id"] for name, file in there(paser).items()} == ids
    assert paser.push()["requests"] == 0


def test_a_file_that_is_changed_with_its_name_and_order_stays_one_file(
    paser: Paser, dataset: str, sent: list[str]
) -> None:
    paser.push()
    files = call_action("package_show", id="aa")["resources"]
    files[1]["description"] = "Jumlah per kecamatan"
    paser.change("aa", resources=files[::-1])
    assert paser.push()["updated"] == 1
    assert there(paser)["Unggahan"]["description"] == "Jumlah per kecamatan"
    assert (content(paser), sent) == (FIRST, ["jumlah.csv"])
    assert paser.push()["requests"] == 0


def test_files_over_the_limit_and_of_no_data_format_stay_links(paser: Paser, dataset: str, sent: list[str]) -> None:
    setting(max_megabytes=1)
    add_file(b"x" * 1_000_001, name="Besar")
    add_file(b"<html>", name="Halaman", format="HTML")
    paser.push()
    assert sent == ["jumlah.csv"]
    assert {name: file["url_type"] == "upload" for name, file in there(paser).items()} == {
        "Tabel": False, "Unggahan": True, "Besar": False, "Halaman": False,
    }  # fmt: skip


def test_links_become_files_and_files_links_when_the_setting_changes(paser: Paser, dataset: str) -> None:
    setting(files="link")
    paser.push()
    setting(files="upload")
    assert paser.push()["updated"] == 1
    assert content(paser) == FIRST
    old = there(paser)["Unggahan"]["url"]
    setting(files="link")
    assert paser.push()["updated"] == 1
    assert there(paser)["Unggahan"]["url"].startswith(tk.config["ckan.site_url"])
    assert requests.get(old, timeout=60, allow_redirects=False).content != FIRST
    assert paser.push()["requests"] == 0


def test_a_file_that_somebody_replaced_there_is_a_conflict(paser: Paser, dataset: str, sent: list[str]) -> None:
    paser.push()
    url = f"{paser.province.url}/api/3/action/resource_patch"
    given, key = {"id": there(paser)["Unggahan"]["id"]}, {"Authorization": paser.province.admin}
    files = {"upload": ("jumlah.csv", b"milik provinsi\n")}
    assert requests.post(url, data=given, files=files, headers=key, timeout=60).status_code == 200
    change_file(SECOND)
    assert paser.push()["conflict"] == 1
    assert content(paser) == b"milik provinsi\n"
    call_action("satudata_push_resolve", target="kaltim", id="aa", keep="ours")
    assert paser.push()["updated"] == 1
    assert content(paser) == SECOND


def test_a_dataset_that_is_closed_takes_its_files_along(paser: Paser, dataset: str) -> None:
    paser.push()
    url = there(paser)["Unggahan"]["url"]
    paser.change("aa", accessRights="tertutup", private=True)
    assert paser.push()["withdrawn"] == 1
    assert requests.get(url, timeout=60).content != FIRST


@pytest.mark.parametrize("fault", ["500-before", "500-after", "closed-after", "half-after", "409"])
@pytest.mark.parametrize("when", ["new", "changed"])
def test_whatever_happens_to_an_upload_the_file_is_there_once_and_whole(
    paser: Paser, proxy: Proxy, dataset: str, when: str, fault: str
) -> None:
    if when == "changed":
        paser.push()
        change_file(SECOND)
        paser.change("aa", title="Judul baru")
    proxy.plan.extend(["", fault])
    assert paser.push()["failed"] == 1
    assert proxy.done == ["", fault] if when == "new" else proxy.done[-1] == fault
    result = paser.push()
    assert (result["failed"], result["conflict"]) == (0, 0)
    assert content(paser) == (SECOND if when == "changed" else FIRST)
    assert paser.push()["requests"] == 0


class KilledError(BaseException):
    """Ends a push at once, as a signal does."""


@pytest.mark.parametrize("carried_out", [False, True])
@pytest.mark.parametrize("changed", [False, True])
def test_a_push_killed_around_an_upload_goes_on_where_it_was(
    paser: Paser, dataset: str, sent: list[str], monkeypatch: pytest.MonkeyPatch, carried_out: bool, changed: bool
) -> None:
    if changed:
        paser.push()
        change_file(SECOND)
    upload = Remote.upload

    def dies(self: Remote, *values: Any) -> Any:
        if carried_out:
            upload(self, *values)
        raise KilledError

    with monkeypatch.context() as patched:
        patched.setattr(Remote, "upload", dies)
        with pytest.raises(KilledError):
            paser.push()
    before = len(sent)
    result = paser.push()
    assert (result["failed"], result["conflict"], result["created"]) == (0, 0, 0)
    assert len(sent) - before == (0 if carried_out else 1)
    assert content(paser) == (SECOND if changed else FIRST)
    assert len(paser.everything_there()) == 1
