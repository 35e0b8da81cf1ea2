"""What our templates rely on in CKAN's: a CKAN upgrade that moves it fails here, with the name."""

from __future__ import annotations

import re
from pathlib import Path

import ckan
import ckanext.scheming
import pytest

OURS = Path(__file__).parents[2] / "ckanext-satudatapaser" / "ckanext" / "satudatapaser" / "templates"
CORE = Path(ckan.__file__).parent / "templates"
SCHEMING = Path(ckanext.scheming.__file__).parent / "templates"
EXTENDING = sorted(path for path in OURS.rglob("*.html") if "{% ckan_extends %}" in path.read_text())
BLOCK = re.compile(r"{%-?\s*block (\w+)")
EXTENDS = re.compile(r"""{%-?\s*extends ["']([^"']+)["']""")


def extended(name: str) -> list[Path]:
    """Return the templates that ``{% ckan_extends %}`` leads to, one after the other, when ours is called ``name``."""
    found = [folder / name for folder in (SCHEMING, CORE) if (folder / name).exists()]
    assert found, f"{name} is neither in CKAN nor in scheming any more"
    return found


def blocks(name: str) -> set[str]:
    """Return the blocks of the templates called ``name`` and of those that they extend."""
    texts = [path.read_text() for path in extended(name)]
    parents = {parent for text in texts for parent in EXTENDS.findall(text)}
    return {block for text in texts for block in BLOCK.findall(text)}.union(*map(blocks, parents))


@pytest.mark.parametrize("path", EXTENDING, ids=lambda path: str(path.relative_to(OURS)))
def test_the_blocks_that_we_fill_exist_in_what_we_extend(path: Path) -> None:
    assert set(BLOCK.findall(path.read_text())) <= blocks(str(path.relative_to(OURS)))


def test_our_base_fills_blocks_that_ckans_page_has() -> None:
    page = (CORE / "page.html").read_text() + (CORE / "base.html").read_text()
    for block in ("content", "flash", "skip", "scripts", "subtitle", "meta", "links"):
        assert re.search(rf"block {block}\b", page), block


@pytest.mark.parametrize("path", sorted(OURS.rglob("*.html")), ids=lambda path: str(path.relative_to(OURS)))
def test_every_posting_form_carries_the_csrf_token_and_nothing_is_marked_safe(path: Path) -> None:
    text = path.read_text()
    for form in re.findall(r"<form\b[^>]*method=\"post\"[^>]*>.*?</form>", text, re.S):
        assert "h.csrf_input()" in form
    assert "|safe" not in text.replace(" ", "")
    assert "http://" not in text
    assert "https://" not in text
