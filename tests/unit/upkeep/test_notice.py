"""What a notice says, to whom it goes, and which runs are news."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from ckanext.satudatapaser.errors import ConfigError
from ckanext.satudatapaser.upkeep.notice import FAILING, RECOVERED, content, event, recipients

SINCE = dt.datetime(2026, 11, 24, 6, 5, tzinfo=dt.UTC)
SOURCE = {"name": "disdik", "title": "Portal Disdik", "url": "https://data.example.go.id/penarikan/disdik"}
FAILED = {
    "state": "failed",
    "reason": {"code": "source-timeout", "message": "Sumber tidak menjawab.", "hint": "Coba lagi nanti."},
}
GOOD = {"state": "finished", "added": 2, "updated": 3, "unchanged": 40}
NEWS: list[tuple[bool, dict[str, Any], str]] = [
    (False, FAILED, FAILING),
    (False, {"state": "stopped", "reason": {"code": "too-many-missing"}}, FAILING),
    (True, FAILED, ""),  # known already
    (True, {"state": "stopped", "reason": {"code": "too-many-missing"}}, ""),
    (True, GOOD, RECOVERED),
    (False, GOOD, ""),
    (False, FAILED | {"dry_run": True}, ""),
    (True, GOOD | {"dry_run": True}, ""),
    (False, {"state": "stopped", "reason": {"code": "already-running"}}, ""),  # the other run will tell
    (False, {"state": "stopped", "reason": {"code": "cancelled"}}, ""),  # a person wanted it
]


@pytest.mark.parametrize(("failing", "result", "expected"), NEWS)
def test_only_a_change_is_news(failing: bool, result: dict[str, Any], expected: str) -> None:
    assert event(failing, result) == expected


def test_recipients_are_mail_addresses_web_addresses_and_names_of_secrets() -> None:
    given = "unit@disdik.example.go.id, https://chat.example.org/hook,secret:hook-wa  unit@disdik.example.go.id"
    assert recipients(given) == ("unit@disdik.example.go.id", "https://chat.example.org/hook", "secret:hook-wa")
    assert recipients("") == ()


@pytest.mark.parametrize(
    "wrong",
    ["disdik", "a@b", "http://chat.example.org/hook", "https://u:p@example.org/", "https://", "secret:", "secret:../x",
     "a@b.id\r\nBcc:c@d.id@e", "ftp://example.org", "https://[x"],
)  # fmt: skip
def test_a_recipient_that_is_none_is_named(wrong: str) -> None:
    with pytest.raises(ConfigError) as error:
        recipients(f"unit@disdik.example.go.id,{wrong}")
    assert error.value.code == "notify-invalid"


def test_a_failure_says_what_since_when_what_to_do_and_where() -> None:
    found = content(FAILING, SOURCE, FAILED, SINCE, "Satu Data Paser")
    assert found["subject"] == "[Satu Data Paser] Penarikan dari Portal Disdik gagal"
    for words in ("Sumber tidak menjawab.", "Coba lagi nanti.", "24 November 2026, 14.05 WITA", SOURCE["url"]):
        assert words in found["text"]
    assert (found["event"], found["source"], found["code"]) == ("failing", "disdik", "source-timeout")


def test_a_stop_says_that_a_person_has_to_decide() -> None:
    found = content(FAILING, SOURCE, FAILED | {"state": "stopped"}, SINCE, "Satu Data Paser")
    assert "perlu keputusan" in found["subject"]
    assert "pengaman" in found["text"]


def test_a_recovery_says_since_when_it_failed_and_what_came() -> None:
    found = content(RECOVERED, SOURCE, GOOD, SINCE, "Satu Data Paser")
    assert "berhasil lagi" in found["subject"]
    for words in ("24 November 2026, 14.05 WITA", "2 baru, 3 berubah, 40 tetap", SOURCE["url"]):
        assert words in found["text"]


def test_a_subject_is_one_line_whatever_a_source_is_called() -> None:
    found = content(FAILING, SOURCE | {"title": "Portal\r\nBcc: x"}, FAILED, SINCE, "Satu Data Paser")
    assert found["subject"].splitlines() == ["[Satu Data Paser] Penarikan dari Portal Bcc: x gagal"]
