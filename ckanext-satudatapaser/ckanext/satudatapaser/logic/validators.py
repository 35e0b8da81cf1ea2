"""Validators that scheming's presets name: a wrong value is refused with what was expected, an empty one is fine."""

from __future__ import annotations

import datetime as dt
import json
import sys
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import sqlalchemy as sa
from ckan import authz, model
from ckan.plugins import toolkit as tk
from ckanext.satudatapaser import config
from ckanext.satudatapaser.collect import functions
from ckanext.satudatapaser.record import vocabulary
from ckanext.satudatapaser.record.areas import by_code
from ckanext.satudatapaser.record.fields import GEOMETRIES, YEARS, positions_of
from ckanext.satudatapaser.record.states import STATES

Data = dict[tuple[Any, ...], Any]


def get_validators() -> dict[str, Callable[..., Any]]:
    """Return all validators by name."""
    return functions([sys.modules[__name__]])


def _invalid(message: str) -> tk.Invalid:
    return tk.Invalid(message)


def _empty(value: Any) -> bool:
    return value is tk.missing or value is None or value == ""


def _left_out(data: Data, key: tuple[Any, ...]) -> tk.StopOnError:
    """Take the field out of ``data``; raising what is returned keeps later validators from looking for it."""
    data.pop(key, None)
    return tk.StopOnError()


def satudata_kept_on_update(key: tuple[Any, ...], data: Data, errors: Data, context: Any) -> None:
    """Ask for a value when a dataset is made; an update that does not name the field leaves it as it is, as in CKAN."""
    if not _empty(data.get(key)):
        return
    if not context.get("package"):
        errors[key].append(tk._("Missing value"))
        raise tk.StopOnError
    raise _left_out(data, key)


def satudata_title(key: tuple[Any, ...], data: Data, errors: Data, context: Any) -> None:
    """Take the name for an empty title; an update that names neither leaves the title as it is."""
    if _empty(data.get(key)):
        name, package = data.get((*key[:-1], "name")), context.get("package")
        if _empty(name) and not package:
            raise _left_out(data, key)
        data[key] = package.title or package.name if _empty(name) else name


def satudata_code(name: str) -> Callable[[Any], Any]:
    """Return a validator that turns any known spelling into the code of vocabulary ``name``."""

    def validator(value: Any) -> Any:
        if _empty(value):
            return value
        code = vocabulary.canonical(name, str(value))
        if code is None:
            expected = ", ".join(vocabulary.codes(name))
            raise _invalid(
                tk._("%(value)s is not known here; expected one of: %(expected)s.")
                % {"value": repr(str(value)), "expected": expected}
            )
        return code

    return validator


def satudata_one_of(*choices: str) -> Callable[[Any], Any]:
    """Return a validator that takes one of ``choices`` only."""

    def validator(value: Any) -> Any:
        if _empty(value) or value in choices:
            return value
        raise _invalid(
            tk._("%(value)s is not known here; expected one of: %(expected)s.")
            % {"value": repr(str(value)), "expected": ", ".join(choices)}
        )

    return validator


def satudata_year(value: Any) -> Any:
    """Take a year with four digits, 1945 to 2100."""
    if _empty(value):
        return value
    text = str(value).strip()
    if text.isdigit() and int(text) in YEARS:
        return text
    raise _invalid(tk._("%(value)s is no year; expected four digits, e.g. 2026.") % {"value": repr(text)})


def satudata_date(value: Any) -> Any:
    """Take a day of the calendar as YYYY-MM-DD; a time behind it is dropped."""
    if _empty(value):
        return value
    text = str(value).strip()
    try:
        return dt.date.fromisoformat(text[:10]).isoformat()
    except ValueError as error:
        message = tk._("%(value)s is no date; expected YYYY-MM-DD, e.g. 2026-11-24.")
        raise _invalid(message % {"value": repr(text)}) from error


def satudata_not_before(other: str) -> Callable[..., None]:
    """Return a validator that refuses a day before the one in field ``other``."""

    def validator(key: tuple[Any, ...], data: Data, errors: Data, context: Any) -> None:
        start, end = data.get((*key[:-1], other)), data.get(key)
        if not _empty(start) and not _empty(end) and str(end) < str(start)[:10]:
            errors[key].append(
                tk._("The period ends (%(end)s) before it begins (%(start)s).") % {"end": end, "start": start}
            )

    return validator


def satudata_areas(value: Any) -> Any:
    """Take area codes of Paser (Kemendagri or BPS), as a list or separated by commas; keep Kemendagri's, comma-separated."""
    if _empty(value):
        return value
    codes = value if isinstance(value, list) else str(value).split(",")
    found = {str(code).strip(): by_code(str(code)) for code in codes if str(code).strip()}
    unknown = [code for code, area in found.items() if area is None]
    if unknown:
        message = tk._("No area of Paser has the code %(codes)s; expected e.g. 64.01.04 (Tanah Grogot).")
        raise _invalid(message % {"codes": ", ".join(unknown)})
    return ",".join(dict.fromkeys(area.kemendagri for area in found.values() if area))


def satudata_extent(value: Any) -> Any:
    """Take a GeoJSON geometry whose positions are longitude and latitude (EPSG:4326)."""
    if _empty(value):
        return value
    try:
        geometry = json.loads(value) if isinstance(value, str) else value
        kind, positions = geometry["type"], list(positions_of(geometry["coordinates"]))
    except (ValueError, TypeError, KeyError) as error:
        raise _invalid(tk._("The extent is no GeoJSON geometry with type and coordinates.")) from error
    if kind not in GEOMETRIES or not positions:
        raise _invalid(
            tk._("The extent is no GeoJSON geometry; expected one of: %(expected)s.")
            % {"expected": ", ".join(GEOMETRIES)}
        )
    if any(not (-180 <= x <= 180 and -90 <= y <= 90) for x, y in positions):
        raise _invalid(tk._("The extent has positions outside longitude -180 to 180, latitude -90 to 90."))
    return json.dumps(geometry)


def satudata_web_address(value: Any) -> Any:
    """Take an http or https address."""
    if _empty(value):
        return value
    try:
        parts = urlsplit(str(value).strip())
        fine = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        fine = False
    if not fine:
        raise _invalid(tk._("%(value)s is no web address; expected http:// or https://.") % {"value": repr(str(value))})
    return str(value).strip()


def satudata_only_for(jenis: str) -> Callable[..., None]:
    """Return a validator that refuses a filled field on a dataset whose ``jenis`` is another one."""

    def validator(key: tuple[Any, ...], data: Data, errors: Data, context: Any) -> None:
        stated = data.get((*key[:-1], "jenis"))
        if not _empty(data.get(key)) and not _empty(stated) and stated != jenis:
            message = tk._("This field belongs to datasets of jenis %(jenis)s, not to %(stated)s: leave it empty.")
            errors[key].append(message % {"jenis": jenis, "stated": stated})

    return validator


def _existing(context: Any, data: Data) -> model.Package | None:
    package = context.get("package")
    return package if package is not None else model.Package.get(data.get(("id",)) or "")


def satudata_access(key: tuple[Any, ...], data: Data, errors: Data, context: Any) -> None:
    """Take an access class in any spelling. tertutup makes the dataset private, and leaving the field out opens nothing."""
    value = data.get(key)
    if _empty(value):
        package = _existing(context, data)
        kept = package.extras.get("accessRights") if package else None
        if kept not in ("tertutup", "terbatas"):
            raise _left_out(data, key)
        value = kept
    code = vocabulary.access(str(value))
    if code is None:
        errors[key].append(
            tk._("%(value)s is not known here; expected one of: %(expected)s.")
            % {"value": repr(str(value)), "expected": ", ".join(vocabulary.codes("access"))}
        )
        return
    data[key] = code
    if code == "tertutup":
        data[("private",)] = True


def _restores(context: Any) -> bool:
    return config.restore() and not context.get("package") and authz.is_sysadmin(context.get("user"))


def satudata_publishing_status(key: tuple[Any, ...], data: Data, errors: Data, context: Any) -> None:
    """Keep the state as it is, whoever asks for another: it is changed by our own actions only (they mark the context).

    While a dump is loaded, new datasets keep the state that it says.
    """
    if context.get("satudata_may_set_status") or _restores(context):
        if not _empty(data.get(key)) and data[key] not in STATES:
            errors[key].append(
                tk._("%(value)s is not known here; expected one of: %(expected)s.")
                % {"value": repr(data[key]), "expected": ", ".join(STATES)}
            )
        elif _empty(data.get(key)):
            raise _left_out(data, key)
        return
    package = _existing(context, data)
    kept = package.extras.get("publishing_status") if package else None
    if not kept:
        raise _left_out(data, key)
    data[key] = kept


def satudata_unique_in_organization(key: tuple[Any, ...], data: Data, errors: Data, context: Any) -> None:
    """Refuse an ID Daftar Data that another dataset of the same organisation has."""
    value, owner = data.get(key), data.get(("owner_org",))
    if _empty(value) or _empty(owner):
        return
    package = _existing(context, data)
    query = (
        sa.select(model.Package.name)
        .where(model.Package.state == "active", model.Package.owner_org == owner)
        .where(model.Package.extras[key[-1]].astext == str(value))
        .where(model.Package.id != (package.id if package else ""))
    )
    other = model.Session.scalars(query.limit(1)).first()
    if other:
        errors[key].append(
            tk._("%(value)s is used by another dataset of this organisation: %(other)s.")
            % {"value": repr(str(value)), "other": other}
        )
