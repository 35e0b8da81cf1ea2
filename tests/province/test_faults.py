"""Whatever the network does: a few pushes later the province holds exactly what is eligible, once, and the ledger says so."""

from __future__ import annotations

import os
import random
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from faulty_proxy import FAULTS, Proxy
from paser import Paser

pytestmark = [pytest.mark.ckan, pytest.mark.search]


def settle(paser: Paser, pushes: int) -> None:
    """Push until nothing fails any more, at most so many times."""
    for _ in range(pushes):
        result = paser.push()
        if result["state"] == "finished" and result["failed"] == 0:
            return
    raise AssertionError(f"still failing after {pushes} pushes: {result}")


def assert_in_order(paser: Paser) -> None:
    """Fail unless the province shows exactly what it must, and the ledger says the same."""
    wanted = paser.wanted_there()
    assert paser.shown_there() == wanted
    assert {row["package_id"] for row in paser.ledger("ok").values()} == set(wanted)
    assert paser.ledger("pending") == paser.ledger("failed") == {}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_in_creating_changing_and_withdrawing_costs_one_more_push(
    paser: Paser, proxy: Proxy, fault: str
) -> None:
    for name in ("aa", "bb", "cc"):
        paser.dataset(name)
    proxy.plan.extend(["", fault])
    settle(paser, 2)
    assert_in_order(paser)
    paser.change("aa", title="Judul lain", tags=[])
    paser.change("bb", title="Judul kedua")
    paser.change("cc", accessRights="tertutup", private=True)
    proxy.plan.extend([fault, "", fault])
    settle(paser, 3)
    assert_in_order(paser)
    assert proxy.done == ["", fault, fault, "", fault]
    if fault == "429-seconds":
        assert proxy.waits == [2, 2, 2]
    if fault == "429-date":
        assert len(proxy.waits) == 3
        assert all(1 < wait <= 3 for wait in proxy.waits)


def test_what_was_closed_here_after_a_create_that_nobody_heard_of_is_withdrawn(paser: Paser, proxy: Proxy) -> None:
    paser.dataset("aa")
    proxy.plan.append("500-after")
    assert paser.push()["failed"] == 1
    assert set(paser.province.datasets()) == {"Judul aa"}
    paser.change("aa", accessRights="tertutup", private=True)
    assert paser.push()["withdrawn"] == 1
    assert paser.province.datasets() == {}


def test_a_change_taken_back_after_a_write_that_nobody_heard_of_is_taken_back_there(paser: Paser, proxy: Proxy) -> None:
    paser.dataset("aa")
    paser.push()
    paser.change("aa", title="Sebentar")
    proxy.plan.append("500-after")
    assert paser.push()["failed"] == 1
    paser.change("aa", title="Judul aa")
    settle(paser, 1)
    assert_in_order(paser)


def test_a_push_killed_between_write_and_answer_creates_nothing_twice(paser: Paser, proxy: Proxy) -> None:
    for number in range(4):
        paser.dataset(f"data-{number}")
    command = [str(Path(sys.executable).parent / "ckan"), "-c", os.environ["CKAN_INI"], "satudata", "push", "kaltim"]
    proxy.plan.extend(["", "", "kill-after"])
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        proxy.victim = process.pid
        process.wait(60)
    assert proxy.done[-1] == "kill-after"
    assert len(paser.everything_there()) == 3
    settle(paser, 1)
    assert_in_order(paser)


def test_a_target_that_cannot_be_reached_loses_nothing(paser: Paser, proxy: Proxy) -> None:
    with socket.create_server(("127.0.0.1", 0)) as unused:
        closed = f"http://127.0.0.1:{unused.getsockname()[1]}"
    for number in range(8):
        paser.dataset(f"data-{number}")
    paser.goes_to(closed)
    result = paser.push()
    assert (result["state"], result["created"]) == ("stopped", 0)
    paser.goes_to(proxy.url)
    settle(paser, 1)
    assert_in_order(paser)


def test_many_datasets_through_many_faults(paser: Paser, proxy: Proxy, request: pytest.FixtureRequest) -> None:
    total = request.config.getoption("--push-datasets")
    chance = random.Random(request.config.getoption("--push-seed"))
    names = [f"data-{number:05}" for number in range(total)]
    for name in names:
        paser.dataset(name)
    quick = [fault for fault in FAULTS if fault != "silent-after"]
    for _ in range(2):
        proxy.plan.extend(chance.choice(quick) if chance.random() < 0.4 else "" for _ in range(2 * total))
        paser.push()
        paser.push()
        for name in chance.sample(names, total // 2):
            paser.change(name, notes=f"Keterangan {chance.random()}", title=f"Judul {name} {chance.random()}")
        paser.change(chance.choice(names), publishing_status="withdrawn", private=True)
    proxy.plan.clear()
    settle(paser, 2)
    assert_in_order(paser)
    assert len(set(proxy.done)) > len(FAULTS) / 2, "too few writes for the faults"
