"""Settings to a form and back: what was not touched is not saved, what was typed is not lost."""

from __future__ import annotations

from typing import Any

from ckanext.satudatapaser.views import source_form as sf
from hypothesis import given
from hypothesis import strategies as st


def setting(name: str, type: str = "text", default: Any = "", own: bool = False, **more: Any) -> dict[str, Any]:
    return {
        "name": name,
        "type": type,
        "label": name,
        "help": "",
        "default": default,
        "choices": (),
        "own": own,
        **more,
    }


SETTINGS = [
    setting("rows", "int", 100, own=True), setting("schedule"), setting("keep_fields", "list", ()),
    setting("allow_empty", "bool", False), setting("organization_map", "json", None), setting("api_key", "secret"),
    setting("baru"),
]  # fmt: skip
OPTIONS = {"schedule": [("", "Hanya bila diminta"), ("0 2 * * *", "Setiap hari")]}


def sent(fields: list[dict[str, Any]], **typed: str) -> dict[str, str]:
    """Return what a browser sends of a form that nobody has touched, and what was ``typed``."""
    form: dict[str, str] = {}
    for field in fields:
        if field["type"] == "json":
            for n, (key, value) in enumerate(field["rows"]):
                form |= {f"{field['id']}.{n}.key": key, f"{field['id']}.{n}.value": value}
        elif field["type"] == "bool":
            form |= {field["id"]: "true"} if field["value"] == "true" else {}
        elif "options" in field:
            form |= {f"{field['id']}.choice": field["chosen"]}
            form |= {field["id"]: field["value"] if field["chosen"] == sf.OTHER else ""}
        else:
            form[field["id"]] = field["value"]
    return form | typed


def saved(stored: dict[str, Any], **typed: str) -> dict[str, Any]:
    form = sent(sf.fields(SETTINGS, stored, suggestions=OPTIONS), **typed)
    return sf.to_settings(sf.posted(form, SETTINGS), SETTINGS, stored)


def test_an_untouched_form_of_a_new_source_saves_nothing() -> None:
    assert saved({}) == {}


TEXT = st.text(st.characters(codec="ascii", categories=["L", "N"]), min_size=1)


@given(
    st.fixed_dictionaries(
        {},
        optional={
            "rows": st.integers(1, 99),
            "schedule": st.sampled_from(["0 2 * * *", "5 5 * * 5"]),
            "keep_fields": st.lists(TEXT, min_size=1),
            "allow_empty": st.just(True),
            "organization_map": st.dictionaries(TEXT, TEXT),
            "api_key": TEXT,
            "baru": TEXT,
        },
    )
)
def test_an_untouched_form_changes_nothing(stored: dict[str, Any]) -> None:
    after = {**stored, **saved(stored)}
    assert {key: value if isinstance(value, dict) else sf.text(value) for key, value in after.items()} == {
        key: value if isinstance(value, dict) else sf.text(value) for key, value in stored.items()
    }


def test_going_back_to_the_default_clears_what_was_stored() -> None:
    stored = {"rows": 50, "organization_map": {"A": "a"}, "allow_empty": True}
    typed = {"s.rows": "100", "s.organization_map.0.key": "", "s.organization_map.0.value": ""}
    form = sent(sf.fields(SETTINGS, stored), **typed)
    form.pop("s.allow_empty")
    assert sf.to_settings(sf.posted(form, SETTINGS), SETTINGS, stored) == {
        "rows": "", "organization_map": "", "allow_empty": "",
    }  # fmt: skip


def test_a_secret_is_kept_replaced_or_removed_and_never_shown() -> None:
    [field] = [field for field in sf.fields(SETTINGS, {"api_key": "kunci"}) if field["type"] == "secret"]
    assert (field["value"], field["stored"]) == ("", True)
    assert saved({"api_key": "kunci"}) == {}
    assert saved({"api_key": "kunci"}, **{"s.api_key": "lain"}) == {"api_key": "lain"}
    assert saved({"api_key": "kunci"}, **{"s.api_key.remove": "1"}) == {"api_key": ""}
    [again] = [f for f in sf.fields(SETTINGS, {}, {"api_key": "diketik"}) if f["type"] == "secret"]
    assert again["value"] == ""


def test_a_value_that_is_not_among_the_choices_stays_in_the_field_beside_them() -> None:
    [field] = [
        f for f in sf.fields(SETTINGS, {"schedule": "5 5 * * 5"}, suggestions=OPTIONS) if f["name"] == "schedule"
    ]
    assert (field["chosen"], field["value"]) == (sf.OTHER, "5 5 * * 5")
    chosen = {"s.schedule.choice": "0 2 * * *", "s.schedule": "bekas"}
    assert sf.posted(chosen, SETTINGS)["schedule"] == "0 2 * * *"


def test_rows_filled_by_half_or_twice_are_named() -> None:
    pairs = [("A", ""), ("", "b"), ("C", "c"), ("C", "d"), ("E", "e")]
    form = {
        f"s.organization_map.{n}.{part}": row[i]
        for n, row in enumerate(pairs)
        for i, part in enumerate(("key", "value"))
    }
    assert sf.faults(sf.posted(form, SETTINGS), SETTINGS) == {"organization_map": "A, b, C"}


def test_strange_field_names_are_left_alone() -> None:
    form = {"s.organization_map.x.key": "A", "s.organization_map.99999999999.key": "B", "s.organization_map": "C"}
    assert sf.posted(form, SETTINGS)["organization_map"] == []


def test_every_field_is_in_one_section_those_of_the_kind_first() -> None:
    found = sf.sections(sf.fields(SETTINGS, {}))
    assert [name for name, _ in found] == ["kind", "publishers", "schedule", "access", "advanced", "more"]
    assert sorted(field["name"] for _, fields in found for field in fields) == sorted(s["name"] for s in SETTINGS)
