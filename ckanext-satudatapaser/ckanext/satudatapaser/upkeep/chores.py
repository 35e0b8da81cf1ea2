"""Things done from time to time, and when each was last begun; the moments stand in the database, for all processes."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from ckan import model
from ckanext.satudatapaser.model import Chore
from sqlalchemy.dialects.postgresql import insert

TICK, TABLES, TRIM = "tick", "tables", "trim"


def claim(name: str, every: dt.timedelta, now: dt.datetime) -> bool:
    """Tell whether chore ``name`` was last begun ``every`` ago or longer; if so it counts as begun ``now``.

    Of several processes that ask at once, one is told yes.
    """
    statement = (
        insert(Chore)
        .values(name=name, last=now)
        .on_conflict_do_update(index_elements=["name"], set_={"last": now}, where=Chore.last <= now - every)
        .returning(Chore.name)
    )
    claimed = model.Session.scalar(statement) is not None
    model.Session.commit()
    return claimed


def last(name: str) -> dt.datetime | None:
    """Return when chore ``name`` was last begun."""
    found: dt.datetime | None = model.Session.scalar(sa.select(Chore.last).where(Chore.name == name))
    return found
