"""One page of a feed as Atom (RFC 4287, with RFC 5005 paging and RFC 6721 deletions) and as RSS 2.0. Pure.

Written with lxml and not with feedgen, by which CKAN makes its own: feedgen 1.0 drops rel and type of an entry's links, always
writes the present moment as that of the feed's last change, and sets the locale of the whole process to write a date of RSS.
"""

from __future__ import annotations

import dataclasses as dc
import datetime as dt
import html
from collections.abc import Mapping
from email.utils import format_datetime
from typing import Any

from lxml import etree

ATOM, RSS = "application/atom+xml", "application/rss+xml"
ATOM_NS, GONE_NS = "http://www.w3.org/2005/Atom", "http://purl.org/atompub/tombstones/1.0"
DC_NS = "http://purl.org/dc/elements/1.1/"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
MINUTES = 60
"""How long a reader of RSS may keep its copy (ttl)."""


@dc.dataclass(frozen=True)
class Category:
    """What a dataset is about: a topic or a tag. ``scheme`` is the address of the list that ``term`` is from."""

    term: str
    label: str
    scheme: str


@dc.dataclass(frozen=True)
class Entry:
    """One dataset. ``id`` never changes; ``page`` is for people, ``data`` for programs; moments have a zone; texts are plain."""

    id: str
    title: str
    page: str
    data: str
    updated: dt.datetime
    published: dt.datetime
    summary: str
    author: str
    categories: tuple[Category, ...] = ()


@dc.dataclass(frozen=True)
class Gone:
    """A dataset that the feed showed and shows no longer: its ``id`` and since when, nothing else."""

    id: str
    when: dt.datetime


@dc.dataclass(frozen=True)
class Feed:
    """One page of a feed.

    ``addresses`` has the address of this page in each format by media type; ``pages`` those of other pages of the same format by
    their relation (first, previous, next, last); ``page`` is the page for people; ``items`` are in the order of the feed.
    """

    id: str
    title: str
    subtitle: str
    page: str
    addresses: Mapping[str, str]
    pages: Mapping[str, str]
    author: str
    site: str
    language: str
    updated: dt.datetime
    items: tuple[Entry | Gone, ...]


def atom(feed: Feed) -> bytes:
    """Return ``feed`` as an Atom document."""
    root = etree.Element(f"{{{ATOM_NS}}}feed", {XML_LANG: feed.language}, nsmap={None: ATOM_NS})
    _add(root, "id", feed.id)
    _add(root, "title", feed.title)
    if feed.subtitle:
        _add(root, "subtitle", feed.subtitle)
    _add(root, "updated", _moment(feed.updated))
    author = _add(root, "author")
    _add(author, "name", feed.author)
    _add(author, "uri", feed.site)
    _link(root, "self", feed.addresses[ATOM], ATOM)
    _link(root, "alternate", feed.page, "text/html")
    _link(root, "alternate", feed.addresses[RSS], RSS)
    for relation, address in feed.pages.items():
        _link(root, relation, address, ATOM)
    for item in feed.items:
        if isinstance(item, Gone):
            # the namespace stands where it is needed only: validators warn of those that they do not know
            values = {"ref": item.id, "when": _moment(item.when)}
            etree.SubElement(root, f"{{{GONE_NS}}}deleted-entry", values, nsmap={"at": GONE_NS})
        else:
            _entry(_add(root, "entry"), item)
    return _bytes(root)


def _entry(place: Any, entry: Entry) -> None:
    _add(place, "id", entry.id)
    _add(place, "title", entry.title)
    _add(place, "updated", _moment(entry.updated))
    _add(place, "published", _moment(entry.published))
    if entry.author:
        _add(_add(place, "author"), "name", entry.author)
    _link(place, "alternate", entry.page, "text/html")
    _link(place, "alternate", entry.data, "application/json")
    if entry.summary:
        _add(place, "summary", entry.summary)
    for item in entry.categories:
        _add(place, "category", None, term=item.term, label=item.label, scheme=item.scheme)


def _add(place: Any, name: str, text: str | None = None, **attributes: str) -> Any:
    node = etree.SubElement(place, f"{{{ATOM_NS}}}{name}", attributes)
    node.text = text
    return node


def _link(place: Any, relation: str, address: str, kind: str) -> None:
    _add(place, "link", None, rel=relation, href=address, type=kind)


def _moment(moment: dt.datetime) -> str:
    """Return a moment as RFC 3339 writes it, in UTC; with its fraction, since entries should not share a moment."""
    return f"{moment.astimezone(dt.UTC):%Y-%m-%dT%H:%M:%S.%fZ}"


def rss(feed: Feed) -> bytes:
    """Return ``feed`` as an RSS document; RSS has no word for deletions, so its ``items`` should be entries only."""
    root = etree.Element("rss", {"version": "2.0"}, nsmap={"atom": ATOM_NS, "dc": DC_NS})
    channel = etree.SubElement(root, "channel")
    _plain(channel, "title", feed.title)
    _plain(channel, "link", feed.page)
    _plain(channel, "description", feed.subtitle or feed.title)
    _plain(channel, "language", feed.language)
    _plain(channel, "lastBuildDate", format_datetime(feed.updated.astimezone(dt.UTC), usegmt=True))
    _plain(channel, "ttl", str(MINUTES))
    _link(channel, "self", feed.addresses[RSS], RSS)
    for relation, address in feed.pages.items():
        _link(channel, relation, address, RSS)
    for item in feed.items:
        if isinstance(item, Entry):
            _item(etree.SubElement(channel, "item"), item)
    return _bytes(root)


def _item(place: Any, entry: Entry) -> None:
    _plain(place, "title", entry.title)
    _plain(place, "link", entry.page)
    if entry.summary:
        # readers take it for HTML
        _plain(place, "description", html.escape(entry.summary, quote=False))
    if entry.author:
        etree.SubElement(place, f"{{{DC_NS}}}creator").text = entry.author
    for item in entry.categories:
        _plain(place, "category", item.label, domain=item.scheme)
    _plain(place, "guid", entry.id, isPermaLink="true")
    _plain(place, "pubDate", format_datetime(entry.updated.astimezone(dt.UTC), usegmt=True))


def _plain(place: Any, name: str, text: str, **attributes: str) -> None:
    etree.SubElement(place, name, attributes).text = text


def _bytes(root: Any) -> bytes:
    return bytes(etree.tostring(root, encoding="UTF-8", xml_declaration=True, pretty_print=True))
