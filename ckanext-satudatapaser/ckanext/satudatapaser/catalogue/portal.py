"""What all documents of the portal share: its address, its name, and the walidata that stands for it."""

from __future__ import annotations

import dataclasses as dc
from collections.abc import Mapping

import sqlalchemy as sa
from ckan import model
from ckanext.satudatapaser import config
from ckanext.satudatapaser.record.contact import unit_mail


@dc.dataclass(frozen=True, slots=True)
class Portal:
    """``url`` is without a slash at its end; ``distributor`` is the walidata's name, ``email`` its unit's address or "".

    ``mails``: addresses of the data producers that gave one, by their ids; persons' are left out.
    """

    url: str
    distributor: str
    email: str = ""
    mails: Mapping[str, str] = dc.field(default_factory=dict)


def portal() -> Portal:
    """Return the portal as it is configured and as the walidata's organisation describes itself."""
    walidata = model.Group.get(config.walidata_org())
    title = walidata.title if walidata else config.site_title()
    mails = _mails()
    return Portal(config.site_url(), title, mails.get(walidata.id, "") if walidata else "", mails)


def _mails() -> dict[str, str]:
    group = model.Group
    email = group.extras["email"].astext
    query = sa.select(group.id, email).where(group.is_organization, group.state == model.State.ACTIVE, email != "")
    return {id: mail for id, given in model.Session.execute(query) if (mail := unit_mail(given))}
