"""`ckan satudata source …`: sources of records."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import click
import yaml
from ckanext.satudatapaser.cli.common import call, explained, json_option, pairs, show, wita


@click.group()
def source() -> None:
    """Sources that records are pulled from."""


def _line(found: dict[str, Any]) -> str:
    last = found["last_job"]
    run = f"{last['state']} {wita(last['started'])}" if last else "never run"
    following = f"next {wita(found['next_run'])}" if found["next_run"] else ""
    return f"{found['name']:<24} {found['kind']:<9} {found['state']:<9} {run:<28} {following:<22} {found['url']}"


def _approve(name: str) -> dict[str, Any]:
    result: dict[str, Any] = call("satudata_source_approve", {"name": name}, satudata_alone=True)
    return result


@source.command()
@click.argument("name")
@click.option("--kind", required=True, help="Kind of source: ckan, datajson.")
@click.option("--url", required=True, help="Address of the source.")
@click.option("--org", required=True, help="Organisation that the records belong to.")
@click.option("--title", default="", help="Name for people.")
@click.option("--set", "settings", multiple=True, metavar="KEY=VALUE", help="A setting; may be given several times.")
@click.option("--notify", default="", help="Who is told of failure and recovery, separated by commas.")
@click.option("--approve", is_flag=True, help="Approve at once.")
@json_option
@explained
def add(
    name: str,
    kind: str,
    url: str,
    org: str,
    title: str,
    settings: tuple[str, ...],
    notify: str,
    approve: bool,
    as_json: bool,
) -> None:
    """Add a source."""
    values = {"name": name, "kind": kind, "url": url, "owner_org": org, "title": title, "settings": pairs(settings)}
    values["notify"] = notify
    made = call("satudata_source_create", values)
    made = _approve(name) if approve else made
    show(made, as_json, _line(made))


@source.command()
@click.argument("name")
@click.option("--url", default="", help="New address.")
@click.option("--org", default="", help="New organisation.")
@click.option("--title", default="", help="New name for people.")
@click.option("--set", "settings", multiple=True, metavar="KEY=VALUE", help="A setting; may be given several times.")
@click.option("--notify", help='Who is told of failure and recovery, separated by commas; "" for the default.')
@click.option("--approve", is_flag=True, help="Approve at once.")
@json_option
@explained
def edit(
    name: str,
    url: str,
    org: str,
    title: str,
    settings: tuple[str, ...],
    notify: str | None,
    approve: bool,
    as_json: bool,
) -> None:
    """Change a source."""
    values = {"name": name, "url": url, "owner_org": org, "title": title, "settings": pairs(settings)}
    values |= {} if notify is None else {"notify": notify}
    changed = call("satudata_source_update", values)
    changed = _approve(name) if approve else changed
    show(changed, as_json, _line(changed))


@source.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--base", default="", help="Address that relative addresses in FILE belong to.")
@click.option("--approve", is_flag=True, help="Approve those that are not.")
@explained
def apply(file: Path, base: str, approve: bool) -> None:
    """Make the sources that the YAML FILE lists, or bring them to what it says."""
    existing = {item["name"]: item for item in call("satudata_source_list", {})}
    for item in yaml.safe_load(file.read_text(encoding="utf-8")):
        values = {
            "name": item["name"],
            "kind": item["kind"],
            "url": urljoin(base, item["url"]),
            "owner_org": item["org"],
            "title": item.get("title", ""),
            "settings": item.get("settings", {}),
            **({"notify": item["notify"]} if "notify" in item else {}),
        }
        action = "satudata_source_update" if item["name"] in existing else "satudata_source_create"
        made = call(action, values)
        made = _approve(item["name"]) if approve and made["state"] != "approved" else made
        click.echo(_line(made))


@source.command("list")
@json_option
@explained
def list_sources(as_json: bool) -> None:
    """List all sources."""
    found = call("satudata_source_list", {})
    show(found, as_json, "\n".join(_line(item) for item in found))


@source.command("show")
@click.argument("name")
@json_option
@explained
def show_source(name: str, as_json: bool) -> None:
    """Show one source with its settings and last run."""
    found = call("satudata_source_show", {"name": name})
    words = "\n".join(f"{key}: {value}" for key, value in found.items())
    show(found, as_json, words)


@source.command()
@click.argument("name")
@click.option("--limit", default=20, help="How many records.")
@json_option
@explained
def preview(name: str, limit: int, as_json: bool) -> None:
    """Show the first records raw, mapped and with their problems; write nothing."""
    found = call("satudata_source_preview", {"name": name, "limit": limit}, satudata_patient=True)
    lines = []
    for item in found:
        lines.append(f"{item['outcome']:<10} {(item['mapped'] or {}).get('title', '')}")
        lines += [f"    {issue.get('severity', 'error')}: {issue['message']}" for issue in item["issues"]]
    show(found, as_json, "\n".join(lines))


@source.command()
@click.argument("name")
@json_option
@explained
def approve(name: str, as_json: bool) -> None:
    """Approve a source: from now on it may run."""
    found = _approve(name)
    show(found, as_json, _line(found))


@source.command()
@click.argument("name")
@json_option
@explained
def pause(name: str, as_json: bool) -> None:
    """Let a source rest: it does not run until it is resumed."""
    found = call("satudata_source_pause", {"name": name})
    show(found, as_json, _line(found))


@source.command()
@click.argument("name")
@json_option
@explained
def resume(name: str, as_json: bool) -> None:
    """Let a paused source run again."""
    found = call("satudata_source_resume", {"name": name})
    show(found, as_json, _line(found))


@source.command()
@click.argument("name")
@click.option("--apply", is_flag=True, help="Bind; without it only the matches are shown.")
@json_option
@explained
def rebind(name: str, apply: bool, as_json: bool) -> None:
    """Follow a source that has given its records new identifiers."""
    found = call("satudata_source_rebind", {"name": name, "apply": apply}, satudata_patient=True)
    words = [
        f"{found['matched']} of {found['known']} records match" + (", bound." if apply else "; --apply binds them.")
    ]
    words += [f"  {item['title']}: {item['old']} -> {item['new']}" for item in found["examples"]]
    show(found, as_json, "\n".join(words))


@source.command("confirm-missing")
@click.argument("name")
@json_option
@explained
def confirm_missing(name: str, as_json: bool) -> None:
    """Harvest now and archive what is missing, after a person has made sure that it is really gone."""
    found = call("satudata_job_run", {"name": name, "confirm_missing": True})
    show(found, as_json, f"{found['state']}: {found['archived']} archived")
