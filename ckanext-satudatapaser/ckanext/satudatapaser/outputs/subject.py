"""What there is a feed of: everything, one data producer, one topic, one tag, or what a search finds."""

from __future__ import annotations

import dataclasses as dc
import datetime as dt
from urllib.parse import quote, urlencode

import sqlalchemy as sa
from ckan import model
from ckanext.satudatapaser import config
from ckanext.satudatapaser.outputs.timeline import About
from ckanext.satudatapaser.record.text import one_line, paragraphs

NEVER = dt.datetime(2019, 6, 12, tzinfo=dt.UTC)
"""The day of Perpres 39/2019, for feeds that never showed anything: readers do not believe 1970."""
NUL = "\0"
"""What no text of the database can hold."""
SEARCHABLE = ("organization", "groups", "tags", "res_format", "license_id", "jenis", "accrualPeriodicity")
"""The filters of the search page that a feed of a search may have."""


@dc.dataclass(frozen=True)
class Subject:
    """What a feed is about.

    ``path`` is the feed's path without the format, ``lasting`` the same by what never changes (the id in place of the name),
    ``query`` what a search asks for, ``page`` the page for people, ``since`` the moment of a feed that has shown nothing.
    """

    title: str
    subtitle: str
    path: str
    lasting: str
    page: str
    about: About
    since: dt.datetime = NEVER
    query: tuple[tuple[str, str], ...] = ()
    is_search: bool = False

    def address(self, format: str, page: int = 1) -> str:
        """Return the address of a page of the feed; ``format`` is "atom" or "rss"."""
        query = [*self.query, *([("page", str(page))] if page > 1 else [])]
        return _address(f"{self.path}.{format}", query)

    def id(self) -> str:
        """Return the feed's identifier, which stays when a data producer or topic is renamed."""
        return _address(f"{self.lasting}.atom", list(self.query))


def _address(path: str, query: list[tuple[str, str]]) -> str:
    return f"{config.site_url()}{path}{'?' if query else ''}{urlencode(query)}"


def everything() -> Subject:
    """Return the feed of all datasets."""
    site = config.site_url()
    title = one_line(config.site_title())
    path = "/feeds/dataset"
    return Subject(title, one_line(config.site_description()), path, path, f"{site}/dataset/", About())


def of_group(name: str, is_organization: bool) -> Subject | None:
    """Return the feed of a data producer or topic, by name or id; None when there is none."""
    if NUL in name:
        return None
    group, kind = model.Group, "organization" if is_organization else "group"
    found = model.Session.scalar(
        sa.select(group)
        .where(sa.or_(group.name == name, group.id == name))
        .where(group.is_organization.is_(is_organization), group.state == model.State.ACTIVE)
    )
    if found is None:
        return None
    return Subject(
        f"{one_line(config.site_title())}: {one_line(found.title or '') or found.name}",
        paragraphs(found.description or "", 500),
        f"/feeds/{kind}/{found.name}",
        f"/feeds/{kind}/{found.id}",
        f"{config.site_url()}/{kind}/{found.name}",
        About(organization=found.id) if is_organization else About(topic=found.id),
        found.created.replace(tzinfo=dt.UTC),
    )


def of_tag(name: str) -> Subject | None:
    """Return the feed of a tag; also of one that nothing has, since a closed dataset may have it."""
    if NUL in name:
        return None
    path = f"/feeds/tag/{quote(name, safe='')}"
    page = f"{config.site_url()}/dataset/?{urlencode({'tags': name})}"
    return Subject(f"{one_line(config.site_title())}: {one_line(name)}", "", path, path, page, About(tag=name))


def of_search(words: str, filters: list[tuple[str, str]]) -> Subject:
    """Return the feed of what a search finds: words, and filters of the search page."""
    query = sorted([*([("q", words)] if words else []), *filters])
    title = ", ".join(one_line(value) for _, value in query)
    page = f"{config.site_url()}/dataset/{'?' if query else ''}{urlencode(query)}"
    name = f"{one_line(config.site_title())}: {title}" if title else one_line(config.site_title())
    return Subject(name, "", "/feeds/custom", "/feeds/custom", page, About(), query=tuple(query), is_search=True)
