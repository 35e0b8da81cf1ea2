"""Links of records in library and geographic catalogues: which is a file or a service, which only a page."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlsplit

from ckanext.satudatapaser.harvesters._read import text
from ckanext.satudatapaser.record import vocabulary
from ckanext.satudatapaser.record.model import Resource

SERVICES = {"wms": "WMS", "wmts": "WMTS", "wfs": "WFS", "wcs": "WCS", "esri": "API", "tms": "TMS", "kml": "KML"}


def split(links: Iterable[Mapping[str, Any]]) -> tuple[str, tuple[Resource, ...]]:
    """Return the landing page among ``links`` ("" for none) and all others as resources.

    A link has ``url`` and may have ``protocol``, ``function``, ``name``, ``description``, ``format``. The first whose
    function is "information", or that is a plain web link without a file's ending, is the page.
    """
    page, files = "", []
    for link in links:
        url = text(link.get("url"))
        if not page and url.startswith("http") and _is_page(link, url):
            page = url
        else:
            files.append(_resource(link, url))
    return page, tuple(files)


def _resource(link: Mapping[str, Any], url: str) -> Resource:
    return Resource(
        url=url,
        name=text(link.get("name")),
        description=text(link.get("description")),
        format=service(text(link.get("protocol")), url) or text(link.get("format")),
    )


def service(protocol: str, url: str) -> str:
    """Return the format of a service (WMS, WFS …) by its protocol's name or by ``service=`` in its address; "" for none."""
    asked = re.search(r"(?i)[?&]service=(\w+)", url)
    said = re.findall(r"[a-z]+", protocol.lower())
    return next((SERVICES[word] for word in [*said, asked[1].lower() if asked else ""] if word in SERVICES), "")


def _is_page(link: Mapping[str, Any], url: str) -> bool:
    protocol = text(link.get("protocol"))
    if service(protocol, url) or is_file(url) or "download" in protocol.lower():
        return False
    function = text(link.get("function")).lower()
    return function == "information" or (not function and (not protocol or "link" in protocol.lower()))


def is_file(url: str) -> bool:
    """Tell whether an address ends as that of a data file does."""
    try:
        ending = posixpath.splitext(urlsplit(url).path)[1]
    except ValueError:
        return False
    return bool(ending) and vocabulary.file_format(ending) not in (None, "HTML")
