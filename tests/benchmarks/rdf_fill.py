"""Run as a program inside a site: create the benchmark's datasets there, in the words of the site's own schema."""

from __future__ import annotations

import json
import sys
from typing import Any

from ckan import model
from ckan.cli import CKANConfigLoader
from ckan.config.middleware import make_app
from ckan.lib import search
from ckan.plugins import plugin_loaded
from ckan.plugins import toolkit as tk

from benchmarks.records import ORGANIZATION, as_ckan, created

KEPT = ("name", "title", "notes", "license_id", "version")
EU = "http://publications.europa.eu/resource/authority"
SPATIAL = {
    "type": "Polygon",
    "coordinates": [[[115.5, -2.1], [116.5, -2.1], [116.5, -1.5], [115.5, -1.5], [115.5, -2.1]]],
}
PERIOD = {"issued": "2025-01-01", "temporal_start": "2024-01-01", "temporal_end": "2024-12-31"}


def dataset(number: int, ours: bool) -> dict[str, Any]:
    """Return dataset ``number``: the same facts as fields of our schema, or as the extras that ckanext-dcat reads."""
    record = as_ckan("rdf", number, created(number), changed=False)
    facts = PERIOD | {"spatial": json.dumps(SPATIAL)}
    more: dict[str, Any] = {
        "owner_org": ORGANIZATION,
        "tags": [{"name": tag["name"]} for tag in record["tags"]],
        "resources": [
            {key: file[key] for key in ("name", "description", "format", "mimetype", "url")}
            for file in record["resources"]
        ],
    }
    if ours:
        access = {"accessRights": "terbuka", "publishing_status": "published", "accrualPeriodicity": "TAHUNAN"}
        more |= facts | access | {"source_landing_page": record["url"]}
    else:
        extras = facts | {"access_rights": f"{EU}/access-right/PUBLIC", "frequency": f"{EU}/frequency/ANNUAL"}
        more |= {"url": record["url"], "extras": [{"key": key, "value": value} for key, value in extras.items()]}
    return {key: record[key] for key in KEPT} | more


def main(ini: str, datasets: str) -> None:
    """Create the datasets with one commit of the index at the end."""
    app = make_app(CKANConfigLoader(ini).get_config())
    with app._wsgi_app.test_request_context():
        ours = plugin_loaded("satudatapaser")
        user = tk.get_action("get_site_user")({"ignore_auth": True}, {})["name"]
        for number in range(int(datasets)):
            context = {"user": user, "ignore_auth": True, "satudata_may_set_status": True, "defer_commit": False}
            tk.get_action("package_create")(context, dataset(number, ours))
            model.Session.expunge_all()
        search.commit()


if __name__ == "__main__":
    main(*sys.argv[1:])
