"""The rules of DCAT-US 1.1 (Project Open Data Metadata Schema v1.1) for a catalogue, as a JSON Schema in our own words.

After https://resources.data.gov/resources/dcat-us/: what must be there, and the forms that its fields name. Written for the
sets of keys that a catalogue outside the US federal government has (no bureau and programme codes).
"""

from __future__ import annotations

from typing import Any

TEXT = {"type": "string", "minLength": 1}
ADDRESS = {"type": "string", "pattern": r"^https?://[^\s<>\"{}|\\^`]+$"}
DAY = r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])"
MOMENT = rf"{DAY}(T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(Z|[+-]\d\d:\d\d)?)?"
DURATION = r"P(\d+(\.\d+)?Y)?(\d+(\.\d+)?M)?(\d+(\.\d+)?W)?(\d+(\.\d+)?D)?(T(\d+H)?(\d+M)?(\d+S)?)?"
MEDIA_TYPE = r"^[-\w]+/[-\w]+(\.[-\w]+)*([+][-\w]+)?$"


def _object(kind: str, required: list[str], **properties: Any) -> dict[str, Any]:
    return {"type": "object", "required": required, "properties": {"@type": {"const": kind}, **properties}}


DISTRIBUTION = {
    **_object(
        "dcat:Distribution", [], downloadURL=ADDRESS, accessURL=ADDRESS, title=TEXT, description=TEXT, format=TEXT,
        mediaType={"type": "string", "pattern": MEDIA_TYPE},
    ),
    "dependentRequired": {"downloadURL": ["mediaType"]},
    "anyOf": [{"required": ["downloadURL"]}, {"required": ["accessURL"]}],
}  # fmt: skip
DATASET = _object(
    "dcat:Dataset",
    ["title", "description", "keyword", "modified", "publisher", "contactPoint", "identifier", "accessLevel"],
    title=TEXT,
    description=TEXT,
    identifier=TEXT,
    spatial=TEXT,
    keyword={"type": "array", "minItems": 1, "items": TEXT},
    theme={"type": "array", "minItems": 1, "uniqueItems": True, "items": TEXT},
    modified={"type": "string", "pattern": f"^{MOMENT}$"},
    issued={"type": "string", "pattern": f"^{MOMENT}$"},
    temporal={"type": "string", "pattern": f"^{MOMENT}/{MOMENT}$"},
    accrualPeriodicity={"anyOf": [{"const": "irregular"}, {"type": "string", "pattern": f"^R/{DURATION}$"}]},
    accessLevel={"const": "public"},
    license=ADDRESS,
    landingPage=ADDRESS,
    language={"type": "array", "items": {"const": "id"}},
    publisher=_object("org:Organization", ["name"], name=TEXT),
    contactPoint=_object(
        "vcard:Contact",
        ["fn", "hasEmail"],
        fn=TEXT,
        hasEmail={"type": "string", "pattern": r"^mailto:([\w~!$&'()*+,;=:.-]+@[\w.-]+\.[\w.-]+)?$"},
    ),
    distribution={"type": "array", "minItems": 1, "uniqueItems": True, "items": DISTRIBUTION},
)
CATALOGUE = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    **_object(
        "dcat:Catalog", ["@context", "conformsTo", "dataset"],
        conformsTo={"const": "https://project-open-data.cio.gov/v1.1/schema"},
        describedBy=ADDRESS,
        dataset={"type": "array", "uniqueItems": True, "items": DATASET},
    ),
    "$id": "satudata:catalogue",
}  # fmt: skip
