"""Findings in the reader's language: English where there is a sentence for the code, else as the engine wrote them."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from ckanext.satudatapaser import finding_words
from ckanext.satudatapaser.finding_words import satudata_finding, satudata_finding_lang
from ckanext.satudatapaser.harvesters import declared_settings, load_kinds

pytestmark = pytest.mark.ckan
ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "ckanext-satudatapaser/ckanext/satudatapaser"


@pytest.fixture(params=["id", "en"])
def language(site_app: Any, request: Any) -> Iterator[str]:
    """A page in a language."""
    with site_app.flask_app.test_request_context(environ_overrides={"CKAN_LANG": request.param}):
        yield request.param


def test_an_english_page_says_it_in_english_with_the_value(language: str) -> None:
    message = "Penerbit 'Dinas {X}' belum dipetakan."
    said = satudata_finding("organization-unmapped", message, "Dinas {X}")
    expected = "The publisher “Dinas {X}” is not mapped to a data producer." if language == "en" else message
    assert (said, satudata_finding_lang("organization-unmapped", message, "Dinas {X}")) == (expected, language)


def test_what_has_no_sentence_or_no_value_stays_as_the_engine_wrote_it(language: str) -> None:
    for code in ("organization-unmapped", "write-refused"):
        assert satudata_finding(code, "Pesan", None) == "Pesan"
        assert satudata_finding_lang(code, "Pesan", None) == "id"


def test_nothing_written_is_said_as_such(language: str) -> None:
    said = satudata_finding("access-unknown", "Pesan", "")
    assert said.startswith("The access class (empty)") is (language == "en")


def test_every_sentence_is_about_a_code_that_the_engine_uses() -> None:
    sources = [
        *(PACKAGE / "record").glob("*.py"),
        *(PACKAGE / "intake").glob("*.py"),
        *(ROOT / "harvesters").glob("*.py"),
    ]
    words = {
        node.value
        for path in sources
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    codes = set(re.findall(r'"([a-z]+(?:-[a-z]+)+)":', Path(finding_words.__file__).read_text(encoding="utf-8")))
    assert len(codes) > 30
    assert {code for code in codes if not code.startswith("personal-")} <= words


def test_every_setting_of_every_kind_speaks_english() -> None:
    silent = [
        f"{name}.{setting.name}"
        for name, kind in load_kinds().items()
        for setting in declared_settings(kind)
        if not (setting.label and setting.help and setting.label_en and setting.help_en)
    ]
    assert silent == []
