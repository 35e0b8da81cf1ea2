"""Schedules: the five fields of cron, read as the time of day in Paser (Asia/Makassar, UTC+8, no summer time)."""

from __future__ import annotations

import datetime as dt

from ckanext.satudatapaser.clock import WITA
from ckanext.satudatapaser.errors import ConfigError
from cronsim import CronSim, CronSimError

FIELDS = {"minute": "menit", "hour": "jam", "day-of-month": "tanggal", "month": "bulan", "day-of-week": "hari"}


def next_after(expression: str, moment: dt.datetime) -> dt.datetime | None:
    """Return the first moment (UTC) after ``moment`` that ``expression`` names; None for an empty expression.

    ``moment`` has a zone. Raises ConfigError when the expression is no schedule, or names a day that never comes.
    """
    words = expression.split()
    if not words:
        return None
    if len(words) != len(FIELDS):
        raise _wrong(expression, f"ada {len(words)} bagian")
    try:
        found = next(CronSim(" ".join(words).upper(), moment.astimezone(WITA)), None)
    except CronSimError as error:
        field = str(error).removeprefix("Bad ")
        raise _wrong(expression, f"bagian {FIELDS.get(field, field)} salah") from error
    return found.astimezone(dt.UTC) if found else None


def _wrong(expression: str, why: str) -> ConfigError:
    return ConfigError(
        "schedule-invalid",
        f"Jadwal {expression!r} tidak dapat dibaca: {why}.",
        "Tulis lima bagian: menit jam tanggal bulan hari (0 = Minggu), waktu WITA; misalnya 30 2 * * 1 = Senin pukul 02.30.",
    )
