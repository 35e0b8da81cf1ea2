"""Texts as sources write them, to plain texts: no markup, no control characters, paragraphs kept. Pure and idempotent."""

from __future__ import annotations

import hashlib
import html
import re
import unicodedata

LONGEST = 30_000
"""Letters of a long text. Solr refuses single terms over 32,766 bytes, and keeps some texts as such terms."""
LONGEST_KEY = 400
"""Letters of a record's key: PostgreSQL's index takes 2,700 bytes."""
READ = 20 * LONGEST
"""No more of a text is looked at: a description of 5 MB must not hold up a run."""

ANGLE = re.compile(r"<[a-zA-Z/!?][^<>]*>")
DROPPED = re.compile(r"<(script|style)\b[^<>]*>.*?(?:</\1\s*>|$)|<!--.*?(?:-->|$)", re.I | re.S)
BREAK = re.compile(r"(?i)<br\b[^<>]*>|</(?:p|div|li|tr|h\d)\s*>")
NESTED = re.compile(r"(?i)&(?:(?:amp|#0*38|#x0*26);)+")
LINE_END = re.compile("\r\n?|[\x85\u2028\u2029]")
ELEMENTS = re.compile(
    "a|abbr|b|blockquote|body|br|button|code|dd|details|div|dl|dt|em|embed|font|form|h[1-6]|head|hr|html|i|iframe|img|input|"
    "ins|li|link|math|meta|object|ol|option|p|pre|s|script|section|select|small|span|strike|strong|style|sub|summary|sup|svg|"
    "table|tbody|td|textarea|tfoot|th|thead|title|tr|u|ul|video|audio"
)


def _is_markup(match: re.Match[str]) -> bool:
    """Tell a tag from signs of comparison: "<p class=x>" and "</p>" are tags, "x <y dan y> z" is none."""
    inner = match[0][1:-1].rstrip("/").strip()
    if inner[:1] in ("!", "?") or "=" in inner:
        return True
    name = re.sub(r"^/|[^\w:.-].*", "", inner, flags=re.DOTALL)
    return name == inner.lstrip("/") or bool(ELEMENTS.fullmatch(name.lower()))


def has_markup(text: str) -> bool:
    """Tell whether ``text`` holds HTML, plain or escaped."""
    return any(
        _is_markup(match) for part in (text, html.unescape(NESTED.sub("&", text))) for match in ANGLE.finditer(part)
    )


def plain_text(text: str) -> str:
    """Return ``text`` without markup, entities and control characters; line ends stay, white space is single."""
    text = LINE_END.sub("\n", text[:READ])
    if "<" in text or "&" in text:
        text = _without_markup(text)
    if not text.replace("\n", "").isprintable():
        text = "".join(" " if c in "\t\v\f" else c for c in LINE_END.sub("\n", text) if c == "\n" or _stays(c))
    lines = [" ".join(line.split()) for line in text.split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _stays(char: str) -> bool:
    return char in "\t\v\f" or not unicodedata.category(char).startswith("C")


def _without_markup(text: str) -> str:
    """Return ``text`` without tags and entities, however often they were escaped."""
    for _ in range(20):
        before = text
        text = DROPPED.sub(" ", text)
        text = BREAK.sub("\n", text)
        text = ANGLE.sub(lambda match: " " if _is_markup(match) else match[0], text)
        text = html.unescape(NESTED.sub("&", text))
        if not text.replace("\n", "").isprintable():
            # an entity may be a control character that hides the next one
            text = "".join(c for c in text if c.isprintable() or c.isspace())
        if text == before:
            return text
    return text.replace("<", " ").replace("&", " ")


def one_line(text: str, longest: int = LONGEST) -> str:
    """Return ``text`` plain, on one line and cut to ``longest`` letters."""
    return " ".join(plain_text(text).split())[:longest].strip()


def paragraphs(text: str, longest: int = LONGEST) -> str:
    """Return ``text`` plain and cut to ``longest`` letters."""
    return plain_text(text)[:longest].strip()


def key(text: str) -> str:
    """Return a source's identifier as a key: no control characters, and a hash in place of what is too long."""
    if not text.isprintable():
        text = "".join(c for c in text if c.isprintable() or c.isspace())
    text = " ".join(text.split())
    if len(text) <= LONGEST_KEY:
        return text
    return text[:200] + "-" + hashlib.sha256(text.encode()).hexdigest()
