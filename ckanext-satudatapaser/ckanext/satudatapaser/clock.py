"""The only place that asks what time it is, so that tests can say so instead."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

WITA = ZoneInfo("Asia/Makassar")


def now() -> dt.datetime:
    """Return the present moment in UTC, with its zone."""
    return dt.datetime.now(dt.UTC)


def today() -> dt.date:
    """Return today's date in Paser (Asia/Makassar, UTC+8)."""
    return now().astimezone(WITA).date()
