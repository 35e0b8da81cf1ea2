"""The pages on the province in a real browser: every width, both languages, without scripts."""

from __future__ import annotations

from typing import Any

import pytest
import sync_scene
from ckan import model
from ckan.tests import factories
from ckan.tests.helpers import call_action

pytestmark = [pytest.mark.ckan, pytest.mark.search, pytest.mark.browser]
PAGES = (
    "", "/kaltim", "/kaltim?state=conflict", "/kaltim/jalan/DRY", "/kaltim/jalan/STOPPED", "/kaltim/periksa",
    "/kaltim/dataset/FAILED", "/kaltim/dataset/CONFLICT",
)  # fmt: skip


@pytest.fixture(scope="module")
def desk(empty_catalogue: None, site_app: Any) -> dict[str, str]:
    """A target with a dataset in every state, and one of the walidata (``token``)."""
    found = sync_scene.scene()
    user = factories.UserWithToken()
    call_action("organization_member_create", id="diskominfostaper", username=user["name"], role="editor")
    model.Session.remove()
    packages = found["packages"]
    named = {"FAILED": packages["failed"], "CONFLICT": packages["conflict"], "ok": packages["ok"]}
    return {"token": user["token"], "DRY": found["dry"], "STOPPED": found["stopped"], **named}


@pytest.mark.parametrize(("width", "language"), [(320, "id"), (360, "id"), (1366, "id"), (360, "en"), (1280, "en")])
@pytest.mark.parametrize("path", PAGES)
def test_each_page_fits_and_breaks_no_rule(
    visit: Any, desk: dict[str, str], path: str, width: int, language: str
) -> None:
    for word in ("DRY", "STOPPED", "FAILED", "CONFLICT"):
        path = path.replace(word, desk[word])
    address = f"/{language}/sinkronisasi{path}"
    found = visit(address, width, headers={"Authorization": desk["token"]})
    assert found.status == 200
    assert found.sideways == 0
    assert found.violations == []


def test_the_difference_opens_without_scripts(visit: Any, desk: dict[str, str]) -> None:
    found = visit("/id/sinkronisasi/kaltim?state=conflict", scripts=False, headers={"Authorization": desk["token"]})
    page = found.page
    assert not page.get_by_text("Judul mereka").is_visible()
    page.get_by_text("Lihat perbedaan").click()
    assert page.get_by_text("Judul mereka").is_visible()


def test_the_walidata_sees_on_the_dataset_page_where_it_stands(visit: Any, desk: dict[str, str]) -> None:
    found = visit(f"/id/dataset/{desk['ok']}", headers={"Authorization": desk["token"]})
    assert found.page.get_by_role("heading", name="Di provinsi").is_visible()
    assert found.violations == []
