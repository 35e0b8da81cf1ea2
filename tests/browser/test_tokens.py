"""The colours of the style sheet have the contrast that people need (WCAG 2.2: 4.5 for text, 3 for marks)."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

CSS = (
    Path(__file__).parents[2]
    / "ckanext-satudatapaser"
    / "ckanext"
    / "satudatapaser"
    / "assets"
    / "css"
    / "satudata.css"
)
TOKENS = dict(re.findall(r"--([\w-]+):\s*(#[0-9A-Fa-f]{6})", CSS.read_text()))
PAIRS = [
    ("ink", "#FFFFFF", 4.5), ("ink-2", "#FFFFFF", 4.5), ("ink-2", "surface", 4.5), ("link", "#FFFFFF", 4.5),
    ("link", "surface", 4.5), ("visited", "#FFFFFF", 4.5), ("#FFFFFF", "brand", 4.5), ("#FFFFFF", "brand-dark", 4.5),
    ("accent", "#FFFFFF", 4.5), ("line", "#FFFFFF", 3), ("focus", "ink", 3), ("ok", "ok-bg", 4.5),
    ("warn", "warn-bg", 4.5), ("bad", "bad-bg", 4.5), ("info", "info-bg", 4.5), ("wait", "wait-bg", 4.5),
    ("neutral", "neutral-bg", 4.5),
]  # fmt: skip


def luminance(colour: str) -> float:
    """Return the relative luminance of #RRGGBB as WCAG defines it."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    r, g, b = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def contrast(one: str, two: str) -> float:
    """Return the contrast ratio of two colours."""
    light, dark = sorted((luminance(one), luminance(two)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize(("front", "back", "least"), PAIRS)
def test_contrast(front: str, back: str, least: float) -> None:
    assert contrast(TOKENS.get(front, front), TOKENS.get(back, back)) >= least


def test_the_style_sheet_stays_small() -> None:
    assert CSS.stat().st_size <= 30_000
