"""A person's mail address that somebody typed in leaves the portal in no document, nor does the name beside it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from ckan.lib import search
from ckan.logic import get_action
from ckan.tests import factories
from ckanext.satudatapaser.catalogue.portal import portal
from ckanext.satudatapaser.csw import iso
from ckanext.satudatapaser.outputs import schemaorg
from ckanext.satudatapaser.outputs.rdf import source

pytestmark = [pytest.mark.ckan, pytest.mark.search]
NAME, MAILBOX, UNIT = "Qxseseorang", "qxseseorang@gmail.example", "qxdinas@example.go.id"
BOX = (115.5, -2.0, 115.6, -1.9)


@pytest.fixture(scope="module")
def dataset(empty_catalogue: None) -> dict[str, Any]:
    """A public dataset that names persons only, of an organisation with an address of its own."""
    owner = factories.Organization(name="dinas", title="Dinas", email=UNIT)
    context = {"user": factories.Sysadmin()["name"], "satudata_may_set_status": True}
    made = get_action("package_create")(context, {
        "name": "kontak", "title": "Kontak", "notes": "Keterangan.", "owner_org": owner["id"], "license_id": "cc-by",
        "accessRights": "terbuka", "publishing_status": "published", "maintainer": NAME, "maintainer_email": MAILBOX,
        "author": NAME, "author_email": f"1{MAILBOX}",
    })  # fmt: skip
    search.commit()
    return made


@pytest.mark.parametrize(
    "path",
    [
        "/data.json", "/feeds/dataset.atom", "/feeds/dataset.rss", "/sitemap-1.xml",
        *(f"/catalog.{ending}{more}" for ending in ("ttl", "xml", "jsonld", "n3")
          for more in ("", "?profiles=euro_dcat_ap_3", "?profiles=schemaorg", "?q=kontak")),
        *(f"/dataset/kontak.{ending}{more}" for ending in ("ttl", "xml", "jsonld")
          for more in ("", "?profiles=euro_dcat_ap_2", "?profiles=schemaorg")),
    ],
)  # fmt: skip
def test_no_document_tells_a_person(site_app: Any, dataset: dict[str, Any], path: str) -> None:
    text = site_app.get(path).body.lower()
    assert "kontak" in text
    assert [word for word in (NAME.lower(), MAILBOX) if word in text] == []


def test_nor_do_the_record_of_csw_and_the_words_of_schema_org(site_app: Any, dataset: dict[str, Any]) -> None:
    package = source.dataset("kontak")
    record = iso.document(package, BOX, portal()).decode()
    told = json.dumps(schemaorg.document(package, source.site(package)))
    assert [word for word in (NAME, MAILBOX) if word in record + told] == []
    assert UNIT in record


@pytest.mark.parametrize("path", ["/data.json", "/catalog.ttl", "/dataset/kontak.ttl"])
def test_the_data_producers_own_address_is_told_in_their_place(
    site_app: Any, dataset: dict[str, Any], path: str
) -> None:
    assert UNIT in site_app.get(path).body
