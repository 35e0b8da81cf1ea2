"""Reading what sources really write: misspelt keys, lists where text belongs and the other way round."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any


def key_of(name: str) -> str:
    """Return a key as it is compared: letters only, lower case."""
    return re.sub(r"[^a-z]", "", name.lower())


def get(raw: Mapping[str, Any], *names: str) -> Any:
    """Return the first filled value under one of ``names``, whatever their capitals; None when there is none."""
    by_key = {key_of(str(name)): value for name, value in raw.items() if value not in (None, "", [], {})}
    return next((by_key[key_of(name)] for name in names if key_of(name) in by_key), None)


def text(value: Any) -> str:
    """Return ``value`` as text: the name of an object, the first of a list, "" for nothing."""
    if value is None or isinstance(value, bool):
        return ""
    if isinstance(value, Mapping):
        return text(get(value, "name", "title", "fn", "id", "@id"))
    if isinstance(value, list | tuple):
        return text(value[0]) if value else ""
    return str(value).strip()


def texts(value: Any) -> tuple[str, ...]:
    """Return ``value`` as a list of texts: a text is split at commas and semicolons."""
    if isinstance(value, str):
        return tuple(part.strip() for part in re.split(r"[,;]", value) if part.strip())
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
