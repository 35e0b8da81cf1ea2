"""Many datasets through CKAN's validators and models at once, without what its actions do again for each.

package_create and package_update spend most of their time on a full package_show for the activity stream, on validating
three times, and on some forty statements a dataset. Here a dataset is validated once by the same validators, saved by CKAN's
own save functions, and the hooks of other plugins (IPackageController) are called. Not done: activities, and default views
unless a plugin brings views. docs/decisions/0010 has the reasons; tests/ckan/test_bulk.py holds that package_show and the
index say the same as after package_create and package_update.
"""

from __future__ import annotations

import dataclasses as dc
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
from ckanext.satudatapaser.catalogue.rows import TYPE
from ckanext.satudatapaser.intake import saved
from ckanext.scheming.plugins import SchemingDatasetsPlugin

Values = dict[str, Any]


class Schema:
    """The validators of one action, put together once: scheming would do it again for every dataset."""

    def __init__(self, action: str) -> None:
        self.plugin = lookup_package_plugin(TYPE)
        self.action = action
        self.ready = self._ready() if isinstance(self.plugin, SchemingDatasetsPlugin) else None
        self.extras = _take_out(self.ready, tk.get_validator("convert_from_extras")) if self.ready else frozenset()

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
            validated, errors = navl_validate(_with_extras(values, self.extras), self.ready, context)
        return validated, errors


def _take_out(schema: Values, validator: Any) -> frozenset[str]:
    """Take ``validator`` out of a schema; return the fields that began with it."""
    found = {field for field, steps in schema.items() if isinstance(steps, list) and steps and steps[0] is validator}
    for field in found:
        schema[field] = schema[field][1:]
    return frozenset(found)


def _with_extras(values: Values, fields: Collection[str]) -> Values:
    """Return a dataset with the extras that are ``fields`` of the schema in their place, all at once.

    CKAN's convert_from_extras looks through the whole dataset for each field.
    """
    if not fields or not values.get("extras"):
        return values
    found = {extra["key"]: extra["value"] for extra in values["extras"] if extra["key"] in fields}
    left = [extra for extra in values["extras"] if extra["key"] not in found]
    whole = {**values, **found, "extras": left}
    if not left:
        del whole["extras"]
    return whole


@dc.dataclass(frozen=True, slots=True)
class Changed:
    """A changed dataset that may be saved; ``same_files``: ids of the files that stay as they are."""

    package: model.Package
    data: Values
    same_files: frozenset[str]


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
        packages = [self._new(data, tags) for data in checked]
        model.Session.flush()
        members = [
            row for data, package in zip(checked, packages, strict=True) for row in _members(package, data, groups)
        ]
        if members:
            # as rows, not as objects: for each of those CKAN would read its dataset again before it commits
            model.Session.execute(sa.insert(model.member_table), members)
        for data, package in zip(checked, packages, strict=True):
            data["id"] = package.id
            for values, resource in zip(data.get("resources") or [], package.resources, strict=True):
                values["id"] = resource.id
            context = self._context()
            for plugin in p.PluginImplementations(p.IPackageController):
                plugin.create(package)
                plugin.after_dataset_create(context, data)
            self._add_views(data)
        return [package.id for package in packages]

    def _new(self, data: Values, tags: Mapping[str, Any]) -> model.Package:
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
        return package

    def _add_views(self, data: Values) -> None:
        if self.views and data.get("resources"):
            make = tk.get_action("package_create_default_resource_views")
            make(self._context(), {"package": data})

    def check_changed(self, package: model.Package, values: Values, shown: Values) -> Changed:
        """Return what is to be saved of a dataset; raises ValidationError.

        ``values``: the whole dataset; ``shown``: as package_show gives it now. As in package_update, files that stay as
        they are need no look. The moment of the change is ``change``'s to set.
        """
        values = {key: value for key, value in values.items() if key != "metadata_modified"}
        files = values.get("resources") or []
        same = _same_files(self.schemas["package_update"].plugin, values, shown)
        for resource in files:
            if "mimetype" not in resource:  # a new file: package_update guesses from its address, too
                resource["mimetype"] = getattr(uploader.get_resource_uploader(resource), "mimetype", None)
        if "resources" in values:
            values = {**values, "resources": [file for file in files if file.get("id") not in same]}
        data = self._validated("package_update", values, self._context(package))
        if "resources" in values:
            checked = iter(data.get("resources") or [])
            data["resources"] = [same[file["id"]] if file.get("id") in same else next(checked) for file in files]
        return Changed(package, data, frozenset(same))

    def change(self, checked: Sequence[Changed]) -> None:
        """Save changed datasets that ``check_changed`` has passed; ``saved.packages`` has read them."""
        tags = _tags(tag["name"] for item in checked for tag in item.data.get("tags") or [])
        groups = _groups({g.get("id") or g["name"] for item in checked for g in item.data.get("groups") or []})
        members = saved.memberships([item.package.id for item in checked])
        for item in checked:
            owner = item.package.owner_org
            saved.change(item.package, item.data, item.same_files, tags, groups, members[item.package.id])
            item.package.metadata_modified = _utc()
            if item.package.owner_org != owner:
                move = {"id": item.package.id, "organization_id": item.package.owner_org}
                tk.get_action("package_owner_org_update")(self._context(), move)
        model.Session.flush()
        for item in checked:
            for values, resource in zip(item.data.get("resources") or [], item.package.resources, strict=False):
                values["id"] = resource.id
            context = self._context(item.package)
            for plugin in p.PluginImplementations(p.IPackageController):
                plugin.edit(item.package)
                plugin.after_dataset_update(context, item.data)
            self._add_views(item.data)


def _members(package: model.Package, data: Values, groups: Mapping[str, Any]) -> list[Values]:
    """Return the rows by which a new dataset belongs to its topics and its organisation."""
    topics = dict.fromkeys(groups[group.get("id") or group["name"]].id for group in data.get("groups") or [])
    places = [
        *((topic, "public") for topic in topics),
        *([(package.owner_org, "organization")] if package.owner_org else []),
    ]
    return [
        {"table_id": package.id, "table_name": "package", "group_id": group, "capacity": capacity, "state": "active"}
        for group, capacity in places
    ]


def _same_files(plugin: Any, values: Values, shown: Values) -> dict[str, Values]:
    """Return the files of ``values`` that are as ``shown`` has them, by id; their place in the list does not count.

    None when a field has changed that, by the dataset type's word, files are judged by.
    """
    ask = getattr(plugin, "resource_validation_dependencies", None)
    if any(values.get(field) != shown.get(field) for field in (ask(TYPE) if ask else ())):
        return {}
    before = {file["id"]: file for file in shown.get("resources") or []}
    return {
        file["id"]: before[file["id"]]
        for file in values.get("resources") or []
        if file.get("id") in before and {**file, "position": 0} == {**before[file["id"]], "position": 0}
    }


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
