"""What feeds have shown: written down before they are made, so that what is gone later can be announced, and nothing else.

A dataset that was never public has no row; of one that is public no more the row says where it stood, and since when it is gone.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from ckan import model
from ckanext.satudatapaser.catalogue.public import rule
from ckanext.satudatapaser.model import Announced
from sqlalchemy.dialects.postgresql import ARRAY, insert

KEPT = dt.timedelta(days=365)
"""For how long a deletion is announced."""


def _topics() -> sa.ColumnElement[Any]:
    """Return the ids of a dataset's topics, in order."""
    member, package = model.Member, model.Package
    ids = (
        sa.select(member.group_id)
        .join(model.Group, model.Group.id == member.group_id)
        .where(
            member.table_name == "package", member.table_id == package.id, member.state == model.State.ACTIVE,
            model.Group.is_organization.is_(False), model.Group.state == model.State.ACTIVE,
        )
        .order_by(member.group_id)
        .correlate(package)
    )  # fmt: skip
    return sa.func.array(ids.scalar_subquery(), type_=ARRAY(sa.UnicodeText))


def bring_up_to_date(now: dt.datetime) -> int:
    """Write down what is public and was not, or stands elsewhere, and what is public no more; return how many rows changed.

    Where nothing changed nothing is written. One process at a time; commits.
    """
    model.Session.execute(sa.select(sa.func.pg_advisory_xact_lock(sa.func.hashtext(Announced.__tablename__))))
    package, known = model.Package, Announced
    public = (
        sa.select(package.id, sa.func.coalesce(package.owner_org, "").label("owner_org"), _topics().label("topics"))
        .where(*rule())
        .subquery()
    )
    other = (
        sa.select(public.c.id, public.c.owner_org, public.c.topics)
        .outerjoin(known, known.package_id == public.c.id)
        .where(
            sa.or_(
                known.package_id.is_(None),
                known.gone.is_not(None),
                known.owner_org != public.c.owner_org,
                known.topics != public.c.topics,
            )
        )
    )
    new = insert(known).from_select(["package_id", "owner_org", "topics"], other)
    values = {"gone": None, "owner_org": new.excluded.owner_org, "topics": new.excluded.topics}
    still = sa.select(package.id).where(package.id == known.package_id, *rule())
    changes = (
        new.on_conflict_do_update(index_elements=["package_id"], set_=values),
        sa.update(known).where(known.gone.is_(None), ~still.exists()).values(gone=now),
        sa.delete(known).where(known.gone < now - KEPT),
    )
    done = sum(
        model.Session.execute(change, execution_options={"synchronize_session": False}).rowcount for change in changes
    )
    model.Session.commit()
    return int(done)
