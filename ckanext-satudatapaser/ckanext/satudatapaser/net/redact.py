"""Cut secrets out of texts: the one place that every log line, error and stored URL passes through."""

from __future__ import annotations

import base64
import binascii
import json
import logging
import re
from collections.abc import Iterable, Iterator
from urllib.parse import quote, quote_plus

CUT = "***"
LONGEST = 300
_SCHEMES = ("bearer ", "basic ", "token ", "apikey ")
_BEFORE = (
    r"(?:[\w.-]{0,40}[_.-]|access|app|api|auth|bearer|client|id|private|refresh|sas|service|session|subscription|user|"
    r"w[sm]s)?"
)
_NAMES = (  # kata kunci are search words
    rf"(?!kata[_-]?kunci){_BEFORE}(?:api[-_]?key|apikey|key|token|auth|authorization|password|passwd|pass|pwd|secret|"
    r"credentials?|sig|signature|jsessionid|phpsessid|sessionid|kunci|sandi)"
)
_QUOTED = r"""\\*"(?:[^"\\]|\\.)*"?|\\*'(?:[^'\\]|\\.)*'?"""
_RULES = (
    # a password with / ? # or @ in it ends at the last @: name:port has digits only, so this is no port
    (re.compile(r"(?i)((?:\b[a-z][a-z0-9+.-]{0,20}:)?//)[^\s/?#@:\[\]]*:(?!\d+(?:[/?#\s\"']|$))[^\s\"'<>]*@"), rf"\1{CUT}@"),
    (re.compile(r"(?i)((?:\b[a-z][a-z0-9+.-]{0,20}:)?//)[^\s/?#\"'<>]*@"), rf"\1{CUT}@"),
    (re.compile(rf"(?i)((?:[?&;]|%3f|%26|%3b){_NAMES}(?:=|%3d))(?:(?!%26|%3b)[^&;\s#\"'<>])+"), rf"\1{CUT}"),
    (re.compile(r"(?i)(/(?:key|apikey|api[-_]key|token)/)[^/\s?#\"'<>]+"), rf"\1{CUT}"),
    # whole headers: a Digest or Cookie has many parts, all of them secret
    (re.compile(r"(?i)(\b(?:proxy-)?authorization[\"']?\s*[:=]\s*(?![\"'])|\b(?:set-)?cookie:\s*)[^\r\n\"'{}]+"),
     rf"\1{CUT}"),
    (re.compile(rf"(?i)((?<![\w.-]){_NAMES}\\*[\"']?\s*[:=]\s*)(?:{_QUOTED})"), rf'\1"{CUT}"'),
    (re.compile(rf"(?i)((?<![\w.-]){_NAMES}\s*[:=]\s*)(?:(?:bearer|basic)\s+)?[^\s\"',;&(){{}}\[\]<>]+"), rf"\1{CUT}"),
    (re.compile(r"(?i)\b(bearer|basic)\s+[A-Za-z0-9._~+/=-]{8,}"), rf"\1 {CUT}"),
)  # fmt: skip


def redact(text: str, secrets: Iterable[str] = ()) -> str:
    """Return ``text`` without passwords in URLs, secret-looking parameters and headers, and without ``secrets``.

    A given secret is cut in each form that it is sent or shown in: as it is, without ``Bearer``, percent-encoded, as JSON.
    """
    for form in sorted({form for secret in secrets for form in _forms(secret)}, key=len, reverse=True):
        text = text.replace(form, CUT)
    for pattern, replacement in _RULES:
        text = pattern.sub(replacement, text)
    return text


def shown(url: str, secrets: Iterable[str] = ()) -> str:
    """Return a URL as a message or a table may show it: without secrets, and not longer than LONGEST characters."""
    text = redact(url[: 20 * LONGEST], secrets)
    return text if len(text) <= LONGEST else text[:LONGEST] + "…"


def _forms(secret: str) -> Iterator[str]:
    bare = next((secret[len(word) :].strip() for word in _SCHEMES if secret.lower().startswith(word)), secret)
    plain = [secret, bare]
    if secret.lower().startswith("basic "):
        plain += _user_and_password(bare)
    for word in filter(None, plain):
        yield from (word, quote(word), quote(word, safe=""), quote_plus(word), json.dumps(word)[1:-1], repr(word)[1:-1])


def _user_and_password(encoded: str) -> list[str]:
    try:
        pair = base64.b64decode(encoded, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return []
    return [pair, pair.partition(":")[2]]


class RedactingFilter(logging.Filter):
    """Redacts what a library logs about our requests; its traceback is dropped, since that may quote a URL."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Rewrite ``record``; always true, since no line is lost."""
        record.msg, record.args = redact(record.getMessage()), None
        record.exc_info = record.exc_text = None
        return True


def guard_logs() -> None:
    """Put the filter on every logger of the transport library; again = no change."""
    for name in ("connection", "connectionpool", "poolmanager", "response", "util.retry"):
        logger = logging.getLogger(f"urllib3.{name}")
        if not any(isinstance(known, RedactingFilter) for known in logger.filters):
            logger.addFilter(RedactingFilter())
