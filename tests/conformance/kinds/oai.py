"""How an OAI-PMH repository says a neutral record: ListRecords in oai_dc, two records a page, resumption tokens."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from conformance.neutral import ABSENT, GOOD, Defect, Entry, Listing, entries, fails, want

PATH = "/oai"
SETTINGS: dict[str, Any] = {"default_access": "terbuka"}
SAYS = frozenset({
    "end", "long-texts", "pages", "total", "identifier", "title", "description", "publisher", "license", "tags", "issued",
    "page",
})  # fmt: skip
PAGE = 2
HEAD = '<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><responseDate>2026-11-24T00:00:00Z</responseDate>'
REQUEST = '<request verb="ListRecords">https://disdik.example.go.id/oai</request>'


def body(text: str) -> Any:
    """Return a change that puts ``text`` in place of every answer."""
    return lambda _: text.encode()


def error(code: str) -> Any:
    """Return a change that answers with an error of the protocol."""
    return body(f'{HEAD}{REQUEST}<error code="{code}">Pesan sumber</error></OAI-PMH>')


def rights(*texts: str) -> dict[str, Any]:
    """Return a dc:rights for each of ``texts``."""
    return {"rights": texts}


def _same_token(text: bytes) -> bytes:
    """Return an answer whose token is one that says where the next page begins and stays the same."""
    head, mark, rest = text.partition(b"<resumptionToken")
    return head + b"<resumptionToken>2</resumptionToken>" + rest.partition(b"</resumptionToken>")[2] if mark else text


DEFECTS = (
    Defect("oai-nothing-matches", "noRecordsMatch: an empty listing.", (), body=error("noRecordsMatch")),
    *(
        Defect(f"oai-{code}", f"The error {code}.", fails("source-oai-error"), body=error(code))
        for code in ("badArgument", "badResumptionToken", "cannotDisseminateFormat", "noSetHierarchy")
    ),
    Defect("oai-request-inside", "request repeated inside ListRecords, as a real repository does.", (want(),) * 3,
           items=entries("description", "a", "b", "c"),
           body=lambda text: text.replace(b"<ListRecords>", b"<ListRecords>" + REQUEST.encode())),
    Defect("oai-no-namespace", "Elements without a namespace.", (want(title=GOOD.title),),
           body=lambda text: text.replace(b' xmlns="http://www.openarchives.org/OAI/2.0/"', b"")),
    Defect("oai-deleted", "Records that are marked as deleted are not in the listing.", (want(),),
           items=(GOOD, Entry(identifier="sekolah-9", more={"status": "deleted"}))),
    Defect("oai-same-token", "The same token again and again, with new records each time.", fails("source-loop"),
           items=entries("description", *"abcdefgh"), body=_same_token),
    Defect("oai-rights", "Words of OpenAIRE's and of the national list in dc:rights.",
           (want("closed"), want("closed"), want("limited"), want("public", license_id="cc-by"), want("closed")),
           items=entries("more", rights("info:eu-repo/semantics/closedAccess"), rights("tertutup"),
                         rights("info:eu-repo/semantics/restrictedAccess"), rights("info:eu-repo/semantics/openAccess"),
                         rights("openAccess", "embargoedAccess"))),
    Defect("oai-class-unknown", "dct:accessRights in words that nobody knows is held.", (want("held", "access-unknown"),),
           items=entries("more", {"accessRights": ("entah",)})),
    Defect("oai-entities", "XML that declares entities.", fails("source-xml-dtd"),
           body=lambda text: b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>' + text),
)  # fmt: skip


def answer(listing: Listing, query: Mapping[str, str]) -> bytes:
    """Return one page of ListRecords; a page that follows must be asked for by its token alone."""
    assert query["verb"] == "ListRecords"
    assert ("metadataPrefix" in query) != ("resumptionToken" in query)
    start = int(query.get("resumptionToken", 0))
    found = listing.window(start, PAGE)
    following = start + (PAGE if listing.loops or listing.overlaps else len(found))
    more = str(following) if found and following < len(listing.items) else ""
    token = f'<resumptionToken completeListSize="{listing.total}">{more}</resumptionToken>'
    records = "".join(map(record, found))
    return f"{HEAD}{REQUEST}<ListRecords>{records}{token}</ListRecords></OAI-PMH>".encode("utf-8", "surrogatepass")


def record(entry: Entry) -> str:
    """Return one record."""
    more = dict(entry.more)
    status = f" status={quoteattr(more.pop('status'))}" if "status" in more else ""
    parts = {
        "title": [entry.title], "description": [entry.description], "publisher": [entry.publisher], "date": [entry.issued],
        "subject": list(entry.tags or ()), "identifier": [entry.page],
        "rights": [entry.license, *more.pop("rights", ())], **more,
    }  # fmt: skip
    core = "".join(element(f"dc:{name}", value) for name, values in parts.items() for value in values)
    header = f"<header{status}>{element('identifier', entry.identifier)}<datestamp>2026-11-02</datestamp></header>"
    spaces = 'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:oai_dc="http://www.openarchives.org/OAI/2.0/oai_dc/"'
    return f"<record>{header}<metadata><oai_dc:dc {spaces}>{core}</oai_dc:dc></metadata></record>"


def element(name: str, value: Any) -> str:
    """Return an element with ``value`` as its text; nothing for what is left out."""
    return "" if value is ABSENT or value is None else f"<{name}>{escape(str(value))}</{name}>"
