"""`ckan satudata target …`, `push` and `ledger`: the way up."""

from __future__ import annotations

import json
import sys
from typing import Any

import click
from ckanext.satudatapaser.cli.common import call, explained, json_option, pairs, show, wita
from tqdm import tqdm

EXIT = {"finished": 0, "stopped": 3}


@click.group()
def target() -> None:
    """Portals that our datasets are pushed to."""


def _line(found: dict[str, Any]) -> str:
    states = ", ".join(f"{state} {count}" for state, count in sorted(found["states"].items()))
    following = f"  next {wita(found['next_run'])}" if found["next_run"] else ""
    following += f"  paused until {wita(found['paused_until'])}" if found["paused_until"] else ""
    return f"{found['name']:<16} {found['url']:<40} {found['mapping']:<10} {states or 'never pushed'}{following}"


def _settings(given: tuple[str, ...], org: str) -> dict[str, Any]:
    settings: dict[str, Any] = dict(pairs(given))
    if "organization_map" in settings:
        settings["organization_map"] = json.loads(settings["organization_map"])
    return settings | ({"organization": org} if org else {})


@target.command()
@click.argument("name")
@click.option("--url", required=True, help="Address of its front page.")
@click.option("--secret", default="", help="NAME of the secret that holds its API token.")
@click.option("--org", default="", help="The organisation there that our datasets belong to.")
@click.option("--mapping", default="kaltim", help="Field mapping in config/province.")
@click.option("--set", "settings", multiple=True, metavar="KEY=VALUE", help="A setting; may be given several times.")
@json_option
@explained
def add(name: str, url: str, secret: str, org: str, mapping: str, settings: tuple[str, ...], as_json: bool) -> None:
    """Add a target."""
    values = {"target": name, "url": url, "secret": secret, "mapping": mapping, "settings": _settings(settings, org)}
    made = call("satudata_push_target_create", values)
    show(made, as_json, _line(made))


@target.command()
@click.argument("name")
@click.option("--url", default="", help="New address.")
@click.option("--secret", default="", help="NAME of another secret.")
@click.option("--org", default="", help="Another organisation there.")
@click.option("--mapping", default="", help="Another field mapping.")
@click.option("--set", "settings", multiple=True, metavar="KEY=VALUE", help="A setting; may be given several times.")
@json_option
@explained
def edit(name: str, url: str, secret: str, org: str, mapping: str, settings: tuple[str, ...], as_json: bool) -> None:
    """Change a target."""
    values = {"target": name, "url": url, "secret": secret, "mapping": mapping, "settings": _settings(settings, org)}
    changed = call("satudata_push_target_update", values)
    show(changed, as_json, _line(changed))


@target.command("list")
@json_option
@explained
def list_targets(as_json: bool) -> None:
    """List all targets."""
    found = call("satudata_push_target_list", {})
    show(found, as_json, "\n".join(_line(item) for item in found))


@click.command()
@click.argument("target")
@click.option("--check", is_flag=True, help="Ask the target what a push can expect; write nothing.")
@click.option("--dry-run", is_flag=True, help="Find out what would be sent; write nothing.")
@json_option
@explained
def push(target: str, check: bool, dry_run: bool, as_json: bool) -> None:
    """Push what is eligible to TARGET. Exit code 0, 3 when the push stopped, 1 when datasets failed."""
    if check:
        found = call("satudata_push_check", {"target": target}, satudata_patient=True)
        marks = {(True, False): "  ", (True, True): "~ ", (False, False): "! "}
        lines = [marks[item["ok"], item["note"]] + item["message"] for item in found["findings"]]
        show(found, as_json, "\n".join(lines))
        sys.exit(0 if found["ok"] else 1)
    with tqdm(unit=" datasets", file=sys.stderr, disable=None) as bar:

        def progress(done: int, total: int) -> None:
            bar.total = total
            bar.update(done - bar.n)

        result = call("satudata_push_run", {"target": target, "dry_run": dry_run}, satudata_progress=progress)
    show(result, as_json, words(result))
    sys.exit(EXIT[result["state"]] or (1 if result["failed"] else 0))


def words(result: dict[str, Any]) -> str:
    """Return a push's result in words."""
    names = ("created", "updated", "unchanged", "withdrawn", "skipped", "conflict", "failed", "requests")
    counts = ", ".join(f"{name} {result[name]}" for name in names)
    text = f"{result['target']}: {result['state']} ({counts}) in {result['seconds']} s"
    text += "".join(f"\n  {c['action']} {c['name']}: {', '.join(c['fields'])}" for c in result.get("changes", []))
    if "reason" in result:
        text += f"\n{result['reason']['message']} {result['reason']['hint']}"
    if "paused_until" in result:
        text += f"\npaused until {wita(result['paused_until'])}; the scheduler then tries again by itself"
    return text


@click.command()
@click.argument("target")
@click.option("--state", default="", help="Only these: pending, ok, conflict, failed, withdrawn, not_eligible.")
@click.option("--limit", default=1000, help="How many rows.")
@json_option
@explained
def ledger(target: str, state: str, limit: int, as_json: bool) -> None:
    """Show where each dataset stands at TARGET, and why those that stay do."""
    found = call("satudata_push_ledger_list", {"target": target, "state": state, "limit": limit})["rows"]
    lines = []
    for row in found:
        lines.append(f"{row['state']:<13} {row['name'] or row['package_id']} {row['last_error']}".rstrip())
        lines += [f"    {reason.get('message') or reason}" for reason in row["reasons"]]
    show(found, as_json, "\n".join(lines))
