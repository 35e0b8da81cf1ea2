"""What our commands share: the acting user, JSON or words, errors as one sentence."""

from __future__ import annotations

import datetime as dt
import functools
import json
import sys
from collections.abc import Callable
from typing import Any

import click
from ckan.plugins import toolkit as tk
from ckanext.satudatapaser.clock import WITA
from ckanext.satudatapaser.errors import SatuDataError

json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON instead of words.")


def call(action: str, values: dict[str, Any], **context: Any) -> Any:
    """Call an action as the site's own user: who may run commands on the machine may do everything."""
    user = tk.get_action("get_site_user")({"ignore_auth": True}, {})["name"]
    return tk.get_action(action)({"user": user, **context}, values)


def show(values: Any, as_json: bool, words: str = "") -> None:
    """Print ``values`` as JSON, or ``words``."""
    click.echo(json.dumps(values, ensure_ascii=False, indent=1) if as_json else words)


def wita(moment: str | None) -> str:
    """Return an ISO moment as day and time in Paser, e.g. 2026-11-25 02:30; "" for none."""
    return f"{dt.datetime.fromisoformat(moment).astimezone(WITA):%Y-%m-%d %H:%M}" if moment else ""


def pairs(given: tuple[str, ...]) -> dict[str, str]:
    """Return KEY=VALUE words as a dict."""
    wrong = [word for word in given if "=" not in word]
    if wrong:
        raise click.BadParameter(f"{wrong[0]!r}: expected KEY=VALUE")
    return dict(word.split("=", 1) for word in given)


def explained(command: Callable[..., Any]) -> Callable[..., Any]:
    """Turn our errors into one sentence on standard error and exit code 1."""

    @functools.wraps(command)
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        try:
            return command(*args, **kwargs)
        except tk.ValidationError as error:
            for field, messages in error.error_dict.items():
                click.echo(f"{field}: {'; '.join(map(str, messages))}", err=True)
        except (tk.ObjectNotFound, tk.NotAuthorized, SatuDataError) as error:
            click.echo(str(error), err=True)
        return sys.exit(1)

    return wrapper
