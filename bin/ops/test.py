"""bin/test: services and databases of its own, then pytest."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence

from ops import instance as instances
from ops import programs, sites
from ops.instance import ROOT, VENV, Instance, SetupError
from ops.say import step
from ops.services import prepare_postgres, prepare_redis, prepare_solr
from ops.supervisor import Supervisor

WHOLE = (0, 1)
SINGLE = ("--pdb", "--trace", "--write-pages", "--lf", "--last-failed", "--ff")


def set_up(instance: Instance, slots: Sequence[int]) -> Supervisor:
    """Start the test services and prepare the two sites of each of ``slots``; return the supervisor."""
    wanted = [site for slot in slots for site in (sites.test_site(instance, slot), sites.test_province(instance, slot))]
    others = [path.name for path in (instance.state / "solr" / "home").glob("test_*")]
    with step("services for tests"):
        prepare_postgres(instance)
        prepare_redis(instance)
        prepare_solr(instance, sorted({*others, *(site.name for site in wanted)}))
        supervisor = Supervisor(instance)
        running = programs.services(instance)
        supervisor.load(running)
        if any(not _has_core(instance, site.name) for site in wanted) and supervisor.state_of("solr") == "RUNNING":
            supervisor.control("restart", "solr")
        for program in running:
            supervisor.start(program)
    with step("databases for tests"):
        for site in wanted:
            sites.prepare(instance, site)
    return supervisor


def _has_core(instance: Instance, core: str) -> bool:
    import requests

    try:
        url = f"http://127.0.0.1:{instance.ports['solr']}/solr/{core}/admin/ping?wt=json"
        return requests.get(url, timeout=5).status_code == 200
    except requests.RequestException:
        return False


def slots_for(arguments: Sequence[str]) -> tuple[int, ...]:
    """Return the slots that a run of pytest gets: two for the whole suite, which two processes then share, else one.

    ``arguments`` that name tests or choose among them make it a part. SATUDATA_TEST_SLOT gives a run one slot of its own.
    """
    given = os.environ.get("SATUDATA_TEST_SLOT")
    if given is not None:
        return (int(given),)
    is_whole = all(word.startswith("--") and not word.startswith(SINGLE) for word in arguments)
    return WHOLE if is_whole else WHOLE[:1]


def main(arguments: list[str]) -> int:
    """Run pytest with ``arguments``; return its exit code. Services that were not running before are stopped."""
    slots = slots_for(arguments)
    instance = instances.test()
    was_running = Supervisor(instance).runs()
    supervisor = set_up(instance, slots)
    environment = os.environ | {
        "CKAN_INI": str(sites.test_site(instance, slots[0]).ini(instance)),
        "SATUDATA_TEST_SLOT": str(slots[0]),
        "PYTHONPATH": f"{ROOT / 'bin'}:{ROOT}",
    }
    # a file's tests stay together, as they share what is slow to make (tests/slots.py gives each process its sites)
    shared = ["-n", str(len(slots)), "--dist", "loadfile"] if len(slots) > 1 else []
    try:
        return subprocess.run([VENV / "pytest", *shared, *arguments], cwd=ROOT, env=environment, check=False).returncode
    finally:
        if not was_running and not os.environ.get("SATUDATA_KEEP"):
            supervisor.stop()


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except SetupError as error:
        sys.exit(f"bin/test: {error}")
