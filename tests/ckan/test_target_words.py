"""What a target said, why a push ended, what went wrong with a server: in the reader's language."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter
from typing import Any

import pytest
from ckanext.satudatapaser import fault_words, finding_words, target_words
from ckanext.satudatapaser.errors import SatuDataError, SourceError
from ckanext.satudatapaser.finding_words import satudata_finding
from ckanext.satudatapaser.net.faults import Fault
from ckanext.satudatapaser.province.remote import RemoteRefused
from ckanext.satudatapaser.target_words import satudata_target_error, satudata_target_lang, satudata_target_text

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
    found = {"code": code, "message": "Pesan", "value": value}
    assert satudata_target_text(found) == expected
    assert satudata_target_lang(found) == ("en" if expected != "Pesan" else "id")


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


REFUSED = RemoteRefused("remote-refused", "Sasaran menolak package_create: judul kosong.",
                        values={"action": "package_create", "said": "judul {kosong}"})  # fmt: skip
STATUS = Fault(SourceError, "source-status", "menjawab status 502.", values={"status": "502", "said": "'x'"})


@pytest.mark.parametrize(("error", "english"), [
    (REFUSED, "The target refused package_create: judul {kosong}"),
    (STATUS.error("https://x.example"), "The server answered with status 502, not 200: 'x'"),
    (RemoteRefused("trial-refused", "Ditolak.", values={"cause": REFUSED.as_dict()}),
     "A dataset on trial was refused. The target refused package_create: judul {kosong}"),
    (RemoteRefused("trial-refused", "Ditolak.", values={"cause": {"code": "lain", "message": "Sebab lain."}}),
     "A dataset on trial was refused. Sebab lain."),
    (RemoteRefused("remote-refused", "Sasaran menolak package_create: judul kosong."), ""),
])  # fmt: skip
def test_an_error_that_was_kept_says_its_values_in_english(language: str, error: SatuDataError, english: str) -> None:
    kept = error.as_dict()
    said = english if english and language == "en" else error.message
    assert satudata_target_text(kept) == said
    assert satudata_target_error({"fault": kept, "last_error": str(error)})["code"] == error.code
    if error.code == "source-status":
        assert satudata_finding(error.code, error.message, None, kept["values"]) == said


def test_an_error_that_was_kept_without_its_code_stays_as_it_is(language: str) -> None:
    old = satudata_target_error({"fault": {}, "last_error": "Sasaran menolak package_create."})
    assert (satudata_target_text(old), satudata_target_lang(old)) == ("Sasaran menolak package_create.", "id")


def test_every_value_in_a_sentence_is_given_where_the_error_is_made(site: None) -> None:
    made: dict[str, set[str]] = {}
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and node.value in fault_words.sentences() and path.stem != "fault_words":
                made.setdefault(node.value, set()).add(path.read_text(encoding="utf-8"))
    for code, sentence in fault_words.sentences().items():
        names = {name for _, name, _, _ in Formatter().parse(sentence) if name} - {"value"}
        for text in made[code] if names else ():
            assert [name for name in names if f'"{name}": ' not in text] == [], code
