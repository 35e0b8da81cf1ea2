"""What a dataset's page says to machines: template helpers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ckanext.satudatapaser.outputs import schemaorg
from ckanext.satudatapaser.outputs.rdf import source
from jinja2.utils import htmlsafe_json_dumps
from markupsafe import Markup


def satudata_is_public(package_id: str) -> bool:
    """Tell whether everybody may have a dataset's metadata and files: whether RDF and search engines get it."""
    return source.is_public(package_id)


def satudata_structured_data(package: Mapping[str, Any]) -> Markup:
    """Return a public dataset as JSON-LD that can stand inside a script element."""
    return htmlsafe_json_dumps(schemaorg.document(package, source.site(package)), ensure_ascii=False)
