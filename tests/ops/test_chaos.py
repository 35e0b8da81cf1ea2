"""What the experiment with kill -9 judges by: kills are spread and repeatable, and no difference goes unseen."""

from __future__ import annotations

import dataclasses as dc

import pytest
from chaos.compare import State, faults
from chaos.plan import PARTS, VICTIMS, plan

OPEN = {"id": "a", "title": "Jumlah Sekolah", "private": False, "resources": [{"id": "x", "url": "u"}]}
CLOSED = {"id": "b", "title": "Data Guru", "private": True, "resources": []}
GOOD = State((("1", OPEN), ("2", CLOSED)), {"a": True, "b": False}, {"seen": 2, "added": 2}, 2)


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
    assert (
        faults(GOOD, dc.replace(GOOD, datasets=(("1", other), ("2", CLOSED)), documents={"c": True, "b": False})) == []
    )


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"datasets": (*GOOD.datasets, ("1", {**OPEN, "id": "c"})), "documents": {**GOOD.documents, "c": True}},
         "dataset 1 is there 2 times"),
        ({"datasets": GOOD.datasets[:1], "documents": {"a": True}}, "dataset 2 is lost"),
        ({"datasets": (("1", {**OPEN, "title": "Lain"}), ("2", CLOSED))}, "dataset 1 differs"),
        ({"documents": {"a": True}}, "Solr lacks b"),
        ({"documents": {"a": True, "b": False, "z": True}}, "Solr has z, the database has not"),
        ({"documents": {"a": True, "b": True}}, "b is closed, Solr says otherwise"),
        ({"job": {"seen": 2, "added": 1}}, "the counts of the run do not add up"),
        ({"rows": 3}, "3 ledger rows for 2 records seen"),
        ({"running": 1}, "1 runs are still marked running"),
        ({"leases": 1}, "1 leases are still held"),
        ({"queued": ("satudata-harvest-x",)}, "background work satudata-harvest-x is left"),
    ],
)  # fmt: skip
def test_every_kind_of_damage_is_named(changes: dict[str, object], fault: str) -> None:
    assert faults(GOOD, dc.replace(GOOD, **changes)) == [fault]  # type: ignore[arg-type]
