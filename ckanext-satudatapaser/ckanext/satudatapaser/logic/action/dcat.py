"""ckanext-dcat's actions, giving away what is public and nothing else, whoever asks.

The portal's own profile is written straight from the mapping; other profiles that are asked for go through ckanext-dcat's
serialiser, over the same datasets without the persons among their contacts.
"""

from __future__ import annotations

import dataclasses as dc
from collections.abc import Callable
from typing import Any

from ckan import plugins as p
from ckan.lib.search import SearchError
from ckan.plugins import toolkit as tk
from ckanext.dcat.processors import RDFSerializer
from ckanext.satudatapaser.outputs.rdf import pages, source, write
from ckanext.satudatapaser.outputs.rdf.profile import NAME
from ckanext.satudatapaser.record.contact import without_persons

Context = Any
Action = Callable[[Any, dict[str, Any]], str]


@tk.chained_action
@tk.side_effect_free
def dcat_catalog_show(next_action: Action, context: Context, data_dict: dict[str, Any]) -> str:
    """Return a page of the catalogue as RDF.

    :param format: ttl, xml, rdf, n3 or jsonld
    :param page: from 1
    :param modified_since: only datasets changed since then, ISO 8601
    :param q: words, as package_search takes them
    :param fq: filters, as package_search takes them
    :param profiles: names of other profiles than the portal's
    """
    tk.check_access("dcat_catalog_show", context, data_dict)
    return _page(data_dict)


@tk.chained_action
@tk.side_effect_free
def dcat_catalog_search(next_action: Action, context: Context, data_dict: dict[str, Any]) -> str:
    """Return a page of what is found as RDF; takes what dcat_catalog_show takes."""
    tk.check_access("dcat_catalog_search", context, data_dict)
    return _page(data_dict)


def _page(data_dict: dict[str, Any]) -> str:
    asked, syntax, profiles = pages.question(data_dict), _syntax(data_dict), _profiles(data_dict)
    try:
        if profiles == [NAME]:
            return pages.catalogue_page(asked, syntax).decode()
        answer = source.search(asked)
    except SearchError as error:
        raise tk.ValidationError({"fq": [tk._("The search cannot read this question.")]}) from error
    address = f"{source.url()}/catalog.{syntax}"
    links = dc.asdict(pages.paging(asked, answer.count, address, profiles=",".join(profiles)))
    told = [without_persons(package) for package in answer.datasets]
    return str(RDFSerializer(profiles).serialize_catalog({}, told, syntax, links))


@tk.chained_action
@tk.side_effect_free
def dcat_dataset_show(next_action: Action, context: Context, data_dict: dict[str, Any]) -> str:
    """Return a public dataset as RDF; there is no other.

    :param id: id or name of the dataset
    :param format: ttl, xml, rdf, n3 or jsonld
    :param profiles: names of other profiles than the portal's
    """
    tk.check_access("dcat_dataset_show", context, data_dict)
    id, syntax, profiles = tk.get_or_bust(data_dict, "id"), _syntax(data_dict), _profiles(data_dict)
    if profiles == [NAME]:
        return pages.dataset_document(id, syntax).decode()
    return str(RDFSerializer(profiles).serialize_dataset(without_persons(source.dataset(id)), syntax))


def _syntax(data_dict: dict[str, Any]) -> str:
    syntax = str(data_dict.get("format") or "xml")
    if syntax not in write.SYNTAXES:
        raise tk.ValidationError({"format": [", ".join(write.SYNTAXES)]})
    return syntax


def _profiles(data_dict: dict[str, Any]) -> list[str]:
    """Return the profiles that are asked for, else those of the portal."""
    asked = data_dict.get("profiles") or tk.config["ckanext.dcat.rdf.profiles"]
    return asked.replace(",", " ").split() if isinstance(asked, str) else list(asked)


def get_actions() -> dict[str, Callable[..., Any]]:
    """Return the actions of ckanext-dcat that we change, where it is loaded."""
    if not p.plugin_loaded("dcat"):
        return {}
    return {
        "dcat_catalog_show": dcat_catalog_show,
        "dcat_catalog_search": dcat_catalog_search,
        "dcat_dataset_show": dcat_dataset_show,
    }
