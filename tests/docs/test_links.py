"""The documents point to what exists, and name commands that exist."""

from __future__ import annotations

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


def test_the_harvester_of_the_guide_works_as_printed(tmp_path: Path) -> None:
    text = (ROOT / "docs" / "write-a-harvester.md").read_text()
    code = re.search(r"```python\n(.*?)```", text, re.S)
    assert code
    (tmp_path / "csvlist.py").write_text(code[1])
    program = """
import csvlist
class Net:
    def get_bytes(self, url, params=None, headers=None):
        return b"id,title,description,url,access\\n1,Jumlah Sekolah,Keterangan,https://a.id/x.csv,public\\n2,,,,\\n"
rows = [row for page in csvlist.pages("https://a.id/list.csv", {"delimiter": ","}, Net()) for row in page.records]
record = csvlist.to_record(rows[0], {})
assert (record.title, record.access, record.resources[0].url) == ("Jumlah Sekolah", "terbuka", "https://a.id/x.csv")
try:
    csvlist.to_record(rows[1], {})
except csvlist.RejectRecord as error:
    assert error.code == "title-missing"
else:
    raise AssertionError("a row without a title was taken")
"""
    done = subprocess.run([sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
