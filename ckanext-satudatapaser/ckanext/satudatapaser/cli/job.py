"""`ckan satudata job …`: runs of sources."""

from __future__ import annotations

from typing import Any

import click
from ckanext.satudatapaser.cli.common import call, explained, json_option, show, wita


@click.group()
def job() -> None:
    """Runs of sources."""


def _line(found: dict[str, Any]) -> str:
    counts = ", ".join(f"{key} {value}" for key, value in found["counts"].items() if value)
    mark = " (dry run)" if found["dry_run"] else ""
    reason = f"  {found['reason']['message']}" if found["reason"] else ""
    return f"{wita(found['started'])} {found['state']:<9}{mark} {counts}{reason}"


@job.command("list")
@click.argument("name")
@click.option("--limit", default=20, help="How many runs.")
@json_option
@explained
def list_jobs(name: str, limit: int, as_json: bool) -> None:
    """List the runs of the source NAME, the newest first."""
    found = call("satudata_job_list", {"name": name, "limit": limit})
    show(found, as_json, "\n".join(_line(item) for item in found))


@job.command()
@click.argument("name")
@json_option
@explained
def cancel(name: str, as_json: bool) -> None:
    """End the run of the source NAME at its next chunk; a waiting one is taken out of the queue."""
    found = call("satudata_job_cancel", {"name": name})
    words = [f"{run}: will end" for run in found["runs"]] + (["taken out of the queue"] if found["taken_back"] else [])
    show(found, as_json, "\n".join(words) or "nothing runs or waits")


@job.command()
@click.argument("name")
@json_option
@explained
def retry(name: str, as_json: bool) -> None:
    """Let a worker try the records of the source NAME again that failed in its last run."""
    found = call("satudata_job_retry", {"name": name})
    show(found, as_json, "queued" if found["queued"] else "waits or runs already")
