"""What ckanapi dumps of our portal, an empty one with the same plugins takes, and then dumps the same."""

from __future__ import annotations

import dataclasses as dc
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import cores
import pytest
import requests
import slots
from ckan.tests import factories
from contract.catalogue import CLOSED, LIMITED
from ops import instance as instances
from ops import sites
from two_ckans import Province, serving

pytestmark = [pytest.mark.ckan, pytest.mark.search, pytest.mark.two_ckans]
THINGS = ("organizations", "groups", "datasets")
STAMPED: dict[str, set[str]] = {
    "datasets": {"metadata_created", "creator_user_id", "organization.created", "resources.metadata_modified",
                 "tags.id"},
    "organizations": {"created"},
    "groups": {"created"},
}  # fmt: skip
"""What CKAN writes itself when it makes a thing; docs/be-harvested-stock.md names the same."""
Dump = dict[str, dict[str, Any]]


def ckanapi(*words: str) -> None:
    """Run ckanapi as an administrator would."""
    programs = Path(sys.executable).parent
    environment = {**os.environ, "PATH": f"{programs}:{os.environ['PATH']}"}
    done = subprocess.run([programs / "ckanapi", *words], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def dump(url: str, token: str, folder: Path) -> dict[str, Path]:
    """Dump everything into one file a kind of thing.

    ``--all`` asks package_list, which knows public datasets only; so datasets are named, closed ones too.
    """
    folder.mkdir()
    query = {"rows": 1000, "include_private": True, "include_drafts": True}
    answer = requests.post(
        f"{url}/api/3/action/package_search", json=query, headers={"Authorization": token}, timeout=60
    )
    names = [package["name"] for package in answer.json()["result"]["results"]]
    for thing in THINGS:
        which = names if thing == "datasets" else ["--all"]
        ckanapi("dump", thing, *which, "-r", url, "-a", token, "-O", str(folder / f"{thing}.jsonl"))
    return {thing: folder / f"{thing}.jsonl" for thing in THINGS}


def read(path: Path) -> Dump:
    found = [json.loads(line) for line in path.read_text().splitlines()]
    return {thing["name"]: thing for thing in found}


def different(a: Any, b: Any, path: str = "") -> Iterator[str]:
    """Yield the keys, joined by dots and without positions, whose values differ."""
    if isinstance(a, dict) and isinstance(b, dict):
        for key in a.keys() | b.keys():
            yield from different(a.get(key), b.get(key), f"{path}.{key}".lstrip("."))
    elif isinstance(a, list) and isinstance(b, list) and len(a) == len(b):
        for one, other in zip(a, b, strict=True):
            yield from different(one, other, path)
    elif a != b:
        yield path


@pytest.fixture(scope="module")
def empty() -> Iterator[Province]:
    """An empty portal of ours, told that a dump is being loaded."""
    test, slot = instances.test(), slots.number()
    port = instances.next_free(test.ports["web"] + 20 * slot + 10)
    site = dc.replace(
        sites.test_site(test, slot), name=f"copy_{slot}", port=port, settings=("ckanext.satudatapaser.restore = true",)
    )
    cores.make(test, site.name)
    sites.prepare(test, site)
    with serving(test, site) as found:
        found.empty()
        for thing in ("organization", "group"):
            for name in found.call(f"{thing}_list"):
                found.call(f"{thing}_purge", id=name)
        yield found


@pytest.fixture(scope="module")
def dumps(
    portal_of: Any, empty: Province, tmp_path_factory: pytest.TempPathFactory
) -> tuple[dict[str, Dump], dict[str, Dump]]:
    """The dump of our catalogue, and that of the portal that it was loaded into."""
    place = tmp_path_factory.mktemp("dumps")
    with portal_of() as (url, _):
        here = dump(url, factories.SysadminWithToken()["token"], place / "here")
    for thing in THINGS:
        ckanapi("load", thing, "-I", str(here[thing]), "-r", empty.url, "-a", empty.admin)
    there = dump(empty.url, empty.admin, place / "there")
    return {t: read(here[t]) for t in THINGS}, {t: read(there[t]) for t in THINGS}


@pytest.mark.parametrize("thing", THINGS)
def test_a_dump_that_was_loaded_is_dumped_the_same_but_for_ckans_own_stamps(
    dumps: tuple[dict[str, Dump], dict[str, Dump]], thing: str
) -> None:
    here, there = (dump[thing] for dump in dumps)
    assert here.keys() == there.keys()
    found = {name: set(different(here[name], there[name])) for name in here}
    assert {name: keys - STAMPED[thing] for name, keys in found.items() if keys - STAMPED[thing]} == {}
    assert set.union(*found.values()) == STAMPED[thing], "a stamp that is none any more"


def test_the_dump_holds_what_is_limited_and_closed_for_the_administrator_alone(
    dumps: tuple[dict[str, Dump], dict[str, Dump]], empty: Province
) -> None:
    text = json.dumps(dumps[1]["datasets"])
    assert LIMITED in text
    assert CLOSED in text
    assert {p["publishing_status"] for p in dumps[1]["datasets"].values()} >= {"published", "submitted", "withdrawn"}
    seen = json.dumps(empty.datasets())
    assert [word for word in (LIMITED, CLOSED) if word in seen] == []
