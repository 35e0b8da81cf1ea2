"""The command group ``ckan satudata``; each file beside this one brings its commands."""

from __future__ import annotations

import click
from ckanext.satudatapaser.cli.askers import askers
from ckanext.satudatapaser.cli.harvest import harvest, records
from ckanext.satudatapaser.cli.job import job
from ckanext.satudatapaser.cli.push import ledger, push, target
from ckanext.satudatapaser.cli.seed import seed
from ckanext.satudatapaser.cli.source import source
from ckanext.satudatapaser.cli.tables import tables
from ckanext.satudatapaser.cli.upkeep import health, scheduler, tick, trim


@click.group(short_help="Satu Data Paser: sources, harvest, push to the province.")
def satudata() -> None:
    """Run and look after the Satu Data Paser catalogue."""


for command in (
    source, harvest, records, job, target, push, ledger, tables, seed, tick, scheduler, trim, health, askers,
):  # fmt: skip
    satudata.add_command(command)


def get_commands() -> list[click.Command]:
    """Return the command group with everything in it."""
    return [satudata]
