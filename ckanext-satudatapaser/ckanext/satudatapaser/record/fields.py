"""The SDI fields of a record, by the rules that the schema itself names (schemas/presets.yaml). Pure.

A harvested value that a validator would refuse is repaired, or left out and said: one odd value must not keep a whole
record out of the catalogue.
"""

from __future__ import annotations

import dataclasses as dc
import functools
import importlib.resources
import json
import re
from collections.abc import Callable, Mapping
from typing import Any

import yaml
from ckanext.satudatapaser.record import addresses, areas, vocabulary
from ckanext.satudatapaser.record.dates import iso_date
from ckanext.satudatapaser.record.model import Issue, warning
from ckanext.satudatapaser.record.text import paragraphs

Fields = dict[str, str | tuple[str, ...]]
Box = tuple[float, float, float, float]
YEARS = range(1945, 2101)
GEOMETRIES = ("Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon")
NOTHING = frozenset({"", "-", "null", "none", "nan"})
OWN = frozenset(
    [
        "title",
        "name",
        "notes",
        "tag_string",
        "owner_org",
        "license_id",
        "accessRights",
        "publishing_status",
        "status_review_pembina",
        "issued",
        "source_landing_page",
        "maintainer",
        "maintainer_email",
    ]
)
"""Fields that a record has as parts of its own, or that the engine decides: never taken from the SDI fields."""
CODES = {"accrualPeriodicity": "frequency-unknown", "jenis": "kind-unknown"}


@dc.dataclass(frozen=True, slots=True)
class Rule:
    """What the schema asks of one field: ``check`` is a validator's name with ``arguments``; ``jenis``: only for these."""

    label: str
    check: str = ""
    arguments: tuple[str, ...] = ()
    jenis: tuple[str, ...] = ()


@functools.cache
def rules() -> Mapping[str, Rule]:
    """Return the rule of every field of the dataset schema."""
    place = importlib.resources.files(vocabulary.PLACE)
    presets = yaml.safe_load((place / "presets.yaml").read_text(encoding="utf-8"))["presets"]
    by_name = {preset["preset_name"]: preset["values"] for preset in presets}
    fields = yaml.safe_load((place / "dataset.yaml").read_text(encoding="utf-8"))["dataset_fields"]
    return {field["field_name"]: _rule(by_name[field["preset"]]) for field in fields}


def _rule(values: Mapping[str, Any]) -> Rule:
    label, jenis = values["label"]["id"], tuple(values.get("sdi_jenis", ()))
    for word in values.get("validators", "").split():
        name, _, rest = word.partition("(")
        if name in CHECKS:
            return Rule(label, name, tuple(re.findall(r"[\w-]+", rest)), jenis)
    return Rule(label, jenis=jenis)


def clean_fields(given: Mapping[str, str | tuple[str, ...]]) -> tuple[Fields, list[Issue]]:
    """Return the fields with values that the schema takes, and an issue for each value that was left out.

    Keys that the schema does not have, or that are not the source's to set, are none of its fields.
    """
    kept: Fields = {}
    issues: list[Issue] = []
    for name, value in sorted(given.items(), key=lambda item: item[0] != "jenis"):
        rule, clean, stated = rules().get(name), _plain(value), kept.get("jenis")
        if not clean or not rule or name in OWN:
            continue
        if rule.jenis and stated and stated not in rule.jenis:
            text = f"Isian {rule.label} hanya untuk data {', '.join(rule.jenis)} dan dilewati."
            issues.append(warning("field-not-for-kind", text, name, rule.label))
            continue
        checked = _checked(rule, clean)
        if checked:
            kept[name] = checked
        else:
            issues.append(_unknown(name, rule, clean))
    return _in_order(kept, issues), issues


def _plain(value: str | tuple[str, ...]) -> str | tuple[str, ...]:
    if isinstance(value, str):
        text = paragraphs(value)
        return "" if text.lower() in NOTHING else text
    return tuple(text for item in value if (text := paragraphs(item, 1000)).lower() not in NOTHING)


def _checked(rule: Rule, value: str | tuple[str, ...]) -> str | tuple[str, ...] | None:
    if not rule.check:
        return value
    return CHECKS[rule.check](value if isinstance(value, str) else ", ".join(value), *rule.arguments)


def _unknown(name: str, rule: Rule, value: str | tuple[str, ...]) -> Issue:
    shown = (value if isinstance(value, str) else ", ".join(value))[:60]
    hint = "; contoh yang dikenal: Tahunan, Bulanan" if name == "accrualPeriodicity" else ""
    text = f"{rule.label} {shown!r} tidak dikenal dan dilewati{hint}."
    return warning(CODES.get(name, "value-unknown"), text, name, shown)


def _in_order(kept: Fields, issues: list[Issue]) -> Fields:
    """Leave out the end of a period that lies before its beginning."""
    start, end = kept.get("temporal_start"), kept.get("temporal_end")
    if isinstance(start, str) and isinstance(end, str) and end < start:
        del kept["temporal_end"]
        text = f"Akhir periode {end} mendahului awalnya {start} dan dilewati."
        issues.append(warning("period-reversed", text, "temporal_end", end))
    return kept


def _year(text: str) -> str | None:
    found = re.fullmatch(r"(\d{4})(?:\.0|-\d\d-\d\d.*)?", text, re.ASCII)
    return found[1] if found and int(found[1]) in YEARS else None


def _one_of(text: str, *choices: str) -> str | None:
    plain = re.sub(r"[\s_]+", "-", text.lower())
    return plain if plain in choices else None


def _code(text: str, name: str) -> str | None:
    return vocabulary.canonical(name, text)


def _areas(text: str) -> str | None:
    """Return area codes for codes or names of Paser's areas; None when any is unknown."""
    found = [areas.by_code(part) or areas.by_name(part) for part in text.split(",") if part.strip()]
    return ",".join(dict.fromkeys(area.kemendagri for area in found if area)) if found and all(found) else None


def _extent(text: str) -> str | None:
    """Return a GeoJSON geometry in degrees as it is; None for anything else."""
    try:
        geometry = json.loads(text)
        positions = list(positions_of(geometry["coordinates"]))
        fine = all(-180 <= x <= 180 and -90 <= y <= 90 for x, y in positions)
        return text if geometry["type"] in GEOMETRIES and positions and fine else None
    except (ValueError, TypeError, KeyError, IndexError, RecursionError):
        return None


def positions_of(part: Any) -> Any:
    """Yield longitude and latitude of every position in a GeoJSON geometry's ``coordinates``."""
    if isinstance(part[0], int | float):
        yield float(part[0]), float(part[1])
    else:
        for inner in part:
            yield from positions_of(inner)


def bounds(spatial: str) -> Box | None:
    """Return west, south, east, north of a GeoJSON geometry in degrees; None for anything else."""
    try:
        positions = list(positions_of(json.loads(spatial)["coordinates"]))
    except (ValueError, TypeError, KeyError, IndexError, RecursionError):
        return None
    xs, ys = [x for x, _ in positions], [y for _, y in positions]
    return (min(xs), min(ys), max(xs), max(ys)) if positions else None


def degrees(value: float) -> str:
    """Return a degree as text, to a centimetre, without zeros at its end."""
    text = f"{value:.7f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def mail_address(text: str) -> str | None:
    """Return the first mail address in ``text``, in the form that CKAN's email_validator takes."""
    name, label = r"[a-zA-Z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}", r"[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?"
    found = re.search(rf"(?<![\w.@]){name}@{label}(?:\.{label})+(?![\w@-])", text.removeprefix("mailto:")[:500])
    return found[0] if found else None


CHECKS: dict[str, Callable[..., str | None]] = {
    "satudata_code": _code,
    "satudata_year": _year,
    "satudata_date": iso_date,
    "satudata_one_of": _one_of,
    "satudata_areas": _areas,
    "satudata_extent": _extent,
    "satudata_web_address": addresses.web_address,
    "email_validator": mail_address,
}
