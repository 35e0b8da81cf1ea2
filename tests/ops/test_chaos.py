"""What the experiment with kill -9 judges by: kills are spread and repeatable, and no difference goes unseen."""

from __future__ import annotations

import collections
import dataclasses as dc
import json
import signal
import subprocess
import time
from pathlib import Path
from urllib.request import urlopen

import pytest
from chaos import kill
from chaos.catalogue import AFTER, BEFORE, Altered, serving
from chaos.compare import Document, State, faults
from chaos.plan import PARTS, VICTIMS, plan

OPEN = {"id": "a", "title": "Jumlah Sekolah", "private": False, "resources": [{"id": "x", "url": "u"}]}
CLOSED = {"id": "b", "title": "Data Guru", "private": True, "resources": []}
SOLR = {"a": Document(True, "Jumlah Sekolah"), "b": Document(False, "Data Guru")}
GOOD = State((("1", OPEN), ("2", CLOSED)), SOLR, {"seen": 2, "added": 2}, (0, 1), found=1)


def test_the_same_seed_gives_the_same_kills() -> None:
    assert plan(24, 1) == plan(24, 1) != plan(24, 2)


def test_kills_hit_every_victim_in_every_part_of_a_run() -> None:
    kills = plan(24, 1)
    met = {(kill.victims[0], int(kill.moment * PARTS)) for kill in kills}
    assert met == {(victim, part) for victim in VICTIMS for part in range(PARTS)}
    assert {kill.kind for kill in kills} == {"datajson", "ckan"}
    assert any(len(set(kill.victims)) == 2 for kill in kills)


def test_the_same_state_under_other_ids_has_no_fault() -> None:
    other = {**OPEN, "id": "c", "resources": [{"id": "y", "url": "u"}]}
    documents = {"c": SOLR["a"], "b": SOLR["b"]}
    assert faults(GOOD, dc.replace(GOOD, datasets=(("1", other), ("2", CLOSED)), documents=documents)) == []


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"datasets": (*GOOD.datasets, ("1", {**OPEN, "id": "c"})), "documents": {**SOLR, "c": SOLR["a"]}, "found": 2},
         "dataset 1 is there 2 times"),
        ({"datasets": GOOD.datasets[:1], "documents": {"a": SOLR["a"]}}, "dataset 2 is lost"),
        ({"datasets": (("1", {**OPEN, "notes": "Lain"}), ("2", CLOSED))}, "dataset 1 differs in notes"),
        ({"datasets": (("1", {**OPEN, "name": "lain", "owner_org": "x"}), ("2", CLOSED))},
         "dataset 1 differs in name, owner_org"),
        ({"documents": {"a": SOLR["a"]}}, "Solr lacks b"),
        ({"documents": {**SOLR, "z": SOLR["a"]}}, "Solr has z, the database has not"),
        ({"documents": {**SOLR, "b": Document(True, "Data Guru")}}, "b is closed, Solr says otherwise"),
        ({"documents": {**SOLR, "a": Document(True, "Lama")}}, "Solr has an older a"),
        ({"found": 2}, "anybody finds 2 datasets, 1 are public"),
        ({"unseen": 1}, "Solr is still to be told of 1 records"),
        ({"ended": "failed"}, "the last run ended as failed"),
        ({"job": {"seen": 2, "added": 1}}, "the counts of the run do not add up"),
        ({"positions": (0, 1, 1)}, "3 ledger rows for 2 records seen"),
        ({"positions": (1, 1)}, "a record has two ledger rows"),
        ({"running": 1}, "1 runs are still marked running"),
        ({"leases": 1}, "1 leases are still held"),
        ({"queued": ("satudata-harvest-x",)}, "background work satudata-harvest-x is left"),
    ],
)  # fmt: skip
def test_every_kind_of_damage_is_named(changes: dict[str, object], fault: str) -> None:
    assert faults(GOOD, dc.replace(GOOD, **changes)) == [fault]  # type: ignore[arg-type]


def test_a_process_is_killed_with_all_that_it_has_started() -> None:
    with subprocess.Popen(["sh", "-c", "sleep 60 & sleep 60"]) as parent:
        while len(kill.family(parent.pid)) < 3:
            time.sleep(0.01)
        eldest, *children = kill.family(parent.pid)
        kill.kill(eldest)
    assert parent.returncode == -signal.SIGKILL
    end = time.monotonic() + 10  # whoever inherits them takes note of their end a moment later
    while any(alive(child) for child in children):
        assert time.monotonic() < end
        time.sleep(0.01)


@pytest.mark.parametrize("pid", [0, 1, -1])
def test_what_cannot_be_a_program_of_ours_is_not_killed(pid: int) -> None:
    with pytest.raises(ValueError, match="is no program"):
        kill.kill(pid)


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


@pytest.mark.parametrize("kind", ["ckan", "datajson"])
def test_the_source_lists_before_and_after_what_the_seed_says(kind: str) -> None:
    with serving(kind, 40, 1) as source:
        listings = {}
        for phase in (BEFORE, AFTER):
            source.phase(phase)
            path = "/api/3/action/package_search?rows=100" if kind == "ckan" else ""
            with urlopen(source.url + path) as answer:
                found = json.load(answer)
            records = found["result"]["results"] if kind == "ckan" else found["dataset"]
            listings[phase] = {record.get("id") or record["identifier"]: record for record in records}
            assert len(records) == source.listed()
        fates = collections.Counter(Altered(40, 1).fates)
        before, after = listings[BEFORE], listings[AFTER]
        assert len(before.keys() - after.keys()) == fates["removed"] > 0
        assert len(after.keys() - before.keys()) == fates["added"] > 0
        both = before.keys() & after.keys()
        access = "private" if kind == "ckan" else "accessLevel"
        assert sum(before[id][access] != after[id][access] for id in both) == fates["flipped"] > 0
        assert sum(before[id]["title"] != after[id]["title"] for id in both) == fates["changed"] > 0
