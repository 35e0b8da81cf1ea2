"""A target that is down is left alone, longer each time, and comes back by itself."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import sqlalchemy as sa
from ckan import model
from ckan.tests.helpers import call_action
from ckanext.satudatapaser import clock
from ckanext.satudatapaser.cli.push import words
from ckanext.satudatapaser.model import PushTarget
from ckanext.satudatapaser.upkeep import due
from faulty_proxy import Proxy
from paser import Paser

pytestmark = [pytest.mark.ckan, pytest.mark.search]
AWAY: dict[str, str] = {}


def target() -> dict[str, Any]:
    (found,) = call_action("satudata_push_target_list")
    return dict(found)


def minutes_left() -> float:
    return (dt.datetime.fromisoformat(target()["paused_until"]) - clock.now()).total_seconds() / 60


def queued(minutes: float) -> list[str]:
    """Return the targets that a tick queues so many minutes from now, for their schedule or besides it."""
    moment = clock.now() + dt.timedelta(minutes=minutes)
    return due.targets(moment, lambda _: True) + due.unsettled_targets(moment, lambda _: True)


def test_a_target_that_is_down_is_asked_for_five_datasets_of_many_and_then_left_alone(
    paser: Paser, proxy: Proxy
) -> None:
    for number in range(12):
        paser.dataset(f"data-{number:02}")
    proxy.down = (500, AWAY)
    result = paser.push()
    assert (result["state"], result["reason"]["code"], result["failed"]) == ("stopped", "target-down", 5)
    assert "paused until" in words(result)
    assert 0 < minutes_left() <= 1


def test_each_pause_is_longer_and_costs_the_target_one_request(paser: Paser, proxy: Proxy) -> None:
    for number in range(7):
        paser.dataset(f"data-{number}")
    proxy.down = (500, AWAY)
    paser.push()
    attempts = {name: row["attempts"] for name, row in paser.ledger().items()}
    for longest in (2, 4, 8, 16, 32, 60, 60):
        proxy.asked = 0
        assert paser.push()["reason"]["code"] == "target-down"
        assert proxy.asked == 1
        assert longest * 0.9 < minutes_left() <= longest
    assert {name: row["attempts"] for name, row in paser.ledger().items()} == attempts
    proxy.down = None
    result = paser.push()
    assert (result["state"], result["created"]) == ("finished", 7)
    assert target()["paused_until"] is None
    proxy.down = (500, AWAY)
    paser.change("data-0", title="Judul baru")
    assert paser.push()["state"] == "finished"  # one failure is no breakdown, and the count has begun anew


def test_while_it_is_paused_neither_schedule_nor_changes_send_anything_and_then_it_is_tried_once(
    paser: Paser, proxy: Proxy
) -> None:
    settings = {"schedule": "* * * * *", "on_change": True}
    call_action("satudata_push_target_update", target="kaltim", settings=settings)
    for number in range(7):
        paser.dataset(f"data-{number}")
    proxy.down = (500, AWAY)
    for _ in range(4):
        paser.push()
    model.Session.execute(sa.update(PushTarget).values(next_run=clock.now()))
    model.Session.commit()
    assert queued(7) == []
    assert queued(9) == ["kaltim", "kaltim"]  # the queue takes it once: it has one name


def test_without_a_schedule_it_is_tried_when_the_pause_is_over(paser: Paser, proxy: Proxy) -> None:
    for number in range(5):
        paser.dataset(f"data-{number}")
    proxy.down = (500, AWAY)
    paser.push()
    proxy.down = None
    assert (queued(0.5), queued(1.5)) == ([], ["kaltim"])
    assert paser.push()["state"] == "finished"
    assert queued(60) == []


def test_a_long_wish_to_be_left_alone_is_granted_at_once(paser: Paser, proxy: Proxy) -> None:
    for number in range(3):
        paser.dataset(f"data-{number}")
    proxy.down = (503, {"Retry-After": "5400"})
    result = paser.push()
    assert (result["state"], result["reason"]["code"], result["failed"]) == ("stopped", "target-busy", 1)
    assert (proxy.asked, proxy.waits) == (1, [])
    assert 89 < minutes_left() <= 90


def test_datasets_that_need_nothing_do_not_hide_that_it_is_down(paser: Paser, proxy: Proxy) -> None:
    for number in range(14):
        paser.dataset(f"data-{number:02}")
    paser.push()
    for number in range(0, 14, 2):
        paser.change(f"data-{number:02}", title="Judul baru")
    proxy.down = (500, AWAY)
    result = paser.push()
    assert (result["state"], result["failed"]) == ("stopped", 5)


def test_datasets_that_it_cannot_take_do_not_keep_it_from_the_others(paser: Paser, proxy: Proxy) -> None:
    for number in range(5):
        paser.dataset(f"aa-{number}")
    proxy.plan.extend(["500-before"] * 5)
    assert paser.push()["state"] == "stopped"
    paser.dataset("zz")
    proxy.plan.extend(["", *["500-before"] * 5])
    result = paser.push()
    assert (result["created"], result["failed"]) == (1, 5)


def test_a_dry_run_of_a_target_that_is_down_pauses_nothing(paser: Paser, proxy: Proxy) -> None:
    for number in range(7):
        paser.dataset(f"data-{number}")
    paser.push()
    for number in range(7):
        paser.change(f"data-{number}", title="Judul baru")
    proxy.down = (500, AWAY)
    assert paser.push(dry_run=True)["state"] == "stopped"
    assert target()["paused_until"] is None


def test_one_dataset_sent_by_hand_ends_a_pause_only_when_it_arrives(paser: Paser, proxy: Proxy) -> None:
    for number in range(5):
        paser.dataset(f"data-{number}")
    proxy.down = (500, AWAY)
    paser.push()
    proxy.down = None
    proxy.plan.append("500-before")
    assert paser.push(id="data-0")["failed"] == 1
    assert target()["paused_until"]
    assert paser.push(id="data-0")["created"] == 1
    assert target()["paused_until"] is None


def test_the_pause_between_writes_and_the_pace_are_the_target_s_own(paser: Paser, proxy: Proxy) -> None:
    call_action("satudata_push_target_update", target="kaltim", settings={"write_pause": "30"})
    for number in range(3):
        paser.dataset(f"data-{number}")
    paser.push()
    assert len(proxy.waits) == 2
    assert all(29 < wait <= 30 for wait in proxy.waits)
