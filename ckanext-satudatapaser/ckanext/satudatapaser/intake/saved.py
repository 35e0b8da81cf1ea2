"""Datasets as they are saved: read with all that hangs on them in a few queries, changed without asking again.

The rules are those of CKAN's ckan.lib.dictization.model_save (package_dict_save and what it calls), which asks some twenty
times a dataset; tests/ckan/test_bulk.py holds that the same rows come of it.
"""

from __future__ import annotations

import collections
from collections.abc import Collection, Mapping
from typing import Any

import sqlalchemy as sa
from ckan import model
from ckan.lib.dictization import model_save
from ckanext.satudatapaser.catalogue.rows import TYPE
from sqlalchemy.orm import joinedload, selectinload

Values = dict[str, Any]
RELATIONS = ("relationships_as_subject", "relationships_as_object")


def packages(ids: Collection[str]) -> dict[str, model.Package]:
    """Return the active datasets of our type with these ids by their id, with files, tags and relationships loaded."""
    package = model.Package
    ours = sa.select(package).where(package.id.in_(ids), package.type == TYPE, package.state == "active")
    query = ours.options(
        selectinload(package.resources_all),
        selectinload(package.package_tags).joinedload(model.PackageTag.tag),
        *(selectinload(getattr(package, name)) for name in RELATIONS),
    )  # fmt: skip
    return {found.id: found for found in model.Session.scalars(query)}


def memberships(ids: Collection[str]) -> dict[str, list[model.Member]]:
    """Return the rows that put these datasets into groups, those that are no longer in force as well, by dataset."""
    member = model.Member
    query = sa.select(member).where(member.table_id.in_(ids), member.capacity != "organization")
    found: dict[str, list[model.Member]] = collections.defaultdict(list)
    for row in model.Session.scalars(query.options(joinedload(member.group))):
        found[row.table_id].append(row)
    return found


def change(
    package: model.Package,
    data: Values,
    same_files: Collection[str],
    tags: Mapping[str, model.Tag],
    groups: Mapping[str, model.Group],
    members: Collection[model.Member],
) -> None:
    """Give ``package`` what ``data`` says, in the present transaction.

    ``same_files``: ids of files that stay as they are; ``tags``: free tags by name, ``groups``: by id and name, at least all
    that ``data`` names; ``members``: what ``memberships`` gave for it. What ``data`` does not name stays.
    """
    context = {"session": model.Session}
    extras = {extra["key"]: extra["value"] for extra in data.get("extras") or []}
    package.from_dict({**{k: v for k, v in data.items() if k != "metadata_created"}, "extras": extras})
    if data.get("resources") is not None:
        _files(package, data["resources"], same_files)
    if any(tag.get("vocabulary_id") for tag in data.get("tags") or []):
        model_save.package_tag_list_save(data["tags"], package, context)
    else:
        _tags(package, {tags[tag["name"]] for tag in data.get("tags") or []})
    if data.get("groups") is not None:
        named = (groups.get(group.get("id") or group["name"]) for group in data["groups"])
        _groups(package, {group for group in named if group}, members)
    for name in RELATIONS:
        if name in data:
            model_save.relationship_list_save(data[name], package, name, context)


def _files(package: model.Package, wanted: list[Values], same: Collection[str]) -> None:
    """As package_resource_list_save: what falls out is marked deleted, what was marked before is removed for good."""
    before = sorted((r for r in package.resources_all if r.state != "deleted"), key=lambda r: r.position)
    deleted = [resource for resource in package.resources_all if resource.state == "deleted"]
    by_id = {resource.id: resource for resource in before}
    after = []
    for values in wanted:
        if values.get("id") in same:
            after.append(by_id[values["id"]])
        else:
            values["package_id"] = values.get("package_id") or package.id
            after.append(model_save.resource_dict_save(values, {"session": model.Session})[0])
    if before == after:
        return
    package.resources_all[:] = after
    for resource in set(deleted) - set(after):
        resource.purge()
    for resource in before:
        if resource not in after:
            resource.state = "deleted"
            package.resources_all.append(resource)


def _tags(package: model.Package, wanted: set[model.Tag]) -> None:
    """As package_tag_list_save: a link stays when its tag goes, marked deleted, and comes back with it."""
    links = {link.tag: link for link in package.package_tags}
    for tag, link in links.items():
        link.state = "active" if tag in wanted else "deleted"
    for tag in wanted - set(links):
        model.Session.add(model.PackageTag(package, tag, "active"))


def _groups(package: model.Package, wanted: set[model.Group], members: Collection[model.Member]) -> None:
    """As package_membership_list_save."""
    known = {member.group: member for member in members}
    for group, member in known.items():
        if member.state != ("active" if group in wanted else "deleted"):
            member.state, member.capacity = ("active" if group in wanted else "deleted"), "public"
    for group in wanted - set(known):
        member = model.Member(table_id=package.id, table_name="package", group=group, group_id=group.id)
        member.capacity, member.state = "public", "active"
        model.Session.add(member)
