"""Which datasets geographic catalogues may see, as it is at this moment, and each of them as an anonymous visitor sees it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import sqlalchemy as sa
from ckan import model
from ckan.plugins import toolkit as tk
from ckanext.satudatapaser.catalogue.portal import Portal
from ckanext.satudatapaser.catalogue.public import OPEN, rule
from ckanext.satudatapaser.csw import iso, store
from ckanext.satudatapaser.record.fields import bounds


def present(shared: Portal) -> dict[str, str]:
    """Return the published, open datasets with an extent: id -> stamp that changes with what their records say."""
    package, group = model.Package, model.Group
    query = (
        sa.select(package.id, package.metadata_modified, group.id, group.title)
        .outerjoin(group, group.id == package.owner_org)
        .where(*rule(), sa.func.coalesce(package.extras["spatial"].astext, "") != "")
    )
    around = f"{shared.url} {shared.distributor} {shared.email}"
    return {
        id: f"{modified.isoformat()} {title} {shared.mails.get(owner, '')} {around}"
        for id, modified, owner, title in model.Session.execute(query)
    }


def rows(shared: Portal) -> Callable[[str], store.Row | None]:
    """Return what makes the row of one dataset; None for one that no visitor may see, or whose extent says nothing."""

    def row(id: str) -> store.Row | None:
        try:
            package = tk.get_action("package_show")({"user": "", "auth_user_obj": None}, {"id": id})
        except (tk.NotAuthorized, tk.ObjectNotFound):
            return None
        return row_of(package, shared)

    return row


def row_of(package: Mapping[str, Any], shared: Portal) -> store.Row | None:
    """Return the row of a dataset as package_show gives it to a visitor."""
    box = bounds(package.get("spatial") or "")
    if box is None or package.get("accessRights") != OPEN or package.get("private"):
        return None
    xml = iso.document(package, box, shared).decode()
    words, owner, when = iso.keywords(package), iso.owner(package), dict(iso.dates(package))
    west, south, east, north = box
    return {
        "identifier": package["id"],
        "typename": "gmd:MD_Metadata",
        "schema": iso.GMD,
        "mdsource": "local",
        "insert_date": f"{package['metadata_modified'][:19]}Z",
        "xml": xml,
        "anytext": " ".join([package["title"], package.get("notes") or "", *words, owner]),
        "language": "ind",
        "title": package["title"],
        "abstract": package.get("notes") or package["title"],
        "keywords": ",".join(words),
        "keywordstype": "theme",
        "format": next((file["format"] for file in package.get("resources") or [] if file.get("format")), ""),
        "source": iso.page(package, shared),
        "date": when["revision"],
        "date_modified": when["revision"],
        "date_revision": when["revision"],
        "date_publication": when["publication"],
        "type": "dataset",
        "wkt_geometry": f"POLYGON(({west} {south}, {west} {north}, {east} {north}, {east} {south}, {west} {south}))",
        "crs": package.get("spatial-reference-system") or "EPSG:4326",
        "organization": owner,
        "creator": owner,
        "publisher": shared.distributor,
        "accessconstraints": package["accessRights"],
        "otherconstraints": package.get("license_title") or "",
        "lineage": package.get("lineage") or "",
        "time_begin": package.get("temporal_start") or "",
        "time_end": package.get("temporal_end") or "",
        "links": "^".join(_links(package, shared)),
    }


def _links(package: Mapping[str, Any], shared: Portal) -> list[str]:
    """Return links as pycsw keeps them: name, description, protocol, address."""
    found = [("", iso.LINK, iso.page(package, shared))]
    for file in package.get("resources") or []:
        form = str(file.get("format") or "")
        found.append(
            (str(file.get("name") or form), iso.PROTOCOLS.get(form.upper(), iso.DOWNLOAD), file.get("url") or "")
        )
    return [",".join(_plain(part) for part in (name, "", kind, url)) for name, kind, url in found if url]


def _plain(text: str) -> str:
    return text.replace(",", "%2C").replace("^", "%5E")
