"""A form with one file, as bytes in pieces (RFC 7578): the file is never held in memory. Pure but for reading the file."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping
from typing import BinaryIO

STEP = 64 * 1024


class Form:
    """``fields``, then ``file`` under the name ``part``; can be sent again, each time from where the file stood at first."""

    def __init__(self, fields: Mapping[str, str], part: str, filename: str, file: BinaryIO) -> None:
        self._file, self._start = file, file.tell()
        mark = secrets.token_hex(16)
        self.content_type = f"multipart/form-data; boundary={mark}"
        heads = [f'--{mark}\r\nContent-Disposition: form-data; name="{_quoted(name)}"\r\n\r\n{value}\r\n'
                 for name, value in fields.items()]  # fmt: skip
        disposition = f'form-data; name="{_quoted(part)}"; filename="{_quoted(filename)}"'
        heads.append(
            f"--{mark}\r\nContent-Disposition: {disposition}\r\nContent-Type: application/octet-stream\r\n\r\n"
        )
        self._head, self._tail = "".join(heads).encode(), f"\r\n--{mark}--\r\n".encode()
        self._size = file.seek(0, 2) - self._start
        self.length = len(self._head) + self._size + len(self._tail)

    def __iter__(self) -> Iterator[bytes]:
        """Yield the whole body, ``length`` bytes whatever becomes of the file meanwhile."""
        yield self._head
        self._file.seek(self._start)
        left = self._size
        while left and (chunk := self._file.read(min(STEP, left))):
            left -= len(chunk)
            yield chunk
        while left:  # cut short since: what was announced is sent, and the next push sends the file as it is then
            left -= (padding := min(STEP, left))
            yield b"\0" * padding
        yield self._tail


def _quoted(text: str) -> str:
    """Return a name as it stands in a header of a part (HTML, multipart/form-data encoding algorithm)."""
    return text.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")
