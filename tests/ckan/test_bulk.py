"""Datasets written many at once are those that package_create and package_update would have made, for readers and for Solr."""

from __future__ import annotations

import copy
import json
import uuid
from collections.abc import Iterator
from typing import Any

import pysolr
import pytest
import sqlalchemy as sa
from ckan import logic, model
from ckan import plugins as p
from ckan.plugins import toolkit as tk
from ckan.tests import factories
from ckanext.satudatapaser.intake import saved
from ckanext.satudatapaser.intake.bulk import Bulk
from ckanext.satudatapaser.intake.documents import Shown, document
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

pytestmark = [pytest.mark.ckan, pytest.mark.search, pytest.mark.usefixtures("empty_catalogue")]
OWN = {"id", "name", "metadata_created", "metadata_modified", "package_id", "created", "index_id", "revision_timestamp"}
WORDS = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), min_size=1, max_size=40).filter(
    str.strip
)
TAGS = st.lists(st.from_regex(r"[A-Za-z][\w \-.]{1,20}[a-z]", fullmatch=True), max_size=4, unique_by=str.lower)
FILE = st.fixed_dictionaries(
    {"url": st.from_regex(r"https://[a-z]{3,9}\.example\.go\.id/[a-z0-9/]{0,12}\.csv", fullmatch=True)},
    optional={"name": WORDS, "description": WORDS, "format": st.sampled_from(["CSV", "xlsx", "PDF", "Aneh"])},
)
VALUES = st.fixed_dictionaries(
    {
        "title": WORDS,
        "accessRights": st.sampled_from(["terbuka", "terbatas", "tertutup"]),
        "private": st.booleans(),
        "publishing_status": st.sampled_from(["published", "submitted"]),
        "license_id": st.sampled_from(["cc-by", "notspecified", "tidak-dikenal"]),
        "tags": TAGS.map(lambda names: [{"name": name} for name in names]),
        "resources": st.lists(FILE, max_size=3),
        "in_topic": st.booleans(),
    },
    optional={
        "notes": WORDS,
        "satuan": WORDS,
        "konsep": WORDS,
        "accrualPeriodicity": st.sampled_from(["tahunan", "Bulanan"]),
        "issued": st.dates().map(str),
        "maintainer": WORDS,
        "spatial": st.just('{"type": "Point", "coordinates": [116.2, -1.9]}'),
        "kode_wilayah": st.just("64.01.04"),
    },
)
KEPT = st.lists(st.integers(0, 2), unique=True)  # files that stay, by their place
UNTIMED = settings(
    max_examples=30,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    deadline=None,
)


class Sent(list[dict[str, Any]]):
    """Documents; told in few words when a test fails."""

    def __repr__(self) -> str:
        return f"{len(self)} documents"


@pytest.fixture
def user() -> str:
    return str(tk.get_action("get_site_user")({"ignore_auth": True}, {})["name"])


@pytest.fixture(scope="module")
def home(empty_catalogue: None) -> dict[str, str]:
    """An organisation and a topic, by their ids."""
    return {"owner_org": factories.Organization()["id"], "topic": factories.Group()["name"]}


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[dict[str, Any]]]:
    """What CKAN sends to Solr; nothing arrives."""
    documents = Sent()
    monkeypatch.setattr(pysolr.Solr, "add", lambda _, docs, **__: documents.extend(copy.deepcopy(docs)))
    monkeypatch.setattr(pysolr.Solr, "commit", lambda *_, **__: None)
    yield documents
    model.Session.rollback()
    model.Session.remove()


def whole(values: dict[str, Any], home: dict[str, str]) -> dict[str, Any]:
    found = {key: value for key, value in copy.deepcopy(values).items() if key != "in_topic"}
    groups = [{"name": home["topic"]}] if values["in_topic"] else []
    name = f"d-{uuid.uuid4().hex}"
    return {**found, "groups": groups, "owner_org": home["owner_org"], "id": str(uuid.uuid4()), "name": name}


def context(user: str) -> dict[str, Any]:
    return {"user": user, "ignore_auth": True, "satudata_may_set_status": True}


def show(package_id: str, **how: Any) -> dict[str, Any]:
    found: dict[str, Any] = tk.get_action("package_show")(
        {"ignore_auth": True, "use_cache": False}, {"id": package_id, **how}
    )
    return found


def change(bulk: Bulk, package_id: str, values: dict[str, Any]) -> None:
    package = saved.packages([package_id])[package_id]
    bulk.change([bulk.check_changed(package, values, Shown().customs([package_id])[package_id])])


def common(value: Any) -> Any:
    """Return a dict without what two datasets can never share: ids, names, moments."""
    if isinstance(value, dict):
        return {key: common(item) for key, item in value.items() if key not in OWN}
    if isinstance(value, list):
        return [common(item) for item in value]
    return value


def as_ckan_indexes(package_id: str, user: str, sent: list[dict[str, Any]]) -> dict[str, Any]:
    model.Session.remove()
    sent.clear()
    logic.index_update_package({"user": user, "ignore_auth": True}, package_id, True)
    return sent[0]


def parsed(found: dict[str, Any]) -> dict[str, Any]:
    return {**found, **{key: json.loads(found[key]) for key in ("data_dict", "validated_data_dict")}}


def assert_documents_are_ckans(package_id: str, user: str, sent: list[dict[str, Any]]) -> None:
    theirs = as_ckan_indexes(package_id, user, sent)
    model.Session.remove()
    ours = document(*Shown().of([package_id])[package_id])
    assert parsed(ours) == parsed(theirs)


@UNTIMED
@given(values=VALUES)
def test_a_new_dataset_is_the_one_that_package_create_makes(
    values: dict[str, Any], home: dict[str, str], user: str, sent: list[dict[str, Any]]
) -> None:
    theirs = tk.get_action("package_create")(context(user), whole(values, home))["id"]
    bulk = Bulk(user)
    [ours] = bulk.create([bulk.check_new(whole(values, home))])
    model.Session.commit()
    model.Session.remove()
    for how in ({}, {"use_default_schema": True}):
        assert common(show(ours, **how)) == common(show(theirs, **how))
    assert_documents_are_ckans(ours, user, sent)


def rows(package_id: str) -> list[set[Any]]:
    """Return what a dataset's rows hold of tags, files and groups, with what is marked as deleted."""
    tag, link, file, member = model.Tag, model.PackageTag, model.Resource, model.Member
    tags = sa.select(tag.name, link.state).join(link, link.tag_id == tag.id).where(link.package_id == package_id)
    files = sa.select(file.url, file.name, file.state, file.position).where(file.package_id == package_id)
    groups = sa.select(member.group_id, member.capacity, member.state).where(member.table_id == package_id)
    return [{tuple(row) for row in model.Session.execute(query)} for query in (tags, files, groups)]


@UNTIMED
@given(steps=st.tuples(VALUES, VALUES, VALUES), kept=st.tuples(KEPT, KEPT))
def test_a_changed_dataset_is_the_one_that_package_update_makes(
    steps: tuple[dict[str, Any], ...],
    kept: tuple[list[int], ...],
    home: dict[str, str],
    user: str,
    sent: list[dict[str, Any]],
) -> None:
    first, *later = steps
    theirs, ours = (tk.get_action("package_create")(context(user), whole(first, home))["id"] for _ in range(2))
    for values, numbers in zip(later, kept, strict=True):
        for id in (theirs, ours):
            shown = show(id)
            changed = {**shown, **{k: v for k, v in whole(values, home).items() if k not in ("id", "name")}}
            stay = [shown["resources"][n] for n in numbers if n < len(shown["resources"])]
            changed["resources"] = [*stay, *changed["resources"]]
            if id == theirs:
                tk.get_action("package_update")(context(user), changed)
            else:
                change(Bulk(user), ours, changed)
            model.Session.commit()
            model.Session.remove()
        assert rows(ours) == rows(theirs)
    assert common(show(ours)) == common(show(theirs))
    assert_documents_are_ckans(ours, user, sent)


def members(package_id: str) -> set[tuple[str, str, str]]:
    table = model.Member
    query = sa.select(table.group_id, table.capacity, table.state).where(table.table_id == package_id)
    return {tuple(row) for row in model.Session.execute(query)}


def test_memberships_are_those_of_package_create(home: dict[str, str], user: str, sent: list[Any]) -> None:
    values = {"title": "Judul", "accessRights": "terbuka", "tags": [], "resources": [], "in_topic": True}
    theirs = tk.get_action("package_create")(context(user), whole(values, home))["id"]
    bulk = Bulk(user)
    [ours] = bulk.create([bulk.check_new(whole(values, home))])
    model.Session.commit()
    assert members(ours) == members(theirs)
    assert len(members(ours)) == 2


def test_a_wrong_value_is_refused_by_the_same_validators(home: dict[str, str], user: str, sent: list[Any]) -> None:
    values = whole({"title": "Judul", "accessRights": "entah", "tags": [], "resources": [], "in_topic": False}, home)
    with pytest.raises(tk.ValidationError) as theirs:
        tk.get_action("package_create")(context(user), dict(values))
    with pytest.raises(tk.ValidationError) as ours:
        Bulk(user).check_new(dict(values))
    assert ours.value.error_dict == theirs.value.error_dict


def test_a_move_to_another_organisation_leaves_one_owner(home: dict[str, str], user: str, sent: list[Any]) -> None:
    values = {"title": "Judul", "accessRights": "terbuka", "tags": [], "resources": [], "in_topic": False}
    bulk = Bulk(user)
    [package_id] = bulk.create([bulk.check_new(whole(values, home))])
    model.Session.commit()
    other = factories.Organization()["id"]
    change(bulk, package_id, {**show(package_id), "owner_org": other})
    model.Session.commit()
    active = {group for group, capacity, state in members(package_id) if state == "active"}
    assert active == {other}


class Listener:
    """Stands for another plugin that wants to hear of datasets."""

    def __init__(self) -> None:
        self.heard: list[str] = []

    def __getattr__(self, name: str) -> Any:
        def hear(*values: Any) -> Any:
            self.heard.append(name)
            return values[-1] if name == "before_dataset_index" else None

        return hear


def test_other_plugins_hear_of_it(
    home: dict[str, str], user: str, sent: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    listener, found = Listener(), p.PluginImplementations

    def with_listener(interface: Any) -> Any:
        return [*found(interface), *([listener] if interface is p.IPackageController else [])]

    monkeypatch.setattr(p, "PluginImplementations", with_listener)
    values = {"title": "Judul", "accessRights": "terbuka", "tags": [], "resources": [], "in_topic": False}
    bulk = Bulk(user)
    [package_id] = bulk.create([bulk.check_new(whole(values, home))])
    model.Session.commit()
    change(bulk, package_id, {**show(package_id), "title": "Lain"})
    document(*Shown().of([package_id])[package_id])
    assert {"create", "after_dataset_create", "edit", "after_dataset_update"} <= set(listener.heard)
    assert {"after_dataset_show", "before_dataset_index"} <= set(listener.heard)
    model.Session.rollback()
