"""Addresses of RDF before ckanext-dcat's: pages of the whole catalogue, which are kept, datasets, the words for our fields.

Parts of the catalogue, and other profiles than the portal's, are answered by ckanext-dcat's views, which call our actions.
"""

from __future__ import annotations

from typing import Any

from ckan.plugins import toolkit as tk
from ckanext.dcat.utils import CONTENT_TYPES, read_catalog_page, read_dataset_page
from ckanext.satudatapaser.outputs.rdf import pages, source
from ckanext.satudatapaser.outputs.rdf.profile import NAME
from ckanext.satudatapaser.views.outputs import document, page
from flask import Blueprint, Response

rdf = Blueprint("satudata_rdf", __name__)
QUESTIONS = ("q", "fq", "modified_since")


@rdf.route("/catalog.<any(ttl,xml,rdf,n3,jsonld):ending>")
def catalogue(ending: str) -> Any:
    """Answer with a page of the catalogue; one of the whole catalogue in the portal's own profile is kept, and has an ETag."""
    asked = tk.request.args
    try:
        question = pages.question(asked)
    except tk.ValidationError:
        return read_catalog_page(ending)
    if not _ours() or any(asked.get(name) for name in QUESTIONS) or question.page > source.last_page():
        return read_catalog_page(ending)
    name = f"catalog-{question.page}.{ending}"
    return document(name, _type(ending), lambda: [pages.catalogue_page(question, ending)])


@rdf.route("/dataset/<id>.<any(ttl,xml,rdf,n3,jsonld):ending>")
def dataset(id: str, ending: str) -> Any:
    """Answer with a public dataset; there is no other."""
    if not _ours():
        return read_dataset_page(id, ending)
    return page(_type(ending), lambda: _dataset(id, ending))


def _dataset(id: str, ending: str) -> bytes | None:
    try:
        return pages.dataset_document(id, ending)
    except tk.ObjectNotFound:
        return None


@rdf.route("/ns/sdi")
def namespace() -> Response:
    """Answer with the words for the fields that only Satu Data Indonesia has."""
    return Response(pages.namespace_document("ttl"), content_type=_type("ttl"))


def _ours() -> bool:
    """Tell whether the portal's own profile is asked for."""
    return bool(tk.config["ckanext.dcat.rdf.profiles"] == NAME and not tk.request.args.get("profiles"))


def _type(ending: str) -> str:
    return f"{CONTENT_TYPES[ending]}; charset=utf-8"
