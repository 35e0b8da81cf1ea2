"""What a held record's finding is about: the publisher or the word that the source wrote. Pure."""

from __future__ import annotations

import ast
import re

# the engine quotes what the source wrote the way Python does, so that any text can be read back
QUOTED = re.compile(r"(?:Penerbit|Klasifikasi akses) ('.*'|\".*\") (?:belum dipetakan|tidak dikenal)", re.S)
NOTHING = {"organization-unmapped": "(kosong)", "access-unknown": "kosong"}


def cause(code: str, message: str) -> str | None:
    """Return what the source wrote, "" when it wrote nothing, None when the finding is about something else.

    ``code`` and ``message`` are those of a held record's finding, e.g. ``organization-unmapped``.
    """
    found = QUOTED.match(message)
    if code not in NOTHING or not found:
        return None
    written = str(ast.literal_eval(found[1]))
    return "" if written == NOTHING[code] else written
