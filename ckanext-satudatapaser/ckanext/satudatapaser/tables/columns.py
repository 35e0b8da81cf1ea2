"""Which type a column has. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable

WHOLE = re.compile(r"-?(0|[1-9]\d{0,17})")
DECIMAL = re.compile(r"-?(0|[1-9]\d*)(\.\d+)?")
DAY = re.compile(r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])")
CODE = re.compile(r"(?i)^(kode|id|no|nomor|npsn|nik|nip|kd)\b|^(kode|kd|id)_")


def type_of(name: str, values: Iterable[str]) -> str:
    """Return the DataStore type of a column: int8, numeric, date or text. Codes are text, whatever they look like."""
    filled = [value for value in values if value]
    if not filled or CODE.match(name.strip()):
        return "text"
    for pattern, kind in ((WHOLE, "int8"), (DECIMAL, "numeric"), (DAY, "date")):
        if all(pattern.fullmatch(value) for value in filled):
            return kind
    return "text"
