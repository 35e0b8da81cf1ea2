"""The second CKAN of the tests as a province may have it: its version, and whether it has a schema of its own."""

from __future__ import annotations

import dataclasses as dc
from pathlib import Path

import cores
from ops import instance as instances
from ops import sites
from ops.instance import Instance

from stock.environment import programs

HERE = Path(__file__).parent
NEWEST = "2.12"
VERSIONS = (NEWEST, "2.11", "2.10")
OLDER = "datastore scheming_datasets"
FORMS = ("scheming", "plain", "sdi")
"""With ckanext-scheming and CKAN's own fields, without it, with some of the national SDI schema's fields."""


def of(instance: Instance, slot: int, version: str, form: str) -> sites.Site:
    """Return a site of that version and form, with its databases and index; forms of one version share them."""
    site = sites.test_province(instance, slot)
    if version != NEWEST:
        place = programs(HERE / f"ckan-{version}.txt")
        name = f"province_{version.replace('.', '_')}_{slot}"
        # what CKAN 2.11 takes from SECRET_KEY
        keys = ("beaker.session.secret", "beaker.session.validate_key", "WTF_CSRF_SECRET_KEY")
        settings = tuple(f"{key} = {instance.secret(f'key-{name}')}" for key in keys)
        site = dc.replace(site, name=name, programs=place, plugins=OLDER, settings=settings)
        schema = next(place.parent.glob("lib/python*/site-packages/ckan/config/solr/schema.xml"))
        cores.make(instance, site.name, schema)
        sites.prepare(instance, site)
    if form != "scheming":
        port = instances.next_free(instance.ports["web"] + 20 * slot + 10)
        plugins = site.plugins if form == "sdi" else site.plugins.replace(" scheming_datasets", "")
        schema_address = (HERE / "sdi.yaml").as_uri() if form == "sdi" else site.schema
        site = dc.replace(site, variant=form, port=port, plugins=plugins, schema=schema_address)
    return site
