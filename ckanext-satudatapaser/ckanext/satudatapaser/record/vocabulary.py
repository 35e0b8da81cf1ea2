"""Controlled lists: from the words that sources and people use to the code that we keep.

The lists are data (schemas/vocabularies/*.yaml); words are compared without case, spaces and punctuation at the ends.
"""

from __future__ import annotations

import functools
import importlib.resources
import re
from collections.abc import Callable, Iterator, Mapping

import yaml

PLACE = "ckanext.satudatapaser.schemas"
# ISO 8601 durations and repetitions: R/P1Y, P3M, R/P0.5Y, PT24H; R/PT0S (never by itself) stands in the list
INTERVAL = re.compile(r"(?i)(?:R\d*/)?P(T)?(?:(\d+)|(0[.,]5))(?=(?P<unit>[DWMYH]))([DWMYH])")
UNITS = {"d": "hari", "w": "minggu", "m": "bulan", "y": "tahun", "Th": "jam"}
NUMBERS = {
    word: str(number)
    for number, word in enumerate(
        ("satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan", "sepuluh", "sebelas"), 1
    )
}
LICENCE_ADDRESS = re.compile(
    r"https?://(?:www\.)?(?:creativecommons\.org/(?:licenses|publicdomain)|opendefinition\.org/licenses|"
    r"spdx\.org/licenses|opendatacommons\.org/licenses)/([a-z-]*[a-z])(?:[-/.].*)?$"
)
LICENCE_NOISE = re.compile("licen[cs]e|lisensi|international|internasional|unported|generic|indonesia|the|and|dan")


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
    known, forms = words(vocabulary), FORMS.get(vocabulary, _as_it_is)
    return next((code for form in forms(text) if (code := known.get(plain(form)))), None)


def frequency(text: str) -> str | None:
    """Return the code of an update schedule, e.g. "1 Tahun Sekali", "R/P1Y" or "setiap tiga bulan"."""
    return canonical("frequency", text)


def access(text: str) -> str | None:
    """Return the access class that ``text`` stands for, e.g. "publik" -> terbuka."""
    return canonical("access", text)


def file_format(text: str) -> str | None:
    """Return the format as we show it, e.g. of "xlxs", "text/csv; charset=utf-8" or "*.csv"."""
    return canonical("format", text)


@functools.cache
def media_type(form: str) -> str | None:
    """Return the media type of a format as we show it: the first that the list names for it; None for services and the like."""
    path = importlib.resources.files(PLACE) / "vocabularies" / "format.yaml"
    spellings = yaml.safe_load(path.read_text(encoding="utf-8")).get(form, ())
    return next((word for word in spellings if "/" in word), None)


def licence(text: str) -> str | None:
    """Return CKAN's licence id for a licence's name or address, whatever its version and edition."""
    return canonical("licence", text)


def kind(text: str) -> str | None:
    """Return the kind of data (jenis) that ``text`` stands for."""
    return canonical("kind", text)


def _as_it_is(text: str) -> Iterator[str]:
    yield text


def _access_words(text: str) -> Iterator[str]:
    """Yield ``text`` with dashes for underscores: NON_PUBLIC is non-public."""
    yield text.replace("_", "-")


def _format_words(text: str) -> Iterator[str]:
    """Yield ``text`` as it is, then without parameters, brackets, a leading dot, or the list that its address names."""
    word = re.sub(r"[(;].*", "", text, flags=re.DOTALL)
    yield from (text, word, word.strip(" *."), re.sub(r"(?i)^.*/(media-types|file-type)/", "", word))


def _frequency_words(text: str) -> Iterator[str]:
    """Yield ``text`` as it is, then as "12 bulan", the plain form that the list knows for every schedule."""
    yield text
    yield text.rstrip("/").rpartition("/")[2]
    if interval := INTERVAL.fullmatch(text.strip()):
        yield f"{interval[2] or interval[3]} {UNITS[(interval[1] or '') + interval[4].lower()]}"
    words = re.sub(r"[(].*?[)]|-", " ", plain(text))
    words = re.sub(r"\bse(?=(?:hari|minggu|bulan|tahun|semester|triwulan)\b)", "1 ", words)
    words = " ".join(
        NUMBERS.get(word, word) for word in words.split() if word not in ("setiap", "tiap", "per", "sekali", "every")
    )
    yield words
    if re.fullmatch(r"[a-z]+", words):
        yield f"1 {words}"


def _licence_words(text: str) -> Iterator[str]:
    """Yield ``text`` as it is, then the id inside a known address, then the name without version and edition.

    Of an address in the EU's licence list the last part is such a name: CC_BY_4_0.
    """
    yield text
    if address := LICENCE_ADDRESS.match(text.strip().lower()):
        yield address[1]
    text = text.rpartition("/authority/licence/")[2]
    if "/" not in text:
        name = re.sub(r"[(].*?[)]|[-_,]", " ", text.lower())
        name = re.sub(r"\bv?\d(?:\.\d)?\b", " ", name)
        yield " ".join(word for word in name.split() if not LICENCE_NOISE.fullmatch(word))


FORMS: dict[str, Callable[[str], Iterator[str]]] = {
    "access": _access_words, "format": _format_words, "frequency": _frequency_words, "licence": _licence_words,
}  # fmt: skip
"""How a text is read before it is looked up; a list without one is looked up as it is."""
