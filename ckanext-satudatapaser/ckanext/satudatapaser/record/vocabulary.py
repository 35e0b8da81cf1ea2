"""Controlled lists: from the words that sources and people use to the code that we keep.

The lists are data (schemas/vocabularies/*.yaml); words are compared without case, spaces and punctuation at the ends.
"""

from __future__ import annotations

import functools
import importlib.resources
import re
from collections.abc import Mapping

import yaml

PLACE = "ckanext.satudatapaser.schemas"


def plain(text: str) -> str:
    """Return ``text`` as it is compared: lower case, single spaces, no slash or punctuation at the ends."""
    return re.sub(r"\s+", " ", text).strip(" \t.,;:/").lower()


def parse(text: str) -> dict[str, str]:
    """Return word -> code from a vocabulary's YAML; raises ValueError when one word leads to two codes."""
    found: dict[str, str] = {}
    for code, words in yaml.safe_load(text).items():
        for word in [code, *words]:
            if found.setdefault(plain(str(word)), str(code)) != str(code):
                raise ValueError(f"{word!r} leads to {found[plain(str(word))]} and {code}")
    return found


@functools.cache
def words(vocabulary: str) -> Mapping[str, str]:
    """Return word -> code of a vocabulary (frequency, access, format, licence, kind)."""
    path = importlib.resources.files(PLACE) / "vocabularies" / f"{vocabulary}.yaml"
    return parse(path.read_text(encoding="utf-8"))


@functools.cache
def codes(vocabulary: str) -> tuple[str, ...]:
    """Return a vocabulary's codes in their order."""
    return tuple(dict.fromkeys(words(vocabulary).values()))


def canonical(vocabulary: str, text: str) -> str | None:
    """Return the code that ``text`` stands for in ``vocabulary``, or None when nobody knows the word."""
    return words(vocabulary).get(plain(text))


def frequency(text: str) -> str | None:
    """Return the code of an update schedule, e.g. "1 Tahun Sekali" -> TAHUNAN."""
    return canonical("frequency", text)


def access(text: str) -> str | None:
    """Return the access class that ``text`` stands for, e.g. "publik" -> terbuka."""
    return canonical("access", text)


def file_format(text: str) -> str | None:
    """Return the format as we show it, e.g. "xlxs" -> XLSX."""
    return canonical("format", text)


def licence(text: str) -> str | None:
    """Return CKAN's licence id for a licence's name or address."""
    return canonical("licence", re.sub(r"(/deed\.\w+|/legalcode)?/?$", "", text.strip()))


def kind(text: str) -> str | None:
    """Return the kind of data (jenis) that ``text`` stands for."""
    return canonical("kind", text)
