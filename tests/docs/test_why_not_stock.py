"""Each line of the comparison with the stock harvesters has its test, and each of those tests its line."""

from __future__ import annotations

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "why-not-stock.md").read_text()
FAULTS = "tests/ckan/test_stock_faults.py"


def named_in(path: str) -> set[str]:
    """Return the names of the tests in a file."""
    nodes = ast.walk(ast.parse((ROOT / path).read_text()))
    return {node.name for node in nodes if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")}


def test_every_line_names_an_existing_test() -> None:
    lines = [line for line in PAGE.splitlines() if line.startswith("| ")][2:]
    for line in lines:
        path, name = re.search(r"`(tests/\S+)::(\w+)` \|$", line).groups()  # type: ignore[union-attr]
        assert name in named_in(path), line
    assert len(lines) > 20


def test_every_fault_that_is_tested_is_in_the_table() -> None:
    assert named_in(FAULTS) - set(re.findall(rf"{FAULTS}::(\w+)", PAGE)) == set()
