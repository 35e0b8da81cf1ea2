"""What the benchmark measures with: its synthetic source serves what it says, and its page claims only what was measured."""

from __future__ import annotations

import json
from pathlib import Path

from benchmarks import bars, report
from benchmarks.phases import Result, Results
from benchmarks.source import Catalogue

METERS = dict.fromkeys(
    ("solr_cpu", "postgres_cpu", "solr_updates", "solr_commits", "solr_selects", "source_seconds"), 0.0
)


def result(engine: str, kind: str, phase: str, wall: float, cpu: float, requests: int = 1, problem: str = "") -> Result:
    meters = {**METERS, "source_requests": float(requests)}
    return Result(engine, kind, phase, 1000, wall, cpu, 100.0, meters, {"seen": 1000}, problem)


def results(path: Path, *found: Result) -> Results:
    about = {
        "command": "x",
        "date": "x",
        "commit": "x",
        "machine": {},
        "records": 1000,
        "sizes": [],
        "ours_only": False,
    }
    made = Results(path / "run.jsonl", about)
    for item in found:
        made.add(item)
    return made


def numbers(catalogue: Catalogue, fq: str = "", sort: str = "id asc") -> list[str]:
    found = catalogue.search(1000, 0, sort, fq)["result"]["results"]
    return [item["name"].rpartition("-")[2] for item in found]


def test_a_search_by_change_gives_what_changed_and_nothing_else() -> None:
    catalogue = Catalogue(40, "a")
    fq = "metadata_modified:[2026-01-01T00:00:00.000000Z TO *]"
    assert numbers(catalogue, fq) == []
    catalogue.set("changed", honours_fq=True)
    assert numbers(catalogue, fq) == ["0", "10", "20", "30"]
    catalogue.set("changed", honours_fq=False)
    assert len(numbers(catalogue, fq)) == 40


def test_a_change_is_seen_by_both_protocols_and_stays_when_records_go() -> None:
    catalogue = Catalogue(40, "a")
    before = catalogue.document()["dataset"]
    catalogue.set("changed", honours_fq=True)
    after = catalogue.document()["dataset"]
    assert sum(old != new for old, new in zip(before, after, strict=True)) == 4
    catalogue.set("removed", honours_fq=True)
    left = {item["identifier"]: item for item in catalogue.document()["dataset"]}
    assert len(left) == 38
    assert all(left[item["identifier"]] == item for item in after if item["identifier"] in left)


def test_pages_of_a_search_hold_every_record_once() -> None:
    catalogue = Catalogue(25, "a")
    pages = [
        catalogue.search(10, start, "metadata_modified asc, id asc", "")["result"]["results"] for start in (0, 10, 20)
    ]
    ids = [item["id"] for page in pages for item in page]
    assert len(set(ids)) == len(ids) == 25
    assert ids == sorted(ids)


def test_records_weigh_what_real_ones_do() -> None:
    weight = len(json.dumps(Catalogue(100, "a").document())) / 100
    assert 2200 < weight < 2600


def test_a_bar_is_met_only_when_both_time_and_cpu_are(tmp_path: Path) -> None:
    stock = result("stock", "ckan", "first", 80.0, 40.0)
    fast = results(tmp_path, result("ours", "ckan", "first", 10.0, 10.0), stock)
    slow = results(tmp_path, result("ours", "ckan", "first", 11.0, 10.0), stock)
    assert [bars.against_stock(found, 1000)[0].met for found in (fast, slow)] == [True, False]


def test_a_phase_that_stock_did_not_finish_meets_nothing(tmp_path: Path) -> None:
    stock = result("stock", "ckan", "first", 800.0, 400.0, problem="a consumer died")
    found = results(tmp_path, result("ours", "ckan", "first", 1.0, 1.0), stock)
    bar = bars.against_stock(found, 1000)[0]
    assert bar.met is None
    assert "a consumer died" in bar.measured


def test_what_was_measured_before_a_failure_is_kept_and_the_page_says_what_is_missing(tmp_path: Path) -> None:
    made = results(tmp_path, result("ours", "ckan", "same", 0.5, 0.2, requests=1))
    made.fail("stock: the consumers did not start")
    page = report.page(Results.read(made.path))
    assert page == report.page(made)
    assert "the consumers did not start" in page
    assert "| ckan, nothing changed, filter honoured: at most 1 s and 2 requests | 0.50 s, 1 requests | met |" in page
    assert (
        "| datajson, nothing changed: 300 x less CPU, 150 x less time than stock | not measured | not measured |"
        in page
    )
