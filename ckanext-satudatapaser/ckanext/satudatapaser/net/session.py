"""A guarded session as the configuration says."""

from __future__ import annotations

import dataclasses as dc
from collections.abc import Iterable, Mapping
from typing import Any

from ckanext.satudatapaser import config
from ckanext.satudatapaser.errors import ConfigError
from ckanext.satudatapaser.net import trust
from ckanext.satudatapaser.net.guard import Policy
from ckanext.satudatapaser.net.http import GuardedSession
from ckanext.satudatapaser.net.limits import Limits
from ckanext.satudatapaser.net.secrets import read

BRIEF_BYTES = 20_000_000
"""Reading a document takes time too, most of all RDF: some twenty seconds at this size."""


def secret(name: str) -> str:
    """Return the value of a named secret."""
    return read(name, config.secrets_dir())


def guarded_session(
    secret_name: str = "",
    header: str = "Authorization",
    ca_bundle: str = "",
    hidden: Iterable[str] = (),
    brief: bool = False,
    changed: Mapping[str, Any] | None = None,
) -> GuardedSession:
    """Return a session with the installation's limits, but for those that are ``changed`` (see Limits).

    A named secret is sent in ``header`` to the first server asked. ``ca_bundle`` names a PEM file in the configuration
    folder (subfolders too) or in the folder of secrets: its authorities are believed besides the public ones.
    ``hidden`` texts are cut out of every error, such as a URL that is a secret itself. ``brief``: for a page that somebody
    waits for, within a few seconds in all.
    Raises ConfigError for a setting that cannot be used.
    """
    headers = {header: secret(secret_name)} if secret_name else {}
    tls = trust.with_private(trust.find(ca_bundle, config.config_dir(), config.secrets_dir())) if ca_bundle else None
    usual = brief_limits() if brief else limits()
    return GuardedSession(policy(), dc.replace(usual, **(changed or {})), headers, tls, hidden)


def policy() -> Policy:
    """Return which networks this installation allows; raises ConfigError for one that is none."""
    try:
        return Policy.of(config.allow_networks())
    except ValueError as error:
        raise ConfigError(
            "networks-invalid",
            f"ckanext.satudatapaser.http.allow_networks memuat yang bukan jaringan: {error}.",
            "Yang diharapkan: jaringan dalam bentuk CIDR, dipisahkan spasi, misalnya 10.20.0.0/16.",
        ) from error


def limits() -> Limits:
    """Return the limits that the installation sets."""
    return Limits(
        connect=config.connect_timeout(),
        read=config.read_timeout(),
        total=config.total_timeout(),
        max_bytes=config.max_bytes(),
        per_second=config.requests_per_second(),
    )


def brief_limits() -> Limits:
    """Return the limits while somebody waits for a page: nothing is tried twice, and large answers are left to commands."""
    usual, seconds = limits(), config.page_seconds()
    return dc.replace(usual, session=seconds, attempts=1, max_bytes=min(usual.max_bytes, BRIEF_BYTES))
