"""What happens to datasets as they are indexed and searched (CKAN's IPackageController and IFacets)."""

from __future__ import annotations

from collections import OrderedDict
from typing import Any

from ckan.plugins import toolkit as tk
from ckanext.satudatapaser.curation.access import mask_index
from ckanext.satudatapaser.search import with_indonesian


class PackageHooks:
    """Mixed into the plugin; each method hands over to one function elsewhere."""

    def before_dataset_index(self, pkg_dict: dict[str, Any]) -> dict[str, Any]:
        """Keep addresses of limited files, and persons, out of the index."""
        return mask_index(pkg_dict)

    def before_dataset_search(self, search_params: dict[str, Any]) -> dict[str, Any]:
        """Look into the Indonesian fields too."""
        return with_indonesian(search_params)

    def dataset_facets(self, facets_dict: OrderedDict[str, str], package_type: str) -> OrderedDict[str, str]:
        """Return the filters of the search page, in our words and order."""
        return OrderedDict(
            groups=tk._("Topics"),
            organization=tk._("Data producers"),
            jenis=tk._("Kind of data"),
            accrualPeriodicity=tk._("Update schedule"),
            res_format=tk._("File formats"),
            tags=tk._("Tags"),
            accessRights=tk._("Access"),
            license_id=tk._("License"),
        )

    def organization_facets(
        self, facets_dict: OrderedDict[str, str], organization_type: str, package_type: str | None
    ) -> OrderedDict[str, str]:
        """Return the filters of a data producer's page."""
        facets = self.dataset_facets(facets_dict, "dataset")
        del facets["organization"]
        return facets

    def group_facets(
        self, facets_dict: OrderedDict[str, str], group_type: str, package_type: str | None
    ) -> OrderedDict[str, str]:
        """Return the filters of a topic's page."""
        facets = self.dataset_facets(facets_dict, "dataset")
        del facets["groups"]
        return facets
