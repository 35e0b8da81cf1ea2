"""Facts become Prometheus' text, whatever names hold."""

from __future__ import annotations

from typing import Any

from ckanext.satudatapaser.upkeep.metrics import text
from prometheus_client.parser import text_string_to_metric_families

FACTS: dict[str, Any] = {
    "sources": [
        {"name": "disdik", "kind": "ckan", "state": "approved", "failing": True, "last_run": "failed",
         "counts": {"added": 3, "held": 1}, "seconds_since_success": 7200.0},
        {"name": "baru", "kind": "ckan", "state": "draft", "failing": False, "last_run": "", "counts": {},
         "seconds_since_success": None},
    ],
    "datasets": {"published": 5, 'aneh"\n': 1},
    "ledger": [{"target": "kaltim", "state": "ok", "count": 4}],
    "queue": {"waiting": 2, "running": 1, "workers": 2},
    "scheduler": {"seconds_since_tick": 12.0},
}  # fmt: skip


def samples(facts: dict[str, Any]) -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(text(facts).decode())
        for sample in family.samples
    }


def test_a_client_of_prometheus_reads_every_fact() -> None:
    found = samples(FACTS)
    assert found["satudata_source_last_run", (("source", "disdik"), ("state", "failed"))] == 1
    assert found["satudata_source_last_run", (("source", "disdik"), ("state", "finished"))] == 0
    assert found["satudata_source_failing", (("source", "disdik"),)] == 1
    assert found["satudata_source_success_age_seconds", (("source", "disdik"),)] == 7200
    assert found["satudata_source_records", (("outcome", "held"), ("source", "disdik"))] == 1
    assert found["satudata_datasets", (("state", "published"),)] == 5
    assert found["satudata_datasets", (("state", 'aneh"\n'),)] == 1
    assert found["satudata_push_ledger", (("state", "ok"), ("target", "kaltim"))] == 4
    assert [found[f"satudata_{name}", ()] for name in ("queue_waiting", "queue_running", "workers")] == [2, 1, 2]
    assert found["satudata_scheduler_tick_age_seconds", ()] == 12


def test_what_never_happened_has_no_number() -> None:
    found = samples(FACTS | {"scheduler": {"seconds_since_tick": None}})
    assert ("satudata_source_success_age_seconds", (("source", "baru"),)) not in found
    assert ("satudata_scheduler_tick_age_seconds", ()) not in found
    assert not [key for key in found if key[0] == "satudata_source_last_run" and ("source", "baru") in key[1]]
