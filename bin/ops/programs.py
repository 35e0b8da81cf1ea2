"""Which processes an instance runs, in the order of their start."""

from __future__ import annotations

from ops import sites
from ops.instance import VENV, Instance, is_root
from ops.services import healthy, postgres_command, redis_command, solr_command
from ops.supervisor import Program


def services(instance: Instance) -> list[Program]:
    """PostgreSQL, Redis, Solr."""
    answers = healthy(instance)
    return [
        Program(
            "postgres", postgres_command(instance), answers["postgres"],
            user="postgres" if is_root() else "", stop_signal="INT",
        ),
        Program("redis", redis_command(instance), answers["redis"]),
        Program("solr", solr_command(instance), answers["solr"]),
    ]  # fmt: skip


def web(instance: Instance, site: sites.Site, name: str, workers: int) -> Program:
    """A CKAN site behind gunicorn."""
    return Program(
        name,
        sites.wsgi_command(instance, site, workers),
        lambda: sites.gunicorn_answers(site),
        environment={"CKAN_INI": str(site.ini(instance)), "PYTHONUNBUFFERED": "1"},
        wait=120,
    )


def workers(instance: Instance, site: sites.Site, count: int) -> list[Program]:
    """CKAN's background workers; so many pieces of work are done at once."""
    command = f"{VENV / 'ckan'} -c {site.ini(instance)} jobs worker"
    return [Program(f"worker-{number}", command, lambda: True) for number in range(1, count + 1)]


def scheduler(instance: Instance, site: sites.Site) -> Program:
    """What queues work when its time has come."""
    return Program("scheduler", f"{VENV / 'ckan'} -c {site.ini(instance)} satudata scheduler", lambda: True)


def demo(instance: Instance) -> Program:
    """The synthetic agencies."""
    import requests

    port = instance.ports["demo"]

    def answers() -> bool:
        try:
            return requests.get(f"http://127.0.0.1:{port}/", timeout=3).status_code == 200
        except requests.RequestException:
            return False

    return Program("demo", f"{VENV / 'python'} -m demo serve --port {port}", answers)
