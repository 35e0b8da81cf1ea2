"""Search that knows Indonesian: which fields a visitor's words are looked for in."""

from __future__ import annotations

from typing import Any

# CKAN's own fields, and their twins with Indonesian word stems (config/solr, bin/ops/solr_conf.py)
FIELDS = "name^4 title^4 title_id^4 tags^2 groups^2 text text_id"


def with_indonesian(parameters: dict[str, Any]) -> dict[str, Any]:
    """Return search parameters that look into the Indonesian fields too, unless the caller names fields of its own."""
    return {"qf": FIELDS, **parameters}
