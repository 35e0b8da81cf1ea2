"""Makes one page of a feed: writes down what it will show, asks for the items, and puts the addresses around them."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable, Sequence

from ckan import model
from ckan.plugins import toolkit as tk
from ckanext.satudatapaser import clock, config
from ckanext.satudatapaser.catalogue.public import FILTERS
from ckanext.satudatapaser.outputs import announced, feed, timeline
from ckanext.satudatapaser.outputs.subject import Subject
from sqlalchemy.exc import SQLAlchemyError

log = logging.getLogger(__name__)
FORMATS: dict[str, tuple[str, Callable[[feed.Feed], bytes]]] = {
    "atom": (feed.ATOM, feed.atom),
    "rss": (feed.RSS, feed.rss),
}
LANGUAGE = "id"
"""Of what datasets say, whatever the language of the pages."""


def document(subject: Subject, format: str, number: int) -> bytes | None:
    """Return page ``number`` (from 1) of a feed, None when there is no such page.

    Raises what package_search raises for a search that cannot be understood.
    """
    size = config.feed_size()
    if subject.is_search:
        page = _search(subject, number, size)
    else:
        _write_down()
        page = timeline.page(subject.about, number, size, with_gone=format == "atom")
    last = max(1, -(-page.count // size))
    if number > last:
        return None
    around = {"first": 1, "previous": number - 1, "next": number + 1, "last": last}
    shown = feed.Feed(
        id=subject.id(),
        title=subject.title,
        subtitle=subject.subtitle,
        page=subject.page,
        addresses={media: subject.address(name, number) for name, (media, _) in FORMATS.items()},
        pages={relation: subject.address(format, to) for relation, to in around.items() if 1 <= to <= last},
        author=config.site_title(),
        site=config.site_url(),
        language=LANGUAGE,
        updated=_updated(page.items, subject),
        items=page.items,
    )
    return FORMATS[format][1](shown)


def _updated(items: Sequence[feed.Entry | feed.Gone], subject: Subject) -> dt.datetime:
    moments = [item.when if isinstance(item, feed.Gone) else item.updated for item in items]
    return max(moments, default=subject.since)


def _write_down() -> None:
    try:
        announced.bring_up_to_date(clock.now())
    except SQLAlchemyError:  # readers get their feed all the same
        model.Session.rollback()
        log.exception("What feeds show was not written down; its end may stay unannounced")


def _search(subject: Subject, number: int, size: int) -> timeline.Page:
    """Return what a visitor's search finds among what is public."""
    filters = [f'+{field}:"{_quoted(value)}"' for field, value in subject.query if field != "q"]
    query = {
        "q": dict(subject.query).get("q", "*:*"),
        "fq": " ".join([*FILTERS, *filters]),
        "fl": "id",
        "sort": "metadata_modified desc",
        "rows": size,
        "start": (number - 1) * size,
    }
    found = tk.get_action("package_search")({"user": "", "auth_user_obj": None}, query)
    return timeline.Page(timeline.of(item["id"] for item in found["results"]), found["count"])


def _quoted(value: str) -> str:
    """Return a value as it stands between quotation marks in Solr's language."""
    return value.replace("\\", "\\\\").replace('"', '\\"')
