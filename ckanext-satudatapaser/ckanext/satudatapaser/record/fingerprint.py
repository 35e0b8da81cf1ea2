"""When two records say the same: a canonical form and its hash.

What moves by itself (the source's own modified stamp, ids of files, findings, repairs) is left out, so that a source that
touches every record each night does not make us write each night.
"""

from __future__ import annotations

import dataclasses as dc
import hashlib
import json
from typing import Any

from ckanext.satudatapaser.record.model import Record

VOLATILE = frozenset({"issues", "modified", "access_stated", "identifier"})


def canonical(record: Record) -> dict[str, Any]:
    """Return what counts of ``record`` as plain data: tags and files in a fixed order, no empty values."""
    data = {key: value for key, value in dc.asdict(record).items() if key not in VOLATILE}
    data["tags"] = sorted(record.tags)
    data["groups"] = sorted(record.groups)
    data["resources"] = [
        {key: value for key, value in dc.asdict(resource).items() if value and key != "source_id"}
        for resource in record.resources
    ]
    data["sdi"] = {key: value for key, value in sorted(record.sdi.items()) if value}
    return {key: value for key, value in data.items() if value}


def fingerprint(record: Record, *decisions: str) -> str:
    """Return the hash of ``record`` and of the ``decisions`` that shape what we write (organisation, status)."""
    text = json.dumps([canonical(record), decisions], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()
