"""The page on who asks for our outputs in a real browser, and the links to feeds on the pages for everyone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from ckan import model
from ckan.tests import factories
from ckan.tests.helpers import call_action
from ckanext.satudatapaser import clock
from ckanext.satudatapaser.outputs import askers

pytestmark = [pytest.mark.ckan, pytest.mark.search, pytest.mark.browser]
WIDTHS = (320, 360, 412, 1366)
SMALL = """() => [...document.querySelectorAll('main a, main button')].filter(found => found.checkVisibility())
    .map(found => [found.innerText, found.getBoundingClientRect()]).filter(([_, box]) => box.height < 44 || box.width < 24)
    .map(([text, box]) => `${text} ${box.width}x${box.height}`)"""


@pytest.fixture(scope="module")
def token(empty_catalogue: None) -> Iterator[str]:
    """The token of one of the walidata; three weeks of counts, with a name as long as one may be."""
    factories.Organization(name="diskominfostaper")
    factories.Organization(name="disdik", title="Dinas Pendidikan")
    user = factories.UserWithToken()
    call_action("organization_member_create", id="diskominfostaper", username=user["name"], role="editor")
    redis = askers._connection()
    keys = [askers._key(clock.today() - dt.timedelta(days=back)) for back in range(21)]
    redis.delete(*keys)
    for back, key in enumerate(keys):
        for number, output in enumerate(askers.OUTPUTS):
            redis.hincrby(key, f"{output} python-requests", 1234 * (number + 1) + back)
        for product in ("bingbot", askers.BROWSER, askers.UNNAMED, askers.OTHER, "x" * askers.LONGEST):
            redis.hincrby(key, f"sitemap {product}", 7)
    model.Session.remove()
    yield user["token"]
    redis.delete(*keys)


@pytest.mark.parametrize(("width", "language"), [*((width, "id") for width in WIDTHS), (360, "en")])
@pytest.mark.parametrize("path", ["/penarik", "/penarik?hari=7"])
def test_the_page_fits_every_width_and_breaks_no_rule(
    visit: Any, server: str, token: str, path: str, width: int, language: str
) -> None:
    seen = visit(f"/{language}{path}", width, headers={"Authorization": token})
    assert (seen.status, seen.violations, seen.sideways) == (200, [], 0)
    assert [url for url in seen.requests if not url.startswith((server, "data:"))] == []
    if width < 1000:
        assert seen.page.evaluate(SMALL) == []


def test_the_widths_between_have_no_sideways_scroll(visit: Any, token: str) -> None:
    page = visit("/id/penarik", headers={"Authorization": token}).page
    for width in (600, 768, 1024, 1119, 1121, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        element = "document.documentElement"
        assert page.evaluate(f"{element}.scrollWidth - {element}.clientWidth") == 0, width


def test_the_page_is_found_from_the_province_s_and_counts_are_written_as_readers_write_them(
    visit: Any, token: str
) -> None:
    page = visit("/id/sinkronisasi", scripts=False, headers={"Authorization": token}).page
    page.click("text=Siapa menarik data kami")
    page.click("nav >> text=7 hari")
    row = page.locator("section[aria-labelledby=askers] tbody tr").first.inner_text()
    assert row.split("\t")[:3] == ["python-requests", "API CKAN", "60.487"]


@pytest.mark.parametrize("width", [320, 360, 1366])
@pytest.mark.parametrize("path", ["/", "/dataset/", "/organization/disdik"])
def test_people_find_the_feed_and_get_it(visit: Any, token: str, path: str, width: int) -> None:
    seen = visit(f"/id{path}", width)
    link = seen.page.locator("main >> text=Langganan (RSS)")
    assert (link.count(), seen.sideways, seen.violations) == (1, 0, [])
    answer = seen.page.request.get(seen.page.evaluate("link => link.href", link.element_handle()))
    assert answer.headers["content-type"] == "application/rss+xml; charset=utf-8"
