"""Access classes in every spelling. The source's default is the most dangerous one, terbuka, unless a case says otherwise."""

from __future__ import annotations

from conformance.neutral import ABSENT, Defect, entries, needs, want

OPEN = {"default_access": "terbuka"}
CLOSED_WORDS = (
    "private", "Private", "PRIVATE", " private ", "non-public", "Non-Public", "nonpublic", "non public", "non_public",
    "NON_PUBLIC", "tertutup", "Tertutup", "TERTUTUP.", "closed", "privat", "rahasia", "dikecualikan", "confidential",
    "http://publications.europa.eu/resource/authority/access-right/NON_PUBLIC",
)  # fmt: skip
LIMITED_WORDS = (
    "restricted", "Restricted", "restricted public", "restricted-public", "terbatas", "Terbatas ", "TERBATAS", "internal",
    "http://publications.europa.eu/resource/authority/access-right/RESTRICTED",
)  # fmt: skip
OPEN_WORDS = (
    "public",
    "Public",
    "publik",
    "terbuka",
    "Terbuka",
    "open",
    "umum",
    "http://publications.europa.eu/resource/authority/access-right/PUBLIC",
)
UNKNOWN_WORDS = (
    "entah",
    "tidak terbuka",
    "not public",
    "public?",
    "belum ditentukan",
    "publicly funded",
    "True",
    "1",
    "ya",
    "0",
    "-",
)
SET_FLAGS = (True, "true", "True", "TRUE", "1", 1, "ya", "yes", "private", "entah")
UNSET_FLAGS = (False, "false", "False", 0, "0", "tidak", "no", "", None)


def case(name: str, text: str, ends: str, words: tuple[object, ...], *also: str, issue: str = "") -> Defect:
    """Return a defect with one record for each of ``words``, all of which end the same way."""
    expected = (want(ends, issue) if issue else want(ends),) * len(words)
    return Defect(name, text, expected, entries("access", *words), needs("access", *also), OPEN)


DEFECTS = (
    case("access-closed-words", "Closed in every spelling stays closed.", "closed", CLOSED_WORDS),
    case("access-limited-words", "Restricted in every spelling shows metadata only.", "limited", LIMITED_WORDS),
    case("access-open-words", "Open in every spelling.", "public", OPEN_WORDS),
    case("access-unknown-words", "A word that nobody knows is held, whatever the default.", "held", UNKNOWN_WORDS,
         issue="access-unknown"),
    case("access-booleans", "true and numbers are no class: held.", "held", (True, False, 1, 0, 3.5), "json",
         issue="access-unknown"),
    case("access-lists", "Of several classes the strictest counts.", "closed",
         (["private"], ["public", "private"], ["terbuka", "TERTUTUP"], {"name": "private"}, [{"name": "private"}]), "json"),
    case("access-lists-unknown", "A known word beside an unknown one is held.", "held",
         (["public", "entah"], {"entah": "public"}, [["public"]], ["public", True]), "json", issue="access-unknown"),
    case("access-not-stated", "Nothing stated takes the source's default.", "public", (ABSENT, "", "  ", None)),
    Defect(
        "access-no-default", "Nothing stated and no default is held.", (want("held", "access-unknown"),) * 3,
        entries("access", ABSENT, "", None), needs("access"),
    ),
    Defect(
        "access-default-closed", "The default may close what states nothing, and nothing more.",
        (want("closed"), want("public")), entries("access", ABSENT, "public"), needs("access"),
        {"default_access": "tertutup"},
    ),
    Defect(
        "private-flag", "A private flag in any spelling closes the record, whatever its class says.",
        (want("closed"),) * len(SET_FLAGS), entries("private", *SET_FLAGS), needs("private"), OPEN,
    ),
    Defect(
        "private-flag-unset", "A private flag that is not set opens and closes nothing.",
        (want("public"),) * len(UNSET_FLAGS), entries("private", *UNSET_FLAGS), needs("private"), OPEN,
    ),
)  # fmt: skip
