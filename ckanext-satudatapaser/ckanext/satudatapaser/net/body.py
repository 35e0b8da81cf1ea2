"""The content of an answer, as it comes, unpacked, never more than the limit."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator

from ckanext.satudatapaser.errors import SourceError
from ckanext.satudatapaser.net.faults import Fault, FaultError, broken_off
from ckanext.satudatapaser.net.limits import Limits, too_big
from urllib3 import BaseHTTPResponse

OFFERED = "gzip"
STEP = 64 * 1024
_GZIP = 16 + zlib.MAX_WBITS
# what sloppy servers write although nothing is packed
_NOT_PACKED = {"", "identity", "none", "binary", "utf-8"}


def content(response: BaseHTTPResponse, limits: Limits) -> Iterator[bytes]:
    """Yield the content of ``response``; raises FaultError when it is too big, packed otherwise than offered, or cut off."""
    codings = [word.strip().lower() for word in response.headers.get("Content-Encoding", "").split(",")]
    codings = [word for word in codings if word not in _NOT_PACKED]
    if codings not in ([], ["gzip"], ["x-gzip"]):
        raise FaultError(_packed(f"memakai Content-Encoding {', '.join(codings)[:60]!r}"))
    if (response.length_remaining or 0) > limits.max_bytes:
        raise FaultError(too_big(limits))  # it says so itself: nothing has to be read
    # urllib3 would unpack too, but cannot tell a packed answer that was cut off from a whole one
    raw = response.stream(STEP, decode_content=False)
    size = 0
    for chunk in gunzip(raw) if codings else raw:
        size += len(chunk)
        if size > limits.max_bytes:
            raise FaultError(too_big(limits))
        yield chunk


def gunzip(raw: Iterable[bytes]) -> Iterator[bytes]:
    """Yield what is packed in ``raw``, at most STEP bytes at a time, so that a bomb is met in small pieces.

    Several members in a row are one content (RFC 1952, 2.2); what follows the last one is ignored, as gzip does. Nothing
    at all is no content. Raises FaultError when ``raw`` is no gzip or ends early.
    """
    member, size, done = zlib.decompressobj(_GZIP), 0, True
    for packed in raw:
        data = packed
        while data:
            if member.eof:
                if not data.startswith(b"\x1f"):
                    return
                member = zlib.decompressobj(_GZIP)
            done = False
            try:
                chunk = member.decompress(data, STEP)
            except zlib.error:
                raise FaultError(_packed("menyebut isinya gzip, padahal rusak atau bukan gzip")) from None
            size += len(chunk)
            data, done = member.unconsumed_tail or member.unused_data, member.eof
            if chunk:
                yield chunk
    if not done:
        raise FaultError(broken_off(size))


def _packed(what: str) -> Fault:
    return Fault(
        SourceError, "source-encoding", f"{what}; yang diharapkan: {OFFERED} atau tanpa kemasan.",
        "Hubungi pengelola sumber.",
    )  # fmt: skip
