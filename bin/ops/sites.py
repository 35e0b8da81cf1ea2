"""The CKAN sites of an instance: ini files, databases, tables, permissions."""

from __future__ import annotations

import dataclasses as dc
import hashlib
import os
import string
from pathlib import Path

import psycopg2
from psycopg2 import sql

from ops.instance import ROOT, VENV, Instance, SetupError
from ops.services import admin_dsn, run

OURS = "ckanext.satudatapaser.schemas"
PLUGINS = "satudatapaser activity datastore scheming_datasets scheming_organizations scheming_groups dcat"
STOCK = "activity datastore scheming_datasets dcat"


@dc.dataclass(frozen=True)
class Site:
    """One CKAN site: its name (also of databases and Solr core), plugins, ports, title.

    ``programs``: the folder of the ckan command that serves it; ``redis_options``: added to the Redis URL; ``schema``: the
    dataset schema of a site that is not ours; ``settings``: lines that its ini has on top of the template's; ``variant``:
    part of the ini's name, for another way to run the same site.
    """

    name: str
    plugins: str
    port: int
    redis: int
    title: str
    ours: bool = True
    locale: str = "id"
    template: str = "ckan.ini"
    programs: Path = VENV
    redis_options: str = ""
    schema: str = "ckanext.scheming:ckan_dataset.yaml"
    settings: tuple[str, ...] = ()
    variant: str = ""

    def ini(self, instance: Instance) -> Path:
        """Return where this site's ini file lies."""
        return instance.state / f"{self.name}{self.variant and '-'}{self.variant}.ini"


def catalogue(instance: Instance) -> Site:
    """Return the site that bin/up serves."""
    return Site("ckan", PLUGINS, instance.ports["web"], 0, "Satu Data Paser")


def province(instance: Instance) -> Site:
    """Return the second, stock CKAN that stands for the province."""
    return Site("province", STOCK, instance.ports["province"], 1, "Satu Data Kaltim (peraga)", ours=False)


def test_site(instance: Instance, slot: int) -> Site:
    """Return the catalogue of one test slot; slots don't share databases, ports, Redis numbers or Solr cores."""
    return Site(f"test_{slot}", PLUGINS, instance.ports["web"] + 20 * slot, slot, "Satu Data Paser", locale="en")


def test_province(instance: Instance, slot: int) -> Site:
    """Return the second CKAN of one test slot."""
    return Site(
        f"test_province_{slot}",
        STOCK,
        instance.ports["province"] + 20 * slot,
        slot,
        "Province",
        ours=False,
        locale="en",
    )


def outbound_secrets(instance: Instance) -> Path:
    """Return the folder of keys for others' servers; apart from our own passwords, which no source may name."""
    return instance.folder("outbound-secrets")


def csw_folder(instance: Instance, site: Site) -> Path:
    """Return the folder that a site shares with pycsw."""
    return instance.folder("csw", site.name)


def database_url(instance: Instance, user: str, database: str) -> str:
    """Return a connection URL for one of our database users."""
    password = instance.secret(f"database-{user}")
    return f"postgresql://{user}:{password}@127.0.0.1:{instance.ports['postgres']}/{database}"


def write_ini(instance: Instance, site: Site) -> None:
    """Write a site's ini from the template; readable by its owner only, since it holds passwords."""
    template = string.Template((ROOT / "config" / site.template).read_text())
    storage = instance.folder("storage", site.name)
    values = {
        "secret_key": instance.secret(f"key-{site.name}"),
        "site_id": site.name,
        "site_url": f"http://127.0.0.1:{site.port}",
        "database_url": database_url(instance, site.name, site.name),
        "datastore_write_url": database_url(instance, site.name, f"{site.name}_datastore"),
        "datastore_read_url": database_url(instance, f"{site.name}_read", f"{site.name}_datastore"),
        "solr_url": f"http://127.0.0.1:{instance.ports['solr']}/solr/{site.name}",
        "redis_url": f"redis://:{instance.secret('redis')}@127.0.0.1:{instance.ports['redis']}/{site.redis}"
        + site.redis_options,
        "storage": storage,
        "plugins": site.plugins,
        "dataset_schemas": f"{OURS}:dataset.yaml" if site.ours else site.schema,
        "organization_schemas": f"{OURS}:organization.yaml" if site.ours else "",
        "group_schemas": f"{OURS}:group.yaml" if site.ours else "",
        "presets": "ckanext.scheming:presets.json" + (f" {OURS}:presets.yaml" if site.ours else ""),
        "site_title": site.title,
        "locale": site.locale,
        "config_dir": ROOT / "config",
        "secrets_dir": outbound_secrets(instance),
        "csw_dir": csw_folder(instance, site),
        "cache_dir": instance.folder("cache", site.name),
        "allow_networks": "127.0.0.0/8",
        "requests_per_second": 0,  # servers on this machine need no rest
    }
    text = template.substitute({key: str(value).replace("%", "%%") for key, value in values.items()})
    if not site.ours:
        ours = ("ckanext.satudatapaser", "ckanext.spatial", "ckanext.dcat")
        kept = [line for line in text.splitlines() if not line.startswith(ours)]
        text = "\n".join(kept) + "\n"
    text = text.replace("[app:main]\n", "\n".join(["[app:main]", *site.settings, ""]), 1)
    path = site.ini(instance)
    path.touch(mode=0o600)
    path.write_text(text)


def ckan(instance: Instance, site: Site, *words: str) -> str:
    """Run a ckan command for ``site`` and return what it printed."""
    return run(site.programs / "ckan", "-c", site.ini(instance), *words)


def make_databases(instance: Instance, site: Site) -> bool:
    """Make users and databases that are missing; tell whether the main database is new."""
    users = [site.name, f"{site.name}_read"]
    connection = psycopg2.connect(admin_dsn(instance))
    connection.autocommit = True
    new = False
    with connection.cursor() as cursor:
        for user in users:
            cursor.execute("select 1 from pg_roles where rolname = %s", (user,))
            if not cursor.fetchone():
                cursor.execute(
                    sql.SQL("create role {} login nosuperuser nocreatedb nocreaterole password %s").format(
                        sql.Identifier(user)
                    ),
                    (instance.secret(f"database-{user}"),),
                )
        for database in (site.name, f"{site.name}_datastore"):
            cursor.execute("select 1 from pg_database where datname = %s", (database,))
            if not cursor.fetchone():
                query = "create database {} owner {} encoding 'UTF8' template template0"
                cursor.execute(sql.SQL(query).format(sql.Identifier(database), sql.Identifier(site.name)))
                new = True
    connection.close()
    return new


def set_datastore_permissions(instance: Instance, site: Site) -> None:
    """Let CKAN's own command say which rights the DataStore's users need, and grant them."""
    statements = ckan(instance, site, "datastore", "set-permissions")
    statements = "\n".join(line for line in statements.splitlines() if not line.startswith("\\"))
    connection = psycopg2.connect(admin_dsn(instance, f"{site.name}_datastore"))
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute(statements)
    connection.close()


def prepare(instance: Instance, site: Site) -> None:
    """Bring one site to the present version: ini, databases, tables, DataStore permissions. Harmless when done."""
    write_ini(instance, site)
    new = make_databases(instance, site)
    mark = instance.state / f"{site.name}.prepared"
    wanted = _version(site)
    if new or not mark.exists() or mark.read_text() != wanted:
        ckan(instance, site, "db", "init")
        for plugin in ("activity", "harvest", "satudatapaser"):
            if plugin in site.plugins.split():
                ckan(instance, site, "db", "upgrade", "-p", plugin)
        if "datastore" in site.plugins.split():
            set_datastore_permissions(instance, site)
        if site.ours:
            ckan(instance, site, "translation", "js")  # only `ckan run` would do it by itself
        mark.write_text(wanted)


def _version(site: Site) -> str:
    """Return what decides whether a site must be brought up to date: plugins, migrations, message catalogues."""
    code = ROOT / "ckanext-satudatapaser" / "ckanext" / "satudatapaser"
    versions = sorted(path.name for path in code.glob("migration/satudatapaser/versions/*.py"))
    words = [hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(code.glob("i18n/*/LC_MESSAGES/*.po"))]
    return "\n".join([site.plugins, *(versions + words if site.ours else [])])


def wsgi_command(instance: Instance, site: Site, workers: int) -> str:
    """Return the command line of the production server."""
    return (
        f"{site.programs / 'gunicorn'} ops.wsgi:application --chdir {ROOT / 'bin'} -b 127.0.0.1:{site.port} "
        f"-w {workers} -k gthread --threads 4 --timeout 120 --graceful-timeout 20 --max-requests 5000 "
        f"--max-requests-jitter 500 --worker-tmp-dir {instance.folder('tmp')} --no-control-socket"
    )


def gunicorn_answers(site: Site) -> bool:
    """Tell whether a site answers status_show."""
    import requests

    try:
        return requests.get(f"http://127.0.0.1:{site.port}/api/3/action/status_show", timeout=5).status_code == 200
    except requests.RequestException:
        return False


def exec_ckan(instance: Instance, words: list[str]) -> None:
    """Become the ckan command with the catalogue's ini (bin/ckan)."""
    ini = catalogue(instance).ini(instance)
    if not ini.exists():
        raise SetupError("The portal is not set up yet: run bin/up first.")
    os.execv(str(VENV / "ckan"), ["ckan", "-c", str(ini), *words])  # noqa: S606 - a fixed program
