"""What a notice says and to whom it goes; pure."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from babel import dates
from ckanext.satudatapaser.clock import WITA
from ckanext.satudatapaser.errors import ConfigError

MAIL = re.compile(r"[A-Za-z0-9._%+'-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
SECRET = re.compile(r"secret:[a-z0-9][a-z0-9_-]{0,62}")
FAILING, RECOVERED = "failing", "recovered"
# what a person decided is no fault
NOT_FAULTS = frozenset({"already-running", "cancelled"})


def recipients(given: str) -> tuple[str, ...]:
    """Return the recipients that a text names, separated by commas or spaces, each once.

    Each is an e-mail address, an https:// address, or ``secret:NAME`` of an https address that is itself a key.
    Raises ConfigError that names the one that is none of these.
    """
    found = tuple(dict.fromkeys(given.replace(",", " ").split()))
    for word in found:
        if not (MAIL.fullmatch(word) or SECRET.fullmatch(word) or _is_web_address(word)):
            raise ConfigError(
                "notify-invalid",
                f"Penerima pemberitahuan {word!r} tidak sah.",
                "Tulis alamat surel unit, alamat https://, atau secret:NAMA; pisahkan dengan koma.",
            )
    return found


def _is_web_address(word: str) -> bool:
    try:
        parts = urlsplit(word)
    except ValueError:
        return False
    return parts.scheme == "https" and bool(parts.hostname) and parts.username is None and parts.password is None


def event(failing: bool, result: Mapping[str, Any]) -> str:
    """Return what a run's ``result`` is news of: FAILING, RECOVERED or "" when nothing changed.

    ``failing`` tells whether the run before failed or was stopped. Dry runs, runs that never began and runs that a person
    cancelled are no news.
    """
    if result.get("dry_run") or (result.get("reason") or {}).get("code") in NOT_FAULTS:
        return ""
    good = result["state"] == "finished"
    if good == failing:
        return RECOVERED if good else FAILING
    return ""


def moment_text(moment: dt.datetime) -> str:
    """Return a moment as people in Paser write it: 24 November 2026, 14.05 WITA."""
    there = moment.astimezone(WITA)
    return f"{dates.format_date(there, 'd MMMM y', locale='id')}, {there:%H.%M} WITA"


def content(
    what: str, source: Mapping[str, str], result: Mapping[str, Any], since: dt.datetime, site: str
) -> dict[str, Any]:
    """Return a notice as JSON-able data; ``subject`` and ``text`` are for people, the rest for programs.

    ``source`` has name, title and url (its page here); ``since`` is when it began to fail; ``site`` is the portal's title.
    """
    counts = f"{result.get('added', 0)} baru, {result.get('updated', 0)} berubah, {result.get('unchanged', 0)} tetap"
    words = ("Penarikan dari", "Penarikan data dari sumber", "penarikan", counts)
    return _content(what, {"source": source["name"]}, words, source, result, since, site)


def of_push(
    what: str, target: Mapping[str, str], result: Mapping[str, Any], since: dt.datetime, site: str
) -> dict[str, Any]:
    """Return a notice about pushes to a ``target``; as ``content``."""
    counts = f"{result.get('created', 0)} baru, {result.get('updated', 0)} berubah, {result.get('failed', 0)} gagal"
    words = ("Pengiriman ke", "Pengiriman data ke sasaran", "pengiriman", counts)
    return _content(what, {"target": target["name"]}, words, target, result, since, site)


def _content(
    what: str,
    named: Mapping[str, str],
    words: tuple[str, str, str, str],
    about: Mapping[str, str],
    result: Mapping[str, Any],
    since: dt.datetime,
    site: str,
) -> dict[str, Any]:
    """Return a notice. ``words``: the work in a subject, in a sentence and as a noun, and what came of it now."""
    reason = result.get("reason") or {}
    values = {
        "event": what,
        **named,
        "title": " ".join(about["title"].split()),  # it stands in a mail's subject: one line
        "page": about["url"],
        "since": since.isoformat(),
        "state": result["state"],
        "code": reason.get("code", ""),
        "message": reason.get("message", ""),
        "hint": reason.get("hint", ""),
    }
    whom = f"{values['title']} ({about['name']})"
    subject, text = (_failing if what == FAILING else _recovered)(values, words, whom, since)
    return {**values, "subject": f"[{site}] {subject}", "text": f"{text}\n\n{values['page']}\n"}


def _failing(
    values: Mapping[str, str], words: tuple[str, str, str, str], whom: str, since: dt.datetime
) -> tuple[str, str]:
    stopped = values["state"] == "stopped"
    subject = f"{words[0]} {values['title']} {'berhenti, perlu keputusan' if stopped else 'gagal'}"
    how = "dihentikan oleh pengaman" if stopped else "gagal"
    lines = [
        f"{words[1]} {whom} {how}.",
        "",
        f"Sejak: {moment_text(since)}",
        f"Yang terjadi: {values['message'] or 'tidak diketahui; lihat log.'}",
        f"Yang perlu dilakukan: {values['hint'] or 'Buka halaman di bawah dan periksa di sana.'}",
        "",
        f"Pemberitahuan berikutnya baru dikirim setelah {words[2]} berhasil lagi.",
    ]
    return subject, "\n".join(lines)


def _recovered(
    values: Mapping[str, str], words: tuple[str, str, str, str], whom: str, since: dt.datetime
) -> tuple[str, str]:
    subject = f"{words[0]} {values['title']} berhasil lagi"
    lines = [
        f"{words[1]} {whom} berhasil lagi.",
        "",
        f"Bermasalah sejak: {moment_text(since)}",
        f"Hasil sekarang: {words[3]}.",
        "Tidak ada yang perlu dilakukan.",
    ]
    return subject, "\n".join(lines)
