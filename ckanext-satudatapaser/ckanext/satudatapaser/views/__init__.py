"""Our pages; a view calls actions only."""

from __future__ import annotations

from flask import Blueprint


def get_blueprints() -> list[Blueprint]:
    """Return all blueprints."""
    return []
