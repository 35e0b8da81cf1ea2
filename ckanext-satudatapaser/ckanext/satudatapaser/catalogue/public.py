"""Who is public in what other systems read, and a word that changes whenever any of it does.

The portal's pages show a limited (terbatas) dataset without its files; documents that leave the portal hold open datasets
alone. Asked of PostgreSQL, not of Solr: what is closed is gone with the next question, whatever the index still knows.
"""

from __future__ import annotations

import functools
import hashlib
import importlib.metadata
from collections.abc import Collection, Iterator
from typing import Any

import sqlalchemy as sa
from ckan import model
from ckanext.satudatapaser import config
from ckanext.satudatapaser.catalogue.rows import TYPE, dictized
from ckanext.satudatapaser.record.states import PUBLIC

OPEN = "terbuka"
CHUNK = 500
FILTERS = (f"+dataset_type:{TYPE}", "+capacity:public", f"+accessRights:{OPEN}", f"+publishing_status:{PUBLIC}")
"""``rule`` in the words of the search index, which follows the database some moments later: to find ids, never to show them."""
SNAPSHOT = "select pg_current_snapshot()::text"


def rule() -> tuple[sa.ColumnElement[bool], ...]:
    """Return the conditions on ``package`` that make a dataset public: active, not private, open, published."""
    package, extra = model.Package, model.Package.extras
    return (
        package.type == TYPE,
        package.state == model.State.ACTIVE,
        package.private.is_(False),
        extra["accessRights"].astext == OPEN,
        extra["publishing_status"].astext == PUBLIC,
    )


def datasets() -> Iterator[dict[str, Any]]:
    """Yield the public datasets by id, as ``those`` gives them.

    Some hundred are read at a time and the rule is asked again with each of them; so one that is closed meanwhile is left
    out, and memory does not grow with the catalogue.
    """
    package, last = model.Package, ""
    while True:
        query = sa.select(package.id).where(package.id > last, *rule()).order_by(package.id).limit(CHUNK)
        ids = list(model.Session.scalars(query))
        yield from those(ids)
        if len(ids) < CHUNK:
            return
        last = ids[-1]


def those(ids: Collection[str]) -> list[dict[str, Any]]:
    """Return those of ``ids`` that are public, in that order, with the schema's fields beside CKAN's own (``extras`` is empty).

    Files have their public addresses.
    """
    package = model.Package
    open_now = list(model.Session.scalars(sa.select(package.id).where(package.id.in_(ids), *rule())))
    found = {str(values["id"]): _flat(values) for values in dictized(open_now)}
    return [found[id] for id in ids if id in found]


def _flat(package: dict[str, Any]) -> dict[str, Any]:
    extras = {extra["key"]: extra["value"] for extra in package["extras"]}
    return {**extras, **package, "extras": []}


def stamp() -> str:
    """Return 32 hexadecimal digits that change when anything that belongs to a public dataset was written.

    Every row version carries the transaction that wrote it (xmin); their hashes are summed over the rows that matter. The
    sum is made again only when the database's snapshot moved, which an idle portal's does not. What the settings
    say of the portal and the version of this software count too.
    """
    with model.meta.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        snapshot = str(connection.exec_driver_sql(SNAPSHOT).scalar())
    settings = (
        config.site_url(), config.site_title(), config.site_description(), config.walidata_org(), config.feed_size(),
        config.rdf_page_size(),
    )  # fmt: skip
    return _stamp_at(snapshot, settings)


@functools.lru_cache(maxsize=1)
def _stamp_at(snapshot: str, settings: tuple[object, ...]) -> str:
    """Return the stamp; it is of ``snapshot`` or later, and whatever came later has another snapshot."""
    public = sa.select(model.Package.id).where(*rule()).cte("public")
    package, files, link = model.Package.__table__, model.resource_table, model.package_tag_table
    member, groups = model.member_table, model.group_table
    parts = (
        _hashes(package, 1).where(package.c.id.in_(sa.select(public))),
        _hashes(files, 2).where(files.c.package_id.in_(sa.select(public))),
        _hashes(link, 3).where(link.c.package_id.in_(sa.select(public))),
        _hashes(member, 4).where(member.c.table_id.in_(sa.select(public))),
        _hashes(groups, 5),
    )
    every = sa.union_all(*parts).subquery()
    total = model.Session.scalar(sa.select(sa.func.sum(every.c.hash)))
    around = (total, settings, importlib.metadata.version("ckanext-satudatapaser"))
    return hashlib.sha256(repr(around).encode()).hexdigest()[:32]


def _hashes(table: sa.Table, seed: int) -> sa.Select[Any]:
    """Return one number a row version of ``table``; ``seed`` keeps equal ids of two tables apart."""
    written = sa.cast(sa.literal_column(f'"{table.name}".xmin'), sa.Text)
    return sa.select(sa.cast(sa.func.hashtextextended(table.c.id + "." + written, seed), sa.Numeric).label("hash"))
