"""bin/up: the whole portal, from nothing or from where it was. Again = quick and harmless."""

from __future__ import annotations

import argparse
import hashlib
import shutil
import sys
import time

import requests
import yaml

from ops import accounts, csw, programs, sites
from ops import instance as instances
from ops.instance import ROOT, Instance, SetupError, port_is_free
from ops.say import step
from ops.services import log_changes, prepare_postgres, prepare_redis, prepare_solr
from ops.supervisor import Program, Supervisor

LEAST_DISK = 2_000_000_000
WORKERS = 2


def check_machine(instance: Instance, supervisor: Supervisor, wanted: list[str]) -> None:
    """Raise SetupError with one sentence when disk, Java or a port is missing."""
    instance.state.mkdir(parents=True, exist_ok=True)
    if shutil.disk_usage(instance.state).free < LEAST_DISK:
        raise SetupError(f"Less than 2 GB are free where {instance.state} lies; make room, then run this again.")
    if not shutil.which("java"):
        raise SetupError("java is missing: install the package openjdk-17-jre-headless, then run this again.")
    if supervisor.runs():
        return
    names = {"web": "SATUDATA_PORT"}
    for name in wanted:
        port = instance.ports[name]
        if not port_is_free(port):
            variable = names.get(name, f"SATUDATA_{name.upper()}_PORT")
            raise SetupError(
                f"Port {port} ({name}) is in use by another program; stop that, or choose another: {variable}=… bin/up."
            )


def start_services(instance: Instance, supervisor: Supervisor, cores: list[str], more: list[Program]) -> None:
    """Prepare and start PostgreSQL, Redis and Solr; ``more`` is only made known, so that nothing restarts later."""
    with step("PostgreSQL cluster"):
        prepare_postgres(instance)
    prepare_redis(instance)
    with step("Solr (jars from Maven Central the first time)"):
        prepare_solr(instance, cores)
    services = programs.services(instance)
    supervisor.load([*services, *more])
    for program in services:
        with step(f"start {program.name}"):
            supervisor.start(program)
    log_changes(instance)


def code_version() -> str:
    """Return what changes when our code, schemas or the installed packages do."""
    folders = [ROOT / name for name in ("ckanext-satudatapaser", "harvesters", "schemas", "demo", "config")]
    files = sorted(path for folder in folders for path in folder.rglob("*") if path.is_file() and path.suffix != ".pyc")
    stamps = [f"{path} {path.stat().st_mtime_ns}" for path in [*files, *ROOT.glob(".venv/installed-*")]]
    return hashlib.sha256("\n".join(stamps).encode()).hexdigest()


def restart_old(instance: Instance, supervisor: Supervisor, running: list[Program]) -> None:
    """Restart what runs with code that has changed since."""
    mark, version = instance.state / "code", code_version()
    if mark.exists() and mark.read_text() != version:
        for program in running:
            if supervisor.state_of(program.name) == "RUNNING":
                supervisor.control("restart", program.name)
    mark.write_text(version)


def seed(instance: Instance, demo: bool) -> None:
    """Make organisations, topics and accounts; in the demo the walidata has an address, as data.json needs one."""
    mark = instance.state / "seeded"
    wanted = "".join((ROOT / "config" / "seeds" / name).read_text() for name in ("opd.yaml", "topics.yaml"))
    if not mark.exists() or mark.read_text() != wanted:
        with step("organisations and topics"):
            sites.ckan(instance, sites.catalogue(instance), "satudata", "seed")
        mark.write_text(wanted)
    with step("accounts"):
        accounts.make(instance, {"diskominfostaper": "data@diskominfo.example.go.id"} if demo else {})


def story(instance: Instance) -> None:
    """Harvest the demo's agencies, load their tables, push to the demo's province."""
    site = sites.catalogue(instance)
    demo = f"http://127.0.0.1:{instance.ports['demo']}/"
    with step("sources of the demo"):
        words = ("satudata", "source", "apply", str(ROOT / "demo" / "sources.yaml"), "--base", demo, "--approve")
        sites.ckan(instance, site, *words)
    with step("harvest the demo's agencies"):
        # not --all: an agency that somebody has added here may be away without keeping the portal from starting
        sites.ckan(instance, site, "satudata", "harvest", *demo_sources())
    with step("tables"):
        sites.ckan(instance, site, "satudata", "tables", "load")
    with step("account at the demo's province"):
        accounts.make_province(instance)
        url = f"http://127.0.0.1:{instance.ports['province']}"
        verb = "edit" if "kaltim " in sites.ckan(instance, site, "satudata", "target", "list") else "add"
        sites.ckan(
            instance, site, "satudata", "target", verb, "kaltim", "--url", url, "--secret", "province-token",
            "--org", "kabupaten-paser",
        )  # fmt: skip
    with step("push to the demo's province"):
        sites.ckan(instance, site, "satudata", "push", "kaltim")


def demo_sources() -> list[str]:
    """Return the names of the demo's sources."""
    listed = yaml.safe_load((ROOT / "demo" / "sources.yaml").read_text(encoding="utf-8"))
    return [source["name"] for source in listed]


def count(port: int) -> str:
    """Return how many datasets an anonymous visitor finds at a site."""
    answer = requests.get(f"http://127.0.0.1:{port}/api/3/action/package_search?rows=0", timeout=30)
    return str(answer.json()["result"]["count"])


def summary(instance: Instance, bare: bool, seconds: float) -> str:
    """Return what is where, for the person who ran this."""
    lines = [
        f"\nUp after {seconds:.0f} s.",
        f"  catalogue      http://127.0.0.1:{instance.ports['web']}   {count(instance.ports['web'])} public datasets",
    ]
    if not bare:
        found = count(instance.ports["province"])
        lines.append(f"  demo province  http://127.0.0.1:{instance.ports['province']}   {found} public datasets")
        lines.append(f"  demo agencies  http://127.0.0.1:{instance.ports['demo']}")
    lines += [
        f"  {name:<16} password {instance.secret(f'password-{name}')}   API token in var/tokens/{name}"
        for name in accounts.ACCOUNTS
    ]
    lines += [f"  state and logs {instance.state}", "  bin/ckan satudata --help   bin/down stops all"]
    return "\n".join(lines)


def main(arguments: list[str]) -> None:
    """Bring everything up."""
    parser = argparse.ArgumentParser(prog="bin/up", description="Install, start and seed the portal.")
    parser.add_argument("--bare", action="store_true", help="without demo agencies and demo province")
    bare = parser.parse_args(arguments).bare
    start = time.monotonic()
    instance = instances.dev()
    supervisor = Supervisor(instance)
    both = [sites.catalogue(instance)] + ([] if bare else [sites.province(instance)])
    check_machine(instance, supervisor, list(instances.PORTS if not bare else ("web", "postgres", "redis", "solr")))
    running = [programs.web(instance, both[0], "web", 2), *programs.workers(instance, both[0], WORKERS)]
    with step("pycsw"):
        running.append(csw.program(instance, both[0]))
    scheduler = programs.scheduler(instance, both[0])
    if not bare:
        running += [programs.web(instance, both[1], "province", 1), programs.demo(instance)]
    start_services(instance, supervisor, [site.name for site in both], [*running, scheduler])
    for site in both:
        with step(f"database {site.name}"):
            sites.prepare(instance, site)
    seed(instance, demo=not bare)
    restart_old(instance, supervisor, [*running, scheduler])
    for program in running:
        with step(f"start {program.name}"):
            supervisor.start(program)
    if not bare:
        story(instance)
    with step("start scheduler"):  # last, so that it has no work while the story is told
        supervisor.start(scheduler)
    print(summary(instance, bare, time.monotonic() - start))


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except SetupError as error:
        sys.exit(f"bin/up: {error}")
