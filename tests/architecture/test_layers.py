"""The layout shows the architecture: data flows one way, and the pure layers stay pure."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "ckanext-satudatapaser" / "ckanext" / "satudatapaser"
NAME = "ckanext.satudatapaser"
# who may import whom: each layer only those listed (and itself)
SHARED = {"errors", "clock", "collect"}
LAYERS = {
    "record": SHARED,
    "harvesters": SHARED | {"record"},
    "net": SHARED | {"config"},
    "model": SHARED,
    "catalogue": {"config", "record"},
    "intake": SHARED | {"record", "harvesters", "model", "lease", "catalogue"},
    "province": SHARED | {"record", "model", "lease"},
    "tables": SHARED | {"model", "net", "config"},
    "curation": SHARED | {"record", "model", "config"},
    "upkeep": SHARED | {"config", "model", "lease", "net", "intake", "province", "csw"},
    "search": set(),
    "charts": set(),
    "csw": {"config", "record", "catalogue"},
    "outputs": {"config", "clock", "record", "catalogue", "model"},
    "views": {"helpers", "curation", "collect", "csw", "outputs", "catalogue"},
    "cli": {"clock", "config", "collect", "errors", "record", "tables", "upkeep"},
}
PURE = ("record", "harvesters", "charts")


def modules(layer: str) -> Iterator[Path]:
    folder = ROOT / "harvesters" if layer == "harvesters" else PACKAGE / layer
    yield from sorted(folder.rglob("*.py")) if folder.is_dir() else [PACKAGE / f"{layer}.py"]


def imports(path: Path) -> Iterator[str]:
    """Yield the dotted names that a module imports, at any depth."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@pytest.mark.parametrize("layer", LAYERS)
def test_a_layer_imports_only_what_lies_below_it(layer: str) -> None:
    allowed = LAYERS[layer] | {layer}
    found = {
        (path.name, name)
        for path in modules(layer)
        for name in imports(path)
        if name.startswith(f"{NAME}.") and name.split(".")[2] not in allowed
    }
    assert found == set()


@pytest.mark.parametrize("layer", PURE)
def test_the_pure_layers_know_neither_ckan_nor_the_database_nor_the_network(layer: str) -> None:
    banned = ("ckan.", "sqlalchemy", "requests", "urllib3", "socket", "ckanext.scheming", "flask")
    found = {(path.name, name) for path in modules(layer) for name in imports(path) if f"{name}.".startswith(banned)}
    assert found == set()


def test_no_module_grows_beyond_one_idea() -> None:
    long = {
        str(path.relative_to(ROOT)): lines
        for folder in (PACKAGE, ROOT / "harvesters", ROOT / "bin", ROOT / "demo")
        for path in folder.rglob("*.py")
        if (lines := len(path.read_text().splitlines())) > 400
    }
    assert long == {}
