"""What a target said, why a push ended, what went wrong with a server: in the reader's language."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from ckanext.satudatapaser import fault_words, finding_words, target_words
from ckanext.satudatapaser.finding_words import satudata_finding
from ckanext.satudatapaser.target_words import satudata_target_lang, satudata_target_text

pytestmark = pytest.mark.ckan
ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "ckanext-satudatapaser/ckanext/satudatapaser"
CODE = re.compile(r'^ +"([a-z-]+)": tk\._', re.MULTILINE)


@pytest.fixture(params=["id", "en"])
def language(site_app: Any, request: Any) -> Iterator[str]:
    """A page in a language."""
    with site_app.flask_app.test_request_context(environ_overrides={"CKAN_LANG": request.param}):
        yield request.param


@pytest.mark.parametrize(("code", "value", "english"), [
    ("target-down", None, "The target gave no answer several times in a row."),
    ("version", "2.12.0", "The target is CKAN 2.12.0."),
    ("organization-missing", None, "The organisation at the target is not set yet (setting organization)."),
    ("source-timeout", None, "The server did not answer in time."),
    ("version", "", ""), ("tidak-dikenal", None, ""),
])  # fmt: skip
def test_a_code_has_its_sentence_on_an_english_page(language: str, code: str, value: str | None, english: str) -> None:
    expected = english if english and language == "en" else "Pesan"
    assert satudata_target_text(code, "Pesan", value) == expected
    assert satudata_target_lang(code, "Pesan", value) == ("en" if expected != "Pesan" else "id")


def test_a_source_s_fault_is_said_in_english_too(language: str) -> None:
    said = satudata_finding("source-name-unknown", "Pesan", None)
    assert said == ("The server's name is not known to DNS." if language == "en" else "Pesan")


def test_every_sentence_on_a_target_is_about_a_code_of_the_push() -> None:
    texts = {
        node.value
        for path in (PACKAGE / "province").glob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    codes = set(CODE.findall(Path(target_words.__file__).read_text(encoding="utf-8")))
    assert len(codes) > 25
    assert codes - texts == {"access-tertutup", "access-missing"}  # made of the class


FAULTS = {"Fault", "SourceError", "RetryLater", "GuardStop", "ConfigError", "RejectRecord", "RemoteRefused", "RemoteHidden",
          "TargetAway", "Finding"}  # fmt: skip


def codes_of_faults() -> set[str]:
    """Return the code of every fault that our code makes, as it stands there."""
    found = set()
    for folder in (PACKAGE, ROOT / "harvesters"):
        for path in set(folder.rglob("*.py")) - {PACKAGE / "upkeep/health.py"}:  # its findings are no faults of ours
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in FAULTS:
                    texts = [item.value for item in node.args if isinstance(item, ast.Constant)]
                    found |= {
                        text for text in texts if isinstance(text, str) and re.fullmatch(r"[a-z]+(-[a-z]+)*", text)
                    }
    return found


def test_every_fault_has_an_english_sentence() -> None:
    spoken = "".join(Path(module.__file__ or "").read_text() for module in (fault_words, target_words, finding_words))
    silent = sorted(code for code in codes_of_faults() if f'"{code}": tk._(' not in spoken)
    assert len(codes_of_faults()) > 80
    assert silent == []


@pytest.mark.parametrize(("message", "english"), [
    ("Sasaran menolak package_create: judul kosong", "The target refused package_create: judul kosong"),
    ("Sasaran menjawab status 502 pada package_patch. Dicoba lagi nanti.",
     "The target answered package_patch with status 502. It is tried again later."),
    ("Berkas tidak dapat diunggah ke sasaran. Sumber https://x.example tidak menjawab dalam 5 detik.", ""),
])  # fmt: skip
def test_a_kept_message_says_its_values_in_english(language: str, message: str, english: str) -> None:
    assert satudata_target_text("", message) == (english if english and language == "en" else message)
