"""Feeds, as Atom and as RSS, in the place of CKAN's own: of everything, a data producer, a topic, a tag or a search.

CKAN's have relative links, pages that lead nowhere, no identifiers that stay, an author's mail address, and what is terbatas.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ckan.lib.search import SearchError
from ckan.plugins import toolkit as tk
from ckanext.satudatapaser.outputs import subject
from ckanext.satudatapaser.outputs.feed_page import FORMATS, document
from ckanext.satudatapaser.views.outputs import page
from flask import Blueprint, Response

feeds = Blueprint("satudata_feeds", __name__, url_prefix="/feeds")
MOST_PAGES = 1_000_000


def both(path: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Give a view an address in each format, which it gets as ``format``."""

    def decorate(view: Callable[..., Any]) -> Callable[..., Any]:
        for format in FORMATS:
            feeds.add_url_rule(f"{path}.{format}", view_func=view, defaults={"format": format})
        return view

    return decorate


@both("/dataset")
def datasets(format: str) -> Response:
    """Answer with the feed of all datasets."""
    return _answer(subject.everything(), format)


@both("/organization/<string:id>")
def organization(id: str, format: str) -> Response:
    """Answer with the feed of a data producer."""
    return _answer(subject.of_group(id, is_organization=True), format)


@both("/group/<string:id>")
def group(id: str, format: str) -> Response:
    """Answer with the feed of a topic."""
    return _answer(subject.of_group(id, is_organization=False), format)


@both("/tag/<string:id>")
def tag(id: str, format: str) -> Response:
    """Answer with the feed of a tag."""
    return _answer(subject.of_tag(id), format)


@both("/custom")
def custom(format: str) -> Response:
    """Answer with the feed of what a search finds."""
    filters = [(key, value) for key in subject.SEARCHABLE for value in tk.request.args.getlist(key) if value]
    return _answer(subject.of_search(tk.request.args.get("q", ""), filters), format)


def _answer(found: subject.Subject | None, format: str) -> Response:
    """Answer with one page of a feed; 404 for a feed or a page that is not there, 400 for what makes no sense."""
    number = tk.h.get_page_number(tk.request.args)
    if found is None or number > MOST_PAGES:
        return tk.abort(404, tk._("Page not found"))
    content_type = f"{FORMATS[format][0]}; charset=utf-8"
    if not found.is_search:
        return page(content_type, lambda: document(found, format, number))
    # no word for the state of a search: the index follows the database some moments later
    try:
        content = document(found, format, number)
    except (SearchError, tk.ValidationError):
        return tk.abort(400, tk._("This search cannot be understood"))
    return Response(content, content_type=content_type) if content else tk.abort(404, tk._("Page not found"))
