"""What to do with records that a complete listing no longer has: wait, then archive; never delete. Pure."""

from __future__ import annotations

import dataclasses as dc
import datetime as dt
from collections.abc import Collection, Mapping
from typing import Any

from ckanext.satudatapaser.intake.identity import Known

ALWAYS_ALLOWED = 5


@dc.dataclass(frozen=True, slots=True)
class Plan:
    """``waiting``: missing, within grace; ``archive``: grace is over; ``stopped``: too many at once, none archived."""

    waiting: tuple[Known, ...] = ()
    archive: tuple[Known, ...] = ()
    stopped: bool = False


def plan(
    known: Mapping[str, Known],
    seen: Collection[str],
    settings: Mapping[str, Any],
    now: dt.datetime,
    confirmed: bool,
    same: int = 0,
) -> Plan:
    """Return what happens to the records in ``known`` (by key) that are not in ``seen`` (keys of a complete listing).

    ``same``: how many more records came back word for word (they are in neither). ``settings``: grace_days, grace_runs,
    vanish_share. When more than five and more than that share are missing, nothing is archived until a person has
    ``confirmed`` it.
    """
    missing = [item for key, item in known.items() if key not in seen and item.package_id and not item.archived]
    alive = same + sum(1 for item in known.values() if item.package_id and not item.archived)
    too_many = len(missing) > max(ALWAYS_ALLOWED, alive * float(settings["vanish_share"]))
    if too_many and not confirmed:
        return Plan(waiting=tuple(missing), stopped=True)
    grace = dt.timedelta(days=int(settings["grace_days"]))
    over = [
        item
        for item in missing
        if confirmed
        or (item.missing_runs + 1 >= int(settings["grace_runs"]) and now - (item.missing_since or now) >= grace)
    ]
    return Plan(tuple(item for item in missing if item not in over), tuple(over))
