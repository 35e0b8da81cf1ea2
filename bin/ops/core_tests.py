"""bin/core-tests: do CKAN's own tests still say the same with our plugins on? Every difference must have its reason.

Not part of bin/test: two runs of some 1,100 tests take several minutes. The reasons stand in config/core-tests.yaml.
"""

from __future__ import annotations

import argparse
import fnmatch
import os
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import ckan
import yaml

from ops import instance as instances
from ops import programs, sites
from ops.instance import ROOT, VENV, Instance, SetupError
from ops.say import step
from ops.services import prepare_postgres, prepare_redis, prepare_solr
from ops.supervisor import Supervisor

TESTS = (
    "ckan/tests/logic/auth",
    "ckan/tests/controllers/test_package.py",
    "ckan/tests/lib/search",
    *(f"ckan/tests/logic/action/test_{name}.py" for name in ("get", "create", "update", "delete")),
)
REASONS = ROOT / "config" / "core-tests.yaml"


def core_sites(instance: Instance) -> tuple[sites.Site, sites.Site]:
    """Return the site without plugins and the one with all that the portal loads."""
    port = instance.ports["web"]
    off = sites.Site("core_off", "", port, 12, "CKAN", ours=False, locale="en", template="core-tests.ini")
    on = sites.Site("core_on", sites.PLUGINS, port, 13, "CKAN", locale="en", template="core-tests.ini")
    return off, on


def run_tests(instance: Instance, site: sites.Site) -> Path:
    """Run the tests on one site; return the JUnit file."""
    report = instance.folder("core-tests") / f"{site.name}.xml"
    # a configuration of their own: ours lies above .venv and would be found
    settings = instance.folder("core-tests") / "pytest.ini"
    settings.write_text("[pytest]\n")
    place = Path(ckan.__file__).parents[1]
    command = [
        VENV / "pytest", "-q", "-p", "no:cacheprovider", "-p", "ops.plugin_tables", "-c", settings, "--rootdir", place,
        "--ckan-ini", site.ini(instance), "--junitxml", report, *TESTS,
    ]  # fmt: skip
    environment = {key: value for key, value in os.environ.items() if key != "CKAN_INI"}
    environment["PYTHONPATH"] = str(ROOT / "bin")
    with (instance.folder("core-tests") / f"{site.name}.log").open("w") as log:
        words = [str(word) for word in command]
        done = subprocess.run(words, cwd=place, env=environment, stdout=log, stderr=log, check=False)
    if done.returncode not in (0, 1):
        raise SetupError(f"CKAN's tests did not run; see {log.name}")
    return report


def failures(report: Path) -> tuple[set[str], int]:
    """Return the names of the tests that failed, and how many ran."""
    cases = list(ET.parse(report).iter("testcase"))  # noqa: S314 - written by our own pytest
    bad = {
        f"{case.get('classname')}::{case.get('name')}"
        for case in cases
        if any(part.tag in ("failure", "error") for part in case)
    }
    return bad, len(cases)


def main() -> int:
    """Run both and print every difference that has no reason; 0 when there is none."""
    parser = argparse.ArgumentParser(prog="bin/core-tests", description=__doc__)
    parser.add_argument("--keep-off", action="store_true", help="Use the last run without plugins again.")
    arguments = parser.parse_args()
    instance = instances.test()
    was_running = Supervisor(instance).runs()
    off, on = core_sites(instance)
    with step("services"):
        prepare_postgres(instance)
        prepare_redis(instance)
        cores = {path.name for path in (instance.state / "solr" / "home").glob("*_*")} | {off.name, on.name}
        prepare_solr(instance, sorted(cores))
        supervisor = Supervisor(instance)
        running = programs.services(instance)
        supervisor.load(running)
        if supervisor.state_of("solr") == "RUNNING":
            supervisor.control("restart", "solr")
        for program in running:
            supervisor.start(program)
    try:
        reports = []
        for site in (off, on):
            kept = instance.folder("core-tests") / f"{site.name}.xml"
            if site is off and arguments.keep_off and kept.exists():
                reports.append(kept)
                continue
            with step(f"CKAN's tests {'with' if site.ours else 'without'} our plugins"):
                sites.prepare(instance, site)
                reports.append(run_tests(instance, site))
    finally:
        if not was_running:
            supervisor.stop()
    return compare(*reports)


def compare(off: Path, on: Path) -> int:
    """Print what differs and has no reason, and reasons that nothing needs any more."""
    (bad_off, count_off), (bad_on, count_on) = failures(off), failures(on)
    reasons: dict[str, list[str]] = yaml.safe_load(REASONS.read_text())
    patterns = [pattern for group in reasons.values() for pattern in group]
    different = bad_off ^ bad_on
    unexplained = sorted(name for name in different if not any(fnmatch.fnmatch(name, p) for p in patterns))
    idle = sorted(p for p in patterns if not any(fnmatch.fnmatch(name, p) for name in different))
    print(
        f"without: {len(bad_off)} of {count_off} fail; with: {len(bad_on)} of {count_on} fail; {len(different)} differ"
    )
    for name in unexplained:
        print(f"no reason given ({'with' if name in bad_on else 'without'} plugins): {name}")
    for pattern in idle:
        print(f"reason without a difference: {pattern}")
    return 1 if unexplained or idle or count_off != count_on else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except SetupError as error:
        sys.exit(f"bin/core-tests: {error}")
