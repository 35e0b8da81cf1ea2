"""Our API: each action checks access, validates, calls one function below and returns a dict."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ckanext.satudatapaser.collect import functions
from ckanext.satudatapaser.logic.action import (
    core,
    dcat,
    health,
    job,
    kind,
    outputs,
    push,
    push_show,
    push_target,
    record,
    source,
    table,
    upkeep,
)

MODULES = (health, job, kind, outputs, push, push_show, push_target, record, source, table, upkeep)


def get_actions() -> dict[str, Callable[..., Any]]:
    """Return all actions by name."""
    return {**core.get_actions(), **dcat.get_actions(), **functions(MODULES)}
