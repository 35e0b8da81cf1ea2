"""Datasets that were never sent: the ledger hears of some of them at a time that they are about to be created."""

from __future__ import annotations

import itertools
from collections import deque
from collections.abc import Iterable

from ckanext.satudatapaser.province import ledger

MOST = 20
"""Rows that are written at once; as many, at most, the next push looks for in vain after this one was killed."""


class Ahead:
    """What a push is about to create at a target; ``ids`` are the datasets without a row, in the order of the push."""

    def __init__(self, target_id: str, ids: Iterable[str]) -> None:
        self._target_id, self._left = target_id, deque(ids)
        self._told: set[str] = set()

    def sends(self, id: str) -> None:
        """Make sure that the ledger knows of a create before anything is sent."""
        if id not in self._told:
            while self._left and self._left[0] != id:
                self._left.popleft()
            told = [self._left.popleft() for _ in itertools.repeat(None, min(MOST, len(self._left)))] or [id]
            ledger.expect(self._target_id, told)
            self._told.update(told)
        self._told.discard(id)

    def close(self) -> None:
        """Take back what the ledger was told of datasets whose turn did not come."""
        if self._told:
            ledger.unexpect(self._target_id, self._told)
