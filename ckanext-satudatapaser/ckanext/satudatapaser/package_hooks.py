"""What happens to datasets as they are indexed and searched (CKAN's IPackageController)."""

from __future__ import annotations

import json
from typing import Any

from ckanext.satudatapaser.curation.access import LIMITED, mask_index
from ckanext.satudatapaser.search import with_indonesian


class PackageHooks:
    """Mixed into the plugin; each method hands over to one function elsewhere."""

    def before_dataset_index(self, pkg_dict: dict[str, Any]) -> dict[str, Any]:
        """Keep addresses of limited files out of the index."""
        if json.loads(pkg_dict["validated_data_dict"]).get("accessRights") == LIMITED:
            return mask_index(pkg_dict)
        return pkg_dict

    def before_dataset_search(self, search_params: dict[str, Any]) -> dict[str, Any]:
        """Look into the Indonesian fields too."""
        return with_indonesian(search_params)
