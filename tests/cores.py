"""A Solr core for one more site of the tests, made while Solr runs."""

from __future__ import annotations

from pathlib import Path

import requests
from ops.instance import Instance
from ops.services import write_core
from ops.solr_conf import ckan_schema


def make(instance: Instance, core: str, schema: Path | None = None) -> None:
    """Make a core, or bring the one that is there to the present configuration; ``schema``: that of an older CKAN."""
    write_core(instance, core, schema or ckan_schema())
    admin = f"http://127.0.0.1:{instance.ports['solr']}/solr/admin/cores"
    known = requests.get(admin, params={"action": "STATUS", "core": core}, timeout=30).json()["status"].get(core)
    asked = {"action": "RELOAD", "core": core} if known else {"action": "CREATE", "name": core, "instanceDir": core}
    answer = requests.get(admin, params=asked, timeout=60)
    assert answer.status_code == 200, answer.text


def empty(instance: Instance, core: str) -> None:
    """Forget everything that a core holds."""
    url = f"http://127.0.0.1:{instance.ports['solr']}/solr/{core}/update?commit=true"
    answer = requests.post(url, json={"delete": {"query": "*:*"}}, timeout=60)
    assert answer.status_code == 200, answer.text
