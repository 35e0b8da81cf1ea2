"""A second CKAN for the tests: a real site behind gunicorn, with one organisation for us and a token to write with."""

from __future__ import annotations

import dataclasses as dc
import itertools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import gunicorn_site as gunicorn
import requests
import slots
from ops import accounts, sites
from ops import instance as instances
from ops.instance import Instance, next_free, port_is_free
from ops.sites import Site
from stock import provinces

ORGANIZATION = "kabupaten-paser"
PAGE = 1000  # more a CKAN does not give at once


def paged(page: Callable[[int], list[dict[str, Any]]]) -> Iterator[dict[str, Any]]:
    """Yield everything that ``page`` (the number of the first one -> at most PAGE) gives."""
    for start in itertools.count(0, PAGE):
        found = page(start)
        yield from found
        if len(found) < PAGE:
            return


@dc.dataclass(frozen=True)
class Province:
    """Its address and the tokens of its administrator and of our account there."""

    url: str
    admin: str
    token: str

    def call(self, action: str, **values: Any) -> Any:
        """Call an action as its administrator; return the result."""
        address = f"{self.url}/api/3/action/{action}"
        answer = requests.post(address, json=values, headers={"Authorization": self.admin}, timeout=60)
        assert answer.status_code == 200, answer.text
        return answer.json()["result"]

    def datasets(self) -> dict[str, dict[str, Any]]:
        """Return what anybody finds there, by title."""

        def page(start: int) -> list[dict[str, Any]]:
            query: dict[str, Any] = {"rows": PAGE, "start": start, "sort": "id asc"}
            answer = requests.get(f"{self.url}/api/3/action/package_search", params=query, timeout=60)
            found: list[dict[str, Any]] = answer.json()["result"]["results"]
            return found

        return {package["title"]: package for package in paged(page)}

    def everything(self) -> list[dict[str, Any]]:
        """Return all datasets, private ones and drafts too."""
        query = {"rows": PAGE, "sort": "id asc", "include_private": True, "include_drafts": True}
        return list(paged(lambda start: self.call("package_search", start=start, **query)["results"]))

    def empty(self) -> None:
        """Purge every dataset."""
        for package in self.everything():
            self.call("dataset_purge", id=package["id"])


@contextmanager
def running(version: str = provinces.NEWEST, form: str = "scheming") -> Iterator[Province]:
    """Serve the province of this test slot, of that version and form, while the block runs; empty at first."""
    test, slot = instances.test(), slots.number()
    site = provinces.of(test, slot, version, form)
    # few datasets on a page of ckanext-dcat, so that few are enough for a catalogue in pages
    site = dc.replace(site, settings=(*site.settings, "ckanext.dcat.datasets_per_page = 2"))
    with serving(test, site) as found:
        found.empty()
        yield found


@contextmanager
def serving(instance: Instance, site: Site) -> Iterator[Province]:
    """Serve a CKAN in which we have an organisation and a token; its ini is written anew, for this server's settings.

    On another port when somebody listens on its own: another checkout's, which must not be taken for it.
    """
    if not port_is_free(site.port):
        site = dc.replace(site, port=next_free(site.port))
    users = {
        "province-admin": {"password": instance.secret("password-province-admin"), "organization": ""},
        "satudata-paser": {"password": instance.secret("password-province-push"), "organization": ORGANIZATION},
    }
    wanted = {"users": users, "organizations": {ORGANIZATION: "Kabupaten Paser"}, "sysadmin": "province-admin"}
    sites.write_ini(instance, site)
    tokens = accounts.run(instance, site, wanted)
    with gunicorn.serving(instance, site):
        yield Province(f"http://127.0.0.1:{site.port}", tokens["province-admin"], tokens["satudata-paser"])
