"""Feeds: valid whatever is in the catalogue, nothing in them that is not public, and what is gone is announced."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import feedparser
import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup
from ckan import model
from ckan.tests import factories
from ckan.tests.helpers import call_action
from ckanext.satudatapaser.model import Announced
from ckanext.satudatapaser.outputs import announced
from output_rules import ATOM, GONE, atom_faults, parse, rss_faults
from plain_datasets import put, remove, site
from sqlalchemy.exc import OperationalError

pytestmark = [pytest.mark.ckan, pytest.mark.search]
SECRET = "qxrahasiaumpan"
FEEDS = ("/feeds/dataset", "/feeds/organization/disdik", "/feeds/group/pendidikan", "/feeds/tag/sekolah")
FAULTS = {"atom": atom_faults, "rss": rss_faults}
TYPES = {"atom": "application/atom+xml", "rss": "application/rss+xml"}


@pytest.fixture(scope="module")
def places(empty_catalogue: None) -> dict[str, str]:
    """One data producer and one topic."""
    owner = factories.Organization(name="disdik", title="Dinas Pendidikan", description="Sekolah & <b>guru</b>")
    topic = factories.Group(name="pendidikan", title="Pendidikan")
    factories.Organization(name="dinkes")
    return {"owner_org": owner["id"], "topic": topic["id"]}


@pytest.fixture
def empty(places: dict[str, str]) -> Iterator[dict[str, str]]:
    """No dataset, and nothing ever announced."""
    remove()
    model.Session.execute(sa.delete(Announced))
    model.Session.commit()
    yield places
    model.Session.remove()


def get(app: Any, address: str, status: int = 200, **headers: str) -> Any:
    return app.get(address, headers=headers, status=status)


def entries(app: Any, address: str) -> list[str]:
    """Return the titles in a feed."""
    return [entry.title for entry in feedparser.parse(get(app, address).data).entries]


def gone(app: Any, address: str) -> list[str]:
    """Return the identifiers that a feed says are gone."""
    return [node.get("ref") for node in parse(get(app, address).data).findall(f"{GONE}deleted-entry")]


@pytest.mark.parametrize("format", FAULTS)
@pytest.mark.parametrize("path", FEEDS)
def test_a_feed_of_nothing_is_valid_and_always_the_same(
    site_app: Any, empty: dict[str, str], path: str, format: str
) -> None:
    answer = get(site_app, f"{path}.{format}")
    assert FAULTS[format](answer.data) == []
    assert feedparser.parse(answer.data).bozo == 0
    assert answer.headers["Content-Type"].split(";")[0] == TYPES[format]
    assert get(site_app, f"{path}.{format}").data == answer.data


@pytest.mark.parametrize("format", FAULTS)
@pytest.mark.parametrize("path", [*FEEDS, "/feeds/custom"])
def test_names_that_look_like_markup_or_hold_control_signs_break_no_feed(
    site_app: Any, empty: dict[str, str], path: str, format: str
) -> None:
    put(
        "nakal",
        empty,
        title="Luas < 5 ha & \x01\x0b<script>alert(1)</script> \uffff ]]>",
        notes="a\x02\n\n**b** & <i>c</i>",
        tags=["sekolah"],
    )
    put("tanpa-judul", empty, title="\x03", notes="", tags=["sekolah"])
    answer = get(site_app, f"{path}.{format}")
    assert FAULTS[format](answer.data) == []
    read = feedparser.parse(answer.data)
    assert read.bozo == 0
    if path != "/feeds/custom":  # which asks Solr, and these are not there
        assert {entry.title for entry in read.entries} == {"Luas < 5 ha & ]]>", "tanpa-judul"}
    assert "alert" not in answer.body


def test_an_entry_says_where_the_dataset_is_by_an_identifier_that_stays(site_app: Any, empty: dict[str, str]) -> None:
    id = put("jumlah-sekolah", empty, title="Jumlah Sekolah", tags=["sekolah"])
    root = parse(get(site_app, "/feeds/organization/disdik.atom").data)
    assert root.findtext(f"{ATOM}id") == f"{site()}/feeds/organization/{empty['owner_org']}.atom"
    entry = root.find(f"{ATOM}entry")
    assert entry.findtext(f"{ATOM}id") == f"{site()}/dataset/{id}"
    assert entry.findtext(f"{ATOM}author/{ATOM}name") == "Dinas Pendidikan"
    links = {link.get("type"): link.get("href") for link in entry.findall(f"{ATOM}link")}
    assert links["text/html"] == f"{site()}/dataset/jumlah-sekolah"
    assert get(site_app, links["application/json"].removeprefix(site())).json["result"]["id"] == id
    assert {node.get("term") for node in entry.findall(f"{ATOM}category")} == {"pendidikan", "sekolah"}


def test_a_feed_has_the_datasets_of_its_own_only(site_app: Any, empty: dict[str, str]) -> None:
    put("satu", empty, title="Satu", tags=["sekolah"])
    other = model.Group.get("dinkes").id
    put("dua", {"owner_org": other, "topic": ""}, title="Dua")
    assert sorted(entries(site_app, "/feeds/dataset.atom")) == ["Dua", "Satu"]
    for path in FEEDS[1:]:
        assert entries(site_app, f"{path}.rss") == ["Satu"], path
    assert entries(site_app, f"/feeds/organization/{other}.atom") == ["Dua"]


HIDDEN = [
    {"access": "terbatas"}, {"access": "tertutup", "private": True}, {"access": ""}, {"status": "draft"},
    {"status": "withdrawn"}, {"private": True}, {"state": "deleted"}, {"state": "draft"}, {"type": "harvest"},
]  # fmt: skip


@pytest.mark.parametrize("values", HIDDEN, ids=str)
def test_what_is_not_public_is_in_no_feed_and_its_end_is_not_announced(
    site_app: Any, empty: dict[str, str], values: dict[str, Any]
) -> None:
    id = put(f"x-{SECRET}", empty, title=SECRET, notes=SECRET, tags=["sekolah"], **values)
    addresses = [f"{path}.{format}" for path in (*FEEDS, "/feeds/custom") for format in FAULTS]
    for address in addresses:
        assert SECRET not in get(site_app, address).body
    remove(id)
    for address in addresses:
        assert id not in get(site_app, address).body


def test_what_is_not_public_makes_no_pages(site_app: Any, empty: dict[str, str]) -> None:
    for number in range(25):
        put(f"tertutup-{number}", empty, private=True, commit=False)
    put("satu", empty)
    for path in FEEDS[:3]:
        assert "page=" not in get(site_app, f"{path}.atom").body


def test_a_thousand_datasets_come_in_pages_each_once(site_app: Any, empty: dict[str, str]) -> None:
    # all of one moment, as after a large harvest
    moment = dt.datetime(2026, 1, 1)  # noqa: DTZ001 - CKAN's columns hold UTC without a zone
    names = {put(f"data-{n}", empty, metadata_modified=moment, commit=False) for n in range(1003)}
    model.Session.commit()
    for format in FAULTS:
        seen: list[str] = []
        address, pages = f"/feeds/organization/disdik.{format}", 0
        while address:
            document = get(site_app, address).data
            assert FAULTS[format](document) == []
            read = feedparser.parse(document)
            seen += [entry.id for entry in read.entries]
            links = {link.rel: link.href for link in read.feed.links}
            pages += 1
            assert ("previous" in links) is (pages > 1)
            address = links.get("next", "").removeprefix(site())
        assert pages == 51
        assert len(seen) == len(set(seen)) == 1003
        assert set(seen) == {f"{site()}/dataset/{id}" for id in names}
        assert links["last"].endswith("page=51")


@pytest.mark.parametrize(
    ("page", "status"), [("2", 404), ("9" * 20, 404), ("0", 400), ("-1", 400), ("abc", 400), ("1.5", 400)]
)
@pytest.mark.parametrize("path", ["/feeds/dataset", "/feeds/custom"])
def test_a_page_that_is_not_there_is_refused(
    site_app: Any, empty: dict[str, str], path: str, page: str, status: int
) -> None:
    put("satu", empty)
    for format in FAULTS:
        get(site_app, f"{path}.{format}?page={page}", status=status)


@pytest.mark.parametrize("format", FAULTS)
@pytest.mark.parametrize(
    "path", ["organization/tidak-ada", "organization/pendidikan", "group/disdik", "group/tidak-ada"]
)
def test_who_is_not_there_has_no_feed(site_app: Any, places: dict[str, str], path: str, format: str) -> None:
    get(site_app, f"/feeds/{path}.{format}", status=404)


@pytest.mark.parametrize("format", FAULTS)
@pytest.mark.parametrize("path", FEEDS)
def test_an_unchanged_feed_costs_304_and_a_changed_one_is_sent(
    site_app: Any, empty: dict[str, str], path: str, format: str
) -> None:
    put("satu", empty, title="Satu", tags=["sekolah"])
    address = f"{path}.{format}"
    tag = get(site_app, address).headers["ETag"]
    assert get(site_app, address, 304, **{"If-None-Match": tag}).data == b""
    put("dua", empty, title="Dua", tags=["sekolah"])
    answer = get(site_app, address, 200, **{"If-None-Match": tag})
    assert answer.headers["ETag"] != tag
    assert {entry.title for entry in feedparser.parse(answer.data).entries} == {"Satu", "Dua"}


def change(id: str, **values: Any) -> None:
    """Change columns of a dataset as a write does, its moment with them."""
    values = {"metadata_modified": dt.datetime.now(dt.UTC).replace(tzinfo=None), **values}
    model.Session.execute(sa.update(model.Package).where(model.Package.id == id).values(**values))
    model.Session.commit()


@pytest.mark.parametrize("path", FEEDS[:3])
@pytest.mark.parametrize(
    "end",
    [
        {"private": True},
        {"state": "deleted"},
        {"extras": {"accessRights": "terbatas", "publishing_status": "published"}},
        {"extras": {"accessRights": "terbuka", "publishing_status": "withdrawn"}},
        None,
    ],
    ids=str,
)
def test_a_dataset_that_was_shown_and_is_public_no_more_is_announced_by_its_identifier_alone(
    site_app: Any, empty: dict[str, str], path: str, end: dict[str, Any] | None
) -> None:
    id = put(f"x-{SECRET}", empty, title=SECRET, notes=SECRET)
    put("lain", empty, title="Lain")
    assert gone(site_app, f"{path}.atom") == []
    change(id, **end) if end else remove(id)
    answer = get(site_app, f"{path}.atom")
    assert atom_faults(answer.data) == []
    assert SECRET not in answer.body
    assert gone(site_app, f"{path}.atom") == [f"{site()}/dataset/{id}"]
    assert SECRET not in get(site_app, f"{path}.rss").body
    assert id not in get(site_app, f"{path}.rss").body


def test_a_dataset_that_comes_back_is_no_longer_announced_as_gone(site_app: Any, empty: dict[str, str]) -> None:
    id = put("satu", empty, title="Satu")
    get(site_app, "/feeds/dataset.atom")
    change(id, private=True)
    assert gone(site_app, "/feeds/dataset.atom") == [f"{site()}/dataset/{id}"]
    change(id, private=False)
    assert gone(site_app, "/feeds/dataset.atom") == []
    assert entries(site_app, "/feeds/dataset.atom") == ["Satu"]


def test_a_deletion_is_told_where_the_dataset_stood_last_and_nowhere_else(site_app: Any, empty: dict[str, str]) -> None:
    id = put("satu", empty)
    get(site_app, "/feeds/dataset.atom")
    change(id, owner_org=model.Group.get("dinkes").id)
    get(site_app, "/feeds/dataset.atom")
    change(id, private=True)
    assert gone(site_app, "/feeds/organization/dinkes.atom") == [f"{site()}/dataset/{id}"]
    assert gone(site_app, "/feeds/organization/disdik.atom") == []


def test_deletions_stand_among_the_entries_by_their_moment(site_app: Any, empty: dict[str, str]) -> None:
    id = put("hilang", empty)
    get(site_app, "/feeds/dataset.atom")
    change(id, private=True)
    get(site_app, "/feeds/dataset.atom")
    for number in range(20):
        put(f"baru-{number}", empty)
    assert gone(site_app, "/feeds/dataset.atom") == []
    assert gone(site_app, "/feeds/dataset.atom?page=2") == [f"{site()}/dataset/{id}"]


def test_deletions_take_no_place_of_entries_in_rss(site_app: Any, empty: dict[str, str]) -> None:
    put("satu", empty, title="Satu")
    ids = [put(f"hilang-{number}", empty) for number in range(25)]
    get(site_app, "/feeds/dataset.rss")
    remove(*ids)
    assert len(gone(site_app, "/feeds/dataset.atom")) == 20
    assert entries(site_app, "/feeds/dataset.rss") == ["Satu"]


def test_a_deletion_is_told_for_a_year(site_app: Any, empty: dict[str, str]) -> None:
    id = put("satu", empty)
    announced.bring_up_to_date(dt.datetime(2024, 1, 1, tzinfo=dt.UTC))
    change(id, private=True)
    assert announced.bring_up_to_date(dt.datetime(2024, 1, 2, tzinfo=dt.UTC)) == 1
    assert announced.bring_up_to_date(dt.datetime(2024, 12, 31, tzinfo=dt.UTC)) == 0
    assert announced.bring_up_to_date(dt.datetime(2025, 1, 3, tzinfo=dt.UTC)) == 1
    assert model.Session.scalar(sa.select(sa.func.count()).select_from(Announced)) == 0


def test_the_tick_notices_what_is_gone_though_nobody_reads_a_feed(empty: dict[str, str]) -> None:
    id = put("satu", empty)
    for private in (False, True):
        change(id, private=private)
        call_action("satudata_tick")
        gone = model.Session.scalar(sa.select(Announced.gone).where(Announced.package_id == id))
        assert (gone is not None) is private
    assert model.Session.scalar(sa.select(Announced.package_id)) == id


def test_where_nothing_changed_nothing_is_written_down(empty: dict[str, str]) -> None:
    put("satu", empty)
    now = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    assert announced.bring_up_to_date(now) == 1
    assert announced.bring_up_to_date(now) == 0


@pytest.mark.parametrize("word", ["%00", "'", "%22%5C", "%F0%9F%98%80", "x" * 3000, "%2525", "a%3Cb"])
@pytest.mark.parametrize("kind", ["organization", "group", "tag"])
def test_odd_names_are_answered_in_order(site_app: Any, empty: dict[str, str], kind: str, word: str) -> None:
    answer = site_app.get(f"/feeds/{kind}/{word}.atom", status=None)
    assert answer.status_code == (200 if kind == "tag" and word != "%00" else 404)
    if answer.status_code == 200:
        assert atom_faults(answer.data) == []


def test_a_feed_is_answered_when_what_it_shows_cannot_be_written_down_and_that_is_logged(
    site_app: Any, empty: dict[str, str], monkeypatch: pytest.MonkeyPatch, our_log: pytest.LogCaptureFixture
) -> None:
    put("satu", empty, title="Satu")

    def readonly(_: object) -> int:
        raise OperationalError("insert", {}, Exception("cannot execute INSERT in a read-only transaction"))

    monkeypatch.setattr(announced, "bring_up_to_date", readonly)
    assert entries(site_app, "/feeds/dataset.atom") == ["Satu"]
    assert "was not written down" in our_log.text


@pytest.mark.parametrize(
    "query", ["q=%00", "q=%7B%21lucene%7Dx", "q=%22", "q=a%3A%3A", "res_url=x", "q=x&organization=%22%29%20OR%20%28%22"]
)
def test_a_search_that_cannot_be_asked_is_answered_in_order(site_app: Any, places: dict[str, str], query: str) -> None:
    answer = site_app.get(f"/feeds/custom.atom?{query}", status=None)
    assert answer.status_code in (200, 400)


def test_the_feed_of_a_search_has_what_the_search_finds(site_app: Any, empty: dict[str, str]) -> None:
    from ckan.lib import search
    from ckan.plugins import toolkit as tk

    context = {"user": factories.Sysadmin()["name"], "satudata_may_set_status": True}
    for name, access in (("jumlah-guru", "terbuka"), ("jumlah-guru-terbatas", "terbatas")):
        tk.get_action("package_create")(
            dict(context),
            {"name": name, "title": name, "notes": "guru", "owner_org": empty["owner_org"], "license_id": "cc-by",
             "accessRights": access, "publishing_status": "published"},
        )  # fmt: skip
    search.commit()
    for format, faults in FAULTS.items():
        answer = get(site_app, f"/feeds/custom.{format}?q=guru&organization=disdik")
        assert faults(answer.data) == []
        assert [entry.title for entry in feedparser.parse(answer.data).entries] == ["jumlah-guru"]
        assert entries(site_app, f"/feeds/custom.{format}?q=guru&organization=dinkes") == []
    # closed in the database, while the index still knows it as open
    change(model.Package.get("jumlah-guru").id, private=True)
    assert entries(site_app, "/feeds/custom.atom?q=guru&organization=disdik") == []


def test_a_search_can_be_subscribed_to_with_its_words_and_filters(site_app: Any, empty: dict[str, str]) -> None:
    page = "/dataset/?q=jumlah+%26+guru&tags=a&tags=b&organization=disdik&sort=title_string+asc&page=1"
    html = BeautifulSoup(get(site_app, page).body, "html.parser")
    (link,) = html.select("main a[href*='/feeds/']")
    assert dict(parse_qs(urlsplit(link["href"]).query)) == {
        "q": ["jumlah & guru"], "tags": ["a", "b"], "organization": ["disdik"],
    }  # fmt: skip
    root = parse(get(site_app, link["href"]).data)
    assert root.findtext("channel/title") == "Satu Data Paser: disdik, jumlah & guru, a, b"


@pytest.mark.parametrize("page", ["/", "/dataset/", "/organization/disdik", "/group/pendidikan"])
def test_a_page_tells_programs_and_people_of_its_feeds(site_app: Any, empty: dict[str, str], page: str) -> None:
    html = BeautifulSoup(get(site_app, page).body, "html.parser")
    found = {link["type"]: link["href"] for link in html.select("head link[rel=alternate][type]")}
    assert set(found) == set(TYPES.values())
    for address in found.values():
        get(site_app, address)
    assert [link["href"] for link in html.select("main a[href$='.rss']")] == [found["application/rss+xml"]]
