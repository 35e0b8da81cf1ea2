"""Write docs/reference/ from the code itself: settings, actions, commands, fields, source kinds.

Each page is made from what the code declares (config_declaration.yaml, docstrings, click's help, the schemas,
``SETTINGS`` of the kinds). A thing without an explanation ends the program with its name, so nothing can be
undocumented; ``--check`` writes nothing and exits 1 when a page is not current.
"""

from __future__ import annotations

import argparse
import importlib
import inspect
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import click
import yaml

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "ckanext-satudatapaser" / "ckanext" / "satudatapaser"
TARGET = ROOT / "docs" / "reference"


class UndocumentedError(Exception):
    """Something public has no explanation."""


def explained(what: str, text: str | None) -> str:
    """Return ``text`` on one line; raise UndocumentedError naming ``what`` when there is none."""
    if not text or not text.strip():
        raise UndocumentedError(what)
    return " ".join(text.split())


def cell(text: object) -> str:
    """Return ``text`` so that it can stand in a Markdown table."""
    return str(text).replace("|", "\\|").replace("<", "&lt;")


def table(head: tuple[str, ...], rows: list[tuple[object, ...]]) -> str:
    """Return a Markdown table."""
    lines = ["| " + " | ".join(head) + " |", "|" + " --- |" * len(head)]
    lines += ["| " + " | ".join(cell(value) for value in row) + " |" for row in rows]
    return "\n".join(lines)


def settings_page() -> str:
    """Every configuration key with type, default, meaning."""
    declared = yaml.safe_load((PACKAGE / "config_declaration.yaml").read_text())
    rows: list[tuple[object, ...]] = [
        (
            f"`{option['key']}`",
            option.get("type", "str"),
            f"`{option['default']}`" if option.get("default") not in (None, "") else "–",
            explained(option["key"], option.get("description")),
        )
        for group in declared["groups"]
        for option in group["options"]
    ]
    return "# Settings\n\nKeys of the CKAN ini file.\n\n" + table(("key", "type", "default", "meaning"), rows)


def actions_page() -> str:
    """Every action of ours with its docstring."""
    from ckanext.satudatapaser.logic import action

    parts = ["# Actions\n\nCalled as `/api/3/action/NAME`; who may call each is in its text."]
    for name, function in sorted(action.get_actions().items()):
        if not name.startswith("satudata_"):
            continue
        explained(name, function.__doc__)
        kind = "GET or POST" if getattr(function, "side_effect_free", False) else "POST"
        parts.append(f"## {name}\n\n{kind}.\n\n{inspect.cleandoc(function.__doc__ or '')}")
    return "\n\n".join(parts)


def commands(group: click.Command, path: str) -> Iterator[tuple[str, click.Command]]:
    """Yield every command below ``group`` with the words that call it."""
    if not isinstance(group, click.Group) or group.invoke_without_command:
        yield path, group
    if isinstance(group, click.Group):
        for name, child in sorted(group.commands.items()):
            yield from commands(child, f"{path} {name}")


def commands_page() -> str:
    """Every command with its help."""
    from ckanext.satudatapaser import cli

    parts = ["# Commands\n\nRun as `bin/ckan satudata …`."]
    for root in cli.get_commands():
        for path, command in commands(root, root.name or ""):
            explained(path, command.help)
            for option in command.params:
                if isinstance(option, click.Option):
                    explained(f"{path} {option.opts[0]}", option.help)
            text = command.get_help(click.Context(command, info_name=path, max_content_width=100))
            parts.append(f"## {path}\n\n```text\n{text}\n```")
    return "\n\n".join(parts)


def label(value: Any, language: str) -> str:
    """Return a scheming label in one language."""
    return str(value.get(language, "")) if isinstance(value, Mapping) else str(value or "")


def fields_page() -> str:
    """Every field of the dataset, organisation and topic schemas."""
    presets = yaml.safe_load((ROOT / "schemas" / "presets.yaml").read_text())["presets"]
    by_name = {preset["preset_name"]: preset["values"] for preset in presets}
    parts = ["# Fields\n\nKeys as in the national SDI schema where it has them."]
    for schema in ("dataset", "organization", "group"):
        body = yaml.safe_load((ROOT / "schemas" / f"{schema}.yaml").read_text())
        for section in ("dataset_fields", "resource_fields", "fields"):
            fields = [by_name.get(f.get("preset", ""), {}) | f for f in body.get(section, [])]
            if fields:
                rows: list[tuple[object, ...]] = [
                    (
                        f"`{field['field_name']}`",
                        explained(f"{schema} {field['field_name']} (id)", label(field.get("label"), "id")),
                        explained(f"{schema} {field['field_name']} (en)", label(field.get("label"), "en")),
                        field.get("sdi_group", ""),
                        ", ".join(field.get("sdi_jenis", [])),
                        " ".join(label(field.get("help_text"), "id").split()),
                    )
                    for field in fields
                ]
                heads = ("field", "Indonesian", "English", "group", "only for jenis", "help")
                parts.append(f"## {schema}: {section}\n\n" + table(heads, rows))
    return "\n\n".join(parts)


def kinds_page() -> str:
    """Every kind of source with the settings it declares."""
    harvesters = importlib.import_module("ckanext.satudatapaser.harvesters")

    def rows(settings: Any) -> list[tuple[object, ...]]:
        return [(f"`{s.name}`", s.type, explained(s.name, s.help), s.default or "–") for s in settings]

    heads = ("setting", "type", "meaning", "default")
    parts = ["# Kinds of source\n\n## Settings that every kind knows\n\n"]
    parts[0] += table(
        heads, rows(importlib.import_module("ckanext.satudatapaser.harvesters._settings").COMMON_SETTINGS)
    )
    for name, kind in sorted(harvesters.load_kinds().items()):
        text = explained(name, kind.__doc__)
        parts.append(f"## {name}: {kind.TITLE}\n\n{text}\n\n" + table(heads, rows(kind.SETTINGS)))
    return "\n\n".join(parts)


PAGES: dict[str, Callable[[], str]] = {
    "settings.md": settings_page,
    "actions.md": actions_page,
    "commands.md": commands_page,
    "fields.md": fields_page,
    "kinds.md": kinds_page,
}
NOTE = "<!-- Written by bin/reference from the code; change the code, then run it again. -->\n\n"


def main() -> int:
    """Write or check every page; return the exit code."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--check", action="store_true", help="write nothing; exit 1 when a page is not current")
    check = options.parse_args().check
    TARGET.mkdir(parents=True, exist_ok=True)
    stale = []
    for name, page in PAGES.items():
        try:
            text = NOTE + page() + "\n"
        except UndocumentedError as error:
            print(f"{name}: no explanation for {error}", file=sys.stderr)
            return 1
        path = TARGET / name
        if check and (not path.exists() or path.read_text() != text):
            stale.append(name)
        elif not check:
            path.write_text(text)
    if stale:
        print(f"docs/reference is not current: {', '.join(stale)}. Run bin/reference.", file=sys.stderr)
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main())
