"""An empty catalogue beside an empty province."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from ckan import model
from ckanext.satudatapaser.province.remote import Remote
from faulty_proxy import Proxy, serving
from paser import SECRET, Paser
from two_ckans import Province


@pytest.fixture
def paser(
    site_app: Any, province: Province, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Paser]:
    """An empty catalogue, an empty province, a target between them, and a record of every call."""
    request.getfixturevalue("clean_db")
    request.getfixturevalue("clean_index")
    province.empty()
    monkeypatch.setenv("SATUDATA_SECRET_" + SECRET.upper().replace("-", "_"), province.token)
    calls: list[tuple[str, dict[str, Any]]] = []
    original = Remote.call

    def recorded(self: Remote, action: str, values: dict[str, Any]) -> Any:
        calls.append((action, values))
        return original(self, action, values)

    monkeypatch.setattr(Remote, "call", recorded)
    yield Paser(province, calls)
    model.Session.remove()


@pytest.fixture
def proxy(paser: Paser, ckan_config: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Proxy]:
    """A faulty network between us and the province; what 429 asks to wait is noted (``proxy.waits``), not waited."""
    monkeypatch.setitem(ckan_config, "ckanext.satudatapaser.http.read_timeout", "4")
    monkeypatch.setitem(ckan_config, "ckanext.satudatapaser.http.requests_per_second", "0")
    with serving(paser.province.url) as found:
        monkeypatch.setattr("ckanext.satudatapaser.province.remote.time.sleep", found.waits.append)
        paser.goes_to(found.url)
        yield found
