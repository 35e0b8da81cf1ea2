"""Areas of Paser: codes of the Ministry of Home Affairs (Kemendagri) and of BPS side by side; they differ below the regency."""

from __future__ import annotations

import csv
import dataclasses as dc
import functools
import importlib.resources
import re

VARIANTS = {"pasirbelengkong": "paserbelengkong"}


@dc.dataclass(frozen=True, slots=True)
class Area:
    """One area. ``bps`` is "" where BPS' list does not have it; ``level``: kabupaten, kecamatan, desa, kelurahan."""

    kemendagri: str
    bps: str
    level: str
    name: str


@functools.cache
def areas() -> tuple[Area, ...]:
    """Return all areas of Paser, the regency first."""
    path = importlib.resources.files("ckanext.satudatapaser.schemas") / "areas" / "paser.csv"
    rows = csv.DictReader(path.read_text(encoding="utf-8").splitlines())
    return tuple(Area(**row) for row in rows)


@functools.cache
def _by_code() -> dict[str, Area]:
    found = {area.kemendagri: area for area in areas()}
    found |= {area.kemendagri.replace(".", ""): area for area in areas()}
    # BPS' seven digits never look like Kemendagri's six or ten, but its ten do: the dotted form decides there
    return {area.bps: area for area in areas() if area.bps} | found


def by_code(code: str) -> Area | None:
    """Return the area of a Kemendagri code (with or without dots) or a BPS code."""
    return _by_code().get(code.strip())


def by_name(name: str, level: str = "kecamatan") -> Area | None:
    """Return the area of that level called ``name``, whatever its capitals and spaces; "Pasir Belengkong" is known too."""
    key = re.sub(r"[^a-z]", "", re.sub(r"(?i)^(kecamatan|kec\.?|desa|kelurahan)\s+", "", name.strip()).lower())
    key = VARIANTS.get(key, key)
    return next((a for a in areas() if a.level == level and re.sub(r"[^a-z]", "", a.name.lower()) == key), None)
