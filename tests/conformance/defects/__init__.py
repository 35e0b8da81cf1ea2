"""All shared defects, one module a theme."""

from __future__ import annotations

from conformance.defects import access, files, identity, listing, shapes, values, wire

DEFECTS = (
    *wire.DEFECTS, *listing.DEFECTS, *identity.DEFECTS, *access.DEFECTS, *shapes.DEFECTS, *values.DEFECTS, *files.DEFECTS,
)  # fmt: skip
