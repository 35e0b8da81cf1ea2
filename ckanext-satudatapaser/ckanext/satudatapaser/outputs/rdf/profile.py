"""Our profile of ckanext-dcat: ``ckanext.dcat.rdf.profiles = satudata_dcat_ap_3``.

For whatever serialises through ckanext-dcat's own classes (its commands, other plugins). It reads as DCAT-AP 3 does, and
writes what the portal's addresses give.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ckanext.dcat.profiles import EuropeanDCATAP3Profile
from ckanext.satudatapaser.outputs.rdf import catalogue, dataset, source
from ckanext.satudatapaser.outputs.rdf.terms import PREFIXES, Triple, sdi
from rdflib import URIRef

NAME = "satudata_dcat_ap_3"


class SatuDataProfile(EuropeanDCATAP3Profile):
    """DCAT-AP 3 with the fields of Satu Data Indonesia."""

    def graph_from_dataset(self, dataset_dict: dict[str, Any], dataset_ref: URIRef) -> None:
        """Add a dataset to the graph."""
        site = source.site(dataset_dict)
        self._add(dataset.triples(dataset_dict, site, dataset_ref), site.url)

    def graph_from_catalog(self, catalog_dict: dict[str, Any] | None, catalog_ref: URIRef) -> None:
        """Add the catalogue to the graph."""
        site = source.site()
        self._add(catalogue.triples(site, catalog_ref), site.url)

    def _add(self, triples: Iterable[Triple], url: str) -> None:
        for prefix, namespace in {**PREFIXES, "sdi": str(sdi(url))}.items():
            self.g.bind(prefix, namespace)
        for triple in triples:
            self.g.add(triple)
