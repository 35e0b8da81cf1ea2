"""What a target's answers mean, and that none of them is waited for without end."""

from __future__ import annotations

import datetime as dt
import threading
from typing import Any

import pytest
from ckanext.satudatapaser.province import check
from ckanext.satudatapaser.province.finding import Question
from ckanext.satudatapaser.province.mapping import parse
from ckanext.satudatapaser.province.sending import Sending

NOW = dt.datetime(2026, 11, 24, 14, 30, tzinfo=dt.UTC)
MAPPING = """
fields:
  satuan: same
  kategori: theme
constants:
  sumber: Paser
values:
  kategori:
    kesehatan: health
"""


class Province:
    """A target that answers what it is told; ``status`` may hang."""

    def __init__(self, **answers: Any) -> None:
        self.answers, self.hangs = answers, threading.Event()
        self.hangs.set()

    def status(self) -> tuple[dict[str, Any], dict[str, str]]:
        self.hangs.wait(60)
        return {"ckan_version": "2.10.4", "extensions": ["scheming_datasets"]}, self.answers.get("headers", {})

    def call(self, action: str, values: dict[str, Any]) -> Any:
        found = self.answers.get(action)
        return found(values) if callable(found) else found


def codes(province: Province, seconds: float = 60, **settings: Any) -> list[tuple[bool, str]]:
    question = Question(province, parse(MAPPING), {"organization": "paser", **settings}, True)  # type: ignore[arg-type] # its stand-in
    return [(finding.ok, finding.code) for finding in check.check(question, seconds)]


@pytest.mark.parametrize(("text", "code"), [
    ("2.12.0", "version"), ("2.9.11", "version"), ("2.8.1", "version-old"), ("", "version-unknown"), ("3.0", "version"),
])  # fmt: skip
def test_a_version_is_named_and_one_from_before_api_tokens_noted(text: str, code: str) -> None:
    assert check.version(text).code == code


@pytest.mark.parametrize(("date", "found"), [
    ("Tue, 24 Nov 2026 14:31:00 GMT", ["clock"]), ("Tue, 24 Nov 2026 15:30:00 GMT", ["clock-apart"]),
    ("kemarin", []), (None, []),
])  # fmt: skip
def test_clocks_that_differ_are_noted(date: str | None, found: list[str]) -> None:
    assert [finding.code for finding in check.clocks(date, NOW)] == found


def test_a_limit_that_the_target_states_is_said() -> None:
    assert "'60'" in check.rate({"X-RateLimit-Limit": "60"}, Sending(per_second=2, pause=1.5)).message


def test_a_target_that_hangs_is_not_waited_for_and_what_it_said_is_kept() -> None:
    province = Province(organization_list_for_user=lambda _: province.hangs.wait(60))
    province.hangs.clear()
    assert codes(province, 0.1) == [(False, "check-slow")]
    province.hangs.set()
    later = threading.Event()
    province = Province(organization_list_for_user=lambda _: later.wait(60))
    found = codes(province, 0.5)
    assert (found[0], found[-1]) == ((True, "version"), (False, "check-slow"))
    later.set()


def test_an_organisation_that_is_not_there_is_told_from_one_without_rights() -> None:
    assert (False, "organization-unknown") in codes(Province())
    assert (False, "organization-forbidden") in codes(Province(organization_show={"name": "paser"}))
    able = Province(organization_list_for_user=[{"name": "paser", "id": "1"}])
    assert (True, "organization") in codes(able)


def test_the_right_to_change_is_asked_for_too() -> None:
    def rights(values: dict[str, Any]) -> list[dict[str, str]]:
        return [{"name": "paser", "id": "1"}] if values["permission"] == "create_dataset" else []

    found = codes(Province(organization_list_for_user=rights, organization_show={"name": "paser"}))
    assert (False, "organization-forbidden") in found


def test_required_fields_and_choices_that_the_mapping_misses_are_named() -> None:
    fields = [
        {"field_name": "kode_wilayah", "required": True},
        {"field_name": "theme", "choices": [{"value": "education"}]},
        {"field_name": "sumber", "choices": [{"value": "Paser"}]},
    ]
    found = codes(Province(scheming_dataset_schema_show={"dataset_fields": fields}))
    assert [code for ok, code in found if not ok and code in ("required-unmapped", "choice-unknown")] == [
        "required-unmapped", "choice-unknown",
    ]  # fmt: skip


def test_a_fault_of_ours_is_not_taken_for_one_of_the_target() -> None:
    def broken(values: dict[str, Any]) -> Any:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        codes(Province(organization_list_for_user=broken))
