"""What holds for every record that any kind brings, whatever the defect; the schema's validators ask for the same."""

from __future__ import annotations

import dataclasses as dc
import datetime as dt
import re
import unicodedata
from collections.abc import Iterator
from urllib.parse import urlsplit

from ckanext.satudatapaser.record import vocabulary
from ckanext.satudatapaser.record.model import Record
from ckanext.satudatapaser.record.normalise import normalise

LONGEST = 30_000


def broken(record: Record, base: str) -> Iterator[str]:
    """Yield every law that a prepared record breaks."""
    again = normalise(dc.replace(record, issues=()), base)
    if dc.replace(again, issues=()) != dc.replace(record, issues=()):
        yield "normalising it once more changes it"
    yield from (f"tag {tag!r} is none that CKAN takes" for tag in record.tags if not _tag(tag))
    for url in (record.landing_page, *(resource.url for resource in record.resources)):
        if url and not _address(url):
            yield f"{url!r} is no web address"
    for name, text in _texts(record).items():
        if len(text) > LONGEST:
            yield f"{name} has {len(text)} letters"
        if any(c != "\n" and unicodedata.category(c) in ("Cc", "Cs") for c in text):
            yield f"{name} holds control characters"
        if name != "identifier" and re.search(r"(?i)</?(script|style|iframe|img|a|p|b)\b[^>]*>", text):
            yield f"{name} holds markup"
    yield from _codes(record)


def _codes(record: Record) -> Iterator[str]:
    if record.license_id and record.license_id not in vocabulary.codes("licence"):
        yield f"licence {record.license_id!r} is no code"
    frequency = record.sdi.get("accrualPeriodicity", "")
    if frequency and frequency not in vocabulary.codes("frequency"):
        yield f"frequency {frequency!r} is no code"
    for name in ("issued", "modified"):
        value = getattr(record, name)
        if value and str(dt.date.fromisoformat(value)) != value:
            yield f"{name} {value!r} is no ISO date"


def _texts(record: Record) -> dict[str, str]:
    names = ("title", "notes", "identifier", "publisher", "contact_name", "contact_email", "license_id", "landing_page")
    found = {name: getattr(record, name) for name in names}
    for number, resource in enumerate(record.resources, 1):
        found |= {f"file {number} {name}": str(value) for name, value in dc.asdict(resource).items()}
    found |= {key: value if isinstance(value, str) else " ".join(value) for key, value in record.sdi.items()}
    return found


def _tag(tag: str) -> bool:
    return bool(re.fullmatch(r"[\w \-.]{2,100}", tag)) and "\n" not in tag


def _address(url: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme in ("http", "https") and bool(parts.hostname) and not re.search(r"[\s<>\"\\]", url)
