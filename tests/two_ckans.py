"""The second, stock CKAN of the tests: a real site behind gunicorn, with one organisation for us and a token to write with."""

from __future__ import annotations

import dataclasses as dc
import os
import shlex
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import requests
from ops import accounts, sites
from ops import instance as instances
from ops.instance import ROOT

ORGANIZATION = "kabupaten-paser"


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
        found = requests.get(f"{self.url}/api/3/action/package_search", params={"rows": 1000}, timeout=60).json()
        return {package["title"]: package for package in found["result"]["results"]}

    def empty(self) -> None:
        """Purge every dataset."""
        found = self.call("package_search", rows=1000, include_private=True, include_drafts=True)["results"]
        for package in found:
            self.call("dataset_purge", id=package["id"])


def _with_small_pages(ini: Path) -> None:
    """Let ckanext-dcat put two datasets on a page, so that few are enough for a catalogue in pages."""
    text = ini.read_text()
    if "datasets_per_page" not in text:
        ini.write_text(text.replace("[app:main]", "[app:main]\nckanext.dcat.datasets_per_page = 2", 1))


@contextmanager
def running() -> Iterator[Province]:
    """Serve the province of this test slot while the block runs."""
    test = instances.test()
    site = sites.test_province(test, int(os.environ.get("SATUDATA_TEST_SLOT", "0")))
    users = {
        "province-admin": {"password": test.secret("password-province-admin"), "organization": ""},
        "satudata-paser": {"password": test.secret("password-province-push"), "organization": ORGANIZATION},
    }
    wanted = {"users": users, "organizations": {ORGANIZATION: "Kabupaten Paser"}, "sysadmin": "province-admin"}
    tokens = accounts.run(test, site, wanted)
    _with_small_pages(site.ini(test))
    environment = os.environ | {"CKAN_INI": str(site.ini(test)), "PYTHONPATH": str(ROOT / "bin")}
    with (test.folder("logs") / f"{site.name}.log").open("w") as log:
        server = subprocess.Popen(
            shlex.split(sites.wsgi_command(test, site, 1)), env=environment, cwd=ROOT, stdout=log, stderr=log
        )
        try:
            deadline = time.monotonic() + 240
            while not sites.gunicorn_answers(site):
                assert server.poll() is None, f"the province ended; see {log.name}"
                assert time.monotonic() < deadline, f"the province does not answer; see {log.name}"
                time.sleep(0.3)
            found = Province(f"http://127.0.0.1:{site.port}", tokens["province-admin"], tokens["satudata-paser"])
            found.empty()
            yield found
        finally:
            server.terminate()
            server.wait(30)
