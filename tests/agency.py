"""One approved source at a test's portal, and what a test asks of it."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from ckan import model
from ckan.plugins import toolkit as tk
from ckan.tests import factories
from ckan.tests.helpers import call_action
from ckanext.satudatapaser.model import HarvestObject
from portal import Portal

COUNTED = ("added", "updated", "unchanged", "held", "rejected", "failed")


def record(number: int, **values: Any) -> dict[str, Any]:
    """Return one good entry of a data.json."""
    return {
        "identifier": f"r-{number}", "title": f"Jumlah Sekolah {number}", "description": "Keterangan.",
        "accessLevel": "public", "license": "cc-by", "keyword": ["sekolah"], "publisher": {"name": "Disdik"},
        "distribution": [{"title": "Tabel", "downloadURL": f"https://disdik.example.go.id/{number}.csv", "format": "CSV"}],
        **values,
    }  # fmt: skip


class Source:
    """One approved source at ``portal`` and what a test asks of it."""

    def __init__(self, portal: Portal, kind: str = "datajson", path: str = "/data.json", **settings: Any) -> None:
        self.portal, self.organization = portal, factories.Organization()
        self.name = f"sumber-{self.organization['name']}"[:60].replace("_", "-")
        url = portal.url + path
        call_action("satudata_source_create", name=self.name, kind=kind, url=url,
                    owner_org=self.organization["name"], settings={"review": "auto", **settings})  # fmt: skip
        call_action("satudata_source_approve", name=self.name, context={"satudata_alone": True})

    def list(self, *records: Any) -> None:
        self.portal.pages["/data.json"] = {"dataset": list(records)}

    def run(self, **values: Any) -> dict[str, Any]:
        result = call_action("satudata_job_run", name=self.name, **values)
        model.Session.remove()
        return result

    def packages(self) -> list[dict[str, Any]]:
        query = sa.select(model.Package.id).where(
            model.Package.owner_org == self.organization["id"], model.Package.state == "active"
        )
        shown = tk.get_action("package_show")
        return [shown({"ignore_auth": True}, {"id": id}) for id in model.Session.scalars(query)]

    def die_before_the_index(self) -> None:
        """Close a dataset as a run leaves it that dies between PostgreSQL and Solr."""
        closed = self.packages()[0]["id"]
        model.Session.execute(sa.update(model.Package).where(model.Package.id == closed).values(private=True))
        waits = sa.update(HarvestObject).where(HarvestObject.package_id == closed).values(needs_index=True)
        model.Session.execute(waits)
        model.Session.commit()

    def public(self) -> int:
        found = tk.get_action("package_search")({}, {"fq": f"owner_org:{self.organization['id']}", "rows": 0})
        return int(found["count"])

    def issues(self, outcome: str) -> set[str]:
        rows = call_action("satudata_record_list", name=self.name, outcome=outcome)["records"]
        return {issue["code"] for row in rows for issue in row["issues"]}


def settled(result: dict[str, Any]) -> int:
    return sum(result[key] for key in COUNTED)
