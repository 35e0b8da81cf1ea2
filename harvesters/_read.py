"""Reading what sources really write: misspelt keys, lists where text belongs and the other way round."""

from __future__ import annotations

import html
import math
import re
from collections.abc import Mapping
from typing import Any

from ckanext.satudatapaser.errors import RejectRecord
from ckanext.satudatapaser.record.model import Raw

EMPTY: tuple[Any, ...] = (None, "", [], {})
DEEPEST = 5
"""How deep a text may lie in lists and objects."""


def raws(items: list[Any]) -> list[Raw]:
    """Return the records of a listing; what is no object is wrapped, so that the run can say so."""
    return [item if isinstance(item, Mapping) else {"": item} for item in items]


def require_object(raw: Any) -> None:
    """Raise RejectRecord for what ``raws`` had to wrap."""
    if not isinstance(raw, Mapping) or set(raw) == {""}:
        raise RejectRecord("record-not-object", 'Catatan ini bukan objek JSON; yang diharapkan: {"title": …}.')


def decode(body: bytes) -> str:
    """Return the text of an answer: UTF-8, with or without a mark, else what old Windows programs write (cp1252)."""
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError:
        return body.decode("cp1252", "replace")


def key_of(name: str) -> str:
    """Return a key as it is compared: letters only, lower case."""
    return re.sub(r"[^a-z]", "", name.lower())


def get(raw: Mapping[str, Any], *names: str) -> Any:
    """Return the first filled value under one of ``names``, whatever their capitals; None when there is none."""
    by_key = {key_of(str(name)): value for name, value in raw.items() if value not in EMPTY}
    return next((by_key[key_of(name)] for name in names if key_of(name) in by_key), None)


def get_all(raw: Mapping[str, Any], *names: str) -> list[Any]:
    """Return every filled value under one of ``names``, whatever their capitals."""
    wanted = {key_of(name) for name in names}
    return [value for name, value in raw.items() if key_of(str(name)) in wanted and value not in EMPTY]


def text(value: Any) -> str:
    """Return ``value`` as text: the name of an object, the first of a list, "" for nothing and for what is no text."""
    for _ in range(DEEPEST):
        if isinstance(value, Mapping):
            value = get(value, "name", "title", "fn", "id", "@id")
        elif isinstance(value, list | tuple):
            value = value[0] if value else None
        else:
            break
    if value is None or isinstance(value, bool | Mapping | list | tuple):
        return ""
    if isinstance(value, float) and not math.isfinite(value):
        return ""
    return str(value).strip()


def texts(value: Any) -> tuple[str, ...]:
    """Return ``value`` as a list of texts: a text is split at commas and semicolons, but for those of entities."""
    if isinstance(value, str):
        return tuple(part.strip() for part in re.split(r"[,;]", html.unescape(value)) if part.strip())
    if isinstance(value, list | tuple):
        return tuple(part for item in value if (part := text(item)))
    return ()


def mappings(value: Any) -> list[Mapping[str, Any]]:
    """Return the objects in ``value``: of a list, of an object of objects, or the one object itself."""
    if isinstance(value, list):
        return [item for item in value if isinstance(item, Mapping)]
    if isinstance(value, Mapping):
        inner = [item for item in value.values() if isinstance(item, Mapping)]
        return inner if inner and len(inner) == len(value) else [value]
    return []
