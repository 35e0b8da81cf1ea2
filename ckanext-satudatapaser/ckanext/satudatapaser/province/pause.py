"""Targets that are down, or asked for rest: left alone for a while that grows each time, then tried again by the scheduler."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from ckan import model
from ckanext.satudatapaser.errors import GuardStop
from ckanext.satudatapaser.model import PushTarget

DOWN, BUSY = "target-down", "target-busy"
FIRST, LONGEST = dt.timedelta(minutes=1), dt.timedelta(hours=1)


class TargetAway(GuardStop):
    """The target is left alone from here on; ``seconds`` is its own wish, if it said one."""

    def __init__(self, code: str, message: str, seconds: float | None = None) -> None:
        hint = "Data setempat tidak terpengaruh; pengiriman dicoba lagi dengan sendirinya."
        super().__init__(code, message, hint)
        self.seconds = seconds

    def as_dict(self) -> dict[str, Any]:
        """Return what every error has, and ``retry_after``: the seconds that the target asked for, or None."""
        return {**super().as_dict(), "retry_after": self.seconds}


def length(number: int, asked: float | None) -> dt.timedelta:
    """Return how long pause ``number`` (from 1) in a row is: 1, 2, 4 … minutes, at most an hour, or as long as was asked."""
    grown = min(FIRST * 2 ** min(number - 1, 10), LONGEST)
    return max(grown, dt.timedelta(seconds=asked or 0))


def begin(target_id: str, now: dt.datetime, asked: float | None) -> dt.datetime:
    """Pause a target and return until when."""
    number = (model.Session.scalar(sa.select(PushTarget.pauses).where(PushTarget.id == target_id)) or 0) + 1
    until = now + length(number, asked)
    _set(target_id, pauses=number, paused_until=until)
    return until


def end(target_id: str) -> None:
    """Let a target be sent to as usual: it has answered."""
    _set(target_id, pauses=0, paused_until=None)


def _set(target_id: str, **values: Any) -> None:
    model.Session.execute(sa.update(PushTarget).where(PushTarget.id == target_id).values(**values))
    model.Session.commit()


def after(target_id: str, result: Mapping[str, Any], now: dt.datetime, only: str | None) -> dt.datetime | None:
    """Begin or end a target's pause after a push (see satudata_push_run); return until when it is paused.

    A dry run decides nothing. Nor does a push that found another running, or of ``only`` one dataset that failed.
    """
    reason = result.get("reason") or {}
    if result["dry_run"] or reason.get("code") == "already-running" or (only and result["failed"] and not reason):
        return None
    if reason.get("code") in (DOWN, BUSY):
        return begin(target_id, now, reason.get("retry_after"))
    end(target_id)
    return None
