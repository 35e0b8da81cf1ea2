"""What readers are not shown of a dataset whose description is open.

tertutup is CKAN's private, enforced by the schema's validator; the walidata sees it beside the own organisation.
terbatas: metadata are public, files only for the own organisation, the walidata and administrators: addresses of such files
appear in no answer and not in the search index. The same holds for contacts that are persons (record/contact.py), which only
those see who may edit the dataset.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from ckan import authz, model
from ckan.lib.plugins import DefaultPermissionLabels
from ckanext.satudatapaser import config
from ckanext.satudatapaser.record.contact import ROLES, persons, without_persons

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


def names_persons(package: model.Package) -> bool:
    """Tell whether a dataset's contact or author is a person."""
    return bool(persons({f"{role}{end}": getattr(package, f"{role}{end}") for role in ROLES for end in ("", "_email")}))


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
    """Return a Solr document without addresses of limited files and without persons, also in the copies that Solr stores."""
    package = json.loads(document["validated_data_dict"])
    limited, hidden = package.get("accessRights") == LIMITED, persons(package)
    if not limited and not hidden:
        return document
    kept = {key: value for key, value in document.items() if key not in hidden}
    if limited:
        kept = {k: v for k, v in kept.items() if k != "res_url" and k.removeprefix("res_extras_") not in SECRET_KEYS}
    for key in ("data_dict", "validated_data_dict"):
        copy = without_persons(json.loads(document[key]))
        kept[key] = json.dumps(mask(copy) if limited else copy)
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
