"""Many datasets through CKAN's validators and models at once, without what its actions do again for each.

package_create and package_update spend most of their time on a full package_show for the activity stream, on validating
three times, and on some forty statements a dataset. Here a dataset is validated once by the same validators, saved by CKAN's
own save functions, and the hooks of other plugins (IPackageController) are called. Not done: activities, and default views
unless a plugin brings views. docs/decisions/0010 has the reasons; tests/ckan/test_bulk.py holds that package_show and the
index say the same as after package_create and package_update.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from ckan import model
from ckan import plugins as p
from ckan.lib import uploader
from ckan.lib.dictization import model_save
from ckan.lib.navl.dictization_functions import validate as navl_validate
from ckan.lib.plugins import lookup_package_plugin, plugin_validate
from ckan.plugins import toolkit as tk
from ckanext.satudatapaser import clock
from ckanext.scheming.plugins import SchemingDatasetsPlugin

TYPE = "dataset"
Values = dict[str, Any]


class Schema:
    """The validators of one action, put together once: scheming would do it again for every dataset."""

    def __init__(self, action: str) -> None:
        self.plugin = lookup_package_plugin(TYPE)
        self.action = action
        self.ready = self._ready() if isinstance(self.plugin, SchemingDatasetsPlugin) else None

    def _fresh(self) -> Values:
        make = {
            "package_create": self.plugin.create_package_schema,
            "package_update": self.plugin.update_package_schema,
            "package_show": self.plugin.show_package_schema,
        }
        schema: Values = make[self.action]()
        return schema

    def _ready(self) -> Values | None:
        """Let scheming fill a schema with the validators of its fields; None when it works on composite fields as well."""
        known = self.plugin._expanded_schemas[TYPE]
        if any("repeating_subfields" in f for f in (*known["dataset_fields"], *known["resource_fields"])):
            return None
        schema = self._fresh()
        self.plugin.validate({"model": model, "session": model.Session}, {"type": TYPE}, schema, self.action)
        return schema

    def validate(self, values: Values, context: Values) -> tuple[Values, Values]:
        """Return the validated values and the errors."""
        if self.ready is None:
            validated, errors = plugin_validate(self.plugin, context, values, self._fresh(), self.action)
        else:
            validated, errors = navl_validate(values, self.ready, context)
        return validated, errors


class Bulk:
    """Creates and updates datasets as the site's user ``user``, in the present transaction."""

    def __init__(self, user: str) -> None:
        self.user = user
        self.user_id = model.Session.scalar(sa.select(model.User.id).where(model.User.name == user))
        self.schemas = {action: Schema(action) for action in ("package_create", "package_update")}
        self.views = any(True for _ in p.PluginImplementations(p.IResourceView))

    def _context(self, package: model.Package | None = None) -> Values:
        context: Values = {
            "user": self.user, "model": model, "session": model.Session, "ignore_auth": True, "defer_commit": True,
            "satudata_may_set_status": True,
        }  # fmt: skip
        return {**context, "package": package, "id": package.id} if package else context

    def _validated(self, action: str, values: Values, context: Values) -> Values:
        validated, errors = self.schemas[action].validate({**values, "type": TYPE}, context)
        if errors:
            raise tk.ValidationError(errors)
        return validated

    def check_new(self, values: Values) -> Values:
        """Return what is to be saved of a new dataset; raises ValidationError."""
        return self._validated("package_create", values, self._context())

    def create(self, checked: Sequence[Values]) -> list[str]:
        """Save new datasets that ``check_new`` has passed; return their ids."""
        tags = _tags(tag["name"] for data in checked for tag in data.get("tags") or [])
        words = {group.get("id") or group["name"] for data in checked for group in data.get("groups") or []}
        groups = _groups(words | {data["owner_org"] for data in checked if data.get("owner_org")})
        saved = [self._new(data, tags, groups) for data in checked]
        model.Session.flush()
        for data, package in zip(checked, saved, strict=True):
            data["id"] = package.id
            for values, resource in zip(data.get("resources") or [], package.resources, strict=True):
                values["id"] = resource.id
            context = self._context()
            for plugin in p.PluginImplementations(p.IPackageController):
                plugin.create(package)
                plugin.after_dataset_create(context, data)
            self._add_views(data)
        return [package.id for package in saved]

    def _new(self, data: Values, tags: Mapping[str, Any], groups: Mapping[str, Any]) -> model.Package:
        package = model.Package()
        extras = {extra["key"]: extra["value"] for extra in data.get("extras") or []}
        package.from_dict({**data, "extras": extras, "creator_user_id": self.user_id})
        if not data.get("metadata_modified"):
            package.metadata_modified = _utc()
        model.Session.add(package)
        context = {"session": model.Session}
        package.resources_all[:] = [
            model_save.resource_dict_save({**values, "package_id": package.id}, context)[0]
            for values in data.get("resources") or []
        ]
        for name in dict.fromkeys(tag["name"] for tag in data.get("tags") or []):
            model.Session.add(model.PackageTag(package, tags[name], "active"))
        topics = dict.fromkeys(groups[group.get("id") or group["name"]] for group in data.get("groups") or [])
        owner = [(groups[package.owner_org], "organization")] if package.owner_org else []
        for group, capacity in [*((topic, "public") for topic in topics), *owner]:
            member = model.Member(table_id=package.id, table_name="package", group=group, group_id=group.id)
            member.capacity, member.state = capacity, "active"
            model.Session.add(member)
        return package

    def _add_views(self, data: Values) -> None:
        if self.views and data.get("resources"):
            make = tk.get_action("package_create_default_resource_views")
            make(self._context(), {"package": data})

    def update(self, package: model.Package, values: Values) -> str:
        """Validate and save a changed dataset; return its id. ``values``: the whole dataset. Raises ValidationError."""
        context = self._context(package)
        owner = package.owner_org
        for resource in values.get("resources") or []:
            if "mimetype" not in resource:  # a new file: package_update guesses from its address, too
                resource["mimetype"] = getattr(uploader.get_resource_uploader(resource), "mimetype", None)
        data = self._validated("package_update", values, context)
        # what package_dict_save is not given keeps its value; extras are saved as a whole
        model_save.package_dict_save(data, context)
        package.metadata_modified = _utc()
        if package.owner_org != owner:
            move = {"id": package.id, "organization_id": package.owner_org}
            tk.get_action("package_owner_org_update")(self._context(), move)
        model.Session.flush()
        for plugin in p.PluginImplementations(p.IPackageController):
            plugin.edit(package)
            plugin.after_dataset_update(context, data)
        self._add_views(data)
        return str(package.id)


def _utc() -> dt.datetime:
    # CKAN keeps moments in UTC without a zone
    return clock.now().replace(tzinfo=None)


def _tags(names: Iterable[str]) -> dict[str, model.Tag]:
    """Return the free tags of these names, made where they are missing."""
    wanted = set(names)
    query = sa.select(model.Tag).where(model.Tag.name.in_(wanted), model.Tag.vocabulary_id.is_(None))
    found = {tag.name: tag for tag in model.Session.scalars(query)}
    for name in sorted(wanted - set(found)):
        found[name] = model.Tag(name=name)
        model.Session.add(found[name])
    return found


def _groups(words: Collection[str]) -> dict[str, model.Group]:
    """Return each group by its id and by its name; ``words`` are ids or names."""
    query = sa.select(model.Group).where(sa.or_(model.Group.id.in_(words), model.Group.name.in_(words)))
    return {word: group for group in model.Session.scalars(query) for word in (group.id, group.name)}
