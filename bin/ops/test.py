"""bin/test: services and databases of its own, then pytest."""

from __future__ import annotations

import os
import subprocess
import sys

from ops import instance as instances
from ops import programs, sites
from ops.instance import ROOT, VENV, Instance, SetupError
from ops.say import step
from ops.services import prepare_postgres, prepare_redis, prepare_solr
from ops.supervisor import Supervisor


def set_up(instance: Instance, slot: int) -> Supervisor:
    """Start the test services and prepare the two sites of ``slot``; return the supervisor."""
    both = [sites.test_site(instance, slot), sites.test_province(instance, slot)]
    others = [path.name for path in (instance.state / "solr" / "home").glob("test_*")]
    with step("services for tests"):
        prepare_postgres(instance)
        prepare_redis(instance)
        prepare_solr(instance, sorted({*others, *(site.name for site in both)}))
        supervisor = Supervisor(instance)
        running = programs.services(instance)
        supervisor.load(running)
        if any(not _has_core(instance, site.name) for site in both) and supervisor.state_of("solr") == "RUNNING":
            supervisor.control("restart", "solr")
        for program in running:
            supervisor.start(program)
    with step("databases for tests"):
        for site in both:
            sites.prepare(instance, site)
    return supervisor


def _has_core(instance: Instance, core: str) -> bool:
    import requests

    try:
        url = f"http://127.0.0.1:{instance.ports['solr']}/solr/{core}/admin/ping?wt=json"
        return requests.get(url, timeout=5).status_code == 200
    except requests.RequestException:
        return False


def main(arguments: list[str]) -> int:
    """Run pytest with ``arguments``; return its exit code. Services that were not running before are stopped."""
    slot = int(os.environ.get("SATUDATA_TEST_SLOT", "0"))
    instance = instances.test()
    was_running = Supervisor(instance).runs()
    supervisor = set_up(instance, slot)
    environment = os.environ | {
        "CKAN_INI": str(sites.test_site(instance, slot).ini(instance)),
        "SATUDATA_PROVINCE_INI": str(sites.test_province(instance, slot).ini(instance)),
        "SATUDATA_STATE": str(instance.state),
        "PYTHONPATH": f"{ROOT / 'bin'}:{ROOT}",
    }
    command = [str(VENV / "pytest"), *arguments]
    try:
        return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode
    finally:
        if not was_running and not os.environ.get("SATUDATA_KEEP"):
            supervisor.stop()


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except SetupError as error:
        sys.exit(f"bin/test: {error}")
