"""Every installed kind against every defect; the table of it is docs/conformance.md."""

from __future__ import annotations

import pytest
from ckanext.satudatapaser.harvesters import load_kinds
from conformance.defects import DEFECTS
from conformance.neutral import Fails
from conformance.runner import KINDS, cases, problems, spelling
from conformance.table import TARGET, page

FEWEST = 30
CASES = [
    (kind, defect.name) for kind in sorted(load_kinds()) if (KINDS / f"{kind}.py").exists() for defect in cases(kind)
]


@pytest.mark.parametrize(("kind", "defect"), CASES)
def test_a_defect_ends_as_it_must(kind: str, defect: str) -> None:
    assert problems(kind, defect) == ()


@pytest.mark.parametrize("kind", sorted(load_kinds()))
def test_every_installed_kind_has_its_conformance_module(kind: str) -> None:
    assert (KINDS / f"{kind}.py").exists(), (
        f"{kind} is installed; write tests/conformance/kinds/{kind}.py (see README.md)"
    )


@pytest.mark.parametrize("kind", sorted({kind for kind, _ in CASES}))
def test_no_kind_hides_behind_what_it_cannot_say(kind: str) -> None:
    """Too few cases, or none about access, means that a kind's module leaves out what its protocol has."""
    names = {name for case_kind, name in CASES if case_kind == kind}
    assert len(names) >= FEWEST
    assert {"empty-listing", "empty-body", "html-login-page", "server-error", "nothing-wrong"} <= names
    assert sum(isinstance(defect.expected, Fails) for defect in cases(kind)) >= 10
    unsaid = {"access", "title"} - spelling(kind).SAYS
    assert "title" not in unsaid
    assert not unsaid or spelling(kind).SETTINGS.get("default_access"), (
        f"{kind} states no class: its sources need a default"
    )


@pytest.mark.parametrize("kind", sorted({kind for kind, _ in CASES}))
def test_a_kind_says_only_what_defects_ask_for(kind: str) -> None:
    asked = {name for defect in DEFECTS for name in defect.needs}
    assert asked >= spelling(kind).SAYS


def test_the_table_in_the_docs_is_that_of_this_run() -> None:
    assert TARGET.read_text() == page(), "run bin/conformance"


def test_defects_are_told_apart_and_explained() -> None:
    names = [defect.name for defect in DEFECTS]
    assert len(names) == len(set(names)) >= 30
    assert all(defect.text.endswith(".") for defect in DEFECTS)


def test_every_defect_exists_in_some_kind() -> None:
    run = {name for _, name in CASES}
    assert {defect.name for defect in DEFECTS} <= run
