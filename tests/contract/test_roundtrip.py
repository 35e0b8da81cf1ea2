"""Our own kinds harvest our own portal: which fields survive which protocol (docs/be-harvested-roundtrip.md)."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from agency import Source
from ckan.tests.helpers import call_action
from ckanext.satudatapaser.harvesters._sdi import NOT_READ
from ckanext.satudatapaser.record.fields import OWN, rules
from contract.catalogue import FILE, LINE, Catalogue
from portal import Portal

pytestmark = [pytest.mark.ckan, pytest.mark.search]
PAGE = Path(__file__).parents[2] / "docs" / "be-harvested-roundtrip.md"
KINDS = {"ckan": "", "datajson": "/data.json", "dcat": "/catalog.ttl", "csw": "/csw"}
JENIS = ("statistik", "geospasial", "keuangan")
CORE = (
    "title",
    "notes",
    "tags",
    "groups",
    "license_id",
    "accessRights",
    "issued",
    "maintainer",
    "maintainer_email",
    "resources",
)
BY_NAME = {
    "accrualPeriodicity": "TAHUNAN", "spatial": LINE, "kode_wilayah": "64.01.04", "temporal_start": "2024-01-01",
    "temporal_end": "2024-12-31", "author_email": "data@disdik.example.go.id", "url": "https://disdik.example.go.id/",
    "produsen_data_province_code": "64", "produsen_data_city_code": "64.01", "produsen_data_name": "Dinas Pendidikan",
    "dataset-reference-date": "2025-03-01", "spatial-reference-system": "EPSG:4326", "frequency-of-update": "annually",
}  # fmt: skip
HEAD = """<!-- Written by `bin/test tests/contract/test_roundtrip.py --write-pages`; change the code, then run it again. -->

# What survives being harvested

Datasets of three kinds with every field filled, harvested from this portal by its own kinds of source; another catalogue gets
what the protocol carries, if it reads it. **yes**: the field arrives as it was; **changed**: it arrives otherwise; **no**: it
does not arrive. By `dcat` files arrive in the order of their addresses, as RDF has none. `publishing_status` and
`status_review_pembina` are the receiving portal's own and never taken from a source.

"""


def value(name: str, jenis: str) -> str:
    """Return a valid value for one field of the schema."""
    rule = rules()[name]
    by_rule = {"satudata_year": "2025", "satudata_one_of": (rule.arguments or ("",))[-1]}
    return BY_NAME.get(name) or by_rule.get(rule.check) or f"Isian {name} {jenis}"


def filled(jenis: str) -> dict[str, str]:
    """Return every field that a dataset of that kind may have."""
    names = [n for n, rule in rules().items() if n not in OWN and n != "jenis" and jenis in (rule.jenis or (jenis,))]
    return {name: value(name, jenis) for name in names}


@pytest.fixture(scope="module")
def survived(portal_of: Any) -> dict[str, dict[str, str]]:
    """Field -> kind -> yes, changed or no."""
    with portal_of() as (url, catalogue):
        for name in list(catalogue.packages):
            call_action("dataset_purge", id=name)
        ours = {jenis: complete(catalogue, jenis) for jenis in JENIS}
        found = {kind: harvested(url + path, kind) for kind, path in KINDS.items()}
    names = [*CORE, "jenis", *(name for name in rules() if name not in OWN and name != "jenis")]
    return {name: {kind: ending(name, ours, found[kind]) for kind in KINDS} for name in names}


def complete(catalogue: Catalogue, jenis: str) -> dict[str, Any]:
    """Make a dataset with everything; its files' ids are not in their order, which RDF does not carry."""
    second = {**FILE, "url": f"https://disdik.example.go.id/{jenis}.xlsx", "format": "XLSX"}
    ids = sorted((str(uuid4()), str(uuid4())), reverse=True)
    files = [file | {"id": key} for file, key in zip((FILE, second), ids, strict=True)]
    return catalogue.make(
        f"lengkap-{jenis}", jenis=jenis, groups=[{"name": "pendidikan"}], resources=files, **filled(jenis)
    )


def harvested(url: str, kind: str) -> dict[str, dict[str, Any]]:
    """Harvest the portal into itself without publishing, and take it all away again."""
    place = Portal()
    place.url = url
    source = Source(place, kind, "", review="manual", default_access="tertutup")
    result = source.run()
    assert (result["state"], result["seen"], result["added"]) == ("finished", 3, 3), result
    packages = {package["title"]: package for package in source.packages()}
    for package in packages.values():
        call_action("dataset_purge", id=package["id"])
    return packages


def plain(package: Mapping[str, Any], name: str) -> Any:
    """Return a field as it is compared."""
    said = package.get(name)
    if name == "resources":
        return [[file.get(key) for key in ("url", "name", "format", "description")] for file in said or []]
    return sorted(item["name"] for item in said) if name in ("tags", "groups") and said else said or None


def ending(name: str, ours: Mapping[str, Mapping[str, Any]], theirs: Mapping[str, Mapping[str, Any]]) -> str:
    """Return what became of one field in the datasets that have it."""
    pairs = [(plain(p, name), plain(theirs[p["title"]], name)) for p in ours.values() if plain(p, name)]
    assert pairs, f"no dataset has {name}: the table would claim what was not tried"
    if all(here == there for here, there in pairs):
        return "yes"
    return "changed" if any(there for _, there in pairs) else "no"


def page(survived: Mapping[str, Mapping[str, str]]) -> str:
    """Return the page: fields that end alike stand in one row."""
    rows: dict[tuple[str, ...], list[str]] = {}
    for name, by_kind in survived.items():
        rows.setdefault(tuple(by_kind[kind] for kind in KINDS), []).append(f"`{name}`")
    lines = [f"| fields | {' | '.join(KINDS)} |", "|" + " --- |" * (len(KINDS) + 1)]
    lines += [f"| {', '.join(names)} | {' | '.join(cells)} |" for cells, names in rows.items()]
    return HEAD + "\n".join(lines) + "\n"


def test_the_page_says_what_survives(survived: dict[str, dict[str, str]], request: pytest.FixtureRequest) -> None:
    if request.config.getoption("--write-pages"):
        PAGE.write_text(page(survived))
    assert PAGE.read_text() == page(survived)


@pytest.mark.parametrize(("kind", "otherwise"), [("ckan", set()), ("datajson", {"spatial"})])
def test_every_field_of_the_national_schema_survives(
    survived: dict[str, dict[str, str]], kind: str, otherwise: set[str]
) -> None:
    """But for persons and what is said of the copy here, which no source may set; of an extent data.json knows the box."""
    lost = {name for name, by_kind in survived.items() if by_kind[kind] != "yes"}
    assert lost == NOT_READ | otherwise


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_turns_into_something_else_where_it_decides_who_may_see_it(
    survived: dict[str, dict[str, str]], kind: str
) -> None:
    assert [survived[name][kind] for name in ("title", "accessRights", "license_id")] == ["yes"] * 3
