"""Run as a program inside our site for bin/benchmark push: list what would be sent, push, or change some datasets.

Prints one line of JSON. Of a push: ``{"result", "wall", "cpu", "rss", "loaded"}``, seconds and MB; ``loaded`` is the memory
that CKAN holds before the push.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ckan import model
from ckan.cli import CKANConfigLoader
from ckan.config.middleware import make_app
from ckan.plugins import toolkit as tk
from ckanext.satudatapaser.cli.common import call
from ckanext.satudatapaser.intake.documents import Shown
from ckanext.satudatapaser.logic.targets import mapping_of, remote_of, target_by_name
from ckanext.satudatapaser.province import ledger
from ckanext.satudatapaser.province.eligible import reasons_to_stay, their_organization
from ckanext.satudatapaser.province.payload import body, payload

from benchmarks.place import PUSH_TARGET as TARGET


def bodies() -> Iterator[dict[str, Any]]:
    """Yield what a push creates at the target, as it sends it."""
    target = target_by_name({"target": TARGET})
    mapping, known = mapping_of(target.mapping), remote_of(target).known_fields()
    for facts in ledger.facts():
        if not reasons_to_stay(facts, target.settings):
            (package,) = Shown().customs([facts.id]).values()
            wanted = payload(package, mapping, their_organization(facts.organization, target.settings))
            yield {**body(wanted, known), "name": facts.name}


def listed(path: str) -> dict[str, Any]:
    """Write every body as a line of ``path``."""
    lines = [json.dumps(values) for values in bodies()]
    Path(path).write_text("\n".join(lines) + "\n")
    return {"datasets": len(lines)}


def peak() -> float:
    """Return the most memory that this process held, MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def pushed() -> dict[str, Any]:
    """Push, as `ckan satudata push` does."""
    loaded, wall, cpu = peak(), time.monotonic(), time.process_time()
    result = call("satudata_push_run", {"target": TARGET})
    spent = {"wall": time.monotonic() - wall, "cpu": time.process_time() - cpu}
    return {"result": result, **spent, "rss": peak(), "loaded": loaded}


def changed(number: str, path: str) -> dict[str, Any]:
    """Change the titles of the first ``number`` datasets listed in ``path``."""
    user = tk.get_action("get_site_user")({"ignore_auth": True}, {})["name"]
    names = [json.loads(line)["name"] for line in Path(path).read_text().splitlines()[: int(number)]]
    for name in names:
        context = {"user": user, "ignore_auth": True, "satudata_may_set_status": True}
        title = model.Package.get(name).title
        tk.get_action("package_patch")(context, {"id": name, "title": f"{title} (diperbaiki)"})
    return {"changed": len(names)}


def main(ini: str, what: str, *words: str) -> None:
    """Load CKAN, do it, say what came of it."""
    app = make_app(CKANConfigLoader(ini).get_config())
    with app._wsgi_app.test_request_context():
        found = {"list": listed, "push": pushed, "change": changed}[what](*words)  # type: ignore[operator] # each has its own words
    print(json.dumps(found))


if __name__ == "__main__":
    main(*sys.argv[1:])
