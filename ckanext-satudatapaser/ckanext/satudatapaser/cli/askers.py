"""`ckan satudata askers`: who asks for our outputs."""

from __future__ import annotations

import click
from ckanext.satudatapaser.cli.common import call, explained, json_option, show


@click.command()
@click.option("--days", default=30, help="How many days back, 90 at most.")
@json_option
@explained
def askers(days: int, as_json: bool) -> None:
    """Say how often each harvester or robot, by the name that it gives itself, asked for each output on each day."""
    found = call("satudata_asker_list", {"days": days})
    lines = [f"{row['day']} {row['output']:<10} {row['count']:>8} {row['product']}" for row in found["rows"]]
    show(found, as_json, "\n".join(lines) or "nobody asked")
