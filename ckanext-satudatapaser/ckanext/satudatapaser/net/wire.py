"""Sockets that end on time: each step may take only what is left of the attempt, and bytes are counted.

This is below HTTP and below TLS, so that nothing that a server sends slowly or endlessly gets around it.
"""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from ckanext.satudatapaser.net.limits import Budget


class _OnTime:
    """The steps of a socket that http.client uses, within the budget that is set once a connection stands."""

    budget: Budget | None = None

    @contextmanager
    def _step(self) -> Iterator[None]:
        budget = self.budget
        if budget:
            self.settimeout(budget.patience(budget.limits.read))  # type: ignore[attr-defined] # of the socket it is mixed into
        try:
            yield
        except TimeoutError:
            if budget:
                budget.patience(0)  # says so when it was the whole time that ran out, not the silence
            raise

    def recv_into(self, *args: Any, **kwargs: Any) -> int:
        """Receive, within the budget."""
        with self._step():
            count: int = super().recv_into(*args, **kwargs)  # type: ignore[misc]
        if self.budget:
            self.budget.received(count)
        return count

    def send(self, *args: Any, **kwargs: Any) -> int:
        """Send a part, within the budget."""
        with self._step():
            return super().send(*args, **kwargs)  # type: ignore[misc]

    def sendall(self, *args: Any, **kwargs: Any) -> None:
        """Send all, within the budget."""
        with self._step():
            super().sendall(*args, **kwargs)  # type: ignore[misc]


class TimedSocket(_OnTime, socket.socket):
    """A plain connection."""


class TimedTLS(_OnTime, ssl.SSLSocket):
    """A connection under TLS; made by a context whose ``sslsocket_class`` is this."""
