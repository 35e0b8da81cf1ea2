"""What the specifications of Atom, RSS and sitemaps ask for, rule by rule; each function returns what is wrong.

Atom: RFC 4287, its paging RFC 5005, its deletions RFC 6721. RSS: the RSS 2.0 specification, and dc:creator and atom:link as
feed validators want them. Sitemaps: the protocol and schemas of sitemaps.org, version 0.9.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

from lxml import etree

ATOM, GONE = "{http://www.w3.org/2005/Atom}", "{http://purl.org/atompub/tombstones/1.0}"
DC, SITEMAP = "{http://purl.org/dc/elements/1.1/}", "{http://www.sitemaps.org/schemas/sitemap/0.9}"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
RFC3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)")
RFC822 = re.compile(r"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d (?:GMT|[+-]\d{4})")
FEED_ONCE, FEED_MOST_ONCE = ("id", "title", "updated"), ("generator", "icon", "logo", "rights", "subtitle")
ENTRY_ONCE, ENTRY_MOST_ONCE = ("id", "title", "updated"), ("content", "published", "rights", "source", "summary")
MANY = ("author", "category", "contributor", "link")
CHANNEL_ONCE = ("title", "link", "description")
CHANNEL_MOST_ONCE = (
    "language", "copyright", "managingEditor", "webMaster", "pubDate", "lastBuildDate", "docs", "generator", "ttl", "image",
)  # fmt: skip
ITEM_MOST_ONCE = ("title", "link", "description", "author", "comments", "enclosure", "guid", "pubDate", "source")
ADDRESSES, BYTES, LONGEST = 50_000, 52_428_800, 2_048


def parse(document: bytes) -> Any:
    """Return the root; whatever is not well-formed, or has a document type, raises."""
    root = etree.fromstring(document, etree.XMLParser(resolve_entities=False, no_network=True))
    assert not root.getroottree().docinfo.doctype
    return root


def _absolute(address: str | None) -> bool:
    parts = urlsplit(address or "")
    return (parts.scheme in ("http", "https") and bool(parts.netloc)) or parts.scheme in ("tag", "urn")


def _counts(
    place: Any, once: Iterable[str], most_once: Iterable[str], many: Iterable[str], space: str
) -> Iterator[str]:
    found = Counter(node.tag for node in place if isinstance(node.tag, str))
    where = etree.QName(place).localname
    yield from (f"{where} has {found[space + name]} {name}, not 1" for name in once if found[space + name] != 1)
    yield from (f"{where} has more than one {name}" for name in most_once if found[space + name] > 1)
    known = {space + name for name in (*once, *most_once, *many)}
    unknown = [tag for tag in found if tag not in known and (tag.startswith(space) if space else "}" not in tag)]
    yield from (f"{where} has an unknown {tag}" for tag in unknown)


def atom_faults(document: bytes) -> list[str]:
    """Return what is wrong with an Atom feed."""
    return list(_atom(parse(document)))


def _atom(root: Any) -> Iterator[str]:
    entries = root.findall(f"{ATOM}entry")
    if root.tag != f"{ATOM}feed":
        yield f"the root is {root.tag}"
    if not root.get(XML_LANG):
        yield "the feed says no language"
    yield from _counts(root, FEED_ONCE, FEED_MOST_ONCE, (*MANY, "entry"), ATOM)
    if root.find(f"{ATOM}author") is None and any(entry.find(f"{ATOM}author") is None for entry in entries):
        yield "an entry has no author, and the feed has none"
    yield from _constructs(root)
    selves = [link.get("href") for link in root.findall(f"{ATOM}link") if link.get("rel") == "self"]
    if len(selves) != 1:
        yield f"the feed has {len(selves)} links to itself"
    for entry in entries:
        yield from _counts(entry, ENTRY_ONCE, ENTRY_MOST_ONCE, MANY, ATOM)
        yield from _constructs(entry)
        alternates = [link for link in entry.findall(f"{ATOM}link") if link.get("rel", "alternate") == "alternate"]
        if entry.find(f"{ATOM}content") is None and not alternates:
            yield "an entry has neither content nor an alternate link"
    ids = Counter(entry.findtext(f"{ATOM}id") for entry in entries)
    yield from (f"the id {id} is there {number} times" for id, number in ids.items() if number > 1)
    yield from _deletions(root, set(ids))


def _constructs(place: Any) -> Iterator[str]:
    """Check what feeds and entries share."""
    for person in (*place.findall(f"{ATOM}author"), *place.findall(f"{ATOM}contributor")):
        yield from _counts(person, ("name",), ("uri", "email"), (), ATOM)
        if not (person.findtext(f"{ATOM}name") or "").strip():
            yield "a person has no name"
    moments = (*place.findall(f"{ATOM}updated"), *place.findall(f"{ATOM}published"))
    yield from (f"no moment: {node.text}" for node in moments if not RFC3339.fullmatch(node.text or ""))
    yield from ("a category has no term" for node in place.findall(f"{ATOM}category") if not node.get("term"))
    if not _absolute(place.findtext(f"{ATOM}id")):
        yield f"an id is no absolute IRI: {place.findtext(f'{ATOM}id')}"
    yield from _texts(place)
    yield from _links(place.findall(f"{ATOM}link"))


def _texts(place: Any) -> Iterator[str]:
    for name in ("title", "subtitle", "summary", "rights"):
        for node in place.findall(ATOM + name):
            if node.get("type", "text") not in ("text", "html", "xhtml") or len(node):
                yield f"{name} is no text"
    if not (place.findtext(f"{ATOM}title") or "").strip():
        yield "a title is empty"


def _links(links: list[Any]) -> Iterator[str]:
    yield from (f"a link is not absolute: {link.get('href')}" for link in links if not _absolute(link.get("href")))
    relations = [link.get("rel", "alternate") for link in links]
    kinds = Counter(
        (link.get("type"), link.get("hreflang")) for link in links if link.get("rel", "alternate") == "alternate"
    )
    yield from (f"more than one link {kind}" for kind, number in kinds.items() if number > 1)
    once = ("first", "previous", "next", "last", "self")
    yield from (f"more than one link to {name}" for name in once if relations.count(name) > 1)


def _deletions(root: Any, ids: set[str]) -> Iterator[str]:
    found = root.iter(f"{GONE}deleted-entry")
    for node in found:
        if node.getparent() is not root:
            yield "a deletion is not the feed's child"
        if not _absolute(node.get("ref")) or not RFC3339.fullmatch(node.get("when") or ""):
            yield f"a deletion says {dict(node.attrib)}"
        if node.get("ref") in ids:
            yield f"{node.get('ref')} is there and deleted"
        if len(node) or (node.text or "").strip() or set(node.attrib) != {"ref", "when"}:
            yield "a deletion says more than which and when"


def rss_faults(document: bytes) -> list[str]:
    """Return what is wrong with an RSS feed."""
    return list(_rss(parse(document)))


def _rss(root: Any) -> Iterator[str]:
    channels = root.findall("channel")
    if root.tag != "rss" or root.get("version") != "2.0" or len(root) != 1 or len(channels) != 1:
        yield "the root is not one channel of RSS 2.0"
        return
    channel = channels[0]
    many = ("category", "item", "cloud", "textInput", "skipHours", "skipDays")
    yield from _counts(channel, CHANNEL_ONCE, CHANNEL_MOST_ONCE, many, "")
    if not re.fullmatch(r"[a-z]{2}(?:-[a-z]{2})?", channel.findtext("language") or ""):
        yield "the channel says no language"
    yield from _rss_values(channel)
    selves = [link for link in channel.findall(f"{ATOM}link") if link.get("rel") == "self"]
    if [link.get("type") for link in selves] != ["application/rss+xml"] or not _absolute(selves[0].get("href")):
        yield "the channel has no link to itself"
    guids = Counter(channel.xpath("item/guid/text()"))
    yield from (f"the guid {guid} is there {number} times" for guid, number in guids.items() if number > 1)
    for item in channel.findall("item"):
        yield from _counts(item, (), ITEM_MOST_ONCE, ("category",), "")
        yield from _rss_values(item)
        guid = item.find("guid")
        if guid is None or (guid.get("isPermaLink", "true") == "true" and not _absolute(guid.text)):
            yield "an item has no guid that is what it says"
        if item.find("title") is None and item.find("description") is None:
            yield "an item has neither title nor description"


def _rss_values(place: Any) -> Iterator[str]:
    for name in ("pubDate", "lastBuildDate"):
        for node in place.findall(name):
            if not RFC822.fullmatch(node.text or "") or parsedate_to_datetime(node.text).tzinfo is None:
                yield f"{name} is no moment: {node.text}"
    if place.find("link") is not None and not _absolute(place.findtext("link")):
        yield f"a link is not absolute: {place.findtext('link')}"
    if place.find("ttl") is not None and not (place.findtext("ttl") or "").isdigit():
        yield "ttl is no number"
    for node in (*place.findall("title"), *place.findall("description"), *place.findall("category")):
        if len(node) or not (node.text or "").strip():
            yield f"{node.tag} is no text"
    for node in place.findall("author"):
        if "@" not in (node.text or ""):
            yield "an author has no mail address"


def sitemap_faults(document: bytes, host: str) -> list[str]:
    """Return what is wrong with a sitemap or an index of sitemaps that ``host`` serves."""
    return list(_sitemap(parse(document), host, len(document)))


def _sitemap(root: Any, host: str, size: int) -> Iterator[str]:
    child = {f"{SITEMAP}urlset": "url", f"{SITEMAP}sitemapindex": "sitemap"}.get(root.tag)
    if child is None:
        yield f"the root is {root.tag}"
    if not 1 <= len(root) <= ADDRESSES:
        yield f"{len(root)} addresses"
    if size > BYTES:
        yield f"{size} bytes"
    locations = Counter()
    for node in root:
        names = [part.tag for part in node]
        if node.tag != f"{SITEMAP}{child}" or names not in ([f"{SITEMAP}loc"], [f"{SITEMAP}loc", f"{SITEMAP}lastmod"]):
            yield f"{node.tag} holds {names}"
            continue
        location = node[0].text or ""
        locations[location] += 1
        if not 12 <= len(location) < LONGEST or not location.startswith(f"{host}/") or re.search(r"[^!-~]", location):
            yield f"an address is wrong: {location}"
        if len(node) == 2 and not RFC3339.fullmatch(node[1].text or ""):
            yield f"lastmod is no moment: {node[1].text}"
        elif len(node) == 2 and dt.datetime.fromisoformat(node[1].text).tzinfo is None:
            yield f"lastmod has no zone: {node[1].text}"
    yield from (f"{location} is there {number} times" for location, number in locations.items() if number > 1)


def disallowed(robots: str, path: str) -> bool:
    """Tell whether a robots.txt keeps ``*`` off ``path``: RFC 9309, the longest rule that fits, Allow before Disallow."""
    rules = re.findall(r"(?mi)^(allow|disallow):[ \t]*(\S+)", robots)
    fitting = [
        (len(rule), word.lower() == "allow")
        for word, rule in rules
        if re.match(re.escape(rule).replace(r"\*", ".*").replace(r"\$", "$"), path)
    ]
    return bool(fitting) and not max(fitting)[1]
