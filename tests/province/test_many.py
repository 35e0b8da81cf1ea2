"""A large catalogue of which nothing changed costs the province no request and this machine little memory.

By hand, with times: bin/test tests/province/test_many.py --push-unchanged 10000 --durations 0
"""

from __future__ import annotations

import tracemalloc

import copies
import pytest
import sqlalchemy as sa
from ckan import model
from paser import Paser

pytestmark = [pytest.mark.ckan, pytest.mark.search]
ROOM = 10_000  # bytes a dataset: 10,000 of them stay below 100 MB


def test_unchanged_datasets_cost_no_request_and_little_memory(paser: Paser, request: pytest.FixtureRequest) -> None:
    total = request.config.getoption("--push-unchanged")
    paser.dataset("aa")
    paser.push()
    for statement in (copies.DATASETS, copies.ROWS):
        model.Session.execute(sa.text(statement), {"times": total})
    model.Session.commit()
    tracemalloc.start()
    try:
        result = paser.push()
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert (result["unchanged"], result["requests"]) == (total + 1, 0)
    assert peak < ROOM * total
    print(f"{total} unchanged datasets: {result['seconds']} s (memory traced), {peak / 1e6:.0f} MB at most")
