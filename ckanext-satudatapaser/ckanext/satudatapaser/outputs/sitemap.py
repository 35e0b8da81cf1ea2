"""The sitemap (sitemaps.org): an index, one part for the portal's own pages, and parts of at most 50,000 datasets each."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from itertools import islice
from xml.sax.saxutils import escape

import sqlalchemy as sa
from ckan import model
from ckanext.satudatapaser import config
from ckanext.satudatapaser.catalogue.public import rule

NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
MOST = 50_000
"""Addresses in one part, as the protocol allows; with names of 100 letters a part stays far below its 50 MB."""
LINES = 500
"""Addresses that are sent at a time."""
OWN = ("/", "/dataset/", "/organization/", "/group/", "/about")
package = model.Package
Address = tuple[str, dt.datetime | None]


def index() -> Iterator[bytes]:
    """Yield the index of the sitemap."""
    return _document("sitemapindex", "sitemap", parts())


def part(number: int) -> Iterator[bytes]:
    """Yield the part with datasets ``number``, from 1; the part 0 has the portal's own pages."""
    return _document("urlset", "url", datasets(number) if number else pages())


def has_part(number: int) -> bool:
    """Tell whether there is such a part."""
    return number == 0 or (number - 1) * MOST < _count()


def _document(root: str, child: str, addresses: Iterable[Address]) -> Iterator[bytes]:
    yield f'<?xml version="1.0" encoding="UTF-8"?>\n<{root} xmlns="{NAMESPACE}">\n'.encode()
    lines = (_line(child, address, moment) for address, moment in addresses)
    while block := "".join(islice(lines, LINES)):
        yield block.encode()
    yield f"</{root}>\n".encode()


def _line(child: str, address: str, moment: dt.datetime | None) -> str:
    last = f"<lastmod>{moment:%Y-%m-%dT%H:%M:%SZ}</lastmod>" if moment else ""
    return f"<{child}><loc>{escape(address)}</loc>{last}</{child}>\n"


def parts() -> list[Address]:
    """Return the parts of the sitemap with the last change in each."""
    site = config.site_url()
    newest = model.Session.scalar(sa.select(sa.func.max(package.metadata_modified)).where(*rule()))
    numbers = range(1, -(-_count() // MOST) + 1)
    return [(f"{site}/sitemap-pages.xml", newest), *((f"{site}/sitemap-{n}.xml", _newest(n)) for n in numbers)]


def _count() -> int:
    return model.Session.scalar(sa.select(sa.func.count()).select_from(package).where(*rule())) or 0


def _part(number: int) -> sa.Select[tuple[str, dt.datetime]]:
    query = sa.select(package.name, package.metadata_modified).where(*rule()).order_by(package.id)
    return query.limit(MOST).offset((number - 1) * MOST)


def _newest(number: int) -> dt.datetime | None:
    return model.Session.scalar(sa.select(sa.func.max(_part(number).subquery().c.metadata_modified)))


def datasets(number: int) -> Iterator[Address]:
    """Yield the pages of the datasets of part ``number`` (from 1)."""
    site = config.site_url()
    for name, modified in model.Session.execute(_part(number)):
        yield f"{site}/dataset/{name}", modified


def pages() -> Iterator[Address]:
    """Yield the portal's own pages, then data producers and topics with the last change of their datasets."""
    site, group = config.site_url(), model.Group
    yield from ((f"{site}{path}", None) for path in OWN)
    newest = _newest_by_group()
    query = (
        sa.select(group.id, group.name, group.is_organization)
        .where(group.state == model.State.ACTIVE, group.type.in_(("organization", "group")))
        .order_by(group.is_organization.desc(), group.name)
    )
    for id, name, is_organization in model.Session.execute(query):
        yield f"{site}/{'organization' if is_organization else 'group'}/{name}", newest.get(id)


def _newest_by_group() -> dict[str, dt.datetime]:
    member, newest = model.Member, sa.func.max(package.metadata_modified)
    producers = sa.select(package.owner_org, newest).where(*rule()).group_by(package.owner_org)
    topics = (
        sa.select(member.group_id, newest)
        .join(package, package.id == member.table_id)
        .where(member.table_name == "package", member.state == model.State.ACTIVE, *rule())
        .group_by(member.group_id)
    )
    return {id: moment for query in (topics, producers) for id, moment in model.Session.execute(query) if id}
