"""Accounts of the demo: passwords and API tokens generated once and kept below var/, readable by their owner only."""

from __future__ import annotations

import json
import os
from pathlib import Path

from ops import sites
from ops.instance import ROOT, Instance

ACCOUNTS = {"admin": "", "walidata": "diskominfostaper", "produsen-disdik": "disdik"}


def keep(path: Path, text: str) -> None:
    """Write ``text`` to a file that only its owner reads."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write(text)


def tokens_folder() -> Path:
    """Return where API tokens are kept, one file a user."""
    return ROOT / "var" / "tokens"


def make(instance: Instance, emails: dict[str, str]) -> None:
    """Make the accounts and tokens that are missing; ``emails``: organisation -> address of its unit."""
    if all((tokens_folder() / name).exists() for name in ACCOUNTS) and (instance.state / "accounts.done").exists():
        return
    wanted = {
        name: {"password": instance.secret(f"password-{name}"), "organization": organization}
        for name, organization in ACCOUNTS.items()
    }
    tokens = run(instance, sites.catalogue(instance), {"users": wanted, "emails": emails})
    for name, token in tokens.items():
        keep(tokens_folder() / name, token + "\n")
    (instance.state / "accounts.done").touch()


def make_province(instance: Instance) -> None:
    """Make the organisation and the account at the demo province that our push writes with; its token is a secret here."""
    secret = sites.outbound_secrets(instance) / "province-token"
    if secret.exists():
        return
    users = {
        "province-admin": {"password": instance.secret("password-province-admin"), "organization": ""},
        "satudata-paser": {"password": instance.secret("password-province-push"), "organization": "kabupaten-paser"},
    }
    organizations = {"kabupaten-paser": "Pemerintah Kabupaten Paser"}
    wanted = {"users": users, "organizations": organizations, "sysadmin": "province-admin"}
    tokens = run(instance, sites.province(instance), wanted)
    keep(secret, tokens["satudata-paser"])


def run(instance: Instance, site: sites.Site, wanted: dict[str, object]) -> dict[str, str]:
    """Make what is ``wanted`` at ``site`` and return user -> token; passwords go by standard input, never by arguments."""
    from ops.services import run_with_input

    answer = run_with_input(json.dumps(wanted), site.programs / "python", "-m", "ops.make_accounts", site.ini(instance))
    tokens: dict[str, str] = json.loads(answer.strip().splitlines()[-1])
    return tokens
