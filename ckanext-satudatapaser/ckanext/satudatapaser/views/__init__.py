"""Our pages; a view calls actions only."""

from __future__ import annotations

from ckanext.satudatapaser.views.desk import desk
from ckanext.satudatapaser.views.metrics import metrics
from flask import Blueprint


def get_blueprints() -> list[Blueprint]:
    """Return all blueprints."""
    return [desk, metrics]
