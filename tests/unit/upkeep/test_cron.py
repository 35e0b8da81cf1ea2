"""Schedules are read as the time of day in Paser, and a wrong one is refused with what is wrong."""

from __future__ import annotations

import datetime as dt

import pytest
from ckanext.satudatapaser.errors import ConfigError
from ckanext.satudatapaser.upkeep.cron import next_after

# Tuesday 24 November 2026, 22.30 in Paser
NOW = dt.datetime(2026, 11, 24, 14, 30, tzinfo=dt.UTC)
TABLE = {
    "30 2 * * *": "2026-11-24T18:30",  # half past two at night in Paser is the evening before in UTC
    "31 22 * * *": "2026-11-24T14:31",
    "30 22 * * *": "2026-11-25T14:30",  # this very minute has begun already
    "0 0 * * *": "2026-11-24T16:00",  # midnight in Paser
    "0 7 * * 1": "2026-11-29T23:00",  # Monday morning there, Sunday evening in UTC
    "0 7 * * mon": "2026-11-29T23:00",
    "0 7 * * 0": "2026-11-28T23:00",  # Sunday
    "*/15 * * * *": "2026-11-24T14:45",
    "0 6 1 * *": "2026-11-30T22:00",  # the first of December there
    "0 6 L * *": "2026-11-29T22:00",  # the last day of the month
    "0 8,16 * * 1-5": "2026-11-25T00:00",
    "0 0 29 2 *": "2028-02-28T16:00",
    "  30   2 * * * ": "2026-11-24T18:30",
}


@pytest.mark.parametrize("expression", TABLE)
def test_a_schedule_names_the_next_moment_in_paser(expression: str) -> None:
    found = next_after(expression, NOW)
    assert found is not None
    assert (found.isoformat(timespec="minutes"), found.utcoffset()) == (f"{TABLE[expression]}+00:00", dt.timedelta(0))


@pytest.mark.parametrize("zone", [dt.UTC, dt.timezone(dt.timedelta(hours=-7)), dt.timezone(dt.timedelta(hours=9))])
def test_the_zone_in_which_now_is_given_changes_nothing(zone: dt.timezone) -> None:
    assert next_after("30 2 * * *", NOW.astimezone(zone)) == next_after("30 2 * * *", NOW)


def test_no_schedule_names_no_moment() -> None:
    assert next_after("", NOW) is next_after("  ", NOW) is None


WRONG = {
    "setiap hari": "2 bagian",
    "* * * *": "4 bagian",
    "0 0 2 * * *": "6 bagian",  # with seconds
    "61 * * * *": "menit",
    "0 25 * * *": "jam",
    "0 0 * * 8": "hari",
    "0 0 x * *": "tanggal",
    "0 0 30 2 *": "tanggal",  # never comes
    "0 0 * 13 *": "bulan",
}


@pytest.mark.parametrize("expression", WRONG)
def test_a_wrong_schedule_is_refused_with_what_is_wrong_and_an_example(expression: str) -> None:
    with pytest.raises(ConfigError) as error:
        next_after(expression, NOW)
    assert error.value.code == "schedule-invalid"
    assert WRONG[expression] in error.value.message
    assert "30 2 * * 1" in error.value.hint
