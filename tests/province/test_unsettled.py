"""Targets that need a push besides their schedule: failed datasets whose time has come, changes of the catalogue."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from ckan.tests.helpers import call_action
from ckanext.satudatapaser import clock
from ckanext.satudatapaser.upkeep.due import unsettled_targets
from faulty_proxy import Proxy
from paser import Paser

pytestmark = [pytest.mark.ckan, pytest.mark.search]
DOWN = ["500-before"] * 5


def due(minutes: float) -> list[str]:
    """Return the targets that are queued so many minutes from now."""
    return unsettled_targets(clock.now() + dt.timedelta(minutes=minutes), lambda _: True)


def on_change(**settings: Any) -> None:
    call_action("satudata_push_target_update", target="kaltim", settings={"on_change": True, **settings})


def test_a_failed_dataset_is_tried_again_when_its_time_has_come_and_later_each_time(paser: Paser, proxy: Proxy) -> None:
    paser.dataset("aa")
    proxy.plan.append("500-before")
    paser.push()
    assert (due(0.5), due(1.5)) == ([], ["kaltim"])
    proxy.plan.append("500-before")
    paser.push()
    assert (due(1.5), due(2.5)) == ([], ["kaltim"])
    paser.push()
    assert due(60) == []


def test_a_change_is_pushed_a_minute_later_and_once(paser: Paser) -> None:
    paser.dataset("aa")
    paser.push()
    on_change()
    assert due(60) == []
    paser.change("aa", title="Judul baru")
    assert (due(0.5), due(1.5)) == ([], ["kaltim"])
    paser.push()
    assert due(60) == []


def test_a_dataset_that_was_purged_is_taken_down_at_the_next_tick_and_once(paser: Paser) -> None:
    paser.dataset("aa")
    paser.push()
    call_action("dataset_purge", id="aa")
    assert due(60) == []
    on_change()
    assert due(0) == ["kaltim"]
    assert paser.push()["withdrawn"] == 1
    assert due(60) == []


def test_a_purged_dataset_that_cannot_be_taken_down_waits_for_its_next_attempt(paser: Paser, proxy: Proxy) -> None:
    on_change()
    paser.dataset("aa")
    paser.push()
    call_action("dataset_purge", id="aa")
    proxy.plan.append("500-before")
    assert paser.push()["failed"] == 1
    assert (due(0.5), due(1.5)) == ([], ["kaltim"])


def test_nothing_follows_changes_unless_it_is_wished(paser: Paser) -> None:
    paser.push()
    paser.dataset("aa")
    assert due(60) == []


def test_a_target_that_is_down_waits_longer_each_time_and_opens_by_itself(paser: Paser, proxy: Proxy) -> None:
    on_change()
    for number in range(7):
        paser.dataset(f"data-{number}")
    proxy.plan.extend(DOWN)
    assert paser.push()["state"] == "stopped"
    paser.change("data-6", title="Judul baru")
    assert (due(0.5), due(1.5)) == ([], ["kaltim"])
    proxy.plan.extend(DOWN)
    assert paser.push()["state"] == "stopped"
    assert (due(1.5), due(2.5)) == ([], ["kaltim"])
    assert paser.push()["state"] == "finished"
    assert due(60) == []
