"""Spatial extents as JSON says them, and boxes: GeoJSON in degrees, without a library for geometries."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from ckanext.satudatapaser.harvesters._read import text


def as_geojson(said: Any) -> str:
    """Return an extent as JSON catalogues write it: GeoJSON as text or as it is, or west, south, east, north.

    The name of a place is no extent; it is left out.
    """
    if isinstance(said, Mapping):
        return json.dumps(said)
    corners = (
        said if isinstance(said, list | tuple) else re.split(r"[,\s]+", said.strip()) if isinstance(said, str) else ()
    )
    if len(corners) == 4 and all(_is_number(corner) for corner in corners):
        return box(*corners)
    return said.strip() if isinstance(said, str) and said.lstrip().startswith("{") else ""


def _is_number(value: Any) -> bool:
    return bool(re.fullmatch(r"[+-]?\d{1,3}(\.\d{1,20})?", text(value), re.ASCII))


def box(west: Any, south: Any, east: Any, north: Any) -> str:
    """Return a bounding box in degrees as GeoJSON; as the source writes it when it is no four numbers."""
    said = [text(value) for value in (west, south, east, north)]
    try:
        w, s, e, n = (float(value.replace(",", ".")) for value in said)
    except ValueError:
        return " ".join(value for value in said if value)
    ring = [[w, s], [e, s], [e, n], [w, n], [w, s]]
    shape: dict[str, Any] = {"type": "Polygon", "coordinates": [ring]}
    if (w, s) == (e, n):
        shape = {"type": "Point", "coordinates": [w, s]}
    return json.dumps(shape)
