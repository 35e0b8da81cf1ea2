"""Cut secrets out of texts: the one place that every log line, error and stored URL passes through."""

from __future__ import annotations

import re

PARAMETERS = (
    r"(?:api[-_]?key|apikey|key|token|access[-_]?token|auth|authorization|password|passwd|pwd|secret|sig|signature)"
)
_RULES = (
    (re.compile(r"(?i)\b([a-z][a-z0-9+.-]*://)[^/\s@?#]+@"), r"\1***@"),
    (re.compile(rf"(?i)([?&;]{PARAMETERS}=)[^&;\s#]+"), r"\1***"),
    (re.compile(r"(?i)(/key/)[^/\s?#]+"), r"\1***"),
    (re.compile(rf"(?i)(\"?\b{PARAMETERS}\b\"?\s*[:=]\s*\"?)(?:(?:bearer|basic)\s+)?[^\s\",;&]+"), r"\1***"),
    (re.compile(r"(?i)\b(bearer|basic)\s+[A-Za-z0-9._~+/=-]{8,}"), r"\1 ***"),
)


def redact(text: str, secrets: tuple[str, ...] = ()) -> str:
    """Return ``text`` without passwords in URLs, secret-looking parameters and headers, and without ``secrets``."""
    for secret in secrets:
        if secret:
            text = text.replace(secret, "***")
    for pattern, replacement in _RULES:
        text = pattern.sub(replacement, text)
    return text
