"""Run the suite for one kind or all, say what fails, and write docs/conformance.md: bin/conformance [KIND …]."""

from __future__ import annotations

import argparse
import sys

from ckanext.satudatapaser.harvesters import load_kinds
from conformance.runner import cases, problems
from conformance.table import TARGET, page


def main() -> int:
    """Return 1 when a defect does not end as it must."""
    options = argparse.ArgumentParser(prog="bin/conformance", description=__doc__)
    options.add_argument("kinds", nargs="*", metavar="KIND", help="kinds to run; all of them when none is named")
    kinds = options.parse_args().kinds or sorted(load_kinds())
    failed = 0
    for kind in kinds:
        names = [defect.name for defect in cases(kind)]
        wrong = {name: found for name in names if (found := problems(kind, name))}
        failed += len(wrong)
        for name, found in wrong.items():
            print(f"{kind} {name}:", *found, sep="\n    ")
        print(f"{kind}: {len(names) - len(wrong)} of {len(names)} defects end as they must")
    if not failed and sorted(kinds) == sorted(load_kinds()):
        TARGET.write_text(page())
        print(f"written: {TARGET}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
