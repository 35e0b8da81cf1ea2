"""The sitemap and robots.txt: valid, complete, nothing that is not public, and crawlers kept off what is endless."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from ckan import model
from ckan.tests import factories
from ckanext.satudatapaser import clock
from ckanext.satudatapaser.outputs import sitemap
from output_rules import ADDRESSES, BYTES, SITEMAP, disallowed, parse, sitemap_faults
from plain_datasets import put, remove, site
from protego import Protego

pytestmark = [pytest.mark.ckan, pytest.mark.search]
SECRET = "qxrahasiaumpan"


@pytest.fixture(scope="module")
def places(empty_catalogue: None) -> dict[str, str]:
    """One data producer and one topic with datasets to come, one data producer without."""
    owner, topic = factories.Organization(name="disdik"), factories.Group(name="pendidikan")
    factories.Organization(name="dinkes")
    factories.Organization(name="bubar", state="deleted")
    return {"owner_org": owner["id"], "topic": topic["id"]}


@pytest.fixture
def empty(places: dict[str, str]) -> Iterator[dict[str, str]]:
    """No dataset."""
    remove()
    yield places
    model.Session.remove()


def read(app: Any, address: str) -> dict[str, str]:
    """Return the addresses of a sitemap with their last change, after checking it."""
    answer = app.get(address.removeprefix(site()))
    assert answer.headers["Content-Type"].split(";")[0] == "application/xml"
    assert sitemap_faults(answer.data, site()) == []
    return {node[0].text: node[1].text if len(node) > 1 else "" for node in parse(answer.data)}


def everything(app: Any) -> dict[str, str]:
    """Return all that the sitemap names."""
    return {address: moment for part in read(app, "/sitemap.xml") for address, moment in read(app, part).items()}


def test_the_sitemap_of_an_empty_catalogue_has_the_portal_s_own_pages(site_app: Any, empty: dict[str, str]) -> None:
    assert list(read(site_app, "/sitemap.xml")) == [f"{site()}/sitemap-pages.xml"]
    found = everything(site_app)
    paths = ["/", "/dataset/", "/organization/", "/group/", "/about", "/organization/dinkes", "/organization/disdik"]
    assert list(found) == [f"{site()}{path}" for path in [*paths, "/group/pendidikan"]]
    assert set(found.values()) == {""}
    site_app.get("/sitemap-1.xml", status=404)


def test_every_public_dataset_and_page_is_named_with_its_last_change_and_leads_somewhere(
    site_app: Any, empty: dict[str, str]
) -> None:
    for number in range(3):
        put(f"data-{number}", empty)
    stamp = f"{model.Package.get('data-2').metadata_modified:%Y-%m-%dT%H:%M:%SZ}"
    found = everything(site_app)
    assert {f"{site()}/dataset/data-{number}" for number in range(3)} <= set(found)
    for path in ("/dataset/data-2", "/organization/disdik", "/group/pendidikan"):
        assert found[site() + path] == stamp
    assert found[f"{site()}/organization/dinkes"] == ""
    assert read(site_app, "/sitemap.xml")[f"{site()}/sitemap-1.xml"] == stamp
    for address in found:
        site_app.get(address.removeprefix(site()), status=200)


@pytest.mark.parametrize(
    "values",
    [{"access": "terbatas"}, {"access": "tertutup", "private": True}, {"status": "draft"}, {"state": "deleted"},
     {"private": True}, {"type": "harvest"}],
    ids=str,
)  # fmt: skip
def test_what_is_not_public_is_not_named(site_app: Any, empty: dict[str, str], values: dict[str, Any]) -> None:
    put(SECRET, empty, **values)
    put("terbuka", empty)
    assert SECRET not in str(everything(site_app))


def test_parts_hold_as_many_as_are_allowed_and_together_all(
    site_app: Any, empty: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sitemap, "MOST", 400)
    names = [f"data-{number}" for number in range(1001)]
    for name in names:
        put(name, empty, commit=False)
    model.Session.commit()
    parts = [part for part in read(site_app, "/sitemap.xml") if not part.endswith("pages.xml")]
    assert [len(read(site_app, part)) for part in parts] == [400, 400, 201]
    found = [address for part in parts for address in read(site_app, part)]
    assert sorted(found) == sorted(f"{site()}/dataset/{name}" for name in names)
    site_app.get("/sitemap-4.xml", status=404)
    site_app.get("/sitemap-0.xml", status=404)


def test_the_largest_part_is_within_the_protocol_s_limits() -> None:
    assert sitemap.MOST <= ADDRESSES
    longest = f"https://{'portal.' * 20}example.go.id/dataset/{'x' * 100}"
    addresses = ((longest, clock.now()) for _ in range(sitemap.MOST))
    assert sum(map(len, sitemap._document("urlset", "url", addresses))) < BYTES


def test_an_unchanged_sitemap_costs_304(site_app: Any, empty: dict[str, str]) -> None:
    put("satu", empty)
    for address in ("/sitemap.xml", "/sitemap-pages.xml", "/sitemap-1.xml"):
        tag = site_app.get(address).headers["ETag"]
        assert site_app.get(address, headers={"If-None-Match": tag}, status=304).data == b""
    put("dua", empty)
    assert site_app.get("/sitemap-1.xml", headers={"If-None-Match": tag}, status=200).headers["ETag"] != tag


def test_the_check_of_sitemaps_sees_faults() -> None:
    head = f'<urlset xmlns="{SITEMAP[1:-1]}">'
    faults = {
        f"{head}</urlset>": "0 addresses",
        f"{head}<url><loc>/dataset/a</loc></url></urlset>": "an address is wrong",
        f"{head}<url><loc>http://other.example/dataset</loc></url></urlset>": "an address is wrong",
        f"{head}<url><lastmod>2026-01-01T00:00:00Z</lastmod></url></urlset>": "holds",
        f"{head}<url><loc>{site()}/a</loc><lastmod>kemarin</lastmod></url></urlset>": "no moment",
        f"{head}<url><loc>{site()}/a</loc></url><url><loc>{site()}/a</loc></url></urlset>": "there 2 times",
        "<urlset/>": "the root is",
    }
    for document, fault in faults.items():
        assert any(fault in found for found in sitemap_faults(document.encode(), site())), document


OPEN = [
    "/", "/dataset/", "/dataset/jumlah-sekolah", "/organization/", "/organization/disdik", "/group/pendidikan", "/about",
    "/data.json", "/catalog.ttl", "/csw", "/sitemap.xml", "/sitemap-1.xml", "/feeds/dataset.atom",
    "/feeds/organization/disdik.rss", "/dataset/jumlah-sekolah.jsonld", "/dataset/a/resource/b", "/en/dataset/a",
    "/dataset/a/resource/b/download/c.csv", "/dataset/newest", "/en/organization/disdik",
]  # fmt: skip
CLOSED = [
    "/api/3/action/package_search", "/api/", "/user/login", "/user/reset", "/dashboard/datasets", "/ckan-admin",
    "/penarikan", "/penarik", "/sinkronisasi/kaltim", "/dataset/?q=x", "/dataset/?tags=a&page=2", "/dataset?q=x",
    "/organization/disdik?tags=a", "/group/pendidikan?page=2", "/dataset/a/resource/b?page=2", "/datastore/dump/x",
    "/dataset/new", "/dataset/edit/a", "/feeds/custom.atom?q=x", "/en/dataset/?q=x", "/id/user/login", "/en/api/3",
]  # fmt: skip


@pytest.fixture(scope="module")
def robots(site_app: Any, empty_catalogue: None) -> str:
    """The text of robots.txt."""
    answer = site_app.get("/robots.txt")
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    return str(answer.body)


def test_robots_txt_has_one_rule_a_line_in_one_group_and_names_the_sitemap(robots: str) -> None:
    lines = [line for line in robots.splitlines() if line.strip()]
    assert all(line.split(":")[0] in ("User-agent", "Disallow", "Crawl-delay", "Sitemap") for line in lines)
    assert sum(line.startswith("User-agent:") for line in lines) == 1
    read = Protego.parse(robots)
    assert list(read.sitemaps) == [f"{site()}/sitemap.xml"]
    assert read.crawl_delay("bot") == 5


@pytest.mark.parametrize(("path", "closed"), [*((p, False) for p in OPEN), *((p, True) for p in CLOSED)])
def test_crawlers_may_read_pages_and_outputs_and_nothing_endless(robots: str, path: str, closed: bool) -> None:
    assert disallowed(robots, path) is closed
    assert Protego.parse(robots).can_fetch(site() + path, "bot") is not closed


def test_every_address_of_the_sitemap_may_be_read(site_app: Any, empty: dict[str, str], robots: str) -> None:
    put("satu", empty)
    for address in [*read(site_app, "/sitemap.xml"), *everything(site_app)]:
        assert not disallowed(robots, address.removeprefix(site()))
