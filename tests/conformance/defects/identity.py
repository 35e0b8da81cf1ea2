"""What is wrong with how a source tells its records apart."""

from __future__ import annotations

import dataclasses as dc

from conformance.neutral import ABSENT, GOOD, Defect, Entry, entries, fails, needs, numbered, want

REISSUED = tuple(dc.replace(entry, identifier=f"baru-{n}") for n, entry in enumerate(numbered(12)))

DEFECTS = (
    Defect(
        "duplicate-ids", "Two records with one identifier: the first is kept, the other says why not.",
        (want(), want("rejected", "identifier-twice")), needs=needs("identifier"),
        items=(GOOD, Entry(title="Jumlah Guru")),
    ),
    Defect(
        "missing-ids", "Records without identifier are told apart by title and publisher.", (want(), want()),
        items=entries("identifier", ABSENT, ABSENT), needs=needs("identifier"),
    ),
    Defect(
        "empty-ids", "Empty and null identifiers are none.", (want(), want(), want()), needs=needs("identifier"),
        items=entries("identifier", "", None, "   "),
    ),
    Defect(
        "numeric-ids", "Identifiers that are numbers.", (want(identifier="17"), want(identifier="18")),
        items=entries("identifier", 17, 18), needs=needs("json", "identifier"),
    ),
    Defect(
        "huge-ids", "An identifier of 5,000 letters still is a key of the database's index.",
        (want(), want()), items=entries("identifier", "a" * 5000, "a" * 4999 + "b"), needs=needs("identifier"),
    ),
    Defect(
        "reissued-ids", "Every identifier is new while titles stay: the run stops before it writes.",
        fails("identity-changed"), before=numbered(12), items=REISSUED, needs=needs("identifier"),
    ),
    Defect(
        "modified-moves", "The source touches every record each night: nothing has changed.",
        (want("unchanged"), want("unchanged")), needs=needs("modified"),
        before=entries("modified", "2026-11-01", "2026-11-01"), items=entries("modified", "2026-11-02", "2026-11-03"),
    ),
    Defect(
        "order-moves", "Tags in another order: nothing has changed.", (want("unchanged"),), needs=needs("tags"),
        before=entries("tags", ("sekolah", "guru")), items=entries("tags", ("guru", "sekolah")),
    ),
)  # fmt: skip
