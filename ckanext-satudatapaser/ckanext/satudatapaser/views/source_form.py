"""The form of a source, made from what its kind declares: settings to fields, and what was posted back to settings. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

Setting = Mapping[str, Any]
Field = dict[str, Any]
# settings that every kind knows, in the order of work: section -> names
SECTIONS = (
    ("records", ("default_access", "access_words", "default_license", "review")),
    ("publishers", ("organization_map",)),
    ("schedule", ("schedule",)),
    ("access", ("api_key",)),
    (
        "advanced",
        (
            "identity",
            "keep_fields",
            "grace_days",
            "grace_runs",
            "vanish_share",
            "full_days",
            "max_records",
            "allow_empty",
        ),
    ),
)
OTHER = "…"  # the choice that leaves the value to the text field beside it
BLANK_ROWS = 3
REMOVE = "remove"


def text(value: Any) -> str:
    """Return a setting's value as a form shows it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value))
    return str(value)


def posted(form: Mapping[str, str], settings: Iterable[Setting]) -> dict[str, Any]:
    """Return what a form says of each setting: text, or for type ``json`` a list of pairs (blank rows left out)."""
    found: dict[str, Any] = {}
    for setting in settings:
        name = f"s.{setting['name']}"
        if setting["type"] == "json":
            rows = (
                (form.get(f"{name}.{n}.key", "").strip(), form.get(f"{name}.{n}.value", "").strip())
                for n in range(_rows(form, name))
            )
            found[setting["name"]] = [row for row in rows if any(row)]
        elif setting["type"] == "bool":
            found[setting["name"]] = "true" if form.get(name) == "true" else "false"
        elif setting["type"] == "secret":
            found[setting["name"]] = REMOVE if form.get(f"{name}.remove") else form.get(name, "").strip()
        else:
            chosen = form.get(f"{name}.choice", OTHER)
            found[setting["name"]] = form.get(name, "").strip() if chosen == OTHER else chosen
    return found


def _rows(form: Mapping[str, str], name: str) -> int:
    numbers = (key[len(name) + 1 :].split(".")[0] for key in form if key.startswith(f"{name}."))
    return max((int(number) + 1 for number in numbers if number.isdigit() and len(number) < 5), default=0)


def to_settings(given: Mapping[str, Any], settings: Iterable[Setting], stored: Mapping[str, Any]) -> dict[str, Any]:
    """Return the settings to save: what differs from the default or is ``stored`` already.

    Cleared is "" (the default holds again). A secret that was left empty stays as it is.
    """
    values: dict[str, Any] = {}
    for setting in settings:
        name, value = setting["name"], given[setting["name"]]
        if setting["type"] == "secret":
            if value:
                values[name] = "" if value == REMOVE else value
            continue
        if setting["type"] == "json":
            # an empty table is stored by who wants every publisher held; no table means that none is
            value = dict(value) if value or stored.get(name) == {} else ""
        elif value == text(setting["default"]):
            value = ""
        if value != "" or name in stored:
            values[name] = value
    return values


def faults(given: Mapping[str, Any], settings: Iterable[Setting]) -> dict[str, str]:
    """Return the name of each table setting with a row that is filled by half or a key given twice, and which."""
    found = {}
    for setting in settings:
        if setting["type"] == "json":
            rows = given[setting["name"]]
            keys = [key for key, _ in rows]
            wrong = [key or value for key, value in rows if not key or not value or keys.count(key) > 1]
            if wrong:
                found[setting["name"]] = ", ".join(dict.fromkeys(wrong))
    return found


def fields(
    settings: Iterable[Setting],
    stored: Mapping[str, Any],
    given: Mapping[str, Any] | None = None,
    suggestions: Mapping[str, list[tuple[str, str]]] | None = None,
    more_rows: int = 0,
) -> list[Field]:
    """Return the form's fields: each setting with ``id`` and ``value`` (what was typed, else stored, else the default).

    A field with ``suggestions`` has ``options`` and ``chosen``, one of them or ``OTHER``. A table has ``rows`` with blank ones at
    the end. A secret has ``stored`` and never a value.
    """
    found = []
    for setting in settings:
        name = setting["name"]
        value = (given or {}).get(name, stored.get(name))
        field: Field = {**setting, "id": f"s.{name}"}
        if setting["type"] == "secret":
            field |= {"stored": bool(stored.get(name)), "value": ""}
        elif setting["type"] == "json":
            rows = list(value.items()) if isinstance(value, Mapping) else list(value or [])
            field["rows"] = [*rows, *[("", "")] * (BLANK_ROWS + more_rows)]
        else:
            shown = text(value) if value not in (None, "") or given else text(setting["default"])
            field["value"] = shown
            options = (suggestions or {}).get(name)
            if options:
                field["options"] = options
                field["chosen"] = shown if shown in [option[0] for option in options] else OTHER
        found.append(field)
    return found


def sections(found: Iterable[Field]) -> list[tuple[str, list[Field]]]:
    """Return fields by section: first those of the kind alone, then the common ones, unknown common ones last."""
    found = list(found)
    common = {field["name"]: field for field in found if not field["own"]}
    result = [("kind", [field for field in found if field["own"]])]
    for section, names in SECTIONS:
        result.append((section, [common.pop(name) for name in names if name in common]))
    result.append(("more", list(common.values())))
    return [(section, group) for section, group in result if group]
