"""A push that is killed between a create and the ledger: what went up unheard is found, adopted, and doubled by nothing.

Before a create the ledger says ``pending``. Without that row the next push would know nothing of the dataset there: closed here
it would stay open there, renamed here it would be created once more.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from ckan.plugins import toolkit as tk
from ckanext.satudatapaser.province import ahead
from ckanext.satudatapaser.province.remote import Remote
from faulty_proxy import Proxy
from paser import Paser, as_admin

pytestmark = [pytest.mark.ckan, pytest.mark.search]


class KilledError(BaseException):
    """Ends a push at once, as a signal does: nothing of ours catches it."""


def die_after_a_create(paser: Paser, monkeypatch: pytest.MonkeyPatch) -> None:
    call = Remote.call

    def dies(self: Remote, action: str, values: dict[str, Any]) -> Any:
        done = call(self, action, values)
        if action == "package_create":
            raise KilledError
        return done

    with monkeypatch.context() as patched:
        patched.setattr(Remote, "call", dies)
        with pytest.raises(KilledError):
            paser.push()


@pytest.fixture
def killed(paser: Paser, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What the province holds of the one dataset after the push that created it died before it could say so."""
    paser.dataset("aa")
    die_after_a_create(paser, monkeypatch)
    (row,) = paser.ledger().values()
    assert (row["state"], row["remote_id"]) == ("pending", None)
    (there,) = paser.everything_there()
    return there


def assert_adopted(paser: Paser, there: dict[str, Any], name: str) -> None:
    row = paser.ledger()[name]
    assert (row["state"], row["remote_id"]) == ("ok", there["id"])
    assert paser.shown_there() == paser.wanted_there()
    assert len(paser.everything_there()) == 1
    assert paser.push()["requests"] == 0


def test_it_is_adopted_as_it_is(paser: Paser, killed: dict[str, Any]) -> None:
    result = paser.push()
    assert (result["created"], result["failed"], paser.writes()) == (0, 0, [])
    assert_adopted(paser, killed, "aa")


def test_it_is_adopted_with_what_changed_here_since(paser: Paser, killed: dict[str, Any]) -> None:
    paser.change("aa", title="Judul lain")
    assert paser.push()["updated"] == 1
    assert_adopted(paser, killed, "aa")


def test_renamed_here_since_it_is_not_created_again(paser: Paser, killed: dict[str, Any]) -> None:
    paser.change("aa", name="nama-lain")
    assert paser.push()["created"] == 0
    assert_adopted(paser, killed, "nama-lain")


def test_renamed_there_since_it_is_not_created_again(paser: Paser, killed: dict[str, Any]) -> None:
    paser.province.call("package_patch", id=killed["id"], name="nama-provinsi")
    assert paser.push()["created"] == 0
    assert_adopted(paser, killed, "aa")


@pytest.mark.parametrize("how", ["closed", "deleted", "purged"])
def test_what_is_no_longer_public_here_is_withdrawn_there(paser: Paser, killed: dict[str, Any], how: str) -> None:
    if how == "closed":
        paser.change("aa", accessRights="tertutup", private=True)
    else:
        tk.get_action("package_delete" if how == "deleted" else "dataset_purge")(as_admin(), {"id": "aa"})
    assert paser.push()["withdrawn"] == 1
    assert paser.province.datasets() == {}
    (there,) = paser.everything_there()
    assert (there["id"], there["private"]) == (killed["id"], True)


def test_a_process_killed_there_leaves_the_same_row_and_the_next_finds_it(paser: Paser, proxy: Proxy) -> None:
    paser.dataset("aa")
    paser.dataset("bb")
    command = [str(Path(sys.executable).parent / "ckan"), "-c", os.environ["CKAN_INI"], "satudata", "push", "kaltim"]
    proxy.plan.extend(["", "kill-after"])
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        proxy.victim = process.pid
        process.wait(60)
    assert {name: (row["state"], bool(row["remote_id"])) for name, row in paser.ledger().items()} == {
        "aa": ("ok", True), "bb": ("pending", False),
    }  # fmt: skip
    paser.change("bb", name="nama-lain")
    assert paser.push()["created"] == 0
    assert {row["state"] for row in paser.ledger().values()} == {"ok"}
    assert paser.shown_there() == paser.wanted_there()
    assert len(paser.everything_there()) == 2


@pytest.fixture
def three(paser: Paser, monkeypatch: pytest.MonkeyPatch) -> None:
    """A push of three died after its first create; the ledger was told of all."""
    for name in ("aa", "bb", "cc"):
        paser.dataset(name)
    die_after_a_create(paser, monkeypatch)
    assert {name: row["state"] for name, row in paser.ledger().items()} == dict.fromkeys(("aa", "bb", "cc"), "pending")


def test_those_whose_turn_had_not_come_are_created_by_the_next(paser: Paser, three: None) -> None:
    result = paser.push()
    assert (result["created"], result["unchanged"], result["failed"]) == (2, 1, 0)
    assert {row["state"] for row in paser.ledger().values()} == {"ok"}
    assert paser.shown_there() == paser.wanted_there()
    assert len(paser.everything_there()) == 3


def test_one_whose_turn_had_not_come_and_that_is_closed_since_never_goes_up(paser: Paser, three: None) -> None:
    paser.change("cc", accessRights="tertutup", private=True)
    assert (paser.push()["skipped"], paser.ledger()["cc"]["state"]) == (1, "not_eligible")
    assert len(paser.everything_there()) == 2


def test_the_ledger_is_told_of_a_few_at_a_time_and_of_each_before_it_is_sent(
    paser: Paser, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(5):
        paser.dataset(f"data-{number}")
    monkeypatch.setattr(ahead, "MOST", 2)
    told, call = {}, Remote.call

    def noted(self: Remote, action: str, values: dict[str, Any]) -> Any:
        if action == "package_create":
            told[values["name"]] = sorted(paser.ledger("pending"))
        return call(self, action, values)

    monkeypatch.setattr(Remote, "call", noted)
    assert paser.push()["created"] == 5
    assert told == {
        "data-0": ["data-0", "data-1"], "data-1": ["data-1"],
        "data-2": ["data-2", "data-3"], "data-3": ["data-3"], "data-4": ["data-4"],
    }  # fmt: skip


def test_a_push_that_stops_leaves_no_row_of_what_it_did_not_try(paser: Paser, proxy: Proxy) -> None:
    for number in range(8):
        paser.dataset(f"data-{number}")
    proxy.plan.extend(["", *["500-before"] * 5])
    assert paser.push()["state"] == "stopped"
    states = ["ok", *["failed"] * 5]
    assert {name: row["state"] for name, row in paser.ledger().items()} == {
        f"data-{number}": state for number, state in enumerate(states)
    }
