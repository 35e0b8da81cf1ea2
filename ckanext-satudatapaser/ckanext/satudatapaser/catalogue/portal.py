"""What all documents of the portal share: its address, its name, and the walidata that stands for it."""

from __future__ import annotations

import dataclasses as dc

from ckan import model
from ckanext.satudatapaser import config


@dc.dataclass(frozen=True, slots=True)
class Portal:
    """``url`` is without a slash at its end; ``distributor`` is the walidata's name, ``email`` its unit's address or ""."""

    url: str
    distributor: str
    email: str = ""


def portal() -> Portal:
    """Return the portal as it is configured and as the walidata's organisation describes itself."""
    walidata = model.Group.get(config.walidata_org())
    email = walidata.extras.get("email", "") if walidata else ""
    return Portal(config.site_url(), walidata.title if walidata else config.site_title(), email)
