"""The walidata's pages on what the province holds: who may see them, what they say, what their buttons queue."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
import sync_scene
from ckan import model
from ckan.lib import jobs
from ckan.tests.helpers import call_action
from ckanext.satudatapaser.model import PushTarget
from readers import Reader

pytestmark = [pytest.mark.ckan, pytest.mark.search, pytest.mark.usefixtures("empty_catalogue")]


@pytest.fixture(scope="module")
def scene(empty_catalogue: None) -> dict[str, Any]:
    return sync_scene.scene()


@pytest.fixture
def checker(site_app: Any, scene: dict[str, Any]) -> Reader:
    return Reader(site_app, scene["checker"])


@pytest.fixture
def queue() -> Iterator[Any]:
    found = jobs.get_queue()
    found.empty()
    yield lambda: [job.meta["title"] for job in found.jobs]
    found.empty()


@pytest.mark.parametrize("path", ["", "/kaltim", "/kaltim/jalan/RUN", "/kaltim/periksa", "/kaltim/dataset/NAME"])
def test_nobody_but_the_walidata_sees_them(site_app: Any, scene: dict[str, Any], path: str) -> None:
    address = "/sinkronisasi" + path.replace("RUN", scene["dry"]).replace("NAME", scene["packages"]["conflict"])
    assert "Judul kita" not in Reader(site_app).get(address, 403)
    Reader(site_app, scene["steward"]).get(address, 403)


def test_the_list_has_the_number_of_each_state_and_why_the_last_push_stopped(checker: Reader) -> None:
    page = checker.get("/sinkronisasi")
    assert "The target gave no answer several times in a row." in page
    assert "Local data is not affected; the push is tried again by itself." in page
    assert sync_scene.AWAY["hint"] in checker.get("/id/sinkronisasi")
    assert page.count('<span class="sd-figure">1</span>') == 4


@pytest.mark.parametrize("path", ["", "/kaltim"])
def test_a_target_that_is_left_alone_says_so_and_until_when(checker: Reader, path: str) -> None:
    assert "Left alone until" not in checker.get(f"/sinkronisasi{path}")
    until = dt.datetime(2026, 11, 25, 6, 5, tzinfo=dt.UTC)
    model.Session.execute(sa.update(PushTarget).values(paused_until=until, pauses=3))
    model.Session.commit()
    page = checker.get(f"/sinkronisasi{path}")
    model.Session.execute(sa.update(PushTarget).values(paused_until=None, pauses=0))
    model.Session.commit()
    assert "Does not answer" in page
    assert re.search(r"Left alone until [^<]*14[.:]05", page)


def test_a_target_shows_every_dataset_with_its_reason_and_its_page_there(checker: Reader) -> None:
    page = checker.get("/sinkronisasi/kaltim")
    for state in ("ok", "failed", "conflict", "not_eligible"):
        assert f"Dataset {state}" in page
    assert "https://data.example.go.id/dataset/r-ok" in page
    assert "this target takes open data only" in page
    assert "&lt;b&gt;kosong&lt;/b&gt;" in page
    checker.get("/sinkronisasi/tidak-ada", 404)


def test_states_and_words_filter_the_list(checker: Reader) -> None:
    page = checker.get("/sinkronisasi/kaltim?state=failed")
    assert "Dataset failed" in page
    assert "Dataset ok" not in page
    assert "Dataset ok" in checker.get("/sinkronisasi/kaltim?q=DATASET+ok")
    assert "No dataset fits" in checker.get("/sinkronisasi/kaltim?q=100%25")


def test_a_dry_run_says_what_a_push_would_do(checker: Reader, scene: dict[str, Any]) -> None:
    page = checker.get(f"/sinkronisasi/kaltim/jalan/{scene['dry']}")
    assert "title, notes" in page
    assert "Nothing was written" in page
    checker.get(f"/sinkronisasi/lain/jalan/{scene['dry']}", 404)


def test_buttons_queue_a_push_a_dry_run_and_a_push_of_one_dataset(
    checker: Reader, scene: dict[str, Any], queue: Any
) -> None:
    there = "/sinkronisasi/kaltim"
    assert "The push starts" in checker.post(f"{there}/kirim", there)
    assert "The dry run starts" in checker.post(f"{there}/kirim", there, uji="1")
    checker.post(f"{there}/kirim", there, id=scene["packages"]["failed"])
    assert "waits or runs already" in checker.post(f"{there}/kirim", there)
    whole, dry, one = queue()
    assert (whole, dry) == ("satudata push kaltim", "satudata push kaltim dry")
    assert one.startswith("satudata push kaltim ")


def test_a_conflict_is_shown_side_by_side_and_decided_with_one_click(
    checker: Reader, scene: dict[str, Any], queue: Any
) -> None:
    there, name = "/sinkronisasi/kaltim", scene["packages"]["conflict"]
    page = checker.get(f"{there}?state=conflict")
    assert "Judul kita" in page
    assert "Judul mereka" in page
    assert "Decided." in checker.post(f"{there}/putuskan", there, id=name, keep="ours")
    (row,) = call_action("satudata_push_ledger_list", target="kaltim", q="conflict")["rows"]
    assert row["state"] == "pending"
    assert len(queue()) == 1


def test_a_form_without_its_token_is_refused(checker: Reader) -> None:
    assert checker.client.post("/sinkronisasi/kaltim/kirim").status_code == 400


def test_a_dataset_shows_the_walidata_where_it_stands_and_nobody_else(
    checker: Reader, site_app: Any, scene: dict[str, Any]
) -> None:
    address = f"/dataset/{scene['packages']['ok']}"
    assert "https://data.example.go.id/dataset/r-ok" in checker.get(address)
    for other in (Reader(site_app), Reader(site_app, scene["steward"])):
        assert "data.example.go.id" not in other.get(address)


def rows(page: str) -> list[str]:
    """Return the rows of the history on a page as plain text, escaped as they are."""
    body = page.split("<tbody>", 1)[1].split("</tbody>", 1)[0]
    return [" ".join(re.sub(r"<[^>]+>", " ", row).split()) for row in body.split("<tr>")[1:]]


@pytest.mark.parametrize(("language", "reasons"), [
    ("en", ["The target refused package_patch: title: &lt;b&gt;kosong&lt;/b&gt;",
            "Somebody changed it at the target by hand.",
            "The server answered with status 500, not 200: &#39;&lt;b&gt;rusak&lt;/b&gt;&#39;",
            "Limited access: this target takes open data only. The dataset is not public."]),
    ("id", ["Sasaran menolak package_patch: title: &lt;b&gt;kosong&lt;/b&gt;", "Ada yang mengubahnya dengan tangan di sasaran.",
            "menjawab status 500, bukan 200: &#39;&lt;b&gt;rusak&lt;/b&gt;&#39;.", "Akses terbatas"]),
])  # fmt: skip
def test_a_dataset_s_history_has_each_change_the_newest_first_in_the_reader_s_words(
    checker: Reader, scene: dict[str, Any], language: str, reasons: list[str]
) -> None:
    found = rows(checker.get(f"/{language}/sinkronisasi/kaltim/dataset/{scene['packages']['failed']}"))
    assert len(found) == len(reasons)
    for row, reason in zip(found, reasons, strict=True):
        assert reason in row


def test_a_change_leads_to_the_push_that_it_happened_in(checker: Reader, scene: dict[str, Any]) -> None:
    values = {"target": "kaltim", "id": scene["packages"]["failed"]}
    found = call_action("satudata_push_standing_show", **values)
    assert [change["run"] for change in found["changes"]] == [None, None, scene["stopped"], None]
    page = checker.get(f"/en/sinkronisasi/kaltim/dataset/{values['id']}")
    assert page.count(f"/sinkronisasi/kaltim/jalan/{scene['stopped']}") == 1
    assert page.count("Not by a push that is kept") == 3


def test_a_long_history_comes_in_pages(scene: dict[str, Any]) -> None:
    values = {"target": "kaltim", "id": scene["packages"]["failed"]}
    found = call_action("satudata_push_standing_show", limit=1, offset=1, **values)
    assert found["count"] == 4
    assert [(change["before"], change["after"]) for change in found["changes"]] == [("failed", "conflict")]


def test_what_was_sent_last_is_shown_escaped_and_nothing_is_said_in_words(
    checker: Reader, scene: dict[str, Any]
) -> None:
    there = "/en/sinkronisasi/kaltim/dataset/"
    page = checker.get(there + scene["packages"]["ok"])
    assert "Dataset &lt;i&gt;ok&lt;/i&gt;" in page
    assert "Nothing has happened yet" in page
    assert "Nothing was sent yet" in checker.get(there + scene["packages"]["not_eligible"])
    checker.get(there + "tidak-ada", 404)


def test_the_lists_lead_to_the_history(checker: Reader, scene: dict[str, Any]) -> None:
    assert checker.get("/en/sinkronisasi/kaltim").count("/sinkronisasi/kaltim/dataset/") == 4
    assert "/sinkronisasi/kaltim/dataset/" in checker.get(f"/en/dataset/{scene['packages']['failed']}")


def test_a_dataset_that_is_purged_here_keeps_its_history(checker: Reader, scene: dict[str, Any]) -> None:
    id = model.Package.get(scene["packages"]["not_eligible"]).id
    call_action("dataset_purge", id=id)
    assert "no longer in the catalogue" in checker.get(f"/en/sinkronisasi/kaltim/dataset/{id}")
