"""PostgreSQL, Redis and Solr of our own: how each is prepared, started and asked for its health."""

from __future__ import annotations

import shutil
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ops import solr_conf
from ops.instance import ROOT, Instance, SetupError, is_root

JARS = ROOT / "var" / "solr" / "jars"
CLASSES = ROOT / "var" / "solr" / "classes"
SOLR_SOURCE = ROOT / "config" / "solr"


def run(*command: str | Path) -> str:
    """Run a program and return what it printed; raise SetupError with the end of its output when it fails."""
    return run_with_input("", *command)


def run_with_input(text: str, *command: str | Path) -> str:
    """Run a program that reads ``text`` from standard input; otherwise as ``run``."""
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, input=text, check=False)
    if done.returncode:
        tail = (done.stdout + done.stderr).strip()[-1500:]
        raise SetupError(f"`{Path(str(command[0])).name}` failed (exit {done.returncode}):\n{tail}")
    return done.stdout


def as_postgres(*command: str | Path) -> list[str]:
    """Return ``command`` so that it runs as user postgres when we are root."""
    words = [str(part) for part in command]
    return ["runuser", "-u", "postgres", "--", *words] if is_root() else words


def postgres_bin() -> Path:
    """Return the folder of the newest PostgreSQL's programs (15 or later)."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[4]))
    if not found or int(found[-1].parts[4]) < 15:
        raise SetupError("PostgreSQL 15 or later is missing: install the package postgresql, then run this again.")
    return found[-1].parent


def prepare_postgres(instance: Instance) -> None:
    """Make the cluster the first time: password authentication only, the superuser's password generated."""
    data = instance.state / "postgres"
    if (data / "PG_VERSION").exists():
        return
    shutil.rmtree(data, ignore_errors=True)
    data.mkdir(parents=True, mode=0o700)
    password = instance.state / "postgres-password"
    password.write_text(instance.secret("postgres"))
    if is_root():
        shutil.chown(data, "postgres", "postgres")
        shutil.chown(password, "postgres", "postgres")
    password.chmod(0o600)
    try:
        run(
            *as_postgres(
                postgres_bin() / "initdb",
                "-D",
                data,
                "-U",
                "postgres",
                "--pwfile",
                password,
                "-A",
                "scram-sha-256",
                "-E",
                "UTF8",
                "--locale",
                "C.UTF-8",
            )
        )
    finally:
        password.unlink()


def postgres_command(instance: Instance) -> str:
    """Return the command line that runs PostgreSQL in the foreground, on loopback only, without a socket file."""
    data = instance.state / "postgres"
    options = "-c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c max_connections=200"
    if instance.name == "test":
        options += " -c fsync=off -c synchronous_commit=off -c full_page_writes=off"
    return f"{postgres_bin() / 'postgres'} -D {data} -p {instance.ports['postgres']} {options}"


def prepare_redis(instance: Instance) -> None:
    """Write Redis' configuration; the password stands in a file that only the owner reads.

    Every change goes to disk before it is answered: what is queued has had its next run set in PostgreSQL already, so a
    queue that a crash empties would leave a source unharvested until its schedule comes round again.
    """
    if not shutil.which("redis-server"):
        raise SetupError("Redis is missing: install the package redis-server, then run this again.")
    path = instance.folder("redis") / "redis.conf"
    # told to read its log of changes, Redis starts empty beside a snapshot without one
    only_snapshot = (path.parent / "dump.rdb").exists() and not has_log(instance)
    path.touch(mode=0o600)
    path.write_text(
        f"bind 127.0.0.1\nport {instance.ports['redis']}\ndir {path.parent}\nsave 300 1\n"
        f"appendonly {'no' if only_snapshot else 'yes'}\nappendfsync always\n"
        f"requirepass {instance.secret('redis')}\n"
    )


def has_log(instance: Instance) -> bool:
    """Tell whether Redis has its log of changes on disk, whole."""
    return any((instance.state / "redis" / "appendonlydir").glob("*.manifest"))


def log_changes(instance: Instance, patience: float = 60) -> None:
    """Let a running Redis that has only kept snapshots write its log of changes from now on; harmless when it does.

    Raises SetupError when the log is not there after ``patience`` seconds.
    """
    import redis

    client = redis.Redis(port=instance.ports["redis"], password=instance.secret("redis"))
    client.config_set("appendfsync", "always")
    client.config_set("appendonly", "yes")
    end = time.monotonic() + patience
    while not _log_is_written(client.info("persistence")):
        if time.monotonic() > end:
            raise SetupError("Redis does not write its log of changes; see redis.log.")
        time.sleep(0.1)
    prepare_redis(instance)


def _log_is_written(facts: dict[str, Any]) -> bool:
    under_way = facts["aof_rewrite_in_progress"] or facts["aof_rewrite_scheduled"]
    return bool(facts["aof_enabled"] and not under_way and facts["aof_last_bgrewrite_status"] == "ok")


def redis_command(instance: Instance) -> str:
    """Return the command line that runs Redis in the foreground."""
    return f"{shutil.which('redis-server')} {instance.state / 'redis' / 'redis.conf'} --daemonize no"


def fetch_solr() -> None:
    """Bring Solr's jars from Maven Central and compile the launcher, the first time or when pom.xml changed."""
    mark = JARS.parent / "pom.done"
    source = (SOLR_SOURCE / "pom.xml").read_text() + (SOLR_SOURCE / "SolrLauncher.java").read_text()
    if mark.exists() and mark.read_text() == source:
        return
    for program, package in (
        ("java", "openjdk-17-jdk-headless"),
        ("javac", "openjdk-17-jdk-headless"),
        ("mvn", "maven"),
    ):
        if not shutil.which(program):
            raise SetupError(f"{program} is missing: install the package {package}, then run this again.")
    shutil.rmtree(JARS, ignore_errors=True)
    plugin = "org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy-dependencies"
    run(
        "mvn",
        "-B",
        "-ntp",
        "-q",
        "-f",
        SOLR_SOURCE / "pom.xml",
        plugin,
        "-DincludeScope=runtime",
        f"-DoutputDirectory={JARS}",
    )
    strangers = [j.name for j in JARS.glob("jetty-*.jar") if "10.0.26" not in j.name and "servlet-api" not in j.name]
    if strangers:
        raise SetupError(f"Solr's jars hold a Jetty of another version ({strangers[0]}): check config/solr/pom.xml.")
    run("javac", "-proc:none", "-d", CLASSES, "-cp", f"{JARS}/*", SOLR_SOURCE / "SolrLauncher.java")
    mark.write_text(source)


def prepare_solr(instance: Instance, cores: list[str]) -> None:
    """Write Solr's home: one core a site, its schema made from the installed CKAN's."""
    fetch_solr()
    home = instance.folder("solr", "home")
    instance.folder("solr", "logs")
    shutil.copy(SOLR_SOURCE / "solr.xml", home / "solr.xml")
    for core in cores:
        write_core(instance, core, solr_conf.ckan_schema())
        (home / core / "core.properties").write_text(f"name={core}\n")


def write_core(instance: Instance, core: str, schema: Path) -> None:
    """Write the configuration of one Solr core; ``schema`` is that of the CKAN that asks it."""
    conf = instance.folder("solr", "home", core, "conf")
    for path in (SOLR_SOURCE / "conf").iterdir():
        shutil.copy(path, conf / path.name)
    solr_conf.write(conf, schema)


def solr_command(instance: Instance) -> str:
    """Return the command line that runs Solr in the foreground."""
    state, port = instance.state / "solr", instance.ports["solr"]
    heap = "256m" if instance.name == "test" else "512m"
    collector = "-XX:+UseSerialGC -XX:TieredStopAtLevel=1" if instance.name == "test" else "-XX:+UseG1GC"
    return (
        f"java -server -Xms{heap} -Xmx{heap} {collector} -XX:+ExitOnOutOfMemoryError "
        "-XX:CompileCommand=exclude,com.github.benmanes.caffeine.cache.BoundedLocalCache::put "
        f"-Duser.timezone=UTC -Dfile.encoding=UTF-8 -Dlog4j2.configurationFile={SOLR_SOURCE / 'log4j2.xml'} "
        f"-Dsolr.solr.home={state / 'home'} -Dsolr.install.dir={state} -Dsolr.log.dir={state / 'logs'} "
        f"-Djetty.port={port} -Dsolr.jetty.host=127.0.0.1 -cp {CLASSES}:{JARS}/* SolrLauncher"
    )


def healthy(instance: Instance) -> dict[str, Callable[[], bool]]:
    """Return for each service a function that tells whether it answers."""
    import psycopg2
    import redis
    import requests

    def postgres() -> bool:
        try:
            psycopg2.connect(admin_dsn(instance), connect_timeout=2).close()
        except psycopg2.OperationalError:
            return False
        return True

    def redis_answers() -> bool:
        try:
            return bool(
                redis.Redis(port=instance.ports["redis"], password=instance.secret("redis"), socket_timeout=2).ping()
            )
        except redis.RedisError:
            return False

    def solr() -> bool:
        try:
            url = f"http://127.0.0.1:{instance.ports['solr']}/solr/admin/cores?action=STATUS"
            return requests.get(url, timeout=3).status_code == 200
        except requests.RequestException:
            return False

    return {"postgres": postgres, "redis": redis_answers, "solr": solr}


def admin_dsn(instance: Instance, database: str = "postgres") -> str:
    """Return the superuser's connection string."""
    return (
        f"host=127.0.0.1 port={instance.ports['postgres']} user=postgres "
        f"password={instance.secret('postgres')} dbname={database}"
    )
