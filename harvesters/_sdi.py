"""The keys of the national SDI schema that a source may carry beside its standard's own."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from typing import Any

from ckanext.satudatapaser.harvesters._geojson import as_geojson
from ckanext.satudatapaser.harvesters._read import text
from ckanext.satudatapaser.record.fields import OWN, rules

NOT_READ = frozenset({"author", "author_email", "version", "url"})
"""CKAN's own fields that the schema lists: persons, and what is said of the source's copy rather than of the data."""


@functools.cache
def keys() -> Mapping[str, str]:
    """Return every key of our schema that is the source's to set, by its small letters."""
    return {key.lower(): key for key in rules() if key not in OWN | NOT_READ}


def sdi_fields(values: Mapping[str, Any]) -> dict[str, str]:
    """Return the SDI fields among ``values``, whatever the capitals of their keys."""
    named = {keys()[name.lower()]: value for name, value in values.items() if str(name).lower() in keys()}
    found = {key: as_geojson(value) if key == "spatial" else text(value) for key, value in named.items()}
    return {key: value for key, value in found.items() if value}
