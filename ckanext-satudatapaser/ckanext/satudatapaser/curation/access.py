"""What the access classes mean for readers (terbuka, terbatas, tertutup).

tertutup is CKAN's private, enforced by the schema's validator; the walidata sees it beside the own organisation.
terbatas: metadata are public, files only for the own organisation, the walidata and administrators. Everything below serves
that second rule: addresses of such files appear in no answer and not in the search index.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from ckan import authz, model
from ckan.lib.plugins import DefaultPermissionLabels
from ckanext.satudatapaser import config

LIMITED = "terbatas"
# All that leads to a file or says what is in it; name, description and format stay.
SECRET_KEYS = frozenset(
    {
        "url",
        "url_type",
        "hash",
        "original_url",
        "cache_url",
        "webstore_url",
        "datastore_active",
        "size",
        "mimetype_inner",
    }
)
WALIDATA_LABEL = "satudata-walidata"


def is_walidata(user: str | None) -> bool:
    """Tell whether ``user`` administers or edits the walidata's organisation."""
    return bool(user) and authz.has_user_permission_for_group_or_org(config.walidata_org(), user, "create_dataset")


def is_limited(package: model.Package) -> bool:
    """Tell whether a dataset's files are not for everyone although its metadata are."""
    return bool(package.extras.get("accessRights") == LIMITED)


def may_open_files(context: Mapping[str, Any], package: model.Package) -> bool:
    """Tell whether the caller may see and open the files of ``package``."""
    if not is_limited(package) or context.get("ignore_auth"):
        return True
    user = context.get("user")
    if not user:
        return False
    if authz.is_sysadmin(user) or is_walidata(user):
        return True
    return authz.has_user_permission_for_group_or_org(package.owner_org, user, "read")


def masked(resource: Mapping[str, Any]) -> dict[str, Any]:
    """Return a file's metadata without anything that leads to the file."""
    kept = {key: value for key, value in resource.items() if key not in SECRET_KEYS}
    return {**kept, "url": "", "url_type": None, "datastore_active": False, "satudata_limited": True}


def mask(package: dict[str, Any]) -> dict[str, Any]:
    """Return a package dict whose files lead nowhere."""
    return {**package, "resources": [masked(resource) for resource in package.get("resources") or []]}


def mask_index(document: dict[str, Any]) -> dict[str, Any]:
    """Return a Solr document of a limited dataset without addresses, also not in the copies that Solr stores."""
    kept = {
        key: value
        for key, value in document.items()
        if key != "res_url" and key.removeprefix("res_extras_") not in SECRET_KEYS
    }
    for key in ("data_dict", "validated_data_dict"):
        kept[key] = json.dumps(mask(json.loads(document[key])))
    return kept


class PermissionLabels(DefaultPermissionLabels):
    """CKAN's own labels, and one by which the walidata reads every organisation's datasets."""

    def get_dataset_labels(self, dataset_obj: model.Package) -> list[str]:
        """Return who may read a dataset."""
        labels: list[str] = super().get_dataset_labels(dataset_obj)
        return labels if "public" in labels else [*labels, WALIDATA_LABEL]

    def get_user_dataset_labels(self, user_obj: Any) -> list[str]:
        """Return what a user may read."""
        labels: list[str] = super().get_user_dataset_labels(user_obj)
        known = bool(user_obj) and not user_obj.is_anonymous
        return [*labels, WALIDATA_LABEL] if known and is_walidata(user_obj.name) else labels
