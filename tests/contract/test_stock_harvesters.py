"""The stock harvesters harvest our portal: everything that is public, once; then changes, and what is closed or gone.

For each protocol one story is played with a real stock CKAN: a first harvest, a second of the same, then one after a dataset
was changed, one added, one closed and one deleted. What a stock harvester cannot do is said in docs/be-harvested-stock.md;
the tests below hold exactly that, so that a newer version that can do it is noticed.
"""

from __future__ import annotations

import dataclasses as dc
import json
from collections.abc import Iterator
from typing import Any

import pytest
from contract.catalogue import CLOSED, HALF, LIMITED, POLYGON
from stock.harvesting import Harvest, Stock, running

pytestmark = [pytest.mark.ckan, pytest.mark.search, pytest.mark.two_ckans]
CHANGED, ADDED, SHUT, GONE = "jalan", "baru", "sungai", "batas"
NEW_NOTES = "Keterangan yang diperbarui."
STAMPS = {"metadata_modified", "last_modified", "harvest_object_id", "mimetype"}
"""What the stock side itself writes anew when it writes the same dataset again; the media type it only guesses then."""


@dc.dataclass(frozen=True)
class Protocol:
    """How a stock CKAN is told to harvest us. ``forgets``: it takes closed and deleted datasets away."""

    kind: str
    path: str
    config: dict[str, Any] | None = None
    spatial: bool = False
    limited: bool = False
    rewrites: bool = False
    forgets: bool = True


PROTOCOLS = {
    "ckan": Protocol("ckan", "", limited=True, forgets=False),
    "datajson": Protocol("dcat_json", "/data.json", rewrites=True, forgets=False),
    "turtle": Protocol("dcat_rdf", "/catalog.ttl", rewrites=True),
    "json-ld": Protocol("dcat_rdf", "/catalog.jsonld", rewrites=True),
    "rdf-xml": Protocol("dcat_rdf", "/catalog.xml", rewrites=True),
    "csw": Protocol("csw_repaired", "/csw", {"reindex_unchanged": "False"}, spatial=True),
}


@dc.dataclass(frozen=True)
class Story:
    """What a stock CKAN had after each harvest, and what was public before and after the changes."""

    protocol: Protocol
    before: dict[str, dict[str, Any]]
    first: Harvest
    again: Harvest
    after: dict[str, dict[str, Any]]
    later: Harvest
    closed: set[str]
    stored: str

    @property
    def half(self) -> set[str]:
        """What this protocol shows beside the open datasets."""
        return {HALF} if self.protocol.limited else set()


@pytest.fixture(scope="module")
def stock() -> Iterator[Stock]:
    """A stock CKAN with the stock harvesters."""
    with running() as found:
        yield found


@pytest.fixture(scope="module", params=PROTOCOLS)
def story(request: pytest.FixtureRequest, stock: Stock, portal_of: Any) -> Story:
    """One protocol's story."""
    protocol = PROTOCOLS[request.param]
    with (
        portal_of() as (url, catalogue),
        stock.source(protocol.kind, url + protocol.path, protocol.config) as harvester,
    ):
        before = catalogue.public(protocol.spatial)
        first, again = harvester.run(), harvester.run()
        catalogue.change(CHANGED, notes=NEW_NOTES)
        catalogue.make(ADDED, title="Data baru", spatial=POLYGON)
        closed = {catalogue.packages[name]["title"] for name in (SHUT, GONE)}
        catalogue.close(SHUT)
        catalogue.delete(GONE)
        later = harvester.run()
        after = catalogue.public(protocol.spatial)
        return Story(protocol, before, first, again, after, later, closed, harvester.stored())


def content(packages: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """Return datasets without the stamps of whoever wrote them, and lists in one order."""

    def plain(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: plain(item) for key, item in value.items() if key not in STAMPS}
        if isinstance(value, list):
            kept = [plain(item) for item in value if not (isinstance(item, dict) and item.get("key") in STAMPS)]
            return sorted(kept, key=lambda item: json.dumps(item, sort_keys=True))
        return value

    return {title: plain(package) for title, package in packages.items()}


def differences(one: dict[str, Any], other: dict[str, Any]) -> list[tuple[str, str, Any, Any]]:
    """Return title, field and both values where two states of the stock side differ."""
    return [
        (title, key, one.get(title, {}).get(key), other.get(title, {}).get(key))
        for title in sorted(one.keys() | other.keys())
        for key in sorted(one.get(title, {}).keys() | other.get(title, {}).keys())
        if one.get(title, {}).get(key) != other.get(title, {}).get(key)
    ]


def extras(package: dict[str, Any]) -> dict[str, str]:
    return {extra["key"]: extra["value"] for extra in package["extras"]}


def test_the_first_harvest_brings_exactly_what_is_public(story: Story) -> None:
    assert (story.first.errors, story.first.problem) == ([], "")
    assert set(story.first.packages) == set(story.before) | story.half
    assert story.first.outcome == {"added": len(story.before) + len(story.half)}


def test_the_second_harvest_changes_nothing(story: Story) -> None:
    assert (story.again.errors, story.again.problem) == ([], "")
    assert differences(content(story.first.packages), content(story.again.packages)) == []
    if not story.protocol.rewrites:
        assert story.again.outcome.keys() <= {"not modified"}
        assert story.again.packages == story.first.packages


def test_a_change_and_a_new_dataset_arrive(story: Story) -> None:
    assert story.later.packages[story.after["Jumlah jalan"]["title"]]["notes"] == NEW_NOTES
    assert "Data baru" in story.later.packages
    kept = set(story.before) - story.closed - {"Jumlah jalan"}
    was, now = (content({title: harvest.packages[title] for title in kept}) for harvest in (story.first, story.later))
    assert differences(was, now) == []


def test_what_is_closed_or_deleted_goes_where_the_harvester_can(story: Story) -> None:
    assert story.later.errors == []
    # ckanext-dcat's data.json harvester queues what is gone under no id
    stuck = story.protocol.kind == "dcat_json"
    assert story.later.problem == ("the job never ends: 2 objects stay WAITING" if stuck else "")
    left = set() if story.protocol.forgets else story.closed
    assert set(story.later.packages) == set(story.after) | story.half | left


def test_nothing_that_is_not_public_is_ever_seen(story: Story) -> None:
    seen = story.stored + json.dumps([h.packages for h in (story.first, story.again, story.later)])
    assert [word for word in (LIMITED, CLOSED) if word in seen] == []
    assert (HALF in seen) is story.protocol.limited


def test_titles_words_and_files_come_whole(story: Story) -> None:
    for title, ours in story.before.items():
        theirs = story.first.packages[title]
        assert theirs["notes"] == ours["notes"]
        assert {tag["name"] for tag in theirs["tags"]} == {tag["name"] for tag in ours["tags"]}
        assert {file["url"] for file in ours["resources"]} <= {file["url"] for file in theirs["resources"]}


def test_what_the_access_class_becomes_there(story: Story) -> None:
    """A stock CKAN has no class; where its harvester reads one, it says that the dataset is open to all."""
    package = story.first.packages["Jumlah wilayah"]
    said = {
        "csw_repaired": extras(package).get("access_constraints"), "dcat_rdf": extras(package).get("access_rights"),
    }.get(story.protocol.kind)  # fmt: skip
    wanted = {
        "csw_repaired": '["terbuka"]', "dcat_rdf": "http://publications.europa.eu/resource/authority/access-right/PUBLIC",
    }.get(story.protocol.kind)  # fmt: skip
    assert said == wanted
    assert package["private"] is False


def test_the_licence_comes_where_the_harvester_reads_it(story: Story) -> None:
    """That of ckanext-dcat's data.json never does."""
    wanted = {"dcat_json": None}.get(story.protocol.kind, "cc-by")
    assert story.first.packages["Jumlah wilayah"].get("license_id") == wanted


def test_the_csw_harvester_of_ckanext_spatial_ends_at_the_first_record_of_any_server(
    stock: Stock, portal_of: Any
) -> None:
    """By the XML declaration that it adds itself; the story above is told with that fault repaired (tests/stock/plugins)."""
    with portal_of() as (url, _), stock.source("csw", f"{url}/csw") as harvester:
        harvest = harvester.run()
    assert (harvest.problem, harvest.packages) == ("a consumer died", {})
