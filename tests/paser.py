"""Our side of a push in tests: datasets, and a target that is the province."""

from __future__ import annotations

from typing import Any

from ckan import model
from ckan.plugins import toolkit as tk
from ckan.tests import factories
from ckan.tests.helpers import call_action
from two_ckans import ORGANIZATION, PAGE, Province, paged

SECRET = "kunci-provinsi"


class Paser:
    """Our side: datasets and a target that is the province."""

    def __init__(self, province: Province, calls: list[tuple[str, dict[str, Any]]]) -> None:
        self.province, self.calls = province, calls
        self.mapped = {"disdik"}
        self.organization = factories.Organization(name="disdik")
        call_action("satudata_push_target_create", target="kaltim", url=province.url, secret=SECRET,
                    settings={"organization": ORGANIZATION})  # fmt: skip

    def dataset(self, name: str, **values: Any) -> dict[str, Any]:
        """Make one published dataset with a file."""
        base = {
            "name": name, "title": f"Judul {name}", "notes": "Keterangan", "owner_org": self.organization["id"],
            "license_id": "cc-by", "accessRights": "terbuka", "publishing_status": "published", "satuan": "unit",
            "jenis": "statistik", "tags": [{"name": "sekolah"}],
            "resources": [{"url": f"https://disdik.example.go.id/{name}.csv", "name": "Tabel", "format": "CSV"}],
        }  # fmt: skip
        return tk.get_action("package_create")(as_admin(), {**base, **values})

    def change(self, name: str, /, **values: Any) -> None:
        tk.get_action("package_patch")(as_admin(), {"id": name, **values})

    def push(self, **values: Any) -> dict[str, Any]:
        """Push and return the counts; ``calls`` then holds what was asked of the province."""
        self.calls.clear()
        result: dict[str, Any] = call_action("satudata_push_run", target="kaltim", **values)
        model.Session.remove()
        return result

    def writes(self) -> list[str]:
        return [action for action, _ in self.calls if not action.endswith(("_show", "_search"))]

    def ledger(self, state: str = "") -> dict[str, dict[str, Any]]:
        def page(start: int) -> list[dict[str, Any]]:
            values = {"target": "kaltim", "state": state, "limit": PAGE, "offset": start}
            found: list[dict[str, Any]] = call_action("satudata_push_ledger_list", **values)["rows"]
            return found

        return {row["name"]: row for row in paged(page)}

    def goes_to(self, url: str) -> None:
        """Give the target another address."""
        call_action("satudata_push_target_update", target="kaltim", url=url)

    def everything_there(self) -> list[dict[str, Any]]:
        """Return all datasets of the province, private ones too."""
        return self.province.everything()

    def wanted_there(self) -> dict[str, dict[str, Any]]:
        """Return what the province must show of ours, by our id; said here once more, apart from the code that sends it."""
        query = {
            "rows": PAGE,
            "sort": "id asc",
            "fq": "accessRights:terbuka +publishing_status:published +state:active",
        }
        found = paged(lambda start: call_action("package_search", start=start, **query)["results"])
        return {package["id"]: shown(package, package["id"]) for package in found if self._is_public(package)}

    def _is_public(self, package: dict[str, Any]) -> bool:
        return not package["private"] and package["organization"]["name"] in self.mapped

    def shown_there(self) -> dict[str, dict[str, Any]]:
        """Return what the province shows of ours, by our id; fails when it holds one of ours twice, public or not."""
        public: dict[str, dict[str, Any]] = {}
        seen: list[str] = []
        for package in self.everything_there():
            id = {extra["key"]: extra["value"] for extra in package["extras"]}.get("satudata_id")
            if id is None:
                continue
            seen.append(id)
            if not package["private"]:
                public[id] = shown(package, id)
        assert len(seen) == len(set(seen)), "the province holds a dataset of ours twice"
        return public


def as_admin() -> dict[str, Any]:
    user = tk.get_action("get_site_user")({"ignore_auth": True}, {})["name"]
    return {"user": user, "ignore_auth": True, "satudata_may_set_status": True}


def shown(package: dict[str, Any], id: str) -> dict[str, Any]:
    """Return what a reader sees of a dataset, ours or theirs, in plain words."""
    extras = {extra["key"]: extra["value"] for extra in package.get("extras") or []}
    files = [file for file in package["resources"] if file["url"].startswith("https://disdik")]
    return {
        "title": package["title"],
        "notes": package["notes"],
        "satuan": package.get("satuan") or extras.get("satuan"),
        "licence": package["license_id"],
        "tags": sorted(tag["name"] for tag in package["tags"]),
        "files": [(file["url"], file["name"], file["format"]) for file in files],
    }
