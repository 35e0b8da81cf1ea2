"""Some of the hostile sources through the whole engine: what the pure part decides is what the catalogue holds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from ckan import model
from ckan.plugins import toolkit as tk
from ckan.tests import factories
from ckan.tests.helpers import call_action
from ckanext.satudatapaser.harvesters import load_kinds
from conformance.neutral import Defect, Fails, numbered
from conformance.runner import cases, spelling
from conformance.source import Source, running

pytestmark = [pytest.mark.ckan, pytest.mark.search, pytest.mark.usefixtures("empty_catalogue")]
WRITTEN = (
    "nothing-wrong", "many-records", "access-closed-words", "access-limited-words", "access-unknown-words", "private-flag",
    "duplicate-ids", "huge-ids", "no-objects", "null-everything", "nul-bytes", "surrogates", "control-characters", "emoji",
    "direction-marks", "huge-description", "long-title", "script-in-html", "many-tags", "tags-with-signs", "huge-numbers",
    "deep-nesting", "foreign-keys", "odd-files", "repaired-addresses", "ten-thousand-files", "unknown-licences",
)  # fmt: skip
STOPPED = (
    "empty-body",
    "truncated",
    "html-login-page",
    "server-error",
    "later-page-fails",
    "same-page-again",
    "short-listing",
)
ADDED = ("public", "limited", "closed", "waiting")


def some(names: tuple[str, ...]) -> list[Any]:
    """Return (kind, defect) for those of ``names`` that exist in each installed kind."""
    return [
        pytest.param(kind, defect, id=f"{kind}-{defect.name}")
        for kind in sorted(load_kinds())
        for defect in cases(kind)
        if defect.name in names
    ]


@pytest.fixture(scope="module")
def source() -> Iterator[Source]:
    """A server that lists what a defect says."""
    with running() as found:
        yield found


class Harvest:
    """A source of ``kind`` at ``server`` and what the catalogue holds of it."""

    def __init__(self, kind: str, defect: Defect, server: Source) -> None:
        self.module, self.server, self.organization = spelling(kind), server, factories.Organization()
        self.name = f"sumber-{self.organization['name']}"[:60].replace("_", "-")
        settings = {"review": "auto", **self.module.SETTINGS, **defect.settings}
        call_action("satudata_source_create", name=self.name, kind=kind, url=server.url + self.module.PATH,
                    owner_org=self.organization["name"], settings=settings)  # fmt: skip
        call_action("satudata_source_approve", name=self.name, context={"satudata_alone": True})

    def run(self, defect: Defect, items: tuple[Any, ...]) -> dict[str, Any]:
        """Run once over ``items`` with the faults of ``defect``."""
        self.server.show(self.module, defect, items)
        result = call_action("satudata_job_run", name=self.name)
        model.Session.remove()
        return result

    def rows(self) -> list[dict[str, Any]]:
        """Return the rows of the last run in the order of the listing."""
        found = call_action("satudata_record_list", name=self.name, limit=1000)["records"]
        return sorted(found, key=lambda row: row["position"])

    def packages(self) -> dict[str, Any]:
        """Return the organisation's datasets by id, as they were last written."""
        query = sa.select(model.Package.id, model.Package.metadata_modified).where(
            model.Package.owner_org == self.organization["id"], model.Package.state == "active"
        )
        return {row.id: row.metadata_modified for row in model.Session.execute(query)}

    def seen_by_the_public(self) -> int:
        """Return how many datasets a visitor's search finds."""
        search = tk.get_action("package_search")
        return int(search({}, {"fq": f"owner_org:{self.organization['id']}", "rows": 0})["count"])


@pytest.mark.parametrize(("kind", "defect"), some(WRITTEN))
def test_the_catalogue_holds_what_the_suite_says(kind: str, defect: Defect, source: Source) -> None:
    harvest = Harvest(kind, defect, source)
    result = harvest.run(defect, defect.items)
    assert result["state"] == "finished", result.get("reason")
    assert not isinstance(defect.expected, Fails)
    wanted = [want.ends for want in defect.expected]
    assert [row["outcome"] for row in harvest.rows()] == ["added" if end in ADDED else end for end in wanted]
    for row, want in zip(harvest.rows(), defect.expected, strict=True):
        assert want.issues <= {issue["code"] for issue in row["issues"]}
    assert len(harvest.packages()) == sum(end in ADDED for end in wanted)
    assert harvest.seen_by_the_public() == sum(end in ("public", "limited") for end in wanted)
    again = harvest.run(defect, defect.items)
    assert again["unchanged"] == result["added"]


@pytest.mark.parametrize(("kind", "defect"), some(STOPPED))
def test_an_incomplete_listing_changes_nothing(kind: str, defect: Defect, source: Source) -> None:
    harvest = Harvest(kind, defect, source)
    good = next(case for case in cases(kind) if case.name == "many-records")
    assert harvest.run(good, numbered(9))["added"] == 9
    before = harvest.packages()
    result = harvest.run(defect, defect.items)
    assert result["state"] == "failed"
    assert source.url in result["reason"]["message"]
    assert result["archived"] == 0
    assert harvest.packages() == before
