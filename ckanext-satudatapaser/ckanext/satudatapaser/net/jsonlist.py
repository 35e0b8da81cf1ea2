"""The items of one long list in a JSON file, a few at a time: a catalogue of 100,000 records does not fit into memory.

A streaming parser from the package index would refuse what real files hold (raw control characters, Windows-1252); the
standard library's scanner takes it, one value at a time.
"""

from __future__ import annotations

import codecs
import io
import json
import re
from collections.abc import Collection, Iterator
from typing import Any, BinaryIO

from ckanext.satudatapaser.net import answers

PIECE = 1 << 20
KEPT = 4 << 20  # bytes of a file whose items are kept from the first reading on
_SPACE = re.compile(r"[ \t\r\n\ufeff]*")
_DECODER = json.JSONDecoder(strict=False)


def charset_of(file: BinaryIO, content_type: str) -> str:
    """Return the character set of a whole file: what its mark says, UTF-8 where that fits, else as ``answers`` decides."""
    file.seek(0)
    start = file.read(PIECE)
    named = json.detect_encoding(start[:4])
    decoder = codecs.getincrementaldecoder(named)()
    try:
        piece = start
        while piece:
            decoder.decode(piece)
            piece = file.read(PIECE)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return answers.declared_charset(content_type) or "cp1252"
    return named


class JsonList:
    """The first list under one of ``names`` in the object that ``file`` holds, or the list that it is.

    ``found``: whether there is one (null counts as an empty one); ``keys``: the object's keys; ``count``: the list's length.
    The whole file is read once when this is made, so that a damaged one is known before its first item is used; raises
    FaultError then. Iterating reads a large one again, and yields lists of at most ``size`` items.
    """

    def __init__(
        self, file: BinaryIO, content_type: str, names: Collection[str], secrets: Collection[str], size: int = 500
    ) -> None:
        self.file, self.names, self.size = file, names, size
        self.charset = charset_of(file, content_type)
        self.keys: list[str] = []
        self.found, self.count = False, 0
        self._kept: list[Any] | None = [] if file.seek(0, io.SEEK_END) <= KEPT else None
        try:
            for item in self._items():
                self.count += 1
                if self._kept is not None:
                    self._kept.append(item)
        except (ValueError, RecursionError):
            # the parser for whole answers finds the same fault, and has the words for it
            file.seek(0)
            answers.parsed(file.read(), content_type, secrets)
            raise  # it did not: then the fault is ours

    def __iter__(self) -> Iterator[list[Any]]:
        batch: list[Any] = []
        kept, self._kept = self._kept, None
        for item in kept if kept is not None else self._items():
            batch.append(item)
            if len(batch) >= self.size:
                yield batch
                batch = []
        if batch:
            yield batch

    def _items(self) -> Iterator[Any]:
        """Yield the items; the whole document is read on the way."""
        self.keys, self.found = [], False
        text = Text(self.file, self.charset)
        if text.next() == "[":
            self.found = True
            yield from text.items()
        elif text.next() == "{":
            for key in text.members():
                self.keys.append(key)
                if key in self.names and not self.found and text.next() == "[":
                    self.found = True
                    yield from text.items()
                elif text.value() is None and key in self.names:
                    self.found = True
        else:
            text.value()
        text.end()


class Text:
    """A place in a JSON text of which a piece is in memory; raises ValueError where the text is no JSON."""

    def __init__(self, file: BinaryIO, charset: str) -> None:
        file.seek(0)
        self.file = file
        self.decoder = codecs.getincrementaldecoder(charset)("replace")
        self.buffer, self.place, self.whole = "", 0, False

    def _more(self) -> None:
        """Read as much again as is held, so that a long value costs its length, not its square."""
        raw = self.file.read(max(PIECE, len(self.buffer) - self.place))
        self.whole = not raw
        self.buffer = self.buffer[self.place :] + self.decoder.decode(raw, final=self.whole)
        self.place = 0

    def next(self) -> str:
        """Return the next character that is no space, "" at the end."""
        while True:
            self.place = _SPACE.match(self.buffer, self.place).end()  # type: ignore[union-attr] # matches always
            if self.place < len(self.buffer):
                return self.buffer[self.place]
            if self.whole:
                return ""
            self._more()

    def take(self, wanted: str) -> None:
        """Go over the one character ``wanted``."""
        if self.next() != wanted:
            raise ValueError(f"expected {wanted}")
        self.place += 1

    def value(self) -> Any:
        """Return the value that stands here."""
        while True:
            self.next()
            try:
                found, end = _DECODER.raw_decode(self.buffer, self.place)
            except json.JSONDecodeError:
                if self.whole:
                    raise
            else:
                # a number at the end of the piece may go on in the next
                if self.whole or (end < len(self.buffer) and self.buffer[end] not in ".eE+-"):
                    self.place = end
                    return found
            self._more()

    def items(self) -> Iterator[Any]:
        """Yield the items of the list that begins here."""
        self.take("[")
        while self.next() != "]":
            yield self.value()
            if self.next() != "]":
                self.take(",")
                if self.next() == "]":
                    raise ValueError("a comma too many")
        self.take("]")

    def members(self) -> Iterator[str]:
        """Yield the keys of the object that begins here; the caller reads the value of each."""
        self.take("{")
        while self.next() != "}":
            if self.next() != '"':
                raise ValueError("a key that is no text")
            key = self.value()
            self.take(":")
            yield key
            if self.next() != "}":
                self.take(",")
                if self.next() == "}":
                    raise ValueError("a comma too many")
        self.take("}")

    def end(self) -> None:
        """Make sure that nothing follows."""
        if self.next():
            raise ValueError("something follows the end")
