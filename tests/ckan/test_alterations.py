"""Catalogues altered at random, through the whole engine: counts to the record, and three places that agree.

Real catalogues: ``bin/test tests/ckan/test_alterations.py -s --catalogues DIR`` (CONTRIBUTING.md).
"""

from __future__ import annotations

import collections
import json
import lzma
from pathlib import Path
from typing import Any

import pytest
from agency import Source, record
from alterations import COUNTS, Altered, Catalogue, Expected, alter, synthetic
from ckan.plugins import toolkit as tk
from ckan.tests.helpers import call_action
from portal import Portal

pytestmark = [pytest.mark.ckan, pytest.mark.search, pytest.mark.usefixtures("empty_catalogue")]
SETTINGS = {"grace_runs": 1, "grace_days": 0, "default_license": "cc-by"}
PUBLIC = ("/api/3/action/package_search?rows=1000", "/organization/{}", "/feeds/organization/{}.atom")


def counted(result: dict[str, Any]) -> dict[str, int]:
    return {key: result[key] for key in COUNTS}


def found(source: Source, **context: Any) -> dict[str, dict[str, Any]]:
    """Return what the index gives of the source's datasets, by id; without ``ignore_auth`` what anybody gets."""
    query = {"fq": f"owner_org:{source.organization['id']}", "rows": 1000, "include_private": True}
    datasets: dict[str, dict[str, Any]] = {}
    while True:
        page = tk.get_action("package_search")(dict(context), {**query, "start": len(datasets)})["results"]
        if not page:
            return datasets
        datasets |= {item["id"]: item for item in page}


def assert_agree(source: Source, expected: Expected, lenient: bool = False) -> None:
    """Compare database, index and expectation dataset by dataset.

    ``lenient``: the gate may keep some of the expected ones from the public (personal data), but then it says so.
    """
    stored = {item["id"]: item for item in source.packages()}
    everything, public = found(source, ignore_auth=True), found(source, user="")
    assert everything.keys() == stored.keys()
    for id, item in stored.items():
        assert {k: everything[id][k] for k in ("title", "private", "publishing_status")} == {
            k: item[k] for k in ("title", "private", "publishing_status")
        }
    assert public.keys() == {id for id, item in stored.items() if not item["private"]}
    if lenient:
        public |= {id: item for id, item in stored.items() if item["publishing_status"] == "submitted"}
        assert len(public) == expected.public.total()
        return
    assert collections.Counter(item["title"] for item in public.values()) == expected.public
    kept = [item for item in stored.values() if item["private"] and item["publishing_status"] != "archived"]
    assert collections.Counter(item["title"] for item in kept) == expected.closed


def harvest(source: Source, entries: list[Any], expected: Expected, lenient: bool = False) -> None:
    """Harvest ``entries`` and compare."""
    source.list(*entries)
    result = source.run()
    assert counted(result) == expected.counts
    assert result["state"] == "finished"
    assert_agree(source, expected, lenient)


def play(source: Source, entries: list[Any], altered: Altered, many: bool, lenient: bool = False) -> None:
    """Harvest a catalogue, its alteration (rebinding where it must), and the removed ones back again."""
    harvest(source, entries, Catalogue(entries).first(), lenient)
    if many:
        source.list(*altered.entries)
        stopped = source.run()
        assert (stopped["state"], stopped["reason"]["code"]) == ("stopped", "identity-changed")
        assert not any(counted(stopped).values())
        assert call_action("satudata_source_rebind", name=source.name, apply=True)["matched"] == altered.reissued
    harvest(source, altered.entries, altered.expected, lenient)
    harvest(source, altered.back, altered.returned, lenient)


@pytest.mark.parametrize(("seed", "many"), [(1, False), (2, True), (3, False), (4, True)])
def test_an_altered_catalogue_is_counted_to_the_record(portal: Portal, seed: int, many: bool) -> None:
    entries = synthetic(seed)
    play(Source(portal, **SETTINGS), entries, alter(entries, seed, many), many)


def test_what_its_source_closes_is_in_no_public_answer(portal: Portal, site_app: Any) -> None:
    entries, source = [record(n, title=f"Terbuka{n:03}nanti") for n in range(40)], Source(portal, **SETTINGS)
    altered = alter(entries, 5)
    harvest(source, entries, Catalogue(entries).first())

    def answers_with(title: str) -> list[str]:
        pages = (page.format(source.organization["name"]) for page in PUBLIC)
        return [page for page in pages if title in site_app.get(page).text]

    assert {page for title in altered.hidden for page in answers_with(title)} >= {PUBLIC[0]}
    harvest(source, altered.entries, altered.expected)
    assert altered.hidden
    assert [answers_with(title) for title in altered.hidden] == [[]] * len(altered.hidden)


def test_an_alteration_is_the_same_for_the_same_seed() -> None:
    assert alter(synthetic(6), 6) == alter(synthetic(6), 6)
    assert alter(synthetic(6), 6).entries != alter(synthetic(6), 7).entries


def read(path: Path) -> list[Any]:
    """Return the entries of a data.json, plain or packed by xz."""
    text = lzma.decompress(path.read_bytes()) if path.suffix == ".xz" else path.read_bytes()
    document = json.loads(text)
    return list(document["dataset"] if isinstance(document, dict) else document)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Make a case of every catalogue in the folder that --catalogues names, few reissued and many."""
    if "catalogue" in metafunc.fixturenames:
        folder = metafunc.config.getoption("--catalogues")
        paths = sorted(Path(folder).glob("*.json*")) if folder else []
        metafunc.parametrize("many", [False, True], ids=["few", "many"])
        metafunc.parametrize("catalogue", paths, ids=[path.name for path in paths])


def test_a_real_catalogue_is_counted_to_the_record(
    portal: Portal, catalogue: Path, many: bool, request: pytest.FixtureRequest
) -> None:
    entries, seed = read(catalogue), int(request.config.getoption("--alteration-seed"))
    altered = alter(entries, seed, many)
    play(Source(portal, **SETTINGS), entries, altered, many, lenient=True)
    print(f"\n{catalogue.name}: {len(entries)} entries, counted as expected: {altered.expected.counts}")
