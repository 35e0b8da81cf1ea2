"""Dates as agencies write them, to ISO."""

from __future__ import annotations

import datetime as dt
import re

MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "januari january jan", "februari february feb pebruari", "maret march mar", "april apr", "mei may",
            "juni june jun", "juli july jul", "agustus august agu aug agt", "september sep sept",
            "oktober october okt oct", "november nov nop nopember", "desember december des dec",
        ),
        1,
    )
    for name in names.split()
}  # fmt: skip
ISO = re.compile(
    r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ](\d{1,2}:\d{2}(?::\d{2})?)(?:[.,]\d+)?\s*(Z|[+-]\d{2}:?\d{2})?)?", re.ASCII
)
DAY_FIRST = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})(?:[ ,T]+\d{1,2}[:.]\d{2}.*)?", re.ASCII)
IN_WORDS = re.compile(r"(?:\w+,\s*)?(\d{1,2})[ -]([A-Za-z]+)[ -](\d{4})(?:[ ,]+\d{1,2}[:.]\d{2}.*)?", re.ASCII)
MONTH_FIRST = re.compile(r"(?:\w+,\s*)?([A-Za-z]+) (\d{1,2}),? (\d{4})", re.ASCII)


def _date(year: int, month: int, day: int) -> str | None:
    try:
        return dt.date(year, month, day).isoformat() if 1900 <= year <= 2200 else None
    except ValueError:
        return None


def iso_date(text: str) -> str | None:
    """Return ``text`` as an ISO date, or None when it is no date that we can read without guessing.

    Read are: 2026-11-24 with or without time and zone (the date as written), 2026/11/24, 24/11/2026 and 24-11-2026 (day
    first, as in Indonesia), 24 November 2026, November 24, 2026, 20261124 with or without a time, 2026-11 and 2026
    (their first day), seconds or milliseconds since 1970.
    """
    text = " ".join(text.split())
    if match := ISO.fullmatch(text.replace("/", "-") if re.match(r"\d{4}/", text) else text):
        return _date(int(match[1]), int(match[2]), int(match[3]))
    if match := DAY_FIRST.fullmatch(text):
        return _date(int(match[3]), int(match[2]), int(match[1]))
    if match := IN_WORDS.fullmatch(text):
        return _date(int(match[3]), MONTHS.get(match[2].lower(), 0), int(match[1]))
    if match := MONTH_FIRST.fullmatch(text):
        return _date(int(match[3]), MONTHS.get(match[1].lower(), 0), int(match[2]))
    if match := re.fullmatch(r"(\d{4})(\d{2})(\d{2})(?:\d{4}|\d{6})?", text, re.ASCII):
        return _date(int(match[1]), int(match[2]), int(match[3]))
    if match := re.fullmatch(r"(\d{4})(?:-(\d{1,2}))?", text, re.ASCII):
        return _date(int(match[1]), int(match[2] or 1), 1)
    if match := re.fullmatch(r"(\d{9,10})(?:\d{3})?", text, re.ASCII):
        return dt.datetime.fromtimestamp(int(match[1]), dt.UTC).date().isoformat()
    return None
