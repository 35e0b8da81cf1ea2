"""A guarded session as the configuration says."""

from __future__ import annotations

from ckanext.satudatapaser import config
from ckanext.satudatapaser.net.guard import Policy
from ckanext.satudatapaser.net.http import GuardedSession, Limits
from ckanext.satudatapaser.net.secrets import read


def secret(name: str) -> str:
    """Return the value of a named secret."""
    return read(name, config.secrets_dir())


def guarded_session(secret_name: str = "", header: str = "Authorization") -> GuardedSession:
    """Return a session with the installation's limits; a named secret is sent in ``header``."""
    headers = {header: secret(secret_name)} if secret_name else {}
    return GuardedSession(Policy.of(config.allow_networks()), Limits(per_second=config.requests_per_second()), headers)
