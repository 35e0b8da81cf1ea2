"""A dataset in the words of schema.org, which search engines for data read on its page. Pure.

After https://developers.google.com/search/docs/appearance/structured-data/dataset: what the page shows, under the same
addresses as in RDF.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ckanext.satudatapaser.outputs.rdf import agents, dataset, distribution, lists
from ckanext.satudatapaser.outputs.rdf.agents import Agent, Site
from ckanext.satudatapaser.outputs.rdf.terms import address, clean, day, moment
from ckanext.satudatapaser.record import areas
from ckanext.satudatapaser.record.fields import bounds, degrees

LONGEST = 5000
"""How long a description may be (Google); the whole one stands on the page."""
Thing = dict[str, Any]


def document(package: Mapping[str, Any], site: Site) -> Thing:
    """Return a dataset as package_show gives it to a visitor, as JSON-LD; what is missing is left out."""
    about, page = str(dataset.reference(package, site)), f"{site.url}/dataset/{package['name']}"
    agent = site.agents.get(str(package.get("owner_org") or ""))
    title = clean(package.get("title") or package["name"])
    return {
        "@context": "https://schema.org/",
        **_filled({
            "@type": "Dataset",
            "@id": about,
            "url": page,
            "identifier": package["id"],
            "name": title,
            "description": clean(package.get("notes"))[:LONGEST] or title,
            "keywords": [clean(tag.get("display_name") or tag["name"]) for tag in package.get("tags") or []],
            "license": _text(address(package.get("license_url"))),
            "isAccessibleForFree": True,
            "version": clean(package.get("version")),
            "datePublished": _text(day(package.get("issued"))),
            "dateModified": _text(moment(package.get("metadata_modified"))),
            "temporalCoverage": _period(package),
            "spatialCoverage": _place(package),
            "sameAs": _text(address(package.get("source_landing_page"))),
            "creator": _organization(agent, site) if agent else None,
            "publisher": _organization(site.publisher, site) if site.publisher else None,
            "includedInDataCatalog": _filled({"@type": "DataCatalog", "name": site.title, "url": f"{site.url}/"}),
            "distribution": [_file(about, file) for file in package.get("resources") or []],
        }),
    }  # fmt: skip


def _filled(thing: Mapping[str, Any]) -> Thing:
    return {key: value for key, value in thing.items() if value not in (None, "", [], {})}


def _text(value: object) -> str:
    return "" if value is None else str(value)


def _organization(agent: Agent, site: Site) -> Thing:
    mail = agents.mailbox(agent.email)
    return _filled({
        "@type": "Organization",
        "@id": str(agents.reference(agent, site)),
        "name": agent.title or agent.name,
        "url": _text(address(agent.website)) or f"{site.url}/organization/{agent.name}",
        "email": _text(mail).removeprefix("mailto:"),
    })  # fmt: skip


def _period(package: Mapping[str, Any]) -> str:
    """Return a period by ISO 8601; ".." stands for an open end."""
    start, end = day(package.get("temporal_start")), day(package.get("temporal_end"))
    return f"{start or '..'}/{end or '..'}" if start or end else ""


def _place(package: Mapping[str, Any]) -> Thing:
    codes = clean(package.get("kode_wilayah")).split(",")
    names = [area.name for code in codes if code and (area := areas.by_code(code))]
    box = bounds(clean(package.get("spatial")))
    if not names and not box:
        return {}
    return _filled({"@type": "Place", "name": ", ".join(names), "geo": _shape(*map(degrees, box)) if box else None})


def _shape(west: str, south: str, east: str, north: str) -> Thing:
    if (west, south) == (east, north):
        return {"@type": "GeoCoordinates", "latitude": south, "longitude": west}
    return {"@type": "GeoShape", "box": f"{south} {west} {north} {east}"}


def _file(about: str, file: Mapping[str, Any]) -> Thing:
    code, found = distribution.format_code(file), _text(address(file.get("url")))
    media = _text(lists.media_type(code)).removeprefix(f"{lists.MEDIA}/")
    service = code in lists.SERVICES
    return _filled({
        "@type": "DataDownload",
        "@id": f"{about}/resource/{file['id']}",
        "name": clean(file.get("name")),
        "description": clean(file.get("description")),
        "encodingFormat": media or code or clean(file.get("format")),
        "contentUrl": "" if service else found,
        "url": found if service else "",
    })  # fmt: skip
