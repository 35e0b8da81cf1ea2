"""What is terbatas, tertutup or a person's is in no page, action, feed, export or count that an anonymous visitor can ask for.

Three marker words do the work: one stands only in addresses, files and rows of a terbatas dataset, the second in everything
of a tertutup one, the third in contacts of those whose descriptions are open. Every GET route and every reading action is
called, with each parameter that fits, and must not show them.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from typing import Any

import pytest
from ckan import model
from ckan.lib import search
from ckan.logic import _actions, get_action
from ckan.plugins import toolkit as tk
from ckan.tests import factories
from ckan.tests.helpers import call_action
from werkzeug.datastructures import FileStorage

LIMITED, CLOSED, PERSON = "qxberkasrahasia", "qxtertutuprahasia", "qxorangrahasia"
CONTACTS = {
    "maintainer": PERSON, "maintainer_email": f"{PERSON}@gmail.example", "author": f"Unit, {PERSON}@yahoo.example",
    "author_email": "unit@example.go.id",
}  # fmt: skip
pytestmark = [pytest.mark.ckan, pytest.mark.search]


@pytest.fixture(scope="module")
def catalogue(site_app: Any, request: pytest.FixtureRequest) -> Iterator[dict[str, Any]]:
    """One open, one terbatas and one tertutup dataset, with files, rows and activity."""
    for name in ("reset_db", "reset_index"):
        request.getfixturevalue(name)()
    migrate = request.getfixturevalue("migrate_db_for")
    for plugin in ("activity", "satudatapaser"):
        migrate(plugin)
    walidata = factories.Organization(name="diskominfostaper")
    member, checker, outsider, editor = (factories.User() for _ in range(4))
    users = [{"name": member["name"], "capacity": "member"}, {"name": editor["name"], "capacity": "editor"}]
    owner = factories.Organization(users=users)
    factories.Organization(users=[{"name": outsider["name"], "capacity": "admin"}])
    call_action("organization_member_create", id=walidata["id"], username=checker["name"], role="editor")
    topic = factories.Group(name="topik")
    common = {"owner_org": owner["id"], "license_id": "cc-by", "notes": "Keterangan", "groups": [{"id": topic["id"]}]}
    context = {"user": factories.Sysadmin()["name"], "satudata_may_set_status": True}

    def dataset(word: str, access: str, **values: Any) -> dict[str, Any]:
        made = get_action("package_create")(
            dict(context),
            {"name": f"data-{access}", "title": f"Data {access}", "accessRights": access,
             "publishing_status": "published", **common, "tags": [{"name": "katakunci"}], **values},
        )  # fmt: skip
        upload = FileStorage(io.BytesIO(f"kolom\n{word}\n".encode()), filename=f"{word}.csv")
        for more in ({"url": f"https://example.go.id/{word}.csv"}, {"upload": upload, "url": f"{word}.csv"}):
            resource = get_action("resource_create")(
                dict(context), {"package_id": made["id"], "name": "Tabel", "format": "CSV", **more}
            )
        rows = {"resource_id": resource["id"], "force": True, "records": [{"kolom": word}]}
        get_action("datastore_create")(dict(context), rows)
        return get_action("package_show")(dict(context), {"id": made["id"]})

    tags = [{"name": CLOSED}, {"name": "katakunci"}]
    closed = {"title": f"Judul {CLOSED}", "notes": CLOSED, "tags": tags, "maintainer": CLOSED}
    found = {
        "terbuka": dataset("qxterbuka", "terbuka", **CONTACTS),
        "terbatas": dataset(LIMITED, "terbatas", **CONTACTS),
        "tertutup": dataset(CLOSED, "tertutup", **closed),
    }
    search.commit()
    yield {**found, "owner": owner, "member": member, "editor": editor, "walidata": checker, "outsider": outsider}
    model.Session.remove()


def ids(catalogue: dict[str, Any]) -> list[str]:
    """Return every id that a visitor may try."""
    found = [catalogue["owner"]["id"], catalogue["owner"]["name"], catalogue["member"]["name"]]
    for access in ("terbuka", "terbatas", "tertutup"):
        found += [catalogue[access]["id"], *(resource["id"] for resource in catalogue[access]["resources"])]
    return found


def shows_secrets(text: str) -> list[str]:
    """Return the marker words in ``text``."""
    return [word for word in (LIMITED, CLOSED, PERSON) if word in text.lower()]


def calls(name: str, catalogue: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield what an anonymous visitor may send to a reading action."""
    yield {}
    for id in ids(catalogue):
        yield {"id": id}
        yield {"resource_id": id}
        yield {"id": id, "include_datasets": True, "use_default_schema": True, "include_plugin_data": True}
        yield {"package_id": id, "dataset_id": id, "object_id": id}
    flags = {"include_private": True, "include_drafts": True, "include_deleted": True, "rows": 100, "limit": 100}
    yield flags
    yield {**flags, "use_default_schema": True}
    yield {**flags, "fl": ["id", "name", "res_url", "data_dict", "validated_data_dict", "res_extras_url", "text"]}
    yield {**flags, "fl": ["*"]}
    yield {**flags, "facet.field": ["res_url", "tags", "title_string", "maintainer", "author_email", "res_name"]}
    yield {**flags, "all_fields": True, "include_extras": True}


def test_no_reading_action_shows_what_is_limited_or_closed(site_app: Any, catalogue: dict[str, Any]) -> None:
    get_action("package_show")
    names = sorted(name for name, function in _actions.items() if getattr(function, "side_effect_free", False))
    expected = {
        "package_show",
        "package_search",
        "resource_search",
        "datastore_search",
        "dcat_catalog_show",
        "dcat_dataset_show",
    }
    assert expected <= set(names)
    leaks = []
    for name in names:
        for values in calls(name, catalogue):
            answer = site_app.post(f"/api/3/action/{name}", json=values, status=None, expect_errors=True)
            words = shows_secrets(answer.body)
            leaks += [(name, values, words)] if words else []
    assert sorted({name for name, _, _ in leaks}) == []
    assert leaks == []


def test_members_of_an_organisation_are_listed_without_its_closed_datasets(
    site_app: Any, catalogue: dict[str, Any]
) -> None:
    values = {"id": catalogue["owner"]["id"], "object_type": "package"}
    members = json.loads(site_app.post("/api/3/action/member_list", json=values).body)["result"]
    assert {member[0] for member in members} == {catalogue["terbuka"]["id"], catalogue["terbatas"]["id"]}


@pytest.mark.parametrize(
    ("action", "values"),
    [
        ("package_search", {"q": CLOSED, "include_private": True}),
        ("package_search", {"q": LIMITED}),
        ("package_search", {"q": f"res_url:*{LIMITED}*"}),
        ("package_search", {"fq": f"tags:{CLOSED}", "include_private": True, "include_drafts": True}),
        ("resource_search", {"query": f"url:{LIMITED}"}),
        ("resource_search", {"query": f"url:{CLOSED}"}),
        ("tag_search", {"query": CLOSED}),
        ("package_search", {"q": f"{PERSON} {PERSON}@gmail.example"}),
        ("package_search", {"q": f"maintainer_email:{PERSON}* OR author:*{PERSON}*"}),
    ],
)
def test_words_of_closed_data_addresses_of_limited_files_and_persons_are_not_searchable(
    site_app: Any, catalogue: dict[str, Any], action: str, values: dict[str, Any]
) -> None:
    answer = site_app.post(f"/api/3/action/{action}", json=values)
    assert json.loads(answer.body)["result"]["count"] == 0


def paths(app: Any, catalogue: dict[str, Any]) -> Iterator[str]:
    """Yield the address of every GET route with each id in each place."""
    dataset_ids = [catalogue[access]["id"] for access in ("terbuka", "terbatas", "tertutup")]
    for rule in app.flask_app.url_map.iter_rules():
        if "GET" not in (rule.methods or ()) or rule.endpoint.startswith(("static", "webassets", "_debug")):
            continue
        wanted = rule.arguments - set(rule.defaults or {})
        resources = [(p["id"], r["id"]) for p in (catalogue["terbatas"], catalogue["tertutup"]) for r in p["resources"]]
        choices = [(id, id) for id in ids(catalogue)] if "resource_id" not in wanted else resources
        with app.flask_app.test_request_context():
            adapter = app.flask_app.url_map.bind("localhost")
            for first, second in choices:
                values = {"resource_id": second, "_format": "ttl", "ver": "3", "page": 1, "filename": "x.csv"}
                values |= {name: first for name in wanted if name not in values}
                try:
                    yield adapter.build(rule.endpoint, {k: v for k, v in values.items() if k in wanted}, method="GET")
                except Exception:  # noqa: BLE001 - a route that takes none of these words is no output of ours
                    continue
                if not wanted:
                    break
    for id in dataset_ids:
        yield from (f"/dataset/{id}.{ending}" for ending in ("ttl", "xml", "jsonld", "rdf", "n3"))
    yield from (f"/catalog.{ending}" for ending in ("ttl", "xml", "jsonld", "rdf", "n3"))
    yield f"/dataset/?q={CLOSED[:6]}*&include_private=true"
    yield from outputs(catalogue)


def outputs(catalogue: dict[str, Any]) -> Iterator[str]:
    """Yield the addresses that other systems read."""
    owner = catalogue["owner"]
    feeds = (
        "dataset",
        f"organization/{owner['name']}",
        f"organization/{owner['id']}",
        "group/topik",
        "tag/katakunci",
        "custom",
    )
    yield from (f"/feeds/{feed}.{format}" for feed in feeds for format in ("atom", "rss"))
    for words in (f"{CLOSED[:6]}*", f"{LIMITED[:6]}*", "Data", "*:*"):
        yield from (f"/feeds/custom.{format}?q={words}" for format in ("atom", "rss"))
    yield from ("/sitemap.xml", "/sitemap-pages.xml", "/sitemap-1.xml", "/robots.txt", "/data.json")


def test_no_page_feed_or_export_shows_what_is_limited_or_closed(
    site_app: Any, catalogue: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    # as in production: an error is a page, not an exception of the test client
    monkeypatch.setitem(site_app.flask_app.config, "PROPAGATE_EXCEPTIONS", False)
    monkeypatch.setitem(site_app.flask_app.config, "TESTING", False)
    leaks, seen = [], 0
    for path in dict.fromkeys(paths(site_app, catalogue)):
        answer = site_app.get(path, status=None, expect_errors=True, follow_redirects=False)
        seen += 1
        words = shows_secrets(answer.body + str(answer.headers))
        leaks += [(path, answer.status_code, words)] if words else []
    assert leaks == []
    assert seen > 100


def test_other_systems_read_the_open_dataset_and_neither_the_limited_nor_the_closed_one(
    site_app: Any, catalogue: dict[str, Any]
) -> None:
    pages = ("/sitemap.xml", "/sitemap-pages.xml", "/robots.txt", f"?q={CLOSED[:6]}*", f"?q={LIMITED[:6]}*")
    for path in outputs(catalogue):
        text = site_app.get(path, status=200).body
        found = [access for access in ("terbuka", "terbatas", "tertutup") if catalogue[access]["id"] in text]
        found += [access for access in ("terbuka", "terbatas", "tertutup") if f"data-{access}" in text]
        assert set(found) == (set() if path.endswith(pages) else {"terbuka"}), path


@pytest.mark.parametrize(("who", "sees"), [("member", True), ("walidata", True), ("outsider", False)])
def test_files_of_a_limited_dataset_open_for_its_organisation_and_the_walidata_only(
    catalogue: dict[str, Any], who: str, sees: bool
) -> None:
    shown = get_action("package_show")({"user": catalogue[who]["name"]}, {"id": catalogue["terbatas"]["id"]})
    assert (LIMITED in json.dumps(shown["resources"])) is sees


@pytest.mark.parametrize(
    ("who", "sees"), [("editor", True), ("member", False), ("walidata", False), ("outsider", False)]
)
def test_a_person_is_seen_by_those_who_may_edit_the_dataset_only(
    catalogue: dict[str, Any], who: str, sees: bool
) -> None:
    user = {"user": catalogue[who]["name"]}
    shown = get_action("package_show")(dict(user), {"id": "data-terbuka"})
    assert ({key: shown.get(key) for key in CONTACTS} == CONTACTS) is sees


@pytest.mark.parametrize(("who", "sees"), [("editor", True), ("member", False)])
def test_copies_of_a_dataset_in_its_history_name_persons_to_those_who_may_edit_it_only(
    catalogue: dict[str, Any], monkeypatch: pytest.MonkeyPatch, who: str, sees: bool
) -> None:
    monkeypatch.setitem(tk.config, "ckan.auth.public_activity_stream_detail", True)
    user = catalogue[who]["name"]
    context = {"user": user, "auth_user_obj": model.User.get(user)}
    history = get_action("package_activity_list")(dict(context), {"id": "data-terbuka", "limit": 100})
    asked = [{"id": item["id"], "include_data": True} for item in history]
    copies = [get_action("activity_show")(dict(context), values)["data"]["package"] for values in asked]
    assert copies
    assert {copy.get("maintainer") == PERSON for copy in copies} == {sees}


def test_an_editor_keeps_the_persons_of_what_is_patched(catalogue: dict[str, Any]) -> None:
    get_action("package_patch")({"user": catalogue["editor"]["name"]}, {"id": "data-terbuka", "notes": "Lain"})
    assert model.Package.get("data-terbuka").maintainer_email == CONTACTS["maintainer_email"]


@pytest.mark.parametrize(("who", "sees"), [("member", True), ("walidata", True), ("outsider", False)])
def test_a_closed_dataset_is_seen_by_its_organisation_and_the_walidata_only(
    catalogue: dict[str, Any], who: str, sees: bool
) -> None:
    context = {"user": catalogue[who]["name"], "auth_user_obj": model.User.get(catalogue[who]["name"])}
    found = get_action("package_search")(context, {"include_private": True, "fq": "name:data-tertutup"})
    assert found["count"] == int(sees)
    if sees:
        assert get_action("package_show")({"user": catalogue[who]["name"]}, {"id": "data-tertutup"})["private"]
    else:
        with pytest.raises(tk.NotAuthorized):
            tk.check_access("package_show", {"user": catalogue[who]["name"]}, {"id": "data-tertutup"})


def test_counts_of_the_organisation_leave_closed_datasets_out(site_app: Any, catalogue: dict[str, Any]) -> None:
    answer = site_app.get(f"/api/3/action/organization_show?id={catalogue['owner']['id']}")
    assert json.loads(answer.body)["result"]["package_count"] == 2


def test_an_allowed_editor_can_patch_a_limited_dataset_without_losing_its_addresses(catalogue: dict[str, Any]) -> None:
    sysadmin = {"user": factories.Sysadmin()["name"]}
    get_action("package_patch")(sysadmin, {"id": catalogue["terbatas"]["id"], "notes": "Keterangan baru"})
    urls = [r["url"] for r in get_action("package_show")(sysadmin, {"id": "data-terbatas"})["resources"]]
    assert [LIMITED in url for url in urls] == [True, True]
