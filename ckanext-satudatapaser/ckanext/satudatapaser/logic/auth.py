"""Who may call which of our actions. Anonymous visitors may call none unless a function says so."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

from ckanext.satudatapaser.collect import functions


def get_auth_functions() -> dict[str, Callable[..., Any]]:
    """Return all auth functions by name."""
    return functions([sys.modules[__name__]])
