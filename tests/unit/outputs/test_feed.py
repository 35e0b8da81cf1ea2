"""One page of a feed: what Atom and RSS ask for holds whatever datasets are called."""

from __future__ import annotations

import dataclasses as dc
import datetime as dt
import re

import feedparser
import pytest
from ckanext.satudatapaser.outputs import feed
from hypothesis import given
from hypothesis import strategies as st
from output_rules import ATOM, GONE, atom_faults, parse, rss_faults

SITE = "https://data.example.go.id"
MORNING = dt.datetime(2026, 11, 25, 8, 30, 15, 123456, tzinfo=dt.timezone(dt.timedelta(hours=8)))
NASTY = "Luas < 5 ha & 'lebih' <b>tebal</b> ]]> — é 𝕁 &amp;"
ENTRY = feed.Entry(
    id=f"{SITE}/dataset/4b6fe9ca",
    title="Jumlah Sekolah",
    page=f"{SITE}/dataset/jumlah-sekolah",
    data=f"{SITE}/api/3/action/package_show?id=4b6fe9ca",
    updated=MORNING,
    published=dt.datetime(2025, 1, 2, tzinfo=dt.UTC),
    summary="Jumlah sekolah\nmenurut kecamatan.",
    author="Dinas Pendidikan",
    categories=(feed.Category("pendidikan", "Pendidikan", f"{SITE}/group/"),),
)
GONE_ONE = feed.Gone(f"{SITE}/dataset/aa11", MORNING)
FEED = feed.Feed(
    id=f"{SITE}/feeds/dataset.atom",
    title="Satu Data Paser",
    subtitle="Katalog data terbuka",
    page=f"{SITE}/dataset/",
    addresses={feed.ATOM: f"{SITE}/feeds/dataset.atom?page=2", feed.RSS: f"{SITE}/feeds/dataset.rss?page=2"},
    pages={"first": f"{SITE}/feeds/dataset.atom", "next": f"{SITE}/feeds/dataset.atom?page=3"},
    author="Satu Data Paser",
    site=SITE,
    language="id",
    updated=MORNING,
    items=(ENTRY, GONE_ONE),
)


def test_an_atom_feed_breaks_no_rule_and_is_read_as_it_was_meant() -> None:
    document = feed.atom(FEED)
    assert atom_faults(document) == []
    read = feedparser.parse(document)
    assert read.bozo == 0
    assert (read.version, read.feed.title, read.feed.language) == ("atom10", "Satu Data Paser", "id")
    entry = read.entries[0]
    assert (entry.id, entry.title, entry.author) == (ENTRY.id, ENTRY.title, "Dinas Pendidikan")
    assert (entry.updated, entry.published) == ("2026-11-25T00:30:15.123456Z", "2025-01-02T00:00:00.000000Z")
    assert {(link.rel, link.type): link.href for link in entry.links} == {
        ("alternate", "text/html"): ENTRY.page,
        ("alternate", "application/json"): ENTRY.data,
    }
    assert [(tag.term, tag.label, tag.scheme) for tag in entry.tags] == [("pendidikan", "Pendidikan", f"{SITE}/group/")]
    assert {link.rel for link in read.feed.links} == {"self", "alternate", "first", "next"}


def test_an_rss_feed_breaks_no_rule_and_is_read_as_it_was_meant() -> None:
    document = feed.rss(FEED)
    assert rss_faults(document) == []
    read = feedparser.parse(document)
    assert read.bozo == 0
    assert (read.version, read.feed.title, read.feed.language) == ("rss20", "Satu Data Paser", "id")
    assert [(item.id, item.link, item.title, item.author) for item in read.entries] == [
        (ENTRY.id, ENTRY.page, ENTRY.title, "Dinas Pendidikan")
    ]
    assert read.entries[0].published == "Wed, 25 Nov 2026 00:30:15 GMT"


def test_a_deletion_says_which_and_when_and_rss_says_nothing_of_it() -> None:
    found = parse(feed.atom(FEED)).findall(f"{GONE}deleted-entry")
    assert [dict(node.attrib) for node in found] == [{"ref": GONE_ONE.id, "when": "2026-11-25T00:30:15.123456Z"}]
    assert GONE_ONE.id not in feed.rss(FEED).decode()


def test_an_empty_feed_is_a_feed() -> None:
    empty = dc.replace(FEED, items=(), subtitle="", pages={})
    assert atom_faults(feed.atom(empty)) == []
    assert rss_faults(feed.rss(empty)) == []


def test_signs_of_markup_stay_text() -> None:
    entry = dc.replace(ENTRY, title=NASTY, summary=NASTY, author=NASTY)
    nasty = dc.replace(FEED, title=NASTY, subtitle=NASTY, items=(entry,))
    assert atom_faults(feed.atom(nasty)) == []
    assert rss_faults(feed.rss(nasty)) == []
    assert parse(feed.atom(nasty)).findtext(f"{ATOM}entry/{ATOM}summary") == NASTY
    # readers of RSS show a description as HTML: what they show is the text
    description = parse(feed.rss(nasty)).findtext("channel/item/description")
    assert "&lt;b&gt;" in description
    assert "<" not in description


texts = st.text(st.characters(exclude_categories=("C",)), min_size=1).filter(str.strip)


@given(title=texts, summary=texts, author=texts)
def test_whatever_plain_words_a_dataset_has_both_feeds_are_valid(title: str, summary: str, author: str) -> None:
    entry = dc.replace(ENTRY, title=title, summary=summary, author=author)
    nasty = dc.replace(FEED, title=title, items=(entry,))
    assert atom_faults(feed.atom(nasty)) == []
    assert rss_faults(feed.rss(nasty)) == []


@pytest.mark.parametrize(
    ("break_it", "fault"),
    [
        (lambda xml: re.sub(b"<id>.*?</id>", b"<id>/feeds/dataset.atom</id>", xml, count=1), "no absolute IRI"),
        (lambda xml: xml.replace(b' xml:lang="id"', b""), "no language"),
        (lambda xml: re.sub(b"<updated>.*?</updated>", b"", xml, count=1), "0 updated"),
        (lambda xml: xml.replace(b"2026-11-25T00:30:15.123456Z", b"2026-11-25 00:30"), "no moment"),
        (lambda xml: xml.replace(b'type="application/json"', b'type="text/html"'), "more than one link"),
        (lambda xml: xml.replace(b'rel="self"', b'rel="via"'), "0 links to itself"),
        (lambda xml: xml.replace(b"<name>Satu Data Paser</name>", b"<name/>"), "no name"),
        (lambda xml: xml.replace(b"https://data.example.go.id/dataset/j", b"/dataset/j"), "not absolute"),
        (lambda xml: xml.replace(b"/dataset/aa11", b"/dataset/4b6fe9ca"), "there and deleted"),
        (lambda xml: xml.replace(b'ref="', b'title="x" ref="'), "more than which and when"),
        (lambda xml: xml.replace(b"<entry>", b"<entry><enclosure/>"), "unknown"),
        (lambda xml: xml.replace(b'rel="next"', b'rel="first"'), "more than one link to first"),
    ],
)
def test_the_check_of_atom_sees_each_fault(break_it: object, fault: str) -> None:
    broken = break_it(feed.atom(FEED))  # type: ignore[operator]
    assert any(fault in found for found in atom_faults(broken)), atom_faults(broken)


@pytest.mark.parametrize(
    ("break_it", "fault"),
    [
        (lambda xml: xml.replace(b'version="2.0"', b'version="0.9"'), "RSS 2.0"),
        (lambda xml: xml.replace(b"25 Nov 2026", b"25 November 26"), "no moment"),
        (lambda xml: xml.replace(b'rel="self"', b'rel="via"'), "no link to itself"),
        (lambda xml: re.sub(b"<guid[^>]*>.*?</guid>", b'<guid isPermaLink="true">4b6</guid>', xml), "no guid"),
        (lambda xml: xml.replace(b"<language>id</language>", b""), "no language"),
        (lambda xml: re.sub(b"<dc:creator>.*?</dc:creator>", b"<author>Dinas</author>", xml), "no mail address"),
        (lambda xml: re.sub(b"<ttl>60</ttl>", b"<tts>60</tts>", xml), "unknown"),
    ],
)
def test_the_check_of_rss_sees_each_fault(break_it: object, fault: str) -> None:
    broken = break_it(feed.rss(FEED))  # type: ignore[operator]
    assert any(fault in found for found in rss_faults(broken)), rss_faults(broken)
