"""Every public page, and the walidata's, in a real browser: reachable by everyone, on every width, from one host."""

from __future__ import annotations

from typing import Any

import pytest
from ckan import model
from ckan.lib import search
from ckan.plugins import toolkit as tk
from ckan.tests import factories
from ckan.tests.helpers import call_action

pytestmark = [pytest.mark.ckan, pytest.mark.search, pytest.mark.browser]
PUBLIC = (
    "/", "/dataset/", "/dataset/?q=sekolah", "/dataset/?q=tidakadasamasekali", "/dataset/jumlah-sekolah",
    "/dataset/jumlah-sekolah/resource/RESOURCE", "/dataset/data-terbatas", "/organization/", "/organization/disdik",
    "/group/", "/group/pendidikan", "/about", "/user/login", "/user/reset", "/tidak/ada",
)  # fmt: skip
WALIDATA = ("/penarikan", "/penarikan/disdik-sekolah", "/sinkronisasi")
WIDTHS = (320, 412, 1366)


@pytest.fixture(scope="module")
def catalogue(empty_catalogue: None, site_app: Any) -> dict[str, str]:
    """A producer, a topic, an open dataset with a table, a limited one, a source that waits."""
    walidata = factories.Organization(name="diskominfostaper")
    user = factories.UserWithToken()
    call_action("organization_member_create", id=walidata["id"], username=user["name"], role="editor")
    owner = factories.Organization(name="disdik", title="Dinas Pendidikan dan Kebudayaan")
    factories.Group(name="pendidikan", title="Pendidikan dan Tenaga Kerja")
    site_user = tk.get_action("get_site_user")({"ignore_auth": True}, {})["name"]
    context = {"user": site_user, "ignore_auth": True, "satudata_may_set_status": True}
    common = {"owner_org": owner["id"], "license_id": "cc-by", "publishing_status": "published", "jenis": "statistik"}
    made = tk.get_action("package_create")(
        dict(context),
        {"name": "jumlah-sekolah", "title": "Jumlah Sekolah menurut Kecamatan", "notes": "Jumlah sekolah.",
         "accessRights": "terbuka", "satuan": "unit", "accrualPeriodicity": "TAHUNAN", "kode_wilayah": ["64.01"],
         "tags": [{"name": "sekolah"}], "groups": [{"name": "pendidikan"}], **common},
    )  # fmt: skip
    rows = [{"kecamatan": f"Kecamatan {n}", "jumlah": n * 1234} for n in range(60)]
    resource = tk.get_action("datastore_create")(
        dict(context),
        {"resource": {"package_id": made["id"], "name": "Tabel", "format": "CSV"}, "records": rows,
         "fields": [{"id": "kecamatan", "type": "text"}, {"id": "jumlah", "type": "int"}]},
    )  # fmt: skip
    tk.get_action("package_create")(
        dict(context),
        {"name": "data-terbatas", "title": "Data terbatas", "notes": "Keterangan", "accessRights": "terbatas",
         "resources": [{"url": "https://example.go.id/x.csv", "format": "CSV"}], **common},
    )  # fmt: skip
    call_action("satudata_source_create", name="disdik-sekolah", kind="datajson", owner_org="disdik",
                url="https://disdik.example.go.id/data.json")  # fmt: skip
    search.commit()
    model.Session.remove()
    return {"RESOURCE": resource["resource_id"], "token": user["token"]}


def clean(visit: Any, server: str, path: str, width: int, status: int, **values: Any) -> Any:
    seen = visit(path, width, **values)
    assert seen.status == status
    assert seen.violations == []
    assert seen.sideways == 0
    assert [url for url in seen.requests if not url.startswith((server, "data:"))] == []
    return seen


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("path", PUBLIC)
def test_a_public_page_has_no_axe_finding_and_asks_no_other_host(
    visit: Any, server: str, catalogue: dict[str, str], path: str, width: int
) -> None:
    status = 404 if path == "/tidak/ada" else 200
    seen = clean(visit, server, "/id" + path.replace("RESOURCE", catalogue["RESOURCE"]), width, status)
    assert len(seen.requests) <= 12
    assert not [url for url in seen.requests if url.split("?")[0].endswith(".js")]


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("path", WALIDATA)
def test_a_page_of_the_walidata_is_as_clean(
    visit: Any, server: str, catalogue: dict[str, str], path: str, width: int
) -> None:
    clean(visit, server, "/id" + path, width, 200, headers={"Authorization": catalogue["token"]})


@pytest.mark.parametrize("path", WALIDATA)
def test_a_page_of_the_walidata_is_refused_to_others(visit: Any, catalogue: dict[str, str], path: str) -> None:
    assert visit("/id" + path).status == 403


def test_search_and_table_work_without_scripts(visit: Any, catalogue: dict[str, str]) -> None:
    page = visit("/id/", scripts=False).page
    page.fill("#q", "sekolah")
    page.click("form[role=search] button")
    page.click("text=Jumlah Sekolah menurut Kecamatan")
    page.click("text=Lihat")
    assert page.locator("section[aria-labelledby=table] tbody tr").count() == 50
    page.click("thead >> text=jumlah")
    page.click("thead >> text=jumlah")
    assert page.locator("section[aria-labelledby=table] tbody tr").first.inner_text().split() == [
        "Kecamatan",
        "59",
        "72.806",
    ]
    page.click("text=Berikutnya")
    assert page.locator("section[aria-labelledby=table] tbody tr").count() == 10


def test_the_language_link_keeps_the_page(visit: Any, catalogue: dict[str, str]) -> None:
    page = visit("/id/dataset/?q=sekolah", scripts=False).page
    assert page.locator("html").get_attribute("lang") == "id"
    page.click("text=English")
    assert page.locator("html").get_attribute("lang") == "en"
    assert page.input_value("#q") == "sekolah"
    assert "1 dataset found" in page.inner_text("main")


@pytest.mark.parametrize("width", WIDTHS)
def test_the_dataset_form_is_clean(visit: Any, server: str, catalogue: dict[str, str], width: int) -> None:
    clean(visit, server, "/id/dataset/new", width, 200, headers={"Authorization": catalogue["token"]})


def test_the_form_shows_the_fields_of_the_chosen_kind_of_data_only(visit: Any, catalogue: dict[str, str]) -> None:
    page = visit("/id/dataset/new", headers={"Authorization": catalogue["token"]}).page
    kinds = {"#field-rumus": "statistik", "#field-lineage": "geospasial", "#field-kode_rekening": "keuangan"}
    for chosen in kinds.values():
        page.select_option("#field-jenis", chosen)
        for field, kind in kinds.items():
            assert page.locator(field).is_visible() is (kind == chosen), (field, chosen)
