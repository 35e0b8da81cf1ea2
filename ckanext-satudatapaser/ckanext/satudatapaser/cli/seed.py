"""`ckan satudata seed`: the organisations and topics that every installation starts with."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import yaml
from ckan import model
from ckanext.satudatapaser import config
from ckanext.satudatapaser.cli.common import call, explained


def tree(path: Path) -> Iterator[tuple[str, str, str]]:
    """Yield name, title and parent's name ("" for the first) of each organisation in a seed file, parents first."""

    def below(items: list[dict[str, Any]], parent: str) -> Iterator[tuple[str, str, str]]:
        for item in items:
            yield item["name"], item["title"], parent
            yield from below(item.get("sub", []), item["name"])

    yield from below(yaml.safe_load(path.read_text(encoding="utf-8")), "")


@click.command()
@explained
def seed() -> None:
    """Make the organisations (OPD tree) and topics that are missing; what exists stays as it is."""
    folder = config.config_dir() / "seeds"
    made = 0
    for name, title, parent in tree(folder / "opd.yaml"):
        if model.Group.get(name) is None:
            values: dict[str, Any] = {"name": name, "title": title}
            if parent:
                values["groups"] = [{"name": parent, "capacity": "public"}]
            call("organization_create", values)
            made += 1
    for topic in yaml.safe_load((folder / "topics.yaml").read_text(encoding="utf-8")):
        if model.Group.get(topic["name"]) is None:
            call("group_create", topic)
            made += 1
    click.echo(f"{made} organisations and topics made")
