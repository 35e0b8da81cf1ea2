"""What a target is asked about, and one thing that was found of it."""

from __future__ import annotations

import dataclasses as dc
from collections.abc import Mapping
from typing import Any

from ckanext.satudatapaser.province.mapping import FieldMapping
from ckanext.satudatapaser.province.payload import Payload
from ckanext.satudatapaser.province.remote import Remote


@dc.dataclass(frozen=True, slots=True)
class Question:
    """What a target is asked about; ``sample``: a dataset as it would go up, None when none is eligible."""

    remote: Remote
    mapping: FieldMapping
    settings: Mapping[str, Any]
    has_token: bool
    sample: Payload | None = None

    @property
    def organizations(self) -> tuple[str, ...]:
        """The target's organisations that the settings name."""
        mapping = self.settings.get("organization_map")
        names = mapping.values() if mapping is not None else [self.settings.get("organization") or ""]
        return tuple(sorted({str(name) for name in names if name}))


@dc.dataclass(frozen=True, slots=True)
class Finding:
    """``ok`` false means that a push would fail for this reason; ``note``: it would not, but people should know.

    ``value`` is what the finding is about, ``values`` are those of the error that it comes from (see SatuDataError), for
    whoever says it in another language.
    """

    ok: bool
    code: str
    message: str
    note: bool = False
    value: str = ""
    values: Mapping[str, Any] = dc.field(default_factory=dict)
