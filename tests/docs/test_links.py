"""The documents point to what exists, and name commands that exist."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_relative_link_leads_to_a_file(page: Path) -> None:
    links = [link for link in LINK.findall(page.read_text()) if "://" not in link]
    assert [link for link in links if not (page.parent / link).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_program_that_is_named_exists(page: Path) -> None:
    named = set(re.findall(r"(?<![\w/.])bin/[a-z][\w-]*", page.read_text()))
    assert [name for name in named if not (ROOT / name).exists()] == []


def test_every_satudata_command_that_is_named_exists() -> None:
    reference = (ROOT / "docs" / "reference" / "commands.md").read_text()
    known = set(re.findall(r"satudata ([a-z][a-z-]*(?: [a-z][a-z-]*)?)", reference))
    groups = {name.split()[0] for name in known}
    for page in PAGES:
        for group, _ in re.findall(r"bin/ckan satudata ([a-z-]+)(?: ([a-z-]+))?", page.read_text()):
            assert group in groups, (page.name, group)


def test_every_repair_is_explained() -> None:
    record = ROOT / "ckanext-satudatapaser" / "ckanext" / "satudatapaser" / "record"
    code = "".join(path.read_text() for path in record.glob("*.py"))
    used = set(re.findall(r'warning\("([a-z-]+)"', code)) | set(re.findall(r'"((?:[a-z]+)-unknown)"', code))
    told = set(re.findall(r"^\| `([a-z-]+)` \|", (ROOT / "docs" / "repairs.md").read_text(), re.MULTILINE))
    assert used == told


def test_the_harvester_of_the_guide_conforms_as_printed(tmp_path: Path) -> None:
    code, words = re.findall(r"```python\n(.*?)```", (ROOT / "docs" / "write-a-harvester.md").read_text(), re.DOTALL)
    (tmp_path / "csvlist.py").write_text(code)
    (tmp_path / "words.py").write_text(words)
    program = """
import csvlist, sys, words
sys.modules["conformance.kinds.csvlist"] = words
from conformance import runner
from conformance.runner import cases, problems
runner.load_kind = lambda name: csvlist
names = [defect.name for defect in cases("csvlist")]
wrong = {name: found for name in names if (found := problems("csvlist", name))}
assert not wrong, wrong
assert len(names) >= 30, len(names)
"""
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT / "tests")},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
