"""What RDF is made of: the portal's own words, and the public datasets of a page.

PostgreSQL says which datasets are public at this moment and what they are; the search index is asked only where words,
filters or changes are asked for, and then for ids alone.
"""

from __future__ import annotations

import dataclasses as dc
import functools
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from ckan import model
from ckan.plugins import toolkit as tk
from ckanext.dcat.utils import catalog_uri
from ckanext.satudatapaser import config
from ckanext.satudatapaser.catalogue import public
from ckanext.satudatapaser.outputs.rdf.agents import Agent, Site

Package = dict[str, Any]


@dc.dataclass(frozen=True, slots=True)
class Question:
    """What is asked for: the page, from 1, and what ckanext-dcat lets one ask of CKAN's search."""

    page: int = 1
    q: str = ""
    fq: str = ""
    modified_since: str = ""

    @property
    def plain(self) -> bool:
        """Tell whether this is a page of the whole catalogue."""
        return not (self.q or self.fq or self.modified_since)


@dc.dataclass(frozen=True, slots=True)
class Answer:
    """The datasets of a page, and how many there are on all pages."""

    datasets: list[Package]
    count: int


def url() -> str:
    """Return the portal's address, without a slash at its end."""
    return str(catalog_uri()).rstrip("/")


def site(package: Mapping[str, Any] | None = None) -> Site:
    """Return the portal, its organisations and its topics; with ``package`` only those that a document of it names."""
    group = model.Group
    query = sa.select(group.id, group.name, group.title, group.extras, group.is_organization)
    if package:
        named = [package.get("owner_org") or "", *(topic["id"] for topic in package.get("groups") or [])]
        query = query.where(sa.or_(group.id.in_(named), group.name == config.walidata_org()))
    rows = model.Session.execute(query.where(group.state == model.State.ACTIVE)).all()
    agents = {row.id: _agent(row) for row in rows if row.is_organization}
    topics = {row.id: row.title or row.name for row in rows if not row.is_organization}
    walidata = next((agent for agent in agents.values() if agent.name == config.walidata_org()), None)
    return Site(url(), config.site_title(), config.site_description(), walidata, agents, topics)


def _agent(row: Any) -> Agent:
    extras: Mapping[str, str] = row.extras or {}
    return Agent(row.id, row.name, row.title or "", extras.get("email", ""), extras.get("website", ""))


def last_page() -> int:
    """Return the number of the last page of the whole catalogue."""
    return max(1, -(-_count(public.stamp()) // config.rdf_page_size()))


def search(asked: Question) -> Answer:
    """Return a page of the public datasets, oldest first, so that what is new or changed while somebody reads page after page
    moves nothing to a page that was already read.

    Raises ckan.lib.search.SearchError for a question that Solr cannot read.
    """
    rows = config.rdf_page_size()
    start = rows * (asked.page - 1)
    ids, count = (_page(start, rows), _count(public.stamp())) if asked.plain else _found(asked, start, rows)
    return Answer(public.those(ids), count)


@functools.lru_cache(maxsize=1)
def _count(stamp: str) -> int:
    """Return how many datasets are public; it changes with ``stamp`` only."""
    query = sa.select(sa.func.count()).select_from(model.Package).where(*public.rule())
    return int(model.Session.scalar(query) or 0)


def _page(start: int, rows: int) -> list[str]:
    package = model.Package
    query = sa.select(package.id).where(*public.rule()).order_by(package.metadata_created, package.id)
    return list(model.Session.scalars(query.offset(start).limit(rows)))


def _found(asked: Question, start: int, rows: int) -> tuple[list[str], int]:
    """Return the ids that the search index finds, and how many on all pages."""
    filters = [*public.FILTERS, *([asked.fq] if asked.fq else [])]
    if asked.modified_since:
        filters.append(f"metadata_modified:[{asked.modified_since} TO *]")
    wanted = {"q": asked.q or "*:*", "fq_list": filters, "rows": rows, "start": start, "fl": ["id"]}
    visitor = {"user": "", "auth_user_obj": None}
    found = tk.get_action("package_search")(visitor, {**wanted, "sort": "metadata_created asc, id asc"})
    return [package["id"] for package in found["results"]], int(found["count"])


def dataset(name_or_id: str) -> Package:
    """Return a public dataset; raises tk.ObjectNotFound for every other."""
    package = model.Package.get(name_or_id)
    found = public.those([package.id]) if package else []
    if not found:
        raise tk.ObjectNotFound(tk._("Dataset not found"))
    return found[0]


def is_public(id: str) -> bool:
    """Tell whether a dataset is public at this moment."""
    return bool(model.Session.scalar(sa.select(sa.exists().where(model.Package.id == id, *public.rule()))))
