"""Whom to ask about a dataset, in everything that others read: units, never persons. Pure.

An address at a free mail provider is a person's (record/privacy.py) and is told nowhere, nor is the name beside it; UU 27/2022
on personal data asks for a reason to publish either, and a catalogue has none.
"""

from __future__ import annotations

import dataclasses as dc
from collections.abc import Mapping
from typing import Any

from ckanext.satudatapaser.record.fields import mail_address
from ckanext.satudatapaser.record.privacy import findings, is_personal_mail

ROLES = ("maintainer", "author")


@dc.dataclass(frozen=True, slots=True)
class Contact:
    """A unit that answers questions; ``email`` is "" where it has none that may be told. ``page``: the id of its page, or ""."""

    name: str
    email: str = ""
    page: str = ""


def contact(package: Mapping[str, Any], *others: Contact) -> Contact | None:
    """Return the unit to ask: the dataset's contact, its author, else the first of ``others`` with an address.

    ``others`` are the data producer and, where the document has a place for it, the walidata, which answers for the portal;
    where nobody has an address, the first of them is named without one. A unit that gives only its address is named as the
    data producer.
    """
    first = next(iter(others), None)
    for role in ROLES:
        email = unit_mail(package.get(f"{role}_email"))
        name = unit_name(package.get(role)) or (first.name if first else "")
        if email and name:
            return Contact(name, email, first.page if first else "")
    for other in others:
        if email := unit_mail(other.email):
            return dc.replace(other, email=email)
    return dc.replace(first, email="") if first else None


def persons(package: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the fields of a dataset that name a person: an address that is not a unit's with the name beside it, or a name
    that holds personal data.

    A name without an address is taken for a unit's, which the form asks for.
    """
    hidden = []
    for role in ROLES:
        name, mail = (str(package.get(field) or "").strip() for field in (role, f"{role}_email"))
        personal = mail != unit_mail(mail)
        hidden += [role] if name and (personal or not unit_name(name)) else []
        hidden += [f"{role}_email"] if personal else []
    return tuple(hidden)


def without_persons(package: Mapping[str, Any]) -> dict[str, Any]:
    """Return a dataset whose contact and author are units, or left out: for readers that may not know more."""
    hidden = persons(package)
    return {key: value for key, value in package.items() if key not in hidden}


def unit_name(value: object) -> str:
    """Return the name of a unit; "" for one that holds personal data, such as a mail address or number behind it."""
    text = str(value or "").strip()
    return "" if findings(text) else text


def unit_mail(value: object) -> str:
    """Return a unit's mail address; "" for a person's, for several at once, and for what is none."""
    text = str(value or "").strip()
    found = mail_address(text)
    return found if found and found == text and not is_personal_mail(found) else ""
