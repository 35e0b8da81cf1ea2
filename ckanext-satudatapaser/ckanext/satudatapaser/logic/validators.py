"""Validators that scheming's presets and our action schemas name."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

from ckanext.satudatapaser.collect import functions


def get_validators() -> dict[str, Callable[..., Any]]:
    """Return all validators by name."""
    return functions([sys.modules[__name__]])
