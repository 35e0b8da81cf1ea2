"""Who asks for our outputs is counted by name and day, costs no answer anything, and is shown to the walidata only."""

from __future__ import annotations

import datetime as dt
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
from ckan import model
from ckan.plugins import toolkit as tk
from ckan.tests import factories
from ckan.tests.helpers import call_action
from ckanext.satudatapaser import clock
from ckanext.satudatapaser.cli import satudata
from ckanext.satudatapaser.outputs import askers
from click.testing import CliRunner
from redis import Redis

pytestmark = [pytest.mark.ckan, pytest.mark.search]
DAY = dt.date(2026, 11, 25)


def keys() -> str:
    """Return the pattern of this site's keys: the province's CKAN counts in the same Redis."""
    return f"satudata:{tk.config['ckan.site_id']}:asked:*"


@pytest.fixture
def fresh(site: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """No counts, on 25 November 2026 in Paser; the tests' own Redis keys."""
    monkeypatch.setattr(clock, "today", lambda: DAY)
    redis = askers._connection()

    def clear() -> None:
        if found := list(redis.scan_iter(keys())):
            redis.delete(*found)

    clear()
    yield redis
    clear()


@pytest.fixture(scope="module")
def people(empty_catalogue: None) -> dict[str, str]:
    """Tokens of one of the walidata and of somebody else."""
    factories.Organization(name="diskominfostaper")
    walidata, other = factories.UserWithToken(), factories.UserWithToken()
    call_action("organization_member_create", id="diskominfostaper", username=walidata["name"], role="editor")
    return {"walidata": walidata["token"], "other": other["token"]}


def test_answers_are_counted_by_day_output_and_name(site_app: Any, people: dict[str, str], fresh: Any) -> None:
    agent = {"User-Agent": "ckan-harvest/1.6 (data@example.go.id)"}
    for _ in range(3):
        site_app.get("/feeds/dataset.atom", headers=agent).close()
    answer = site_app.get("/en/feeds/dataset.rss", headers=agent)
    answer.close()
    site_app.get("/feeds/dataset.rss", headers={**agent, "If-None-Match": answer.headers["ETag"]}).close()
    site_app.get("/sitemap.xml", headers={"User-Agent": "Mozilla/5.0 (compatible; bingbot/2.0)"}).close()
    site_app.post("/api/3/action/package_search", json={"rows": 5}, headers={"User-Agent": "python-requests/2"}).close()
    site_app.get("/feeds/organization/tidak-ada.atom", headers=agent, status=404).close()
    site_app.get("/dataset/", headers=agent).close()
    day = DAY.isoformat()
    found = {(row["day"], row["output"], row["product"]): row["count"] for row in askers.counts(1)}
    assert found == {
        (day, "atom", "ckan-harvest"): 3, (day, "rss", "ckan-harvest"): 2, (day, "sitemap", "bingbot"): 1,
        (day, "api", "python-requests"): 1,
    }  # fmt: skip


def test_nothing_else_is_kept_of_who_asked(site_app: Any, people: dict[str, str], fresh: Any) -> None:
    site_app.get(
        "/feeds/dataset.atom",
        headers={"User-Agent": "x/1 (budi@example.go.id)", "X-Forwarded-For": "192.0.2.7"},
        environ_overrides={"REMOTE_ADDR": "192.0.2.7"},
    ).close()
    kept = {key: fresh.hgetall(key) for key in fresh.scan_iter(keys())}
    assert list(kept.values()) == [{"atom x": "1"}]
    assert "192.0.2.7" not in str(kept)
    (key,) = kept
    assert 0 < fresh.ttl(key) <= askers.KEPT.total_seconds()


def test_invented_names_fill_nothing(fresh: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(askers, "MOST", 5)
    for number in range(50):
        askers.counter("atom", f"bot{number}")()
    askers.counter("atom", "bot1")()
    found = {row["product"]: row["count"] for row in askers.counts(1)}
    assert found == {"bot0": 1, "bot1": 2, "bot2": 1, "bot3": 1, "bot4": 1, "other": 45}


def test_an_answer_goes_out_when_it_cannot_be_counted_and_that_is_logged(
    site_app: Any, people: dict[str, str], monkeypatch: pytest.MonkeyPatch, our_log: pytest.LogCaptureFixture
) -> None:
    nowhere = Redis(host="127.0.0.1", port=1, socket_timeout=0.2)
    monkeypatch.setattr(askers, "_connection", lambda: nowhere)
    with our_log.at_level(logging.ERROR):
        answer = site_app.get("/feeds/dataset.atom")
        assert answer.status_code == 200
        assert not our_log.text  # it is on its way before anything is counted
        answer.close()
    assert "was not counted" in our_log.text


def test_counts_that_cannot_be_read_are_said_on_the_page(
    site_app: Any, people: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(askers, "_connection", lambda: Redis(host="127.0.0.1", port=1, socket_timeout=0.2))
    page = site_app.get("/penarik", headers={"Authorization": people["walidata"]}, status=503)
    assert "Redis does not answer" in page.body
    with pytest.raises(tk.ValidationError, match="Redis"):
        call_action("satudata_asker_list")


def test_days_are_read_back_as_far_as_asked(fresh: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    for back in (0, 6, 7, 40):
        monkeypatch.setattr(clock, "today", lambda back=back: DAY - dt.timedelta(days=back))
        askers.counter("csw", "GeoNetwork")()
    monkeypatch.setattr(clock, "today", lambda: DAY)
    assert [row["day"] for row in askers.counts(7)] == ["2026-11-25", "2026-11-19"]
    assert len(askers.counts(8)) == 3
    assert len(askers.counts(5000)) == 4


@pytest.mark.parametrize("days", ["0", "91", "x", "-1"])
def test_days_that_are_none_are_refused(people: dict[str, str], fresh: Any, days: str) -> None:
    with pytest.raises(tk.ValidationError):
        call_action("satudata_asker_list", days=days)


def test_the_walidata_sees_who_asked_and_nobody_else_does(site_app: Any, people: dict[str, str], fresh: Any) -> None:
    for _ in range(1234):
        askers.counter("data.json", "spbe-harvester")()
    askers.counter("csw", "browser")()
    page = site_app.get("/id/penarik", headers={"Authorization": people["walidata"]}).body
    assert "spbe-harvester" in page
    assert "1.234" in page
    assert "25 November 2026" in page
    assert "Peramban" in page
    for headers in ({}, {"Authorization": people["other"]}):
        site_app.get("/penarik", headers=headers, status=403)
    answer = site_app.get("/api/3/action/satudata_asker_list?days=7", headers={"Authorization": people["walidata"]})
    rows = json.loads(answer.body)["result"]["rows"]
    assert rows[0] == {"day": "2026-11-25", "output": "data.json", "product": "spbe-harvester", "count": 1234}
    site_app.get("/api/3/action/satudata_asker_list", status=403)


def test_a_name_that_looks_like_markup_stays_text(site_app: Any, people: dict[str, str], fresh: Any) -> None:
    askers.counter("csw", "<script>alert(1)</script>")()
    page = site_app.get("/penarik?hari=7", headers={"Authorization": people["walidata"]}).body
    assert "<script>alert" not in page


@pytest.mark.parametrize("days", ["7", "30", "90", "8", "x", ""])
def test_the_page_says_when_nobody_asked(site_app: Any, people: dict[str, str], fresh: Any, days: str) -> None:
    page = site_app.get(f"/id/penarik?hari={days}", headers={"Authorization": people["walidata"]}).body
    assert "Tidak ada yang meminta" in page


def test_the_command_says_who_asked(people: dict[str, str], fresh: Any) -> None:
    cli = CliRunner()
    assert cli.invoke(satudata, ["askers"]).output == "nobody asked\n"
    askers.counter("rss", "Feedly")()
    assert cli.invoke(satudata, ["askers", "--days", "1"]).output == "2026-11-25 rss               1 Feedly\n"
    found = json.loads(cli.invoke(satudata, ["askers", "--json"]).output)
    assert found == {"days": 30, "rows": [{"day": "2026-11-25", "output": "rss", "product": "Feedly", "count": 1}]}
    assert cli.invoke(satudata, ["askers", "--days", "400"]).exit_code == 1
    model.Session.remove()
