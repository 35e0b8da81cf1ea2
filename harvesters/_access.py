"""What a record says of who may see it, in any spelling. The rule of every kind: what anything closes stays closed."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ckanext.satudatapaser.harvesters._read import get, get_all, text
from ckanext.satudatapaser.record import vocabulary
from ckanext.satudatapaser.record.model import Access

UNSET = frozenset({"", "false", "0", "0.0", "no", "tidak", "none", "null", "n", "f", "public", "publik", "terbuka"})
STRICTEST_FIRST: tuple[Access, ...] = ("tertutup", "terbatas", "terbuka")


def access_of(
    names: Iterable[str], *parts: Mapping[str, Any], flags: Iterable[str] = ("private",)
) -> tuple[Access | None, str]:
    """Return the access class that a record states and the words it uses; (None, "") when it states nothing.

    ``parts``: the record, and whatever else speaks of it. ``names``: keys of a class; of several words the strictest
    counts, and one that nobody knows leaves the class unknown unless another word closes the record. ``flags``: keys of
    flags; any value but false closes the record.
    """
    words = [word for part in parts for value in get_all(part, *names) for word in _words(value)]
    stated = ", ".join(words)
    if any(_is_set(value) for part in parts for value in get_all(part, *flags)):
        return "tertutup", stated or "private"
    return strictest(words), stated


def own_words(settings: Mapping[str, Any]) -> dict[str, Access]:
    """Return what a source's own words about access mean (its setting ``access_words``), by the words as they are compared."""
    return {vocabulary.plain(words): access for words, access in (settings.get("access_words") or {}).items()}


def strictest(words: Iterable[str]) -> Access | None:
    """Return the strictest class among ``words``; None for no words, and for one that nobody knows beside open ones."""
    classes = {vocabulary.access(word) for word in words}
    if None in classes and "tertutup" not in classes:
        return None
    return next((access for access in STRICTEST_FIRST if access in classes), None)


def _words(value: Any) -> Iterator[str]:
    """Yield the words of a stated class; what is no word comes as it is written, so that nobody takes it for unstated."""
    for item in value if isinstance(value, list | tuple) else [value]:
        if isinstance(item, Mapping):
            yield text(get(item, "name", "title", "id", "@id", "prefLabel", "label")) or json.dumps(item)
        elif isinstance(item, str):
            yield from [item.strip()] if item.strip() else []
        elif item is not None:
            yield str(item)


def _is_set(value: Any) -> bool:
    return str(value).strip().lower() not in UNSET
