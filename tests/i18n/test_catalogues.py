"""Indonesian is complete, current, and uses one word for a thing."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import polib
import pytest

ROOT = Path(__file__).parents[2]
I18N = ROOT / "ckanext-satudatapaser" / "ckanext" / "satudatapaser" / "i18n"
CATALOGUE = polib.pofile(str(I18N / "id" / "LC_MESSAGES" / "ckanext-satudatapaser.po"))
FORBIDDEN = re.compile(
    r"\b(silahkan|password|sumber ?daya|kumpulan data|cacat|user|upload|download|email|grup)\b", re.I
)
PLACEHOLDER = re.compile(r"%\(\w+\)[sdi]|\{\w*\}|%[sdi]")
TAG = re.compile(r"</?[a-z]+")


def said(entry: polib.POEntry) -> list[str]:
    return [*entry.msgstr_plural.values()] if entry.msgid_plural else [entry.msgstr]


def test_the_catalogues_are_what_the_code_asks_for() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "ops.translations", "--check"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_nothing_is_untranslated() -> None:
    assert [entry.msgid for entry in CATALOGUE if not all(said(entry))] == []


def test_msgfmt_finds_no_fault() -> None:
    path = I18N / "id" / "LC_MESSAGES" / "ckanext-satudatapaser.po"
    done = subprocess.run(
        ["msgfmt", "--check-format", "--check-domain", "-o", "/dev/null", path],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_placeholders_and_markup_are_those_of_the_message() -> None:
    wrong = []
    for entry in CATALOGUE:
        wanted = entry.msgid_plural or entry.msgid
        for text in said(entry):
            same = sorted(PLACEHOLDER.findall(text)) == sorted(PLACEHOLDER.findall(wanted))
            if not same or sorted(TAG.findall(text)) != sorted(TAG.findall(wanted)):
                wrong.append((entry.msgid, text))
    assert wrong == []


def test_one_word_for_a_thing() -> None:
    assert [(entry.msgid, text) for entry in CATALOGUE for text in said(entry) if FORBIDDEN.search(text)] == []


@pytest.mark.ckan
@pytest.mark.parametrize("count", [0, 1, 5])
def test_counts_are_indonesian_whatever_the_number(site_app: Any, count: int) -> None:
    from ckan.plugins import toolkit as tk

    with site_app.flask_app.test_request_context(environ_overrides={"CKAN_LANG": "id"}):
        text = tk.ungettext("{count} dataset found", "{count} datasets found", count)
    assert text == "{count} dataset ditemukan"


@pytest.mark.ckan
def test_ckans_own_wrong_words_are_replaced(site_app: Any) -> None:
    body = site_app.get("/id/dataset/").body
    assert "Kumpulan data" not in body
    assert 'lang="id"' in body
