"""bin/health: `ckan satudata health`, also when the database is down, without which no ckan command starts."""

from __future__ import annotations

import configparser
import json
import sys

import psycopg2

from ops import instance, sites
from ops.instance import SetupError


def database_answers(url: str) -> bool:
    """Tell whether PostgreSQL answers at a connection URL within five seconds."""
    try:
        psycopg2.connect(url, connect_timeout=5).close()
    except psycopg2.OperationalError:
        return False
    return True


def main(words: list[str]) -> int:
    """Become the ckan command, or say that the database is down; 1 then, as the command itself does."""
    here = instance.dev()
    ini = sites.catalogue(here).ini(here)
    settings = configparser.ConfigParser(interpolation=None)
    settings.read(ini)
    url = settings.get("app:main", "sqlalchemy.url", fallback="").replace("%%", "%")
    if url and not database_answers(url):
        message = "PostgreSQL tidak menjawab; periksa layanannya. Bagian lain baru dapat diperiksa setelah itu."
        found = {"ok": False, "findings": [{"name": "database", "ok": False, "message": message}]}
        print(json.dumps(found, ensure_ascii=False, indent=1) if "--json" in words else f"! {message}")
        return 1
    sites.exec_ckan(here, ["satudata", "health", *words])
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except SetupError as error:
        sys.exit(f"bin/health: {error}")
