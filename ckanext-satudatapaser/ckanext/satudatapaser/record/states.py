"""States of a dataset between steward and public, and the moves that are allowed.

Kept in ``publishing_status``. After Perpres 39/2019: the producer hands over, the walidata checks, returns or publishes.
"""

from __future__ import annotations

MOVES: dict[str, frozenset[str]] = {
    "draft": frozenset({"submitted", "archived"}),
    "submitted": frozenset({"in_check", "approved", "returned", "published", "draft", "archived"}),
    "in_check": frozenset({"approved", "returned", "published", "submitted"}),
    "returned": frozenset({"draft", "submitted", "archived"}),
    "approved": frozenset({"published", "returned", "archived"}),
    "published": frozenset({"withdrawn", "archived", "submitted"}),
    "withdrawn": frozenset({"submitted", "published", "archived"}),
    "archived": frozenset({"submitted", "published"}),
}
STATES = tuple(MOVES)
PUBLIC = "published"


def may_move(old: str, new: str) -> bool:
    """Tell whether a dataset may go from ``old`` to ``new``."""
    return new in MOVES.get(old, frozenset())
