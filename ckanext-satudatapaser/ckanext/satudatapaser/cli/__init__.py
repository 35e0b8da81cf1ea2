"""The command group ``ckan satudata``; each file beside this one adds its commands to it."""

from __future__ import annotations

import click


@click.group(short_help="Satu Data Paser: sources, harvest, push to the province.")
def satudata() -> None:
    """Run and look after the Satu Data Paser catalogue."""


def get_commands() -> list[click.Command]:
    """Return the command group with everything in it."""
    return [satudata]
