"""What is wrong with the listing as a whole. pages() never returns normally for one that is incomplete."""

from __future__ import annotations

from conformance.neutral import Defect, fails, needs, numbered, want

DEFECTS = (
    Defect("empty-listing", "A listing without records is complete, and empty.", (), items=()),
    Defect("one-record", "A listing of one good record.", (want(clean=True),)),
    Defect("many-records", "A listing over several pages comes whole.", (want(),) * 7, items=numbered(7)),
    Defect(
        "later-page-fails", "The third answer has status 500.", fails("source-status", "source-busy"),
        items=numbered(9), needs=needs("pages"), status=500, good_answers=2,
    ),
    Defect(
        "later-page-busy", "The third answer has status 503.", fails("source-busy"),
        items=numbered(9), needs=needs("pages"), status=503, good_answers=2,
    ),
    Defect(
        "same-page-again", "Every page is the first one.", fails("source-loop"),
        items=numbered(8), needs=needs("pages"), listing={"loops": True},
    ),
    Defect(
        "overlapping-pages", "A record stands on two pages: the listing moved while it was read, others may be skipped.",
        fails("source-changed", "source-loop", "source-short"), items=numbered(8), needs=needs("pages"),
        listing={"overlaps": True},
    ),
    Defect(
        "total-shrinks", "The total falls while pages are read, so that records may have been skipped.",
        fails("source-changed", "source-short"), items=numbered(8), needs=needs("pages", "total"),
        listing={"shrinks": True},
    ),
    Defect(
        "short-listing", "The source promises three records more than it gives.", fails("source-short"),
        items=numbered(5), needs=needs("total"), listing={"claims": 3},
    ),
    Defect(
        "nothing-of-many", "The source promises records and gives none.", fails("source-short"), items=(),
        needs=needs("total"), listing={"claims": 3},
    ),
    Defect(
        "pages-capped", "The source gives fewer records a page than asked: a short page is not the end.",
        (want(),) * 5, items=numbered(5), needs=needs("pages"), listing={"cap": 1},
    ),
)  # fmt: skip
