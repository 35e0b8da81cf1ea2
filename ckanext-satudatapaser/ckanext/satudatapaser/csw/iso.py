"""A dataset as ISO 19139 (gmd:MD_Metadata), valid by its schemas. Pure.

The order of elements is that of the schemas (ISO/TS 19139, gmd 20060504); code lists are ISO 19115's.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ckanext.satudatapaser.catalogue.portal import Portal
from ckanext.satudatapaser.record.contact import Contact, contact
from ckanext.satudatapaser.record.fields import Box, degrees
from lxml import etree

GMD, GCO = "http://www.isotc211.org/2005/gmd", "http://www.isotc211.org/2005/gco"
GML, XLINK = "http://www.opengis.net/gml", "http://www.w3.org/1999/xlink"
NAMESPACES = {"gmd": GMD, "gco": GCO, "gml": GML, "xlink": XLINK}
LISTS = "http://standards.iso.org/ittf/PubliclyAvailableStandards/ISO_19139_Schemas/resources/codelist/gmxCodelists.xml"
# our codes (vocabularies/frequency.yaml) as MD_MaintenanceFrequencyCode; those that it lacks are none of its codes
FREQUENCIES = {
    "HARIAN": "daily",
    "MINGGUAN": "weekly",
    "BULANAN": "monthly",
    "TRIWULANAN": "quarterly",
    "SEMESTERAN": "biannually",
    "TAHUNAN": "annually",
    "INSIDENTAL": "asNeeded",
}
# formats that are services, as catalogues name their protocols
PROTOCOLS = {"WMS": "OGC:WMS", "WFS": "OGC:WFS", "WCS": "OGC:WCS", "WMTS": "OGC:WMTS"}
DOWNLOAD, LINK = "WWW:DOWNLOAD-1.0-http--download", "WWW:LINK-1.0-http--link"
DEFAULT_TOPIC = "location"


def document(package: Mapping[str, Any], box: Box, portal: Portal) -> bytes:
    """Return the record of ``package`` (as package_show gives it) whose extent is ``box``."""
    root = etree.Element(_tag("gmd:MD_Metadata"), nsmap=NAMESPACES)
    _text(root, "gmd:fileIdentifier", package["id"])
    _code(_add(root, "gmd:language"), "LanguageCode", "ind")
    _code(_add(root, "gmd:characterSet"), "MD_CharacterSetCode", "utf8")
    _code(_add(root, "gmd:hierarchyLevel"), "MD_ScopeCode", "dataset")
    _party(root, "gmd:contact", portal.distributor, portal.email, "pointOfContact")
    # to the second: harvesters that compare it (ckanext-spatial's) would miss what changes twice a day
    _text(root, "gmd:dateStamp", f"{package['metadata_modified'][:19]}Z", "gco:DateTime")
    _text(root, "gmd:metadataStandardName", "ISO 19115:2003/19139")
    _text(root, "gmd:metadataStandardVersion", "1.0")
    if system := package.get("spatial-reference-system"):
        place = _path(root, "gmd:referenceSystemInfo", "gmd:MD_ReferenceSystem", "gmd:referenceSystemIdentifier")
        _text(_add(place, "gmd:RS_Identifier"), "gmd:code", system)
    _identification(_path(root, "gmd:identificationInfo", "gmd:MD_DataIdentification"), package, box, portal)
    _distribution(_path(root, "gmd:distributionInfo", "gmd:MD_Distribution"), package, portal)
    _quality(_path(root, "gmd:dataQualityInfo", "gmd:DQ_DataQuality"), package)
    return etree.tostring(root, encoding="unicode").encode()


def _identification(place: Any, package: Mapping[str, Any], box: Box, portal: Portal) -> None:
    citation = _path(place, "gmd:citation", "gmd:CI_Citation")
    _text(citation, "gmd:title", package["title"])
    for kind, value in dates(package):
        date = _path(citation, "gmd:date", "gmd:CI_Date")
        _text(date, "gmd:date", value, "gco:Date")
        _code(_add(date, "gmd:dateType"), "CI_DateTypeCode", kind)
    _text(_path(citation, "gmd:identifier", "gmd:MD_Identifier"), "gmd:code", package["id"])
    _text(place, "gmd:abstract", package.get("notes") or package["title"])
    agency = Contact(owner(package), portal.mails.get(package.get("owner_org") or "", ""))
    asked = contact(package, agency) or agency
    _party(place, "gmd:pointOfContact", agency.name, asked.email, "owner")
    frequency = FREQUENCIES.get(package.get("accrualPeriodicity") or "")
    if frequency:
        upkeep = _path(place, "gmd:resourceMaintenance", "gmd:MD_MaintenanceInformation")
        _code(_add(upkeep, "gmd:maintenanceAndUpdateFrequency"), "MD_MaintenanceFrequencyCode", frequency)
    _keywords(place, keywords(package), "theme")
    _constraints(place, package)
    _code(_add(place, "gmd:language"), "LanguageCode", "ind")
    _code(_add(place, "gmd:characterSet"), "MD_CharacterSetCode", "utf8")
    _add(_add(place, "gmd:topicCategory"), "gmd:MD_TopicCategoryCode").text = DEFAULT_TOPIC
    _extent(_path(place, "gmd:extent", "gmd:EX_Extent"), package, box)


def _keywords(place: Any, words: Iterable[str], kind: str) -> None:
    found = list(words)
    if found:
        node = _path(place, "gmd:descriptiveKeywords", "gmd:MD_Keywords")
        for word in found:
            _text(node, "gmd:keyword", word)
        _code(_add(node, "gmd:type"), "MD_KeywordTypeCode", kind)


def _constraints(place: Any, package: Mapping[str, Any]) -> None:
    """Say the licence as a limit of use, that nothing limits access, and the class as other catalogues read it.

    The licence stands twice: ckanext-spatial looks for it in plain constraints, others in the legal ones.
    """
    licence = package.get("license_url") or package.get("license_title") or package.get("license_id")
    if licence:
        _text(_path(place, "gmd:resourceConstraints", "gmd:MD_Constraints"), "gmd:useLimitation", licence)
    legal = _path(place, "gmd:resourceConstraints", "gmd:MD_LegalConstraints")
    if licence:
        _text(legal, "gmd:useLimitation", licence)
    _code(_add(legal, "gmd:accessConstraints"), "MD_RestrictionCode", "otherRestrictions")
    _code(_add(legal, "gmd:useConstraints"), "MD_RestrictionCode", "license")
    _text(legal, "gmd:otherConstraints", package["accessRights"])
    security = _path(place, "gmd:resourceConstraints", "gmd:MD_SecurityConstraints")
    _code(_add(security, "gmd:classification"), "MD_ClassificationCode", "unclassified")


def _extent(place: Any, package: Mapping[str, Any], box: Box) -> None:
    area = _path(place, "gmd:geographicElement", "gmd:EX_GeographicBoundingBox")
    west, south, east, north = box
    sides = (("westBoundLongitude", west), ("eastBoundLongitude", east), ("southBoundLatitude", south),
             ("northBoundLatitude", north))  # fmt: skip
    for side, value in sides:
        _text(area, f"gmd:{side}", degrees(value), "gco:Decimal")
    start, end = package.get("temporal_start"), package.get("temporal_end")
    if start or end:
        period = _path(place, "gmd:temporalElement", "gmd:EX_TemporalExtent", "gmd:extent", "gml:TimePeriod")
        period.set(_tag("gml:id"), "period")
        for name, day in (("begin", start), ("end", end)):
            position = _add(period, f"gml:{name}Position")
            position.text = day or None
            if not day:
                position.set("indeterminatePosition", "unknown")


def _distribution(place: Any, package: Mapping[str, Any], portal: Portal) -> None:
    files = [file for file in package.get("resources") or [] if file.get("url")]
    for name in dict.fromkeys(file.get("format") or "" for file in files):
        if name:
            form = _path(place, "gmd:distributionFormat", "gmd:MD_Format")
            _text(form, "gmd:name", name)
            _add(form, "gmd:version").set(_tag("gco:nilReason"), "unknown")
    distributor = _path(place, "gmd:distributor", "gmd:MD_Distributor")
    _party(distributor, "gmd:distributorContact", portal.distributor, portal.email, "distributor")
    options = _path(place, "gmd:transferOptions", "gmd:MD_DigitalTransferOptions")
    _online(options, page(package, portal), LINK, package["title"], "", "information")
    for file in files:
        form = file.get("format") or ""
        protocol = PROTOCOLS.get(form.upper(), DOWNLOAD)
        _online(options, file["url"], protocol, file.get("name") or form, file.get("description") or "", "download")


def _online(place: Any, url: str, protocol: str, name: str, description: str, function: str) -> None:
    node = _path(place, "gmd:onLine", "gmd:CI_OnlineResource")
    _add(_add(node, "gmd:linkage"), "gmd:URL").text = _clean(url)
    _text(node, "gmd:protocol", protocol)
    for tag, value in (("gmd:name", name), ("gmd:description", description)):
        if value:
            _text(node, tag, value)
    _code(_add(node, "gmd:function"), "CI_OnLineFunctionCode", function)


def _quality(place: Any, package: Mapping[str, Any]) -> None:
    scope = _path(place, "gmd:scope", "gmd:DQ_Scope", "gmd:level")
    _code(scope, "MD_ScopeCode", "dataset")
    if lineage := package.get("lineage"):
        _text(_path(place, "gmd:lineage", "gmd:LI_Lineage"), "gmd:statement", lineage)


def page(package: Mapping[str, Any], portal: Portal) -> str:
    """Return the address of the dataset's page."""
    return f"{portal.url}/dataset/{package['name']}"


def owner(package: Mapping[str, Any]) -> str:
    """Return the name of the agency that a dataset belongs to."""
    return (package.get("organization") or {}).get("title") or package.get("produsen_data_name") or "-"


def keywords(package: Mapping[str, Any]) -> list[str]:
    """Return the words of a dataset."""
    return [tag["display_name"] for tag in package.get("tags") or []]


def dates(package: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return what happened to a dataset (CI_DateTypeCode) and when, as YYYY-MM-DD."""
    issued = package.get("issued") or package.get("dataset-reference-date")
    return [
        ("publication", _day(issued or package["metadata_created"])),
        ("revision", _day(package["metadata_modified"])),
    ]


def _day(stamp: str) -> str:
    return str(stamp)[:10]


def _party(place: Any, tag: str, name: str, email: str, role: str) -> None:
    party = _path(place, tag, "gmd:CI_ResponsibleParty")
    _text(party, "gmd:organisationName", name)
    if email:
        address = _path(party, "gmd:contactInfo", "gmd:CI_Contact", "gmd:address", "gmd:CI_Address")
        _text(address, "gmd:electronicMailAddress", email)
    _code(_add(party, "gmd:role"), "CI_RoleCode", role)


def _tag(name: str) -> str:
    prefix, local = name.split(":")
    return f"{{{NAMESPACES[prefix]}}}{local}"


def _add(place: Any, name: str) -> Any:
    return etree.SubElement(place, _tag(name))


def _path(place: Any, *names: str) -> Any:
    for name in names:
        place = _add(place, name)
    return place


def _text(place: Any, name: str, value: str, kind: str = "gco:CharacterString") -> None:
    _path(place, name, kind).text = _clean(value)


def _code(place: Any, name: str, value: str) -> None:
    node = _add(place, f"gmd:{name}")
    node.set("codeList", f"{LISTS}#{name}")
    node.set("codeListValue", value)
    node.text = value


def _clean(value: str) -> str:
    """Return ``value`` without the control characters that XML cannot carry."""
    return (
        "".join(sign for sign in str(value) if sign >= " " or sign in "\t\n\r")
        .replace("\ufffe", "")
        .replace("\uffff", "")
    )
