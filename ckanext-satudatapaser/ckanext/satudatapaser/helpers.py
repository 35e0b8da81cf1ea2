"""Template helpers: words, numbers and dates in the reader's language, and what pages show beside CKAN's own data."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlencode

from babel import dates, numbers
from ckan import model
from ckan.lib.search import SearchError
from ckan.plugins import toolkit as tk
from ckanext.satudatapaser import finding_words, source_words, target_words
from ckanext.satudatapaser.clock import WITA
from ckanext.satudatapaser.collect import functions
from ckanext.satudatapaser.curation.access import is_walidata
from ckanext.satudatapaser.outputs import page_helpers
from ckanext.satudatapaser.record.contact import persons

Field = Mapping[str, Any]
GROUPS = ("identitas", "standar", "jadwal", "spasial", "keuangan", "akses", "kontak", "kegiatan")
FORM_GROUPS = ("identitas", "standar", "kegiatan", "spasial", "keuangan", "jadwal", "akses", "kontak")
# shown elsewhere on the page, or CKAN's own machinery
ELSEWHERE = frozenset(
    {"title", "name", "notes", "tag_string", "owner_org", "private", "publishing_status", "license_id", "type"}
)


def get_helpers() -> dict[str, Callable[..., Any]]:
    """Return all helpers by name."""
    return functions([sys.modules[__name__], finding_words, source_words, target_words, page_helpers])


def satudata_names_persons(package: Mapping[str, Any]) -> bool:
    """Tell whether a dataset's contact or author is a person, whom only those see who may edit it."""
    return bool(persons(package))


def _locale() -> str:
    return "id" if tk.h.lang() == "id" else "en"


def satudata_number(value: Any) -> str:
    """Return a number as it is written in the reader's language, e.g. 1.234,5; anything else as it is."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return str(value)
    return str(numbers.format_decimal(value, locale=_locale()))


def satudata_day(value: Any) -> str:
    """Return an ISO date or moment (UTC where it names no zone) as a day in Paser: 24 November 2026; "" for nothing."""
    if not value:
        return ""
    text = str(value)
    try:
        day = dt.date.fromisoformat(text) if len(text) == 10 else _moment(text).date()
    except ValueError:
        return text
    return str(dates.format_date(day, "d MMMM y", locale=_locale()))


def satudata_moment(value: Any) -> str:
    """Return a moment as day and time in Paser: 24 November 2026, 14.05 WITA; "" for nothing."""
    if not value:
        return ""
    moment = _moment(str(value))
    return f"{dates.format_date(moment, 'd MMMM y', locale=_locale())}, {moment:%H.%M} WITA"


def _moment(text: str) -> dt.datetime:
    moment = dt.datetime.fromisoformat(text)
    return (moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)).astimezone(WITA)


def satudata_words(value: Any) -> str:
    """Return the reader's language of a text that is given as {"id": …, "en": …}."""
    if isinstance(value, Mapping):
        return str(value.get(_locale()) or value.get("id") or "")
    return str(value or "")


def _fields() -> list[Field]:
    schema = tk.h.scheming_get_dataset_schema("dataset")
    return schema["dataset_fields"] if schema else []


def satudata_choice(name: str, value: Any) -> str:
    """Return the label of a coded value of the dataset field ``name``."""
    field = next((f for f in _fields() if f["field_name"] == name), {})
    found = next((c for c in field.get("choices", []) if c["value"] == value), None)
    return satudata_words(found["label"]) if found else str(value)


def satudata_groups(package: Mapping[str, Any]) -> list[tuple[str, list[tuple[str, str, str]]]]:
    """Return the filled fields of a dataset by group: (group's code, [(field, label, value)]); no empty rows."""
    found: dict[str, list[tuple[str, str, str]]] = {group: [] for group in GROUPS}
    for field in _fields():
        name, value = field["field_name"], package.get(field["field_name"])
        group = field.get("sdi_group", "identitas")
        if name in ELSEWHERE or value in (None, "", []) or group not in found:
            continue
        shown = ", ".join(map(str, value)) if isinstance(value, list) else satudata_choice(name, value)
        if group == "jadwal" or name in ("issued",):
            shown = satudata_day(shown) if len(shown) == 10 else shown
        found[group].append((name, satudata_words(field["label"]), shown))
    return [(group, rows) for group, rows in found.items() if rows]


def satudata_form_groups() -> list[tuple[str, list[Field]]]:
    """Return the fields of the dataset form by group, in the form's order; machinery without a form field left out."""
    shown = [field for field in _fields() if field.get("form_snippet", "text.html") is not None]
    return [
        (group, fields)
        for group in FORM_GROUPS
        if (fields := [field for field in shown if field.get("sdi_group", "identitas") == group])
    ]


def satudata_field_labels() -> dict[str, str]:
    """Return the label of every dataset field by its key."""
    return {field["field_name"]: satudata_words(field["label"]) for field in _fields()}


def satudata_group_title(group: str) -> str:
    """Return the heading of a group of fields."""
    titles = {
        "identitas": tk._("Identity"),
        "standar": tk._("Data standard"),
        "jadwal": tk._("Schedule and period"),
        "spasial": tk._("Area"),
        "keuangan": tk._("Finance"),
        "akses": tk._("Access"),
        "kontak": tk._("Source and contact"),
        "kegiatan": tk._("Statistical activity"),
    }
    return titles.get(group, group)


def satudata_group_facts(group: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return the filled fields of a data producer or topic as (label, value); title and description stand elsewhere."""
    find = tk.h.scheming_get_organization_schema if group["is_organization"] else tk.h.scheming_get_group_schema
    schema = find(group["type"]) or {"fields": []}
    above = ("title", "name", "description", "image_url")
    return [
        (satudata_words(field["label"]), str(group[field["field_name"]]))
        for field in schema["fields"]
        if field["field_name"] not in above and group.get(field["field_name"])
    ]


def satudata_licence(id: str) -> str:
    """Return a licence's title; "" when the dataset states none."""
    licence = model.Package.get_license_register().get(id) if id and id != "notspecified" else None
    return str(licence.title) if licence else ""


def satudata_languages() -> list[dict[str, Any]]:
    """Return the offered languages with the address of this very page in each."""
    names = {"id": "Bahasa Indonesia", "en": "English"}
    here = tk.h.current_url()
    return [
        {"code": code, "name": name, "url": tk.h.url_for(here, locale=code), "current": tk.h.lang() == code}
        for code, name in names.items()
    ]


def satudata_is_walidata() -> bool:
    """Tell whether the reader is one of the walidata or an administrator."""
    user = tk.current_user
    return bool(user.is_authenticated and (user.sysadmin or is_walidata(user.name)))


def satudata_upward(package_id: str) -> list[dict[str, Any]]:
    """Return where a dataset stands at each target, for the walidata; nothing for others."""
    if not satudata_is_walidata():
        return []
    context = {"user": tk.current_user.name, "auth_user_obj": tk.current_user}
    found: list[dict[str, Any]] = tk.get_action("satudata_push_dataset_show")(context, {"id": package_id})
    return found


def satudata_sent_value(value: Any) -> str:
    """Return a value that was sent to a target, in short: of files, topics and keywords their names."""
    if isinstance(value, list):
        return ", ".join(satudata_sent_value(item) for item in value) or "–"
    if isinstance(value, Mapping):
        return str(value.get("name") or value.get("key") or value.get("url") or "–")
    return "–" if value in (None, "") else str(value)


def satudata_home() -> dict[str, Any]:
    """Return what the front page shows: counts, topics, words to try, the newest datasets; {} when search is down."""
    try:
        found = tk.get_action("package_search")(
            {},
            {"rows": 5, "sort": "metadata_modified desc", "facet.field": ["groups", "organization", "tags"],
             "facet.limit": 50},
        )  # fmt: skip
    except (SearchError, tk.ValidationError):
        return {}
    facets = found["search_facets"]
    counts = {item["name"]: item["count"] for item in facets["groups"]["items"]}
    topics = tk.get_action("group_list")({}, {"all_fields": True})
    tags = sorted(facets["tags"]["items"], key=lambda item: -item["count"])
    return {
        "count": found["count"],
        "newest": found["results"],
        "organizations": len(facets["organization"]["items"]),
        "topics": [{**topic, "count": counts.get(topic["name"], 0)} for topic in topics],
        "words": [item["name"] for item in tags if len(item["name"]) > 3][:4],
    }


def satudata_table(resource: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return the part of a file's table that the address asks for (sort, order, page), or None when it has none."""
    if not resource.get("datastore_active"):
        return None
    args, rows = tk.request.args, 50
    page = max(1, int(args.get("page", "1")) if args.get("page", "1").isdigit() else 1)
    try:
        info = tk.get_action("datastore_search")({}, {"resource_id": resource["id"], "limit": 0})
        fields = [field for field in info["fields"] if field["id"] != "_id"]
        sort = args.get("sort") if args.get("sort") in {field["id"] for field in fields} else None
        order = "desc" if args.get("order") == "desc" else "asc"
        query = {"resource_id": resource["id"], "limit": rows, "offset": (page - 1) * rows}
        found = tk.get_action("datastore_search")({}, query | ({"sort": f'"{sort}" {order}'} if sort else {}))
    except (tk.ObjectNotFound, tk.NotAuthorized, tk.ValidationError):
        return None
    return {
        "fields": [{**field, "number": field["type"] in ("int4", "int8", "numeric", "float8")} for field in fields],
        "rows": found["records"],
        "total": found["total"],
        "page": page,
        "pages": max(1, -(-found["total"] // rows)),
        "sort": sort,
        "order": order,
    }


def satudata_cell(value: Any, field: Mapping[str, Any]) -> str:
    """Return a table's cell as text; numbers as the reader's language writes them, but years stay plain."""
    if value is None:
        return ""
    plain = field["id"].lower() in ("tahun", "year", "thn")
    if not field["number"] or plain:
        return str(value)
    number = float(value)
    return satudata_number(int(number) if number.is_integer() else number)


def satudata_address(**changes: Any) -> str:
    """Return this page's address, relative to it (so that its language stays), with some parameters changed or, by None, out."""
    values = {**tk.request.args.to_dict(flat=True), **changes}
    return f"?{urlencode({key: value for key, value in values.items() if value is not None})}"
