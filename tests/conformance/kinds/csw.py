"""How a geographic catalogue says a neutral record: CSW 2.0.2, ISO 19139, two records a page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from conformance.kinds.oai import element
from conformance.neutral import ABSENT, GOOD, Defect, Entry, File, Listing, entries, fails, want

PATH = "/csw?service=CSW&request=GetCapabilities&map=paser"
SETTINGS: dict[str, Any] = {"rows": "2"}
SAYS = frozenset({
    "end", "long-texts", "pages", "total", "identifier", "title", "description", "access", "publisher", "license", "tags",
    "frequency", "issued", "modified", "page", "contact", "files", "many-files",
})  # fmt: skip
OPEN = {"default_access": "terbuka"}
ISO = "http://www.isotc211.org/2005/gmd"
NAMESPACES = (
    f'xmlns:gmd="{ISO}" xmlns:gco="http://www.isotc211.org/2005/gco" xmlns:gmx="http://www.isotc211.org/2005/gmx" '
    'xmlns:xlink="http://www.w3.org/1999/xlink"'
)
CSW = 'xmlns:csw="http://www.opengis.net/cat/csw/2.0.2" xmlns:ows="http://www.opengis.net/ows"'
CAPABILITIES = (
    f'<csw:Capabilities {CSW} version="2.0.2"><ows:OperationsMetadata><ows:Operation name="GetRecords">'
    f'<ows:Parameter name="outputSchema"><ows:Value>{ISO}</ows:Value></ows:Parameter></ows:Operation>'
    "</ows:OperationsMetadata></csw:Capabilities>"
)
REPORT = (
    '<ows:ExceptionReport xmlns:ows="http://www.opengis.net/ows" version="1.2.0"><ows:Exception '
    'exceptionCode="NoApplicableCode"><ows:ExceptionText>Basis data mati</ows:ExceptionText></ows:Exception>'
    "</ows:ExceptionReport>"
)


def records_only(change: Any) -> Any:
    """Return a change of answers that leaves the capabilities alone."""
    return lambda text: text if b"Capabilities" in text[:400] else change(text)


def code(word: str) -> dict[str, Any]:
    """Return a MD_RestrictionCode beside what the record says."""
    return {"code": word}


DEFECTS = (
    Defect("csw-exception", "An exception report says what is wrong.", fails("source-csw-exception"),
           body=records_only(lambda _: REPORT.encode())),
    Defect("csw-exception-at-once", "An exception report in place of the capabilities.", fails("source-csw-exception"),
           body=lambda _: REPORT.encode()),
    Defect("csw-next-stands-still", "nextRecord does not advance.", fails("source-loop"),
           items=entries("description", *"abcdef"),
           body=lambda text: text.replace(b'nextRecord="3"', b'nextRecord="1"')),
    Defect("csw-next-goes-back", "nextRecord goes back.", fails("source-loop"), items=entries("description", *"abcdef"),
           body=lambda text: text.replace(b'nextRecord="5"', b'nextRecord="2"')),
    Defect("csw-no-numbers", "SearchResults without numbers.", fails("source-not-csw"),
           body=records_only(lambda text: text.replace(b"numberOfRecordsMatched", b"jumlah"))),
    Defect("csw-grows", "The number of records changes while pages are read.", fails("source-changed"),
           items=entries("description", *"abcdef"), listing={"shrinks": True}),
    Defect("csw-other-forms", "A record of a form that nobody reads is rejected, the rest comes.",
           (want("rejected", "record-form"), want()), items=(Entry(more={"form": "x"}), GOOD)),
    Defect("csw-rights-in-the-work", "copyright and license say nothing of access: the default counts.", (want(),) * 3,
           settings=OPEN, items=entries("more", code("copyright"), code("license"), code("intellectualPropertyRights"),
                                        access=ABSENT)),
    Defect("csw-restricted", "restricted, confidential and security classes close, whatever the default.",
           (want("limited"), want("closed"), want("limited"), want("closed")), settings=OPEN,
           items=entries("more", code("restricted"), code("confidential"), {"security": "restricted"},
                         {"security": "secret"}, access=ABSENT)),
    Defect("csw-unclassified", "unclassified states no class.", (want(),), settings=OPEN,
           items=entries("more", {"security": "unclassified"}, access=ABSENT)),
    Defect("csw-other-restrictions", "otherRestrictions without a sentence, or with one that nobody knows, is held.",
           (want("held", "access-unknown"),) * 2, settings=OPEN,
           items=(Entry(identifier="1", access=ABSENT, more=code("otherRestrictions")),
                  Entry(identifier="2", access="Hubungi dinas", more=code("otherRestrictions")))),
    Defect("csw-anchors", "INSPIRE's anchors are read.", (want(), want("held", "access-unknown")),
           items=entries("more", {"anchor": "http://inspire.ec.europa.eu/metadata-codelist/LimitationsOnPublicAccess/noLimitations"},
                         {"anchor": "http://inspire.ec.europa.eu/metadata-codelist/LimitationsOnPublicAccess/INSPIRE_Directive"},
                         access=ABSENT)),
    Defect("csw-entities", "XML that declares entities.", fails("source-xml-dtd"),
           body=lambda text: b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>' + text),
)  # fmt: skip


def answer(listing: Listing, query: Mapping[str, str]) -> bytes:
    """Return the capabilities or one page of GetRecords."""
    assert (query["service"], query["map"]) == ("CSW", "paser")
    if query["request"] == "GetCapabilities":
        return CAPABILITIES.encode()
    assert (query["version"], query["outputSchema"], query["elementSetName"]) == ("2.0.2", ISO, "full")
    start = int(query["startPosition"])
    found = listing.window(start - 1, int(query["maxRecords"]))
    following = start + (int(query["maxRecords"]) if listing.loops or listing.overlaps else len(found))
    following = following if following <= len(listing.items) and found else 0
    numbers = (
        f'numberOfRecordsMatched="{listing.total}" numberOfRecordsReturned="{len(found)}" nextRecord="{following}"'
    )
    inner = f"<csw:SearchResults {numbers}>{''.join(map(record, found))}</csw:SearchResults>"
    return f"<csw:GetRecordsResponse {CSW} {NAMESPACES}>{inner}</csw:GetRecordsResponse>".encode(
        "utf-8", "surrogatepass"
    )


def text(name: str, value: Any) -> str:
    """Return a property with a CharacterString."""
    inner = element("gco:CharacterString", value)
    return f"<gmd:{name}>{inner}</gmd:{name}>" if inner else ""


def wrap(path: str, inner: str) -> str:
    """Return ``inner`` inside the elements of ``path``; nothing for nothing."""
    for name in reversed(path.split("/")):
        inner = f"<gmd:{name}>{inner}</gmd:{name}>" if inner else ""
    return inner


def codes(name: str, kind: str, value: Any) -> str:
    """Return a property with a code of a list."""
    return "" if value in (ABSENT, None) else f'<gmd:{name}><gmd:{kind} codeListValue="{value}"/></gmd:{name}>'


def record(entry: Entry) -> str:
    """Return one gmd:MD_Metadata."""
    if "form" in entry.more:
        return '<lain:Catatan xmlns:lain="urn:lain"/>'
    stamp = element("gco:Date", entry.modified)
    online = link(File(url=entry.page), "information") + "".join(
        map(link, entry.files if isinstance(entry.files, tuple) else ())
    )
    return (
        f"<gmd:MD_Metadata>{text('fileIdentifier', entry.identifier)}{wrap('dateStamp', stamp)}"
        f"{wrap('identificationInfo/MD_DataIdentification', identification(entry))}"
        f"{wrap('distributionInfo/MD_Distribution/transferOptions/MD_DigitalTransferOptions', online)}</gmd:MD_Metadata>"
    )


def identification(entry: Entry) -> str:
    """Return what lies in MD_DataIdentification."""
    issued = element("gco:Date", entry.issued)
    date = f"<gmd:date>{issued}</gmd:date>" + codes("dateType", "CI_DateTypeCode", "publication") if issued else ""
    mail = wrap("address/CI_Address", text("electronicMailAddress", entry.mail))
    party = text("organisationName", entry.publisher) + text("positionName", entry.contact)
    party += wrap("contactInfo/CI_Contact", mail) + codes("role", "CI_RoleCode", "publisher")
    frequency = "" if entry.frequency in (ABSENT, None) else entry.frequency
    code = f"<gmd:MD_MaintenanceFrequencyCode>{element('x', frequency)[3:-4]}</gmd:MD_MaintenanceFrequencyCode>"
    return "".join(
        (
            wrap("citation/CI_Citation", text("title", entry.title) + wrap("date/CI_Date", date)),
            text("abstract", entry.description),
            wrap("pointOfContact/CI_ResponsibleParty", party),
            wrap("resourceMaintenance/MD_MaintenanceInformation/maintenanceAndUpdateFrequency", code),
            wrap("descriptiveKeywords/MD_Keywords", "".join(text("keyword", tag) for tag in entry.tags or ())),
            wrap("resourceConstraints/MD_Constraints", text("useLimitation", entry.license)),
            constraints(entry),
        )
    )


def constraints(entry: Entry) -> str:
    """Return what the record says about who may see it."""
    anchor = f'<gmd:otherConstraints><gmx:Anchor xlink:href="{entry.more.get("anchor")}">x</gmx:Anchor></gmd:otherConstraints>'
    legal = codes("accessConstraints", "MD_RestrictionCode", entry.more.get("code", ABSENT))
    legal += text("otherConstraints", entry.access) + (anchor if "anchor" in entry.more else "")
    security = codes("classification", "MD_ClassificationCode", entry.more.get("security", ABSENT))
    return wrap("resourceConstraints/MD_LegalConstraints", legal) + wrap(
        "resourceConstraints/MD_SecurityConstraints", security
    )


def link(file: Any, function: str = "download") -> str:
    """Return one link; the format stands in the protocol's place, where catalogues put it."""
    if file.url in (ABSENT, None):
        return ""
    parts = f"<gmd:linkage>{element('gmd:URL', file.url)}</gmd:linkage>{text('name', file.title)}"
    return wrap("onLine/CI_OnlineResource", parts + codes("function", "CI_OnLineFunctionCode", function))
