"""Our datasets on their way up, read by the chunk in the order in which they are wanted."""

from __future__ import annotations

import itertools
from collections import deque
from collections.abc import Callable, Collection, Iterable
from typing import Any

Package = dict[str, Any]
Read = Callable[[Collection[str]], dict[str, Package]]
CHUNK = 100


class Reader:
    """Gives datasets as package_show does; ``read`` fetches many at once, ``ids`` are those that may be wanted, in order."""

    def __init__(self, read: Read, ids: Iterable[str]) -> None:
        self._read, self._left = read, deque(ids)
        self._held: dict[str, Package] = {}

    def take(self, id: str) -> Package:
        """Return a dataset; what was read before it and never taken is dropped with its chunk."""
        if id not in self._held:
            while self._left and self._left[0] != id:
                self._left.popleft()
            chunk = [self._left.popleft() for _ in itertools.repeat(None, min(CHUNK, len(self._left)))]
            self._held = self._read(chunk or [id])
        return self._held.pop(id)

    def again(self, id: str) -> Package:
        """Return a dataset as it is now: it changed since its chunk was read."""
        return self._read([id])[id]
