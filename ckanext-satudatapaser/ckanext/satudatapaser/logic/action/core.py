"""CKAN's own reading actions, where they would show what is limited or closed.

package_show and resource_search: addresses of terbatas files; contacts that are persons. Activities keep whole copies of
datasets, also of a time when they were open. Tags and members of private datasets are listed by core to everyone.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from ckan import authz, model
from ckan import plugins as p
from ckan.plugins import toolkit as tk
from ckanext.satudatapaser.curation.access import (
    LIMITED,
    is_limited,
    is_walidata,
    mask,
    may_open_files,
    names_persons,
)
from ckanext.satudatapaser.record.contact import persons, without_persons

Context = Any
Action = Callable[[Any, dict[str, Any]], Any]


@tk.chained_action
@tk.side_effect_free
def package_show(next_action: Action, context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Return the metadata of a dataset: limited files' addresses for those who may open them, persons for those who may edit.

    The search index holds neither, so those who may are answered from the database.
    """
    package = model.Package.get(data_dict.get("id") or data_dict.get("name_or_id"))
    if package is None:
        return next_action(context, data_dict)
    limited, personal = is_limited(package), names_persons(package)
    opens, knows = limited and may_open_files(context, package), personal and _may(context, "package_update", package)
    if opens or knows:
        context["use_cache"] = False
    shown: dict[str, Any] = next_action(context, data_dict)
    shown = mask(shown) if limited and not opens else shown
    return without_persons(shown) if personal and not knows else shown


@tk.chained_action
@tk.side_effect_free
def resource_search(next_action: Action, context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Search files by their fields; files of limited datasets are neither found nor counted."""
    hidden = set(
        model.Session.scalars(
            sa.select(model.Resource.id)
            .join(model.Package, model.Package.id == model.Resource.package_id)
            .where(model.Package.extras["accessRights"].astext == LIMITED)
        )
    )
    if not hidden:
        result: dict[str, Any] = next_action(context, data_dict)
        return result
    values = dict(data_dict)
    offset, limit = int(values.pop("offset", None) or 0), values.pop("limit", None)
    found = next_action(context, values)
    open_ones = [item for item in found["results"] if _id(item) not in hidden]
    end = offset + int(limit) if limit is not None else None
    return {**found, "count": len(open_ones), "results": open_ones[offset:end]}


def _id(item: Any) -> str:
    return str(item["id"] if isinstance(item, dict) else item.id)


def _sees_everything(context: Context) -> bool:
    user = context.get("user")
    return bool(context.get("ignore_auth") or (user and (authz.is_sysadmin(user) or is_walidata(user))))


def _may(context: Context, action: str, package: model.Package) -> bool:
    if context.get("ignore_auth"):
        return True
    values = {"user": context.get("user"), "auth_user_obj": context.get("auth_user_obj"), "package": package}
    try:
        return bool(tk.check_access(action, values, {"id": package.id}))
    except tk.NotAuthorized:
        return False


def _shown(context: Context, activity: dict[str, Any]) -> dict[str, Any] | None:
    """Return an activity as the caller may see it today, or None when its dataset is closed to the caller now."""
    data = activity.get("data") or {}
    package = model.Package.get(activity["object_id"]) if "package" in activity["activity_type"] else None
    if package is None:
        return activity
    if not _may(context, "package_show", package):
        return None
    copy = data.get("package")
    if copy is None:
        return activity
    if not may_open_files(context, package):
        copy = mask(copy)
    if persons(copy) and not _may(context, "package_update", package):
        copy = without_persons(copy)
    return {**activity, "data": {**data, "package": copy}}


@tk.chained_action
@tk.side_effect_free
def activity_list(next_action: Action, context: Context, data_dict: dict[str, Any]) -> list[dict[str, Any]]:
    """Return activities without those of datasets that are closed to the caller, of limited files' addresses, of persons."""
    found = [_shown(context, activity) for activity in next_action(context, data_dict)]
    return [activity for activity in found if activity is not None]


@tk.chained_action
@tk.side_effect_free
def activity_show(next_action: Action, context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Return one activity, without addresses of limited files and persons for those who may not know them."""
    shown = _shown(context, next_action(context, data_dict))
    if shown is None:
        raise tk.NotAuthorized(tk._("This dataset is not public."))
    return shown


def _open_tags() -> set[str]:
    """Return names of tags that a public dataset has."""
    query = (
        sa.select(model.Tag.name)
        .join(model.PackageTag, model.PackageTag.tag_id == model.Tag.id)
        .join(model.Package, model.Package.id == model.PackageTag.package_id)
        .where(model.Package.state == "active", model.Package.private.is_(False), model.PackageTag.state == "active")
    )
    return set(model.Session.scalars(query))


def _open_only(tags: list[Any]) -> list[Any]:
    names = _open_tags()
    return [tag for tag in tags if (tag["name"] if isinstance(tag, dict) else tag) in names]


@tk.chained_action
@tk.side_effect_free
def tag_list(next_action: Action, context: Context, data_dict: dict[str, Any]) -> list[Any]:
    """Return tags; those of private datasets alone only for the walidata. Tags of vocabularies are the site's own words."""
    tags: list[Any] = next_action(context, data_dict)
    return tags if _sees_everything(context) or data_dict.get("vocabulary_id") else _open_only(tags)


@tk.chained_action
@tk.side_effect_free
def tag_search(next_action: Action, context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Search tags; those of private datasets alone are found and counted for the walidata only."""
    if _sees_everything(context) or data_dict.get("vocabulary_id"):
        found: dict[str, Any] = next_action(context, data_dict)
        return found
    values = dict(data_dict)
    offset, limit = int(values.pop("offset", None) or 0), values.pop("limit", None)
    tags = _open_only(next_action(context, values)["results"])
    return {"count": len(tags), "results": tags[offset : offset + int(limit) if limit is not None else None]}


@tk.chained_action
@tk.side_effect_free
def member_list(next_action: Action, context: Context, data_dict: dict[str, Any]) -> list[Any]:
    """Return members of a group; datasets that the caller may not read are left out."""
    members: list[Any] = next_action(context, data_dict)
    if _sees_everything(context):
        return members
    return [
        m
        for m in members
        if m[1].lower() != "package" or ((pkg := model.Package.get(m[0])) and _may(context, "package_show", pkg))
    ]


CHAINED: dict[str, Callable[..., Any]] = {
    "package_show": package_show,
    "resource_search": resource_search,
    "tag_list": tag_list,
    "tag_autocomplete": tag_list,
    "tag_search": tag_search,
    "member_list": member_list,
}
ACTIVITY = {
    "activity_show": activity_show,
    **dict.fromkeys(
        (
            "package_activity_list", "group_activity_list", "organization_activity_list", "user_activity_list",
            "recently_changed_packages_activity_list", "dashboard_activity_list",
        ),
        activity_list,
    ),
}  # fmt: skip


def get_actions() -> dict[str, Callable[..., Any]]:
    """Return the actions of core that we change, those of plugins only where these are loaded."""
    return {**CHAINED, **(ACTIVITY if p.plugin_loaded("activity") else {})}
