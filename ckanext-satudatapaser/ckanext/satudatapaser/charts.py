"""Charts as SVG text, made here: no script, the same in print and mail. Pure; labels come translated from the caller."""

from __future__ import annotations

import dataclasses as dc
from collections.abc import Mapping, Sequence
from html import escape

WIDTH, LEFT, GAP = 480, 52, 3
TALL, SHORT, BETWEEN = 120, 48, 38
INK = "#4A5855"
# colour and pattern: two signs, so that nobody has to tell colours apart
SERIES: Mapping[str, tuple[str, str]] = {
    "written": ("#0F6B6B", ""),
    "unchanged": ("#7B8A87", "M0 4h4"),
    "held": ("#B4540A", "M0 4L4 0"),
    "failed": ("#8F1F25", "M2 0v4M0 2h4"),
}


@dc.dataclass(frozen=True, slots=True)
class Bar:
    """One run: what a pointer reads of it, records by series, seconds (None while it runs), and its label on the axis."""

    title: str
    parts: Mapping[str, int]
    seconds: float | None
    label: str = ""


def scale(most: float) -> float:
    """Return a round number that is at least ``most``: 1, 2 or 5 times a power of ten."""
    step = 1.0
    while step * 10 < most:
        step *= 10
    return next(step * factor for factor in (1, 2, 5, 10) if step * factor >= most)


def _patterns() -> str:
    made = "".join(
        f'<pattern id="sd-{name}" width="4" height="4" patternUnits="userSpaceOnUse"><rect width="4" height="4" fill="{colour}"/>'
        f'<path d="{path}" stroke="#fff" stroke-width="1"/></pattern>'
        for name, (colour, path) in SERIES.items()
        if path
    )
    return f"<defs>{made}</defs>"


def fill(series: str) -> str:
    """Return what a series' marks are filled with."""
    colour, pattern = SERIES[series]
    return f"url(#sd-{series})" if pattern else colour


def _axis(top: float, height: float, most: str, caption: str) -> str:
    return (
        f'<text x="0" y="{top - 10:g}" font-size="15" fill="{INK}">{escape(caption)}</text>'
        f'<path d="M{LEFT} {top:g}H{WIDTH}M{LEFT} {top + height:g}H{WIDTH}" stroke="#CFD6D4"/>'
        f'<text x="{LEFT - 6}" y="{top + 5:g}" font-size="15" text-anchor="end" fill="{INK}">{escape(most)}</text>'
        f'<text x="{LEFT - 6}" y="{top + height + 4:g}" font-size="15" text-anchor="end" fill="{INK}">0</text>'
    )


def _column(bar: Bar, x: float, width: float, top: float, most: float) -> str:
    y, marks = top + TALL, []
    for series in SERIES:
        height = bar.parts.get(series, 0) / most * TALL
        if height:
            y -= height
            marks.append(
                f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" fill="{fill(series)}"/>'
            )
    return "".join(marks)


def runs(bars: Sequence[Bar], title: str, captions: tuple[str, str], tops: tuple[str, str]) -> str:
    """Return two charts over one axis: records of each run stacked by series, and below them how long it took.

    ``captions`` of the two; ``tops``: how the round numbers of ``tops_of`` are written. ``title`` is what a screen reader says.
    """
    most, longest = tops_of(bars)
    top, low = 28, 28 + TALL + BETWEEN
    step = (WIDTH - LEFT) / max(len(bars), 8)
    width = min(step - GAP, 40)
    marks = []
    for number, bar in enumerate(bars):
        x = LEFT + number * step + (step - width) / 2
        tall = (bar.seconds or 0) / longest * SHORT
        marks.append(
            f"<g><title>{escape(bar.title)}</title>{_column(bar, x, width, top, most)}"
            f'<rect x="{x:.1f}" y="{low + SHORT - tall:.1f}" width="{width:.1f}" height="{tall:.1f}" fill="#3B5BA5"/></g>'
        )
        if bar.label:
            marks.append(
                f'<text x="{x + width / 2:.1f}" y="{low + SHORT + 18:g}" font-size="15" fill="{INK}" '
                f'text-anchor="{_anchor(number, len(bars))}">{escape(bar.label)}</text>'
            )
    return (
        f'<svg viewBox="0 0 {WIDTH} {low + SHORT + 24}" role="img" aria-label="{escape(title)}" class="sd-chart" '
        f'font-family="inherit">{_patterns()}{_axis(top, TALL, tops[0], captions[0])}{_axis(low, SHORT, tops[1], captions[1])}'
        f"{''.join(marks)}</svg>"
    )


def _anchor(number: int, count: int) -> str:
    if number == 0:
        return "start"
    return "end" if number == count - 1 and count > 8 else "middle"


def tops_of(bars: Sequence[Bar]) -> tuple[float, float]:
    """Return the round numbers at the top of both axes: records, seconds."""
    most = scale(max((sum(bar.parts.values()) for bar in bars), default=1))
    longest = scale(max((bar.seconds or 0 for bar in bars), default=1))
    return most, longest


def swatch(series: str) -> str:
    """Return the mark of a series for a legend in words; only beside a chart, whose patterns it uses."""
    return f'<svg width="14" height="14" aria-hidden="true"><rect width="14" height="14" fill="{fill(series)}"/></svg>'
