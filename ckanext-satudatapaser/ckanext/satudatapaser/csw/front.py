"""What is let through to pycsw: parameters and XML that CSW, OpenSearch and OAI-PMH define, of limited size. Pure.

Kept from it: ``config`` (names a file), ``responsehandler`` (makes the server send mail or FTP), ``updatesequence`` (there is
none here, and pycsw fails over what is no number), document types and entities,
and anything but numbers where pycsw writes geometry and distance into its query as text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import urlencode

from lxml import etree

MAX_QUERY, MAX_BODY = 8_000, 100_000
"""Characters of a query string, bytes of a body."""
MAX_DEPTH = 40
PARAMETERS = frozenset({
    "service", "request", "version", "acceptversions", "acceptformats", "sections", "typename", "typenames",
    "outputformat", "outputschema", "elementsetname", "elementname", "namespace", "constraintlanguage", "constraint",
    "constraint_language_version", "sortby", "startposition", "maxrecords", "id", "recordids", "resulttype", "bbox", "q",
    "time", "schemalanguage", "propertyname", "parametername", "valuereference", "mode",
    "verb", "metadataprefix", "identifier", "from", "until", "set", "resumptiontoken",
})  # fmt: skip
MODES = ("oaipmh", "opensearch")
DROPPED = frozenset({"ResponseHandler", "DistributedSearch"})
NUMERIC = frozenset({"Distance", "pos", "posList", "coordinates", "lowerCorner", "upperCorner", "X", "Y", "coord"})
NUMERIC_PARAMETERS = frozenset({"bbox", "startposition", "maxrecords"})
REFERENCE = re.compile(r"(?:urn:|https?:)[\w:/.-]*$", re.ASCII)
"""The reference system at the end of a box."""
NUMBERS = re.compile(r"[\s\d.,eE+-]*", re.ASCII)


class Refused(ValueError):
    """A question that is not passed on; the text says why."""


def query(parameters: Iterable[tuple[str, str]]) -> str:
    """Return the query string that pycsw gets."""
    kept = [(key, _value(key, value)) for name, value in parameters if (key := name.lower()) in PARAMETERS]
    text = urlencode(kept)
    if len(text) > MAX_QUERY:
        raise Refused(f"The query is longer than {MAX_QUERY} characters.")
    return text


def _value(key: str, value: str) -> str:
    """Return the value of a parameter as it is passed on; raises Refused."""
    if key == "constraint" and value.lstrip().startswith("<"):
        return _checked(value.encode()).decode()
    if key == "mode" and value not in MODES:
        raise Refused(f"mode must be {' or '.join(MODES)}.")
    if key in NUMERIC_PARAMETERS and not NUMBERS.fullmatch(REFERENCE.sub("", value)):
        raise Refused(f"{key} must be numbers.")
    return value


def is_too_long(length: int | None) -> bool:
    """Tell whether a body's stated length is too large for it to be read."""
    return (length or 0) > MAX_BODY


def check_length(length: int | None) -> None:
    """Raise Refused for a body that is too long, before it is read."""
    if is_too_long(length):
        raise Refused(f"The body is larger than {MAX_BODY} bytes.")


def body(given: bytes) -> bytes:
    """Return the XML that pycsw gets; raises Refused for what is too large, no XML, or more than XML elements."""
    check_length(len(given))
    return _checked(given)


def _checked(given: bytes) -> bytes:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_pis=True)
    try:
        root = etree.fromstring(given, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise Refused("The body is not well-formed XML.") from error
    if root.getroottree().docinfo.doctype:
        raise Refused("Document types are not read.")
    for element in list(root.iter()):
        if not isinstance(element.tag, str):
            continue
        name = etree.QName(element).localname
        parent = element.getparent()
        if name in DROPPED and parent is not None:
            parent.remove(element)
        elif name in NUMERIC and not NUMBERS.fullmatch("".join(element.itertext())):
            raise Refused(f"{name} must be numbers.")
        elif len(list(element.iterancestors())) > MAX_DEPTH:
            raise Refused("The body is nested too deeply.")
    return etree.tostring(root, encoding="UTF-8")
