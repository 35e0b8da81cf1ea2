"""docs/conformance.md: every defect, what must come of it, and how each kind does."""

from __future__ import annotations

from pathlib import Path

from ckanext.satudatapaser.harvesters import load_kinds
from conformance.defects import DEFECTS
from conformance.neutral import Defect, Fails
from conformance.runner import cases, problems, spelling

TARGET = Path(__file__).parents[2] / "docs" / "conformance.md"
HEAD = """<!-- Written by bin/conformance from a run; change the code, then run it again. -->

# Conformance of the kinds of source

Every installed kind runs against the same hostile sources; [write-a-harvester.md](write-a-harvester.md) says how a new one joins.
*yes*: it ends as it must; **no**: it does not; *–*: the protocol cannot say this. A listing that must *stop* never passes as
complete: pages() raises one of the named errors, nothing is written and nothing is taken for missing.

"""


def ends(defect: Defect) -> str:
    """Return what must come of a defect, in words."""
    if isinstance(defect.expected, Fails):
        return str(defect.expected)
    wanted = [str(want) for want in defect.expected]
    return ", ".join(f"{wanted.count(word)} × {word}" for word in dict.fromkeys(wanted)) or "no records, complete"


def rows(defects: tuple[Defect, ...], kinds: list[str]) -> list[str]:
    """Return the lines of a Markdown table."""
    lines = [f"| defect | what is wrong | what must come | {' | '.join(kinds)} |", "|" + " --- |" * (len(kinds) + 3)]
    for defect in defects:
        cells = [_cell(kind, defect) for kind in kinds]
        lines.append(f"| `{defect.name}` | {defect.text} | {ends(defect)} | {' | '.join(cells)} |".replace("<", "&lt;"))
    return lines


def _cell(kind: str, defect: Defect) -> str:
    if defect not in cases(kind):
        return "–"
    return "**no**" if problems(kind, defect.name) else "yes"


def page() -> str:
    """Return the whole page."""
    kinds = sorted(load_kinds())
    parts = [HEAD + "\n".join(rows(DEFECTS, kinds))]
    parts += [f"## Only {kind}\n\n" + "\n".join(rows(tuple(spelling(kind).DEFECTS), [kind]))
              for kind in kinds if spelling(kind).DEFECTS]  # fmt: skip
    return "\n\n".join(parts) + "\n"
