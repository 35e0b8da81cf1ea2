"""The documents that the portal gives away as RDF: a page of the catalogue, a dataset, the words for our own fields."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from itertools import chain
from typing import Any
from urllib.parse import urlencode

from ckan.plugins import toolkit as tk
from ckanext.satudatapaser import config
from ckanext.satudatapaser.outputs.rdf import catalogue, dataset, namespace, source, write
from ckanext.satudatapaser.outputs.rdf.agents import Site
from ckanext.satudatapaser.outputs.rdf.catalogue import Paging
from ckanext.satudatapaser.outputs.rdf.source import Question
from ckanext.satudatapaser.outputs.rdf.terms import Triple
from rdflib import URIRef
from rdflib.namespace import DCAT


def catalogue_page(asked: Question, syntax: str) -> bytes:
    """Return a page of the catalogue in ``syntax``, a key of write.SYNTAXES."""
    answer, site = source.search(asked), source.site()
    pages = paging(asked, answer.count, f"{site.url}/catalog.{syntax}")
    found = chain(
        catalogue.triples(site),
        _members(site, answer.datasets),
        catalogue.paging(pages),
        *(dataset.triples(package, site) for package in answer.datasets),
    )
    return write.document(found, syntax, site.url)


def _members(site: Site, packages: list[source.Package]) -> Iterator[Triple]:
    about = catalogue.reference(site)
    for package in packages:
        yield about, URIRef(DCAT.dataset), dataset.reference(package, site)


def dataset_document(name_or_id: str, syntax: str) -> bytes:
    """Return a public dataset in ``syntax``; raises tk.ObjectNotFound for every other."""
    package = source.dataset(name_or_id)
    site = source.site(package)
    return write.document(dataset.triples(package, site), syntax, site.url)


def question(given: Mapping[str, Any]) -> Question:
    """Return what was asked for; raises tk.ValidationError for a page that is none and a date that is none."""
    page = str(given.get("page") or 1)
    if not page.isascii() or not page.isdigit() or not 1 <= int(page[:10]) <= 10_000_000:
        raise tk.ValidationError({"page": [tk._("Must be a positive integer")]})
    since = str(given.get("modified_since") or "")
    return Question(int(page), str(given.get("q") or ""), str(given.get("fq") or ""), _moment(since) if since else "")


def _moment(text: str) -> str:
    """Return a date or moment, in UTC where it names no zone, as Solr writes moments."""
    try:
        found = dt.datetime.fromisoformat(text.strip())
    except ValueError as error:
        raise tk.ValidationError({"modified_since": [tk._("Date format incorrect")]}) from error
    found = found if found.tzinfo else found.replace(tzinfo=dt.UTC)
    return found.astimezone(dt.UTC).replace(tzinfo=None).isoformat() + "Z"


def paging(asked: Question, count: int, address: str, **more: str) -> Paging:
    """Return where the pages before and after are.

    ``address``: the catalogue's in the syntax that was asked for; ``more``: what else their addresses must say.
    """
    rows = config.rdf_page_size()
    last = max(1, -(-count // rows))
    stated = {"q": asked.q, "fq": asked.fq, "modified_since": asked.modified_since, **more}
    kept = {name: value for name, value in stated.items() if value}

    def page(number: int) -> str:
        return f"{address}?{urlencode({**kept, 'page': number})}" if 1 <= number <= last else ""

    before = min(asked.page - 1, last)
    here = f"{address}?{urlencode({**kept, 'page': asked.page})}"
    return Paging(here, page(1), page(last), page(before), page(asked.page + 1), count, rows)


def namespace_document(syntax: str) -> bytes:
    """Return the words for our own fields in ``syntax``."""
    url, schema = source.url(), tk.h.scheming_get_dataset_schema("dataset")
    return write.document(namespace.triples(schema["dataset_fields"], url), syntax, url)
