"""`ckan satudata tables …`: files into the DataStore."""

from __future__ import annotations

import sys

import click
from ckanext.satudatapaser.cli.common import call, explained, json_option, show
from tqdm import tqdm


@click.group()
def tables() -> None:
    """Tables of files, shown on pages and by the API."""


@tables.command()
@click.option("--dataset", default="", help="Only files of the dataset of this name.")
@click.option("--source", default="", help="Only files that the harvest source of this name brought.")
@json_option
@explained
def load(dataset: str, source: str, as_json: bool) -> None:
    """Load files of open datasets that have no table yet, or changed; waits for another load that is going on."""
    wanted = {"dataset": dataset, "source": source, "wait": True}
    with tqdm(unit=" files", file=sys.stderr, disable=None) as bar:

        def progress(done: int, total: int) -> None:
            bar.total = total
            bar.update(done - bar.n)

        result = call("satudata_table_load", wanted, satudata_progress=progress)
    lines = [", ".join(f"{key} {result[key]}" for key in ("loaded", "unchanged", "failed", "waiting"))]
    lines += [f"  {item['id']}: {item['message']}" for item in result["failures"]]
    show(result, as_json, "\n".join(lines))
