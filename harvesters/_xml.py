"""XML from strangers: read without entities, document types and network, and walked by local names.

Namespaces differ between versions of one protocol and are often wrong, so elements are told apart by local name alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ckanext.satudatapaser.errors import SourceError
from ckanext.satudatapaser.harvesters._read import decode
from lxml import etree
from lxml.etree import _Element as Element

CONTROLS = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|&#(?:x0*(?:[0-8bcef]|1[0-9a-f])|0*(?:[0-8]|1[124-9]|2\d|3[01]));"
)
BEFORE = re.compile(r"\s*(?:<!--.*?-->|<\?.*?\?>)", re.DOTALL)
DECLARATION = re.compile(r"^<\?xml[^>]*\?>")


def parse(body: bytes, url: str, protocol: str) -> Element:
    """Return the root of an answer that must be XML. ``protocol`` names what was expected, for the error.

    Raises SourceError: ``source-no-body``, ``source-not-<protocol>`` for a web page or what does not look like XML,
    ``source-invalid-xml`` with line and column, ``source-xml-dtd`` for a document type: entities are declared there, and
    no protocol of ours needs one (billion laughs, external entities).
    """
    if not body.strip(b"\xef\xbb\xbf \t\r\n"):
        raise SourceError("source-no-body", f"Sumber {url} menjawab tanpa isi; yang diharapkan: XML.")
    text = _text(body).lstrip()
    if not text.startswith("<") or re.match(r"(?i)<(!doctype )?html\b", text):
        raise unexpected(url, protocol, f"bukan XML: {excerpt(text)!r}")
    _refuse_document_type(text, url)
    try:
        root = etree.fromstring(text, _parser())
    except etree.XMLSyntaxError as error:
        place = f"di baris {error.lineno} kolom {error.offset}"
        raise SourceError(
            "source-invalid-xml",
            f"Sumber {url} mengirim XML yang rusak {place}: {str(error.msg)[:120]}.",
            "Jawaban mungkin terpotong; hubungi pengelola sumber.",
        ) from error
    if root.getroottree().docinfo.doctype:
        raise _document_type(url)
    if name(root) == "html":
        raise unexpected(url, protocol, f"halaman web: {excerpt(text)!r}")
    return root


def unexpected(url: str, protocol: str, what: str) -> SourceError:
    """Return the error for an answer of another protocol."""
    return SourceError(
        f"source-not-{protocol}",
        f"Sumber {url} tidak menjawab dengan {protocol.upper()}, melainkan {what}.",
        "Mungkin alamatnya salah, atau sumber meminta masuk terlebih dahulu.",
    )


def excerpt(text: str) -> str:
    """Return the start of an answer on one line."""
    return " ".join(text[:400].split())[:120]


def _text(body: bytes) -> str:
    """Return the text of a document in the encoding it says; characters that XML forbids are left out.

    What claims to be UTF-8 and is not was written by an old Windows program (cp1252).
    """
    said = re.match(rb"(?:\xef\xbb\xbf)?\s*<\?xml[^>]*?encoding=[\"']([\w.-]+)", body[:200])
    encoding = "utf-16" if body[:2] in (b"\xff\xfe", b"\xfe\xff") else said[1].decode() if said else "utf-8"
    try:
        text = body.decode(encoding if encoding.lower() not in ("utf-8", "utf8") else "utf-8-sig")
    except (UnicodeError, LookupError):
        text = decode(body)
    return DECLARATION.sub("", CONTROLS.sub("", text).lstrip())


def _refuse_document_type(text: str, url: str) -> None:
    """Raise before the parser sees a document type: only comments and instructions may stand before it."""
    place = 0
    while found := BEFORE.match(text, place):
        place = found.end()
    if re.compile(r"\s*<!DOCTYPE").match(text, place):
        raise _document_type(url)


def _document_type(url: str) -> SourceError:
    text = f"Sumber {url} mengirim XML dengan DOCTYPE; entitas dari luar tidak dibaca."
    return SourceError("source-xml-dtd", text, "Minta pengelola sumber mengirim XML tanpa DOCTYPE.")


def _parser() -> etree.XMLParser:
    return etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )


def name(element: Element) -> str:
    """Return an element's name without its namespace."""
    return str(etree.QName(element).localname)


def children(element: Element, wanted: str = "") -> Iterator[Element]:
    """Yield the child elements called ``wanted``; all of them without it."""
    return (child for child in element if not wanted or name(child) == wanted)


def within(element: Element, wanted: str) -> Iterator[Element]:
    """Yield the elements called ``wanted`` at any depth."""
    return element.iter(f"{{*}}{wanted}")


def first(element: Element, wanted: str) -> Element | None:
    """Return the first element called ``wanted`` at any depth."""
    return next(within(element, wanted), None)


def words(element: Element | None) -> str:
    """Return the text of an element and of what lies in it; "" for none."""
    return "".join(str(part) for part in element.itertext()).strip() if element is not None else ""
