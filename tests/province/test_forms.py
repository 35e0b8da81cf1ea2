"""A province without a schema, and one with some of the national SDI schema's fields, of any version of CKAN.

`bin/test tests/province --province 2.11` pushes to an older CKAN; what pushing means is told in test_push.py.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from ckan.tests.helpers import call_action
from paser import Paser
from two_ckans import Province, running

pytestmark = [pytest.mark.ckan, pytest.mark.search, pytest.mark.two_ckans]


@pytest.fixture(scope="module", params=["plain", "sdi"])
def province(request: pytest.FixtureRequest) -> Iterator[Province]:
    """The second CKAN in another form."""
    with running(request.config.getoption("--province"), request.param) as found:
        yield found


@pytest.fixture
def schema(request: pytest.FixtureRequest) -> bool:
    """Whether the province has a schema with fields of the SDI."""
    return bool(request.node.callspec.params["province"] == "sdi")


def extras(package: dict[str, Any]) -> dict[str, str]:
    return {extra["key"]: extra["value"] for extra in package["extras"]}


def test_fields_that_the_province_has_are_filled_and_others_become_extras(paser: Paser, schema: bool) -> None:
    paser.dataset("aa", accrualPeriodicity="TAHUNAN", konsep="Sekolah", id_dds="DD-1")
    assert paser.push()["created"] == 1
    there = paser.province.datasets()["Judul aa"]
    mapped = {"satuan": "unit", "konsep": "Sekolah", "accrualPeriodicity": "Tahunan", "accessRights": "terbuka"}
    assert extras(there)["id_dds"] == "DD-1"
    assert {key: there.get(key) for key in mapped} == (mapped if schema else dict.fromkeys(mapped))
    assert {key: extras(there).get(key) for key in mapped} == (dict.fromkeys(mapped) if schema else mapped)


def test_what_did_not_change_is_not_asked_for_and_a_change_is_one_patch(paser: Paser) -> None:
    paser.dataset("aa")
    paser.dataset("bb")
    paser.push()
    assert paser.push()["requests"] == 0
    paser.change("aa", satuan="orang", notes="Diperbarui")
    assert (paser.push()["updated"], paser.writes()) == (1, ["package_patch"])
    assert paser.shown_there() == paser.wanted_there()


def test_what_is_closed_is_withdrawn(paser: Paser) -> None:
    paser.dataset("aa")
    paser.push()
    paser.change("aa", accessRights="terbatas")
    assert paser.push()["withdrawn"] == 1
    assert paser.province.datasets() == {}


def test_a_value_that_the_province_does_not_take_is_said_and_the_others_go_up(paser: Paser, schema: bool) -> None:
    paser.dataset("aa", accrualPeriodicity="HARIAN")
    paser.dataset("bb")
    result = paser.push()
    assert (result["created"], result["failed"]) == ((1, 1) if schema else (2, 0))
    if schema:
        failed = paser.ledger("failed")["aa"]
        assert "accrualPeriodicity" in failed["last_error"]
        assert failed["fault"]["code"] == "remote-refused"
        assert failed["fault"]["values"]["action"] == "package_create"


def test_a_check_tells_whether_the_province_has_a_schema_and_which_of_our_values_it_does_not_take(
    paser: Paser, schema: bool
) -> None:
    found = call_action("satudata_push_check", target="kaltim")["findings"]
    wrong = {finding["code"] for finding in found if not finding["ok"]}
    assert wrong == ({"choice-unknown"} if schema else set())
    assert ("schema-unknown" in {finding["code"] for finding in found}) is not schema
