"""bin/chaos: does a harvest survive kill -9 of the worker, PostgreSQL, Solr and Redis at any moment?

Every row is kept as a JSON line in var/chaos/runs/ as soon as it is there. Prints the page; --write puts it into
docs/resilience.md. Ends with 1 when a run came to another end state than without the kill.
"""

from __future__ import annotations

import argparse
import dataclasses as dc
import datetime as dt
import json
import shlex
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

from apart import prepare, running
from ops import instance as instances
from ops import programs, sites
from ops.instance import ROOT, Instance, SetupError
from ops.say import step
from ops.supervisor import Program, Supervisor

from chaos import report
from chaos.plan import plan

FOLDER = ROOT / "var" / "chaos"
TICK = 2  # seconds between two looks of the scheduler; 60 in production


def main() -> int:
    """Return 0 when every end state was the same."""
    options = arguments()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that services are stopped then, too
    path = options.page_of or FOLDER / "runs" / f"{dt.datetime.now(dt.UTC):%Y%m%dT%H%M%S}.jsonl"
    if not options.page_of:
        path.parent.mkdir(parents=True, exist_ok=True)
        carry_out(options, path)
    about, rows = read(path)
    text = report.page(about, rows)
    print(text)
    if options.write:
        report.TARGET.write_text(text)
        print(f"written: {report.TARGET}", file=sys.stderr)
    print(f"rows: {path}", file=sys.stderr)
    return 1 if len(rows) < about["runs"] or any(row["faults"] for row in rows) else 0


def arguments() -> argparse.Namespace:
    """Return the options, checked."""
    parser = argparse.ArgumentParser(prog="bin/chaos", description=__doc__)
    parser.add_argument("--runs", type=int, default=24, help="How many kills.")
    parser.add_argument("--seed", type=int, default=1, help="The same seed plans the same kills.")
    parser.add_argument("--records", type=int, default=300, help="How many records a catalogue has.")
    parser.add_argument("--only", type=int, action="append", metavar="NUMBER", help="Only the kill of this number.")
    parser.add_argument("--page-of", type=Path, metavar="FILE", help="Kill nothing; the page of an earlier experiment.")
    parser.add_argument("--write", action="store_true", help="Write docs/resilience.md.")
    options = parser.parse_args()
    if options.runs < 1 or options.records < 1:
        parser.error("expected positive numbers of runs and records")
    return options


def read(path: Path) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Return what was run, and its rows."""
    about, *rows = [json.loads(line) for line in path.read_text().splitlines()]
    return about, rows


def site_of(instance: Instance) -> sites.Site:
    """Return the site of the experiment: what the portal loads."""
    return sites.Site("chaos", sites.PLUGINS, instance.ports["web"], 0, "Satu Data Paser")


def portal(instance: Instance) -> list[Program]:
    """Return the portal's own processes: a worker and the scheduler, which looks more often than in production."""
    site = site_of(instance)
    scheduler = programs.scheduler(instance, site)
    eager = dc.replace(scheduler, command=f"{scheduler.command} --every {TICK}")
    return [*programs.workers(instance, site, 1), eager]


def carry_out(options: argparse.Namespace, path: Path) -> None:
    """Carry out all kills and write their rows to ``path``."""
    kills = [kill for kill in plan(options.runs, options.seed) if options.only is None or kill.number in options.only]
    git = ["git", "-C", str(ROOT), "describe", "--always", "--dirty"]
    commit = subprocess.run(git, capture_output=True, text=True, check=False).stdout.strip()
    about = {
        "command": shlex.join(["bin/chaos", *sys.argv[1:]]), "date": f"{dt.datetime.now(dt.UTC):%Y-%m-%d %H:%M} UTC",
        "commit": commit or "unknown", "runs": len(kills), "records": options.records, "tick": TICK,
    }  # fmt: skip
    path.write_text(json.dumps(about) + "\n")
    with running(instances.chaos, ["chaos"], portal) as instance:
        site = site_of(instance)
        prepare(instance, site)
        supervisor = Supervisor(instance)
        for program in portal(instance):
            with step(f"start {program.name}"):
                supervisor.start(program)
        # only now: these load CKAN, and its settings are those of the site that has just been made
        from chaos.experiment import Experiment
        from chaos.site import Site

        experiment = Experiment(Site(site.ini(instance)), supervisor, options.records)
        for kill in kills:
            with step(f"{kill.number}: {' and '.join(kill.victims)}, {kill.kind}"):
                row = experiment.row(kill)
            with path.open("a") as file:
                file.write(json.dumps(row) + "\n")
            print(report.line(row), file=sys.stderr)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except SetupError as error:
        sys.exit(f"bin/chaos: {error}")
