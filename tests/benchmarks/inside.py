"""Run as a program inside a site: load CKAN, say so, wait for a line, then do what `ckan satudata harvest` does.

Start-up is left out so, as it is for the stock harvesters, whose consumers run all the time.
"""

from __future__ import annotations

import json
import resource
import sys
import time

from ckan.cli import CKANConfigLoader
from ckan.config.middleware import make_app
from ckanext.satudatapaser.cli.common import call


def main(ini: str, name: str, *options: str) -> int:
    """Print ``{"result", "wall", "cpu", "rss"}`` (seconds, MB); 1 when the harvest did not finish."""
    make_app(CKANConfigLoader(ini).get_config())
    print("ready", flush=True)
    sys.stdin.readline()
    wall, cpu = time.monotonic(), time.process_time()
    result = call("satudata_job_run", {"name": name, "full": "--full" in options})
    found = {"result": result, "wall": time.monotonic() - wall, "cpu": time.process_time() - cpu}
    rss = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({**found, "rss": rss}))
    return 0 if result["state"] == "finished" else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
