"""Addresses of RDF beside ckanext-dcat's: pages of the whole catalogue, which are kept, and the words for our fields.

Datasets, and pages of a part of the catalogue, are answered by ckanext-dcat's views, which call our actions.
"""

from __future__ import annotations

from typing import Any

from ckan.plugins import toolkit as tk
from ckanext.dcat.utils import CONTENT_TYPES, read_catalog_page
from ckanext.satudatapaser.outputs.rdf import pages, source
from ckanext.satudatapaser.outputs.rdf.profile import NAME
from ckanext.satudatapaser.views.outputs import document
from flask import Blueprint, Response

rdf = Blueprint("satudata_rdf", __name__)
QUESTIONS = ("q", "fq", "modified_since", "profiles")


@rdf.route("/catalog.<any(ttl,xml,rdf,n3,jsonld):ending>")
def catalogue(ending: str) -> Any:
    """Answer with a page of the catalogue; one of the whole catalogue in the portal's own profile is kept, and has an ETag."""
    asked = tk.request.args
    try:
        question = pages.question(asked)
    except tk.ValidationError:
        return read_catalog_page(ending)
    ours = tk.config["ckanext.dcat.rdf.profiles"] == NAME
    if not ours or any(asked.get(name) for name in QUESTIONS) or question.page > source.last_page():
        return read_catalog_page(ending)
    name = f"catalog-{source.per_page()}-{question.page}.{ending}"
    return document(name, f"{CONTENT_TYPES[ending]}; charset=utf-8", lambda: [pages.catalogue_page(question, ending)])


@rdf.route("/ns/sdi")
def namespace() -> Response:
    """Answer with the words for the fields that only Satu Data Indonesia has."""
    return Response(pages.namespace_document("ttl"), content_type=f"{CONTENT_TYPES['ttl']}; charset=utf-8")
