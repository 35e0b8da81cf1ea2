"""Our codes in the words of the EU's authority tables and of IANA's register of media types.

Only what means the same is here: a code without a twin keeps its own word, a topic without one is told as ours alone.
"""

from __future__ import annotations

from ckanext.satudatapaser.record import vocabulary
from rdflib import URIRef

AUTHORITY = "http://publications.europa.eu/resource/authority"
MEDIA = "https://www.iana.org/assignments/media-types"
PUBLIC = URIRef(f"{AUTHORITY}/access-right/PUBLIC")
INDONESIAN = URIRef(f"{AUTHORITY}/language/IND")
# vocabularies/frequency.yaml
FREQUENCIES = {
    "HARIAN": "DAILY",
    "MINGGUAN": "WEEKLY",
    "BULANAN": "MONTHLY",
    "TRIWULANAN": "QUARTERLY",
    "EMPAT_BULANAN": "ANNUAL_3",
    "SEMESTERAN": "ANNUAL_2",
    "TAHUNAN": "ANNUAL",
    "DUA_TAHUNAN": "BIENNIAL",
    "INSIDENTAL": "IRREG",
}
# vocabularies/format.yaml; those that the EU spells as we do stand for themselves
FILE_TYPES = {
    "JSON-LD": "JSON_LD",
    "RDF": "RDF_XML",
    "TTL": "RDF_TURTLE",
    "WMS": "WMS_SRVC",
    "WMTS": "WMTS_SRVC",
    "WFS": "WFS_SRVC",
    "API": "REST",
}
# what one opens or asks, not what one downloads
SERVICES = frozenset({"WMS", "WMTS", "WFS", "HTML", "API"})
# topics (config/seeds/topics.yaml) that lie wholly in one of the EU's themes: its code and English name
THEMES = {
    "ekonomi-dan-industri": ("ECON", "Economy and finance"),
    "pembangunan-daerah": ("REGI", "Regions and cities"),
    "ketertiban-umum-dan-keselamatan": ("JUST", "Justice, legal system and public safety"),
    "lingkungan-dan-sumber-daya-alam": ("ENVI", "Environment"),
    "pemerintahan-umum": ("GOVE", "Government and public sector"),
}


def frequency(code: object) -> URIRef | None:
    """Return the update schedule of one of our codes."""
    found = FREQUENCIES.get(str(code))
    return URIRef(f"{AUTHORITY}/frequency/{found}") if found else None


def file_type(code: str) -> URIRef | None:
    """Return the file type of one of our formats."""
    return URIRef(f"{AUTHORITY}/file-type/{FILE_TYPES.get(code, code)}") if code in vocabulary.codes("format") else None


def media_type(code: str) -> URIRef | None:
    """Return the media type of one of our formats, where IANA has registered it."""
    found = vocabulary.media_type(code)
    return URIRef(f"{MEDIA}/{found}") if found and "/x-" not in found else None


def theme(topic: str) -> tuple[URIRef, str] | None:
    """Return the EU's theme that a topic lies in, with its English name."""
    found = THEMES.get(topic)
    return (URIRef(f"{AUTHORITY}/data-theme/{found[0]}"), found[1]) if found else None
