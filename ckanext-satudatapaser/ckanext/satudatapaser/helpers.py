"""Template helpers."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

from ckanext.satudatapaser.collect import functions


def get_helpers() -> dict[str, Callable[..., Any]]:
    """Return all helpers by name."""
    return functions([sys.modules[__name__]])
