"""Every error of ours, grouped by what the caller does next.

SatuDataError            carries a stable code and a message for people
├── StopRun              the run ends now and changes nothing more
│   ├── SourceError      the source cannot be read: what was expected, what came
│   └── GuardStop        a guard fired: a person decides how to go on
├── RetryLater           the other side is busy or down: the same request may work later
├── RejectRecord         this record is invalid: the run goes on with the next
└── ConfigError          a setting is wrong: nothing was requested or written

Messages are Indonesian (shown to stewards and administrators), codes are English and never change.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Values = Mapping[str, Any]


class SatuDataError(Exception):
    """A failure with a stable code (``code``), a message for people and, where it helps, what to do next.

    Arguments: ``code`` is lower-case with dashes, e.g. ``source-not-json``; ``message`` says what happened
    and where; ``hint`` says what to do; ``values`` are those in the message that a sentence in another language needs, by
    their names there. None of them may contain a secret.
    """

    def __init__(self, code: str, message: str, hint: str = "", values: Values | None = None) -> None:
        super().__init__(f"{message} {hint}".strip())
        self.code = code
        self.message = message
        self.hint = hint
        self.values: Values = values or {}

    def as_dict(self) -> dict[str, Any]:
        """Return code, message, hint and, where there are any, values, for JSON answers and what is kept."""
        found: dict[str, Any] = {"code": self.code, "message": self.message, "hint": self.hint}
        return found | ({"values": dict(self.values)} if self.values else {})


class StopRun(SatuDataError):
    """The run ends here; nothing more is written."""


class SourceError(StopRun):
    """The source cannot be read or does not answer as its kind must."""


class GuardStop(StopRun):
    """A guard stopped the run before it could do harm; the hint names the way on."""


class RetryLater(SatuDataError):
    """The other side asked to wait or failed in a way that may pass; ``seconds`` is its own wish, if any."""

    def __init__(
        self, code: str, message: str, hint: str = "", seconds: float | None = None, values: Values | None = None
    ) -> None:
        super().__init__(code, message, hint, values)
        self.seconds = seconds

    def as_dict(self) -> dict[str, Any]:
        """Return what every error has, and ``retry_after``: the seconds that the other side asked for, or None."""
        return {**super().as_dict(), "retry_after": self.seconds}


class RejectRecord(SatuDataError):
    """One record is unusable; it gets a row with this message and the run goes on."""


class ConfigError(SatuDataError):
    """A setting is wrong or missing."""
