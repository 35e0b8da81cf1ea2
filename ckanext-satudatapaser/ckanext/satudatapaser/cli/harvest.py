"""`ckan satudata harvest` and `records`."""

from __future__ import annotations

import sys
from typing import Any

import click
from ckanext.satudatapaser.cli.common import call, explained, json_option, show
from tqdm import tqdm

EXIT = {"finished": 0, "stopped": 3, "failed": 1}


@click.command()
@click.argument("names", metavar="NAME...", nargs=-1)
@click.option("--all", "every", is_flag=True, help="Every approved source, one after the other.")
@click.option("--dry-run", is_flag=True, help="Find out what would happen; write nothing.")
@click.option("--full", is_flag=True, help="Fetch everything, even where the source can tell what changed.")
@json_option
@explained
def harvest(names: tuple[str, ...], every: bool, dry_run: bool, full: bool, as_json: bool) -> None:
    """Pull the records of sources now. Exit code 0, 3 when a guard stopped a run, 1 when one failed."""
    if every == bool(names):
        raise click.UsageError("Expected the NAME of a source, or --all.")
    if every:
        names = tuple(item["name"] for item in call("satudata_source_list", {}) if item["state"] == "approved")
    results = [_harvest(name, dry_run, full) for name in names]
    show(results[0] if len(results) == 1 and not every else results, as_json, "\n".join(map(words, results)))
    codes = {EXIT[result["state"]] for result in results}
    sys.exit(1 if 1 in codes else max(codes, default=0))


def _harvest(name: str, dry_run: bool, full: bool) -> dict[str, Any]:
    with tqdm(unit=" records", file=sys.stderr, disable=None) as bar:

        def progress(done: int, total: int) -> None:
            bar.total = total
            bar.update(done - bar.n)

        result: dict[str, Any] = call(
            "satudata_job_run", {"name": name, "dry_run": dry_run, "full": full}, satudata_progress=progress
        )
    return result


def words(result: dict[str, Any]) -> str:
    """Return a run's result in words."""
    counts = [
        f"{key} {value}" for key, value in result.items() if isinstance(value, int) and not isinstance(value, bool)
    ]
    text = f"{result['source']}: {result['state']} ({', '.join(counts)}) in {result['seconds']} s"
    if "reason" in result:
        text += f"\n{result['reason']['message']} {result['reason']['hint']}"
    return text


@click.command()
@click.argument("name")
@click.option(
    "--state", default="", help="Only records that ended so: added, updated, unchanged, held, rejected, failed."
)
@click.option("--limit", default=1000, help="How many records.")
@json_option
@explained
def records(name: str, state: str, limit: int, as_json: bool) -> None:
    """Show the records of a source's last run with their messages."""
    found = call("satudata_record_list", {"name": name, "outcome": state, "limit": limit})["records"]
    lines = []
    for item in found:
        lines.append(f"{item['position']:>6} {item['outcome']:<10} {item['title'] or item['key']}")
        lines += [f"           {issue['severity']}: {issue['message']}" for issue in item["issues"]]
    show(found, as_json, "\n".join(lines))
