"""How the plugin finds our public functions: by their prefix, in the modules that it is given."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from types import ModuleType
from typing import Any

PREFIX = "satudata_"


def functions(modules: Iterable[ModuleType]) -> dict[str, Callable[..., Any]]:
    """Return every function called ``satudata_…`` that one of ``modules`` defines, by name."""
    return {
        name: value
        for module in modules
        for name, value in vars(module).items()
        if name.startswith(PREFIX) and callable(value) and value.__module__ == module.__name__
    }
