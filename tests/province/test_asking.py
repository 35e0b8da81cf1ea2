"""Asking a real target: what it says, a trial that leaves nothing behind, and a limit of time."""

from __future__ import annotations

import socket
from typing import Any

import pytest
from ckan.tests.helpers import call_action
from paser import Paser

pytestmark = [pytest.mark.ckan, pytest.mark.search]


def findings() -> dict[str, dict[str, Any]]:
    found = call_action("satudata_push_check", target="kaltim")["findings"]
    return {finding["code"]: finding for finding in found}


def setting(**values: Any) -> None:
    call_action("satudata_push_target_update", target="kaltim", settings=values)


def test_a_good_target_says_what_it_is_and_nothing_is_written(paser: Paser) -> None:
    found = findings()
    assert all(finding["ok"] for finding in found.values())
    assert {"version-unknown", "plugins", "clock", "pace", "organization", "schema", "trial-off"} <= found.keys()
    assert "scheming_datasets" in found["plugins"]["message"]
    assert paser.writes() == ["organization_list_for_user", "organization_list_for_user"]


def test_an_organisation_that_is_not_there_and_a_missing_token_are_faults(paser: Paser) -> None:
    setting(organization="tidak-ada")
    assert findings()["organization-unknown"]["ok"] is False
    call_action("satudata_push_target_update", target="kaltim", settings={"organization": "kabupaten-paser"})


def test_a_trial_writes_a_dataset_and_a_file_and_leaves_one_deleted_dataset_however_often(paser: Paser) -> None:
    paser.dataset("aa")
    setting(trial=True, files="upload")
    for _ in range(2):
        found = findings()
        assert (found["trial"]["ok"], found["files"]["ok"]) == (True, True)
        assert paser.everything_there() == []
    there = paser.province.call("package_show", id="satudata-paser-percobaan")
    assert (there["state"], there["private"]) == ("deleted", True)
    assert paser.push()["created"] == 1


def test_a_trial_that_is_refused_says_why(paser: Paser) -> None:
    setting(trial=True, organization="tidak-ada")
    assert findings()["trial-refused"]["ok"] is False


def test_a_target_that_says_nothing_is_left_after_the_time_for_a_page(
    paser: Paser, ckan_config: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(ckan_config, "ckanext.satudatapaser.http.page_seconds", 1)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        paser.goes_to(f"http://127.0.0.1:{silent.getsockname()[1]}")
        (finding,) = findings().values()
    assert finding["code"] in ("check-slow", "source-timeout", "source-long", "source-slow")
