"""Schedules and durations as people say them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from ckanext.satudatapaser.source_words import satudata_duration, satudata_runs_sentence, satudata_schedule

pytestmark = pytest.mark.ckan


@pytest.fixture
def indonesian(site_app: Any) -> Iterator[None]:
    """A page in Indonesian."""
    with site_app.flask_app.test_request_context(environ_overrides={"CKAN_LANG": "id"}):
        yield


@pytest.mark.usefixtures("indonesian")
@pytest.mark.parametrize(
    ("cron", "words"),
    [
        ("", "Hanya bila diminta"),
        ("0 2 * * *", "Setiap hari pukul 02.00 WITA"),
        ("30 14 * * 1", "Setiap Senin pukul 14.30 WITA"),
        ("0 2 * * 0", "Setiap Minggu pukul 02.00 WITA"),
        ("0 2 * * 7", "Setiap Minggu pukul 02.00 WITA"),
        ("0 2 * * 1,4", "Setiap Senin, Kamis pukul 02.00 WITA"),
        ("0 2 * * 1-5", "Setiap Senin–Jumat pukul 02.00 WITA"),
        ("0 2 1 * *", "Setiap tanggal 1 pukul 02.00 WITA"),
        ("0 */6 * * *", "Setiap 6 jam"),
        ("*/15 * * * *", "Setiap 15 menit"),
        ("5 * * * *", "Setiap jam"),
        ("@daily", "Setiap hari pukul 00.00 WITA"),
        # what has no short words stays as it is, rather than wrong
        ("0 2 1 * 1", "Menurut cron: 0 2 1 * 1"),
        ("0 2 * 6 *", "Menurut cron: 0 2 * 6 *"),
        ("0 2 * * MON", "Menurut cron: 0 2 * * MON"),
        ("*/15 9-17 * * *", "Menurut cron: */15 9-17 * * *"),
        ("0 2 * * 1-", "Menurut cron: 0 2 * * 1-"),
        ("apa saja", "Menurut cron: apa saja"),
    ],
)
def test_a_schedule_in_words(cron: str, words: str) -> None:
    assert satudata_schedule(cron) == words


@pytest.mark.usefixtures("indonesian")
@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (None, ""),
        (0.2, "< 1 detik"),
        (1, "1 detik"),
        (59.6, "1 menit 0 detik"),
        (200, "3 menit 20 detik"),
        (3900, "1 jam 5 menit"),
    ],
)
def test_a_duration_in_words(seconds: float | None, words: str) -> None:
    assert satudata_duration(seconds) == words


@pytest.mark.usefixtures("indonesian")
def test_the_sentence_under_the_chart_counts_and_names_the_usual_time() -> None:
    def run(state: str, seconds: int | None) -> dict[str, Any]:
        ended = f"2026-11-24T01:00:{seconds:02}+00:00" if seconds is not None else None
        return {"state": state, "started": "2026-11-24T01:00:00+00:00", "finished": ended}

    runs = [run("running", None), run("finished", 10), run("finished", 12), run("failed", 50)]
    words = "2 dari 4 penarikan terakhir selesai. Satu penarikan biasanya 12 detik; yang terlama 50 detik."
    assert satudata_runs_sentence(runs) == words
