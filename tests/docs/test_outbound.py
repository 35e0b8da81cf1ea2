"""The page about outbound requests has every code and setting that the code has, and no other."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "ckanext-satudatapaser" / "ckanext" / "satudatapaser"
PAGE = (ROOT / "docs" / "outbound.md").read_text()
CODE = re.compile(r"(?:source|url|address|secret|ca|header|networks)(?:-[a-z]+)+")
KINDS = {"later": {"RetryLater", "Unsent", "GiveUp", "kind"}, "source": {"SourceError"}, "setting": {"ConfigError"}}


def raised() -> dict[str, set[str]]:
    """Return each code in net/ with the classes that it is given to."""
    found: dict[str, set[str]] = {}
    for path in (PACKAGE / "net").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if not isinstance(node, ast.Call):
                continue
            words = [arg.value for arg in node.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)]
            code = next(filter(CODE.fullmatch, words), None)
            if code and isinstance(node.func, ast.Name):
                named = node.args[0] if node.func.id == "Fault" else node.func
                assert isinstance(named, ast.Name), ast.unparse(node)
                found.setdefault(code, set()).add(named.id)
    return found


def documented() -> dict[str, str]:
    """Return each code of the page's table with its kind."""
    return dict(re.findall(r"^\| `([a-z-]+)` \| (\w+) \|", PAGE, re.MULTILINE))


def test_every_code_stands_on_the_page_and_no_other() -> None:
    assert sorted(documented()) == sorted(raised())
    assert len(raised()) > 30


def test_the_page_says_what_kind_of_error_it_is() -> None:
    wrong = {code: classes for code, classes in raised().items() if not classes <= KINDS[documented()[code]]}
    assert wrong == {}


def test_no_code_is_hidden_from_these_tests() -> None:
    texts = "".join(path.read_text() for path in (PACKAGE / "net").glob("*.py"))
    assert {code for code in re.findall(r'"([a-z]+(?:-[a-z]+)+)"', texts) if CODE.fullmatch(code)} == set(raised())


def test_every_setting_stands_on_the_page_with_its_default() -> None:
    declared = yaml.safe_load((PACKAGE / "config_declaration.yaml").read_text())
    options = [option for group in declared["groups"] for option in group["options"] if ".http." in option["key"]]
    assert len(options) >= 6
    for option in options:
        assert option["key"] in PAGE
        if option["default"]:
            row = next(line for line in PAGE.splitlines() if f"`{option['key']}`" in line)
            assert re.search(rf"\b{option['default']}\b", row), row
