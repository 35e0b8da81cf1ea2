"""`ckan satudata tick`, `scheduler`, `trim`, `health`: running without a person watching."""

from __future__ import annotations

import logging
import signal
import sys
import threading
from typing import Any

import click
from ckan import model
from ckanext.satudatapaser.cli.common import call, explained, json_option, show
from ckanext.satudatapaser.upkeep import health as checks

log = logging.getLogger(__name__)
MINUTE = 60.0


@click.command()
@json_option
@explained
def tick(as_json: bool) -> None:
    """Look once at what is due and queue it."""
    found = call("satudata_tick", {})
    words = [f"{key}: {', '.join(names)}" for key, names in found.items() if names]
    show(found, as_json, "\n".join(words) or "nothing is due")


@click.command()
@click.option("--every", default=MINUTE, help="Seconds between two looks.")
def scheduler(every: float) -> None:
    """Look every minute at what is due and queue it, until a TERM signal ends it. One a portal is enough, more do no harm."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    log.info("Scheduler started, every %s s", every)
    while not stop.is_set():
        look()
        stop.wait(every)
    log.info("Scheduler ended")


def look() -> None:
    """Tick; whatever goes wrong is logged, and the next tick tries again."""
    try:
        found: dict[str, Any] = call("satudata_tick", {})
        if any(found.values()):
            log.info("Tick: %s", found)
    except Exception:  # one bad tick must not end the scheduler
        log.exception("Tick failed")
    finally:
        model.Session.remove()


@click.command()
@click.option("--days", type=int, help="Runs older than so many days go (setting history.keep_days).")
@click.option("--runs", type=int, help="Rows of all but so many runs of a source go (setting history.keep_runs).")
@json_option
@explained
def trim(days: int | None, runs: int | None, as_json: bool) -> None:
    """Delete rows of all but the last runs, and old runs; the scheduler does so once a day."""
    given = {key: value for key, value in (("days", days), ("runs", runs)) if value is not None}
    found = call("satudata_history_trim", given)
    show(found, as_json, f"{found['rows']} rows and {found['runs']} runs deleted")


@click.command()
@json_option
def health(as_json: bool) -> None:
    """Say of each part whether it is as it must be. Exit code 0 when all are, else 1."""
    # not by the action: it asks the database who is calling, and that may be what is down
    found = checks.report(checks.check())
    show(found, as_json, "\n".join(f"{'  ' if part['ok'] else '! '}{part['message']}" for part in found["findings"]))
    sys.exit(0 if found["ok"] else 1)
