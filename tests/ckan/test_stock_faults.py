"""What the stock harvesters do wrong with real sources, done right: the rows of docs/why-not-stock.md."""

from __future__ import annotations

from typing import Any

import pytest
import redis
from agency import Source, record, settled
from ckan import model
from ckan.lib import jobs
from ckan.plugins import toolkit as tk
from ckan.tests import factories
from ckan.tests.helpers import call_action
from hostile import answer, hostile, says
from portal import Portal
from rq.exceptions import DequeueTimeout

pytestmark = [pytest.mark.ckan, pytest.mark.search, pytest.mark.usefixtures("empty_catalogue")]


def only(source: Source) -> dict[str, Any]:
    """Return the one dataset of a source."""
    (found,) = source.packages()
    return found


def harvested(portal: Portal, *records: Any, **settings: Any) -> Source:
    """Return a source whose ``records`` were all added."""
    source = Source(portal, **settings)
    source.list(*records)
    assert source.run()["added"] == len(records)
    return source


def test_an_idle_worker_outlives_the_socket_timeout_of_redis() -> None:
    queue, url = "satudata-kosong", tk.config["ckan.redis.url"]
    bare, used = (redis.from_url(url, socket_timeout=0.3) for _ in range(2))
    with pytest.raises(redis.exceptions.TimeoutError):
        bare.blpop([queue], timeout=1)
    worker = jobs.Worker([queue], connection=used)
    with pytest.raises(DequeueTimeout):
        worker.queue_class.dequeue_any(worker.queues, 1, connection=worker.connection)


def test_what_its_source_calls_private_is_seen_by_nobody_outside(portal: Portal) -> None:
    source = harvested(portal, record(1), record(2, accessLevel="private"))
    assert source.public() == 1
    assert sorted(item["private"] for item in source.packages()) == [False, True]


def test_a_connection_cut_in_the_body_is_a_message_and_the_next_run_works(portal: Portal) -> None:
    source = harvested(portal, record(1))
    whole = answer(b'{"dataset": [' + b" " * 2000)
    with hostile(says(whole[:-1000])) as server:
        call_action("satudata_source_update", name=source.name, url=f"{server.url}/data.json")
        call_action("satudata_source_approve", name=source.name, context={"satudata_alone": True})
        result = source.run()
    assert (result["state"], settled(result)) == ("failed", 0)
    assert server.url in result["reason"]["message"]
    call_action("satudata_source_update", name=source.name, url=f"{portal.url}/data.json")
    call_action("satudata_source_approve", name=source.name, context={"satudata_alone": True})
    assert source.run()["state"] == "finished"
    assert source.public() == 1


def test_a_source_that_is_good_again_has_only_its_changes_written(portal: Portal) -> None:
    source = harvested(portal, *(record(n) for n in range(30)))
    portal.pages["/data.json"] = (500, "text/html", b"galat")
    assert source.run()["state"] == "failed"
    source.list(*(record(n, **({"title": f"Baru {n}"} if n < 6 else {})) for n in range(30)))
    result = source.run()
    assert (result["state"], result["updated"], result["unchanged"]) == ("finished", 6, 24)


def test_tags_with_signs_are_repaired_and_the_record_stays(portal: Portal) -> None:
    source = harvested(portal, record(1, keyword=["a & b", "satu, dua", "(tiga)", "x/yz"]))
    assert {tag["name"] for tag in only(source)["tags"]} == {"a b", "satu dua", "tiga", "x yz"}


def test_tags_too_long_or_too_short_cost_no_record(portal: Portal) -> None:
    source = harvested(portal, record(1, keyword=["w" * 140, "x", "sekolah"]))
    assert {tag["name"] for tag in only(source)["tags"]} == {"w" * 100, "sekolah"}


def test_a_record_without_title_or_with_null_lists_stops_nothing(portal: Portal) -> None:
    source = Source(portal)
    source.list(record(1, title=None, distribution=None), record(2, keyword=None, language=None), record(3))
    result = source.run()
    assert (result["state"], result["added"], result["rejected"]) == ("finished", 2, 1)
    assert source.issues("rejected") == {"title-missing"}


def test_a_record_without_identifier_is_told_apart_by_title_and_publisher(portal: Portal) -> None:
    source = harvested(portal, record(1, identifier=None), record(2, identifier=""))
    assert source.run()["unchanged"] == 2


def test_a_record_without_file_and_description_waits_and_is_not_published(portal: Portal) -> None:
    source = harvested(portal, record(1, distribution=None), record(2, distribution=None, description=""))
    assert source.public() == 1
    assert sorted(item["publishing_status"] for item in source.packages()) == ["published", "submitted"]


def test_a_licence_is_that_of_the_record(portal: Portal) -> None:
    stated = "https://creativecommons.org/licenses/by-sa/4.0/"
    assert only(harvested(portal, record(1, license=stated), default_license="cc-by"))["license_id"] == "cc-by-sa"


def test_a_publisher_leads_to_its_organisation_and_an_unknown_one_is_held(portal: Portal) -> None:
    health = factories.Organization()
    source = Source(portal, organization_map={"dinas kesehatan": health["name"]})
    source.list(record(1, publisher={"name": "Dinas  Kesehatan "}), record(2, publisher={"name": "Entah"}))
    result = source.run()
    assert (result["added"], result["held"]) == (1, 1)
    found = tk.get_action("package_search")({}, {"fq": f"owner_org:{health['id']}"})
    assert [item["title"] for item in found["results"]] == ["Jumlah Sekolah 1"]
    assert source.issues("held") == {"organization-unmapped"}


def test_records_of_the_same_title_stay_apart_and_keep_their_names(portal: Portal) -> None:
    entries = [record(n, title="Jumlah Penduduk") for n in range(5)]
    source = harvested(portal, *entries)
    before = {item["id"]: item["name"] for item in source.packages()}
    source.list(*reversed(entries[:4]), record(4, title="Jumlah Penduduk", description="Lain."))
    assert source.run()["updated"] == 1
    assert {item["id"]: item["name"] for item in source.packages()} == before
    assert len(set(before.values())) == 5


def test_relative_addresses_lead_to_their_source(portal: Portal) -> None:
    source = harvested(portal, record(1, distribution=[{"title": "Tabel", "downloadURL": "/api/bigdata/1"}]))
    assert [item["url"] for item in only(source)["resources"]] == [f"{portal.url}/api/bigdata/1"]


def test_repeated_keywords_are_one_tag(portal: Portal) -> None:
    source = harvested(portal, record(1, keyword=["Sekolah", "sekolah", "sekolah "]))
    assert len(only(source)["tags"]) == 1


def test_keywords_under_a_misspelt_name_are_tags(portal: Portal) -> None:
    entry = record(1, keywords=["sekolah", "guru"])
    del entry["keyword"]
    assert {tag["name"] for tag in only(harvested(portal, entry))["tags"]} == {"sekolah", "guru"}


def test_a_message_names_the_record_and_says_what_to_do(portal: Portal) -> None:
    source = Source(portal)
    source.list(record(1, title="Angka Stunting", accessLevel="entah"))
    source.run()
    (row,) = call_action("satudata_record_list", name=source.name, outcome="held")["records"]
    (issue,) = [issue for issue in row["issues"] if issue["code"] == "access-unknown"]
    assert (row["title"], row["key"]) == ("Angka Stunting", "r-1")
    assert "entah" in issue["message"]
    assert "access_words" in issue["message"]
    assert "Traceback" not in str(row)


def test_a_source_overwrites_no_dataset_that_it_did_not_make(portal: Portal) -> None:
    ours = factories.Dataset(title="Milik sendiri", owner_org=factories.Organization()["id"])
    source = Source(portal)
    source.list(record(1, identifier=ours["id"], title="Milik sendiri"))
    assert source.run()["added"] == 1
    assert call_action("package_show", id=ours["id"])["title"] == "Milik sendiri"
    assert only(source)["id"] != ours["id"]
    assert only(source)["name"] != ours["name"]


def test_every_run_ends_and_the_source_is_as_it_was_set_up(portal: Portal) -> None:
    source = harvested(portal, record(1), record(2))
    before = call_action("satudata_source_show", name=source.name)
    source.list(record(1))
    assert source.run()["state"] == "finished"
    assert {job["state"] for job in call_action("satudata_job_list", name=source.name)} == {"finished"}
    after = call_action("satudata_source_show", name=source.name)
    assert [after[key] for key in ("kind", "url", "settings")] == [before[key] for key in ("kind", "url", "settings")]
    model.Session.remove()
