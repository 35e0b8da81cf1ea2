"""What normalising leaves is what the dataset schema takes: whatever a source sends, no validator keeps a record out."""

from __future__ import annotations

import dataclasses as dc
from typing import Any

import pytest
from ckan.plugins import toolkit as tk
from ckanext.satudatapaser.harvesters._settings import COMMON_SETTINGS, parse
from ckanext.satudatapaser.intake import package
from ckanext.satudatapaser.intake.decide import decide, prepare
from ckanext.satudatapaser.record.model import Record
from ckanext.scheming.validation import get_validator_or_converter, validators_from_string
from hypothesis import given, settings
from records import bases, records

pytestmark = [pytest.mark.ckan, pytest.mark.usefixtures("site")]
# these look into the database or at the rest of the dataset; what they ask is not a matter of one value
ELSEWHERE = ("name", "owner_org", "tag_string", "publishing_status", "title", "id_dds")
SETTINGS = parse({"default_access": "terbatas", "review": "auto"}, COMMON_SETTINGS)


def schema() -> dict[str, Any]:
    """Return the validators of the dataset's fields, as scheming makes them."""
    whole = tk.get_action("scheming_dataset_schema_show")({}, {"type": "dataset"})
    checks = {
        field["field_name"]: validators_from_string(field["validators"], field, whole)
        for field in whole["dataset_fields"]
        if field.get("validators") and field["field_name"] not in ELSEWHERE
    }
    tags = ("not_missing", "not_empty", "unicode_safe", "tag_length_validator", "tag_name_validator")
    return {**checks, "tags": {"name": [get_validator_or_converter(name) for name in tags]}}


@settings(max_examples=400)
@given(record=records, base=bases)
def test_the_schema_takes_every_normalised_record(record: Record, base: str) -> None:
    record = dc.replace(record, title=f"Jumlah {record.title}", access=record.access or "terbuka")
    decision = decide(prepare(record, base, SETTINGS), "disdik", SETTINGS, {"disdik": "id"})
    assert decision.outcome is None
    values = package.fields(decision, "id", {})
    given_fields = {name: value for name, value in values.items() if name in schema()}
    _, errors = tk.navl_validate(given_fields, schema(), {"user": "", "ignore_auth": True})
    assert errors == {}
