"""Every installed kind has its page: an example that the command line takes, every setting, and a link from the list."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from ckanext.satudatapaser.harvesters import declared_settings, load_kinds
from ckanext.satudatapaser.harvesters._settings import parse

PAGES = Path(__file__).parents[2] / "docs" / "kinds"
KINDS = sorted(load_kinds())


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_its_page_in_the_list(kind: str) -> None:
    assert (PAGES / f"{kind}.md").read_text().startswith(f"# {kind}: ")
    assert f"[`{kind}`]({kind}.md)" in (PAGES / "README.md").read_text()


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_s_page_names_each_of_its_settings(kind: str) -> None:
    text = (PAGES / f"{kind}.md").read_text()
    assert [setting.name for setting in load_kinds()[kind].SETTINGS if f"| `{setting.name}` |" not in text] == []


@pytest.mark.parametrize("kind", KINDS)
def test_the_example_of_a_kind_s_page_has_settings_that_the_kind_takes(kind: str) -> None:
    text = (PAGES / f"{kind}.md").read_text().replace("\\\n", " ")
    example = re.search(r"^bin/ckan satudata (source add .*)$", text, re.MULTILINE)
    assert example
    words = shlex.split(example[1])
    assert words[words.index("--kind") + 1] == kind
    given = dict(word.split("=", 1) for option, word in zip(words, words[1:], strict=False) if option == "--set")
    assert parse(given, declared_settings(load_kinds()[kind]))


def test_no_page_is_left_of_a_kind_that_is_gone() -> None:
    assert {path.stem for path in PAGES.glob("*.md")} - {"README"} == set(KINDS)
