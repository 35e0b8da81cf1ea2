"""The chart of runs: heights that equal the numbers, text that cannot break out."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest
from ckanext.satudatapaser.charts import SERIES, SHORT, TALL, Bar, fill, runs, scale, tops_of

SVG = "{http://www.w3.org/2000/svg}"


def drawn(bars: list[Bar], title: str = "Judul") -> ET.Element:
    text = runs(bars, title, ("Catatan", "Detik"), ("100", "20"))
    return ET.fromstring(text.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1))


@pytest.mark.parametrize(
    ("most", "top"), [(0, 1), (1, 1), (1.2, 2), (3, 5), (6, 10), (10, 10), (11, 20), (167, 200), (20000, 20000)]
)
def test_an_axis_ends_at_a_round_number(most: float, top: float) -> None:
    assert scale(most) == top


def test_a_column_is_as_high_as_its_records_and_as_its_seconds() -> None:
    bars = [Bar("satu", {"written": 50, "held": 30}, 10.0), Bar("dua", {}, None)]
    assert tops_of(bars) == (100, 10)
    first, second = drawn(bars).findall(f"{SVG}g")
    heights = {rect.get("fill"): float(rect.get("height", 0)) for rect in first.findall(f"{SVG}rect")}
    assert heights == {fill("written"): TALL / 2, fill("held"): TALL * 0.3, "#3B5BA5": SHORT}
    assert [float(rect.get("height", 1)) for rect in second.findall(f"{SVG}rect")] == [0]


def test_columns_stay_inside_the_picture_however_many_there_are() -> None:
    for count in (1, 7, 8, 20):
        picture = drawn([Bar("x", {"written": 1}, 1, "24 Nov")] * count)
        edge = float(picture.get("viewBox", "").split()[2])
        for rect in picture.iter(f"{SVG}rect"):
            if rect.get("x"):
                assert float(rect.get("x", 0)) + float(rect.get("width", 0)) <= edge


def test_series_differ_by_pattern_as_well_as_by_colour() -> None:
    assert len({colour for colour, _ in SERIES.values()}) == len({pattern for _, pattern in SERIES.values()}) == 4


def test_what_is_written_in_a_chart_cannot_become_markup() -> None:
    evil = '"><script>x</script>'
    picture = drawn([Bar(evil, {"written": 1}, 1, evil)], evil)
    assert picture.get("aria-label") == evil
    assert picture.find(f".//{SVG}script") is None
    assert evil in [title.text for title in picture.iter(f"{SVG}title")]
