"""The sitemap: its index and its parts."""

from __future__ import annotations

from ckan.plugins import toolkit as tk
from ckanext.satudatapaser.outputs import sitemap as made
from ckanext.satudatapaser.views.outputs import document
from flask import Blueprint, Response

sitemap = Blueprint("satudata_sitemap", __name__)
XML = "application/xml; charset=utf-8"


@sitemap.route("/sitemap.xml")
def index() -> Response:
    """Answer with the index."""
    return document("sitemap.xml", XML, made.index)


@sitemap.route("/sitemap-pages.xml", defaults={"number": 0})
@sitemap.route("/sitemap-<int(min=1):number>.xml")
def part(number: int) -> Response:
    """Answer with one part: the portal's own pages, or some datasets."""
    if not made.has_part(number):
        tk.abort(404, tk._("Page not found"))
    return document(f"sitemap-{number}.xml", XML, lambda: made.part(number))
