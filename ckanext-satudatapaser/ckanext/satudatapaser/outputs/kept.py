"""Documents over the whole catalogue: made as they are sent, kept on disk, and sent from there until the catalogue changes."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from ckanext.satudatapaser import config

BLOCK = 64 * 1024
UNFINISHED = "."
ABANDONED = 6 * 3600
"""Seconds after which an unfinished file belongs to nobody any more."""


def kept(name: str, stamp: str, make: Callable[[], Iterable[bytes]]) -> Iterator[bytes]:
    """Yield the document ``name`` as it is at ``stamp``: the kept one, or the one that ``make`` yields, kept on its way.

    ``name`` is letters, digits, dots and dashes. Memory holds one block. A document that breaks off is not kept; two that
    are made at once don't disturb each other. Without ``ckanext.satudatapaser.cache_dir`` nothing is kept.
    """
    cache = config.cache_dir()
    if cache is None:
        yield from make()
        return
    path = cache / name / stamp
    try:
        file = path.open("rb")
    except FileNotFoundError:
        yield from _keeping(path, make)
        _drop_others(path)
        return
    with file:
        while block := file.read(BLOCK):
            yield block


def _keeping(path: Path, make: Callable[[], Iterable[bytes]]) -> Iterator[bytes]:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, fresh = tempfile.mkstemp(prefix=UNFINISHED, dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            for block in make():
                file.write(block)
                yield block
        Path(fresh).replace(path)
    finally:
        Path(fresh).unlink(missing_ok=True)


def _drop_others(path: Path) -> None:
    """Remove what was kept under other stamps, and what a process that died left unfinished hours ago."""
    for other in path.parent.iterdir():
        with suppress(FileNotFoundError):
            unfinished = other.name.startswith(UNFINISHED)
            if other != path and (not unfinished or time.time() - other.stat().st_mtime > ABANDONED):
                other.unlink()
