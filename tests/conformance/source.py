"""A source on loopback that answers as a kind's protocol wants it and misbehaves as a defect says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import ModuleType
from typing import Any

from ckanext.satudatapaser.net.guard import Policy
from ckanext.satudatapaser.net.http import GuardedSession, Limits
from conformance.neutral import Defect, Listing
from portal import Portal, serve


class Source(Portal):
    """A web server that lists what a defect says; ``show`` decides what."""

    def show(self, spelling: ModuleType, defect: Defect, items: tuple[Any, ...]) -> None:
        """Answer from now on as ``spelling`` says ``items``, with the faults of ``defect``."""
        self.spelling, self.defect = spelling, defect
        self.listing = Listing(items, **defect.listing)

    def answer(self, path: str, query: Mapping[str, str]) -> tuple[int, str, bytes]:
        """Return status, content type and body."""
        body = self.spelling.answer(self.listing, query)
        if self.defect.body:
            body = self.defect.body(body)
        late = self.listing.asked > self.defect.good_answers
        return (self.defect.status if late else 200), self.defect.content_type, body


@contextmanager
def running() -> Iterator[Source]:
    """Serve a source while the block runs."""
    with serve(Source()) as source:
        yield source  # type: ignore[misc] # what serve is given it gives back


def session() -> GuardedSession:
    """Return the real guarded session, with loopback allowed and without pauses."""
    return GuardedSession(Policy.of(["127.0.0.0/8"]), Limits(attempts=1, per_second=0))
