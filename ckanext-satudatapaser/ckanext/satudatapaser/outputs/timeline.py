"""What a page of a feed shows: public datasets by their last change, and between them those that were public and are no more."""

from __future__ import annotations

import dataclasses as dc
import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from ckan import model
from ckanext.satudatapaser import config
from ckanext.satudatapaser.catalogue.public import rule
from ckanext.satudatapaser.model import Announced
from ckanext.satudatapaser.outputs.feed import Category, Entry, Gone
from ckanext.satudatapaser.record.text import one_line, paragraphs

SUMMARY = 1000
"""Letters of a description that a feed shows."""
package, known = model.Package, Announced


@dc.dataclass(frozen=True)
class About:
    """Which datasets: all, those of one data producer, topic (both by id) or tag (by name)."""

    organization: str = ""
    topic: str = ""
    tag: str = ""


@dc.dataclass(frozen=True)
class Page:
    """The items of one page, and how many all pages have."""

    items: tuple[Entry | Gone, ...]
    count: int


def address(id: str) -> str:
    """Return the identifier of a dataset in all outputs: an address that never changes."""
    return f"{config.site_url()}/dataset/{id}"


def page(about: About, number: int, size: int, with_gone: bool) -> Page:
    """Return page ``number`` (from 1) of ``size`` items, the last changed first."""
    found = _moments(about, with_gone).subquery()
    count = model.Session.scalar(sa.select(sa.func.count()).select_from(found)) or 0
    ordered = sa.select(found).order_by(found.c.moment.desc(), found.c.id)
    rows = model.Session.execute(ordered.limit(size).offset((number - 1) * size)).all()
    entries = _entries([row.id for row in rows if not row.gone])
    items = (
        Gone(address(row.id), row.moment.replace(tzinfo=dt.UTC)) if row.gone else entries.get(row.id) for row in rows
    )
    return Page(tuple(item for item in items if item), count)


def of(ids: Iterable[str]) -> tuple[Entry, ...]:
    """Return those of the datasets ``ids`` that are public, in that order."""
    wanted = list(ids)
    found = _entries(wanted)
    return tuple(found[id] for id in wanted if id in found)


def _moments(about: About, with_gone: bool) -> Any:
    """Return the query of all items: id, moment (UTC) and whether the dataset is gone."""
    live = sa.select(package.id, package.metadata_modified.label("moment"), sa.false().label("gone")).where(
        *rule(), *_live(about)
    )
    if not with_gone:
        return live
    moment = sa.func.timezone("UTC", known.gone).label("moment")
    gone = sa.select(known.package_id, moment, sa.true()).where(known.gone.is_not(None), *_gone(about))
    return sa.union_all(live, gone)


def _live(about: About) -> Iterable[sa.ColumnElement[bool]]:
    if about.organization:
        yield package.owner_org == about.organization
    if about.topic:
        member = model.Member
        yield sa.exists().where(
            member.table_name == "package", member.table_id == package.id,
            member.group_id == about.topic, member.state == model.State.ACTIVE,
        )  # fmt: skip
    if about.tag:
        link, tag = model.PackageTag, model.Tag
        yield sa.exists().where(
            link.package_id == package.id,
            link.state == model.State.ACTIVE,
            link.tag_id == tag.id,
            tag.name == about.tag,
        )


def _gone(about: About) -> Iterable[sa.ColumnElement[bool]]:
    if about.organization:
        yield known.owner_org == about.organization
    if about.topic:
        yield sa.literal(about.topic) == sa.any_(known.topics)
    if about.tag:  # nobody has written down which tags a dataset had
        yield sa.false()


def _entries(ids: list[str]) -> dict[str, Entry]:
    """Return entries of public datasets by id; the rule is asked again, whoever chose the ids."""
    if not ids:
        return {}
    group = model.Group
    query = (
        sa.select(
            package.id, package.name, package.title, package.notes, package.metadata_created, package.metadata_modified,
            group.title.label("owner"),
        )
        .outerjoin(group, group.id == package.owner_org)
        .where(package.id.in_(ids), *rule())
    )  # fmt: skip
    categories = _categories(ids)
    site = config.site_url()
    return {
        row.id: Entry(
            id=address(row.id),
            title=one_line(row.title or "") or row.name,
            page=f"{site}/dataset/{row.name}",
            data=f"{site}/api/3/action/package_show?id={row.id}",
            updated=row.metadata_modified.replace(tzinfo=dt.UTC),
            published=row.metadata_created.replace(tzinfo=dt.UTC),
            summary=paragraphs(row.notes or "", SUMMARY),
            author=one_line(row.owner or ""),
            categories=tuple(categories[row.id]),
        )
        for row in model.Session.execute(query)
    }


def _categories(ids: list[str]) -> dict[str, list[Category]]:
    member, group, link, tag = model.Member, model.Group, model.PackageTag, model.Tag
    topics = (
        sa.select(member.table_id, group.name, group.title)
        .join(group, group.id == member.group_id)
        .where(
            member.table_name == "package", member.table_id.in_(ids), member.state == model.State.ACTIVE,
            group.is_organization.is_(False), group.state == model.State.ACTIVE,
        )
        .order_by(group.name)
    )  # fmt: skip
    tags = (
        sa.select(link.package_id, tag.name)
        .join(tag, tag.id == link.tag_id)
        .where(link.package_id.in_(ids), link.state == model.State.ACTIVE)
        .order_by(tag.name)
    )
    site = config.site_url()
    found: dict[str, list[Category]] = defaultdict(list)
    for id, name, title in model.Session.execute(topics):
        found[id].append(Category(name, one_line(title or "") or name, f"{site}/group/"))
    for id, name in model.Session.execute(tags):
        found[id].append(Category(one_line(name), one_line(name), f"{site}/dataset/?tags="))
    return found
