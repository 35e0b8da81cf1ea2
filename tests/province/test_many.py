"""A large catalogue of which nothing changed costs the province no request and this machine little memory.

By hand, with times: bin/test tests/province/test_many.py --push-unchanged 10000 --durations 0
"""

from __future__ import annotations

import tracemalloc

import pytest
import sqlalchemy as sa
from ckan import model
from paser import Paser

pytestmark = [pytest.mark.ckan, pytest.mark.search]
ROOM = 10_000  # bytes a dataset: 10,000 of them stay below 100 MB

COPIES = """
insert into package (id, name, title, type, state, private, owner_org, metadata_modified, metadata_created, extras)
select p.id || '-' || n, p.name || '-' || n, p.title, p.type, p.state, p.private, p.owner_org, p.metadata_modified,
       p.metadata_created, p.extras
from package p, generate_series(1, :total) n where p.name = 'aa'
"""
ROWS = """
insert into satudata_ledger (id, target_id, package_id, remote_id, state, pushed_version, pushed_hash, remote_hash, reasons,
                             attempts, last_error, modified, pushed)
select l.id || '-' || n, l.target_id, l.package_id || '-' || n, l.remote_id || '-' || n, l.state, l.pushed_version,
       l.pushed_hash, l.remote_hash, l.reasons, l.attempts, l.last_error, l.modified, l.pushed
from satudata_ledger l, generate_series(1, :total) n
"""


def test_unchanged_datasets_cost_no_request_and_little_memory(paser: Paser, request: pytest.FixtureRequest) -> None:
    total = request.config.getoption("--push-unchanged")
    paser.dataset("aa")
    paser.push()
    for statement in (COPIES, ROWS):
        model.Session.execute(sa.text(statement), {"total": total})
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
