"""Extents as well-known text, as GeoJSON in degrees; the record's own rules say whether they make sense."""

from __future__ import annotations

import json
import re

import shapely
from shapely.geometry import mapping
from shapely.ops import transform

REFERENCE = re.compile(r"\s*(?:<(?P<crs>[^>]*)>|SRID=(?P<srid>\d+);)\s*", re.IGNORECASE)


def from_wkt(said: str) -> str:
    """Return well-known text (GeoSPARQL's wktLiteral) as GeoJSON; as the source writes it when it is none.

    Without a reference system longitude comes first (CRS84); EPSG:4326 by its address has latitude first, as GeoSPARQL says.
    """
    prefix = REFERENCE.match(said)
    try:
        shape = shapely.from_wkt(said[prefix.end() :] if prefix else said)
    except shapely.errors.ShapelyError:
        return said
    if prefix and (prefix["crs"] or "").endswith("/4326"):
        shape = transform(lambda x, y, *_: (y, x), shape)
    return json.dumps(mapping(shape))
