"""How much a request may cost: time, size, pace, patience. Nothing here opens a connection."""

from __future__ import annotations

import collections
import dataclasses as dc
import email.utils
import random
import time

from ckanext.satudatapaser import clock
from ckanext.satudatapaser.errors import SourceError
from ckanext.satudatapaser.net.faults import Fault, FaultError, GiveUp

Server = tuple[str, int]
WEEK = 7 * 24 * 3600.0
FRAMING = 1_000_000
_NOTHING = 0.005  # seconds; clocks and sockets round differently


@dc.dataclass(frozen=True, slots=True)
class Limits:
    """Seconds, bytes and counts that no request exceeds.

    ``connect``: making the connection with its TLS; ``read``: the longest silence; ``total``: one attempt from the first
    look-up to the last byte, redirects included; ``max_bytes``: the answer, after unpacking; ``redirects``;
    ``attempts``: how often a GET is made in all; ``per_second``: requests to one server, 0 for any number;
    ``longest_wait``: a longer wait ends in RetryLater; ``backoff``: the first wait before another attempt, doubled each
    time; ``session``: all requests of a session together, what is read between them included, 0 for no limit;
    ``circuit``: after so many connections in a row that failed, a server is not tried again.
    """

    connect: float = 10
    read: float = 60
    total: float = 300
    max_bytes: int = 200_000_000
    redirects: int = 5
    attempts: int = 3
    per_second: float = 5
    longest_wait: float = 60
    backoff: float = 2
    circuit: int = 3
    session: float = 0


def too_big(limits: Limits) -> Fault:
    """Return the fault of an answer over the size limit."""
    return Fault(
        SourceError, "source-too-big", f"mengirim lebih dari batas {limits.max_bytes / 1_000_000:g} MB.",
        "Bila isinya memang sebesar itu, naikkan ckanext.satudatapaser.http.max_megabytes.",
    )  # fmt: skip


class Budget:
    """What is left of one attempt: seconds, and bytes on the wire.

    A time limit on each read is not enough: a server that sends one byte a second starts it anew each time, in headers
    as in the body. And not all that is read is content: chunk sizes and trailers may be endless too, so bytes are counted
    here with a wide margin, and exactly where the content is read.
    """

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self._last = time.monotonic() + (limits.session or float("inf"))
        self.start()

    def start(self) -> None:
        """Begin an attempt."""
        self._end = time.monotonic() + self.limits.total
        self._bytes = 2 * self.limits.max_bytes + FRAMING
        self.head()

    def head(self) -> None:
        """Begin the head of an answer."""
        self._in_head, self._cut = True, False

    def head_is_whole(self) -> bool:
        """End the head; return whether it came whole. http.client takes a closed connection for the end of the head."""
        self._in_head = False
        return not self._cut

    def patience(self, most: float) -> float:
        """Return how many seconds the next step may take, ``most`` at most; raises FaultError when none are left."""
        self.check()
        left = min(self._end, self._last) - time.monotonic()
        if left <= _NOTHING:
            what = f"belum selesai setelah {self.limits.total:g} detik."
            raise FaultError(Fault(GiveUp, "source-slow", what, "Sumber sangat lambat; coba lagi nanti."))
        return min(most, left)

    def check(self) -> None:
        """Raise FaultError when the session's time is over."""
        if self._last - time.monotonic() <= _NOTHING:
            what = f"belum selesai dibaca setelah {self.limits.session:g} detik."
            raise FaultError(
                Fault(GiveUp, "source-long", what, "Pakai baris perintah untuk sumber yang besar atau lambat.")
            )

    def received(self, count: int) -> None:
        """Count bytes that came, 0 at the end of the connection; raises FaultError when they are too many."""
        self._cut = self._cut or (self._in_head and not count)
        self._bytes -= count
        if self._bytes < 0:
            raise FaultError(too_big(self.limits))


class Pace:
    """At most so many requests a second to one server."""

    def __init__(self, per_second: float) -> None:
        self._gap = 1 / per_second if per_second else 0.0
        self._next: dict[Server, float] = {}

    def wait(self, server: Server) -> None:
        """Sleep until ``server`` may be asked again."""
        now = time.monotonic()
        at = max(now, self._next.get(server, now))
        self._next[server] = at + self._gap
        if at > now:
            time.sleep(at - now)


class Circuit:
    """A server that cannot be connected to is left alone for the rest of the session.

    Without this a listing of a thousand files on a dead server costs a thousand time limits.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._failures: collections.Counter[Server] = collections.Counter()
        self._last: dict[Server, Fault] = {}

    def failed(self, server: Server, fault: Fault) -> None:
        """Note a connection that could not be made."""
        self._failures[server] += 1
        self._last[server] = fault

    def answered(self, server: Server) -> None:
        """Note a connection that was made."""
        self._failures.pop(server, None)

    def check(self, server: Server) -> None:
        """Raise the server's last fault once more when it failed too often in a row."""
        if self._failures[server] >= self._limit:
            last = self._last[server]
            what = f"{last.what} Sudah {self._limit} kali berturut-turut; tidak dicoba lagi sekarang."
            raise FaultError(dc.replace(last, kind=GiveUp, what=what))


def retry_after(value: str | None) -> float | None:
    """Return the seconds that a Retry-After header asks for, in either of its forms (RFC 9110, 10.2.3); a week at most."""
    text = (value or "").strip()
    if text.isascii() and text.isdigit():
        return min(float(text), WEEK)
    try:
        moment = email.utils.parsedate_to_datetime(text)
        return min(max(0.0, (moment - clock.now()).total_seconds()), WEEK)
    except (ValueError, TypeError, OverflowError):  # no date, or one without a zone
        return None


def next_wait(asked: float | None, attempt: int, limits: Limits) -> float | None:
    """Return the seconds to wait after attempt number ``attempt``: what the server asked for, else longer each time.

    Both with some jitter upwards, so that many who were refused together do not come back together. None when there is
    no attempt left, or the server asked for more patience than we have.
    """
    if attempt >= limits.attempts or (asked or 0) > limits.longest_wait:
        return None
    jitter = random.uniform(1, 1.25)  # noqa: S311 - no secret
    if asked is not None:
        return max(asked, limits.backoff / 4) * jitter
    return min(limits.backoff * 2 ** (attempt - 1) * jitter, limits.longest_wait)
