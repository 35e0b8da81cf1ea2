"""Whom to ask: a unit that can be reached, never a person."""

from __future__ import annotations

from typing import Any

import pytest
from ckanext.satudatapaser.record.contact import Contact, contact, persons, unit_mail, without_persons
from hypothesis import given
from hypothesis import strategies as st

AGENCY = Contact("Dinas Pendidikan", "disdik@example.go.id", "disdik")
WALIDATA = Contact("Diskominfo", "data@example.go.id", "diskominfo")
PERSON = "seseorang@gmail.example"
MAILS = st.sampled_from(["", None, "bidang@example.go.id", PERSON, "a@b.go.id; c@d.go.id", "bukan", f" {PERSON} "])
NAMES = st.sampled_from(["", None, "Bidang Data", "Budi", f"Budi <{PERSON}>"])
PACKAGES = st.fixed_dictionaries({}, optional={
    "maintainer": NAMES, "maintainer_email": MAILS, "author": NAMES, "author_email": MAILS, "title": st.just("Judul"),
})  # fmt: skip
OTHERS = st.lists(st.builds(Contact, st.sampled_from(["Dinas", "Diskominfo"]), MAILS.map(lambda mail: mail or "")))


@pytest.mark.parametrize(
    ("package", "expected"),
    [
        ({"maintainer": "Bidang A", "maintainer_email": "a@example.go.id", "author_email": "b@example.go.id"},
         Contact("Bidang A", "a@example.go.id", "disdik")),
        ({"maintainer_email": "a@example.go.id"}, Contact("Dinas Pendidikan", "a@example.go.id", "disdik")),
        ({"maintainer": "Budi", "maintainer_email": PERSON, "author": "Bidang B", "author_email": "b@example.go.id"},
         Contact("Bidang B", "b@example.go.id", "disdik")),
        ({"maintainer": "Budi", "maintainer_email": PERSON}, AGENCY),
        ({"maintainer": "Budi"}, AGENCY),
        ({"maintainer": f"Budi ({PERSON})", "maintainer_email": "a@example.go.id"},
         Contact("Dinas Pendidikan", "a@example.go.id", "disdik")),
    ],
)  # fmt: skip
def test_the_contact_comes_before_the_author_and_both_before_the_data_producer(
    package: dict[str, Any], expected: Contact
) -> None:
    assert contact(package, AGENCY, WALIDATA) == expected


def test_the_walidata_answers_where_the_data_producer_has_no_address() -> None:
    assert contact({}, Contact("Dinas", "", "dinas"), WALIDATA) == WALIDATA
    assert contact({}, Contact("Dinas", PERSON, "dinas"), WALIDATA) == WALIDATA


def test_where_nobody_has_an_address_the_data_producer_is_named() -> None:
    assert contact({"maintainer": "Budi"}, Contact("Dinas", PERSON, "dinas"), Contact("Diskominfo")) == Contact(
        "Dinas", "", "dinas"
    )
    assert contact({"maintainer": "Budi", "maintainer_email": PERSON}) is None


@given(PACKAGES, OTHERS)
def test_what_is_told_is_one_units_address_or_none(package: dict[str, Any], others: list[Contact]) -> None:
    found = contact(package, *others)
    if found is None:
        assert not others
        return
    assert found.name
    assert "@gmail" not in found.name + found.email
    assert found.email == unit_mail(found.email)
    known = {other.email for other in others} | {package.get("maintainer_email"), package.get("author_email")}
    assert found.email in known | {""}
    if not found.email:
        assert not any(unit_mail(mail) for mail in {other.email for other in others})


@given(PACKAGES)
def test_without_persons_a_dataset_keeps_its_units_and_all_else(package: dict[str, Any]) -> None:
    told = without_persons(package)
    for role in ("maintainer", "author"):
        name, mail = package.get(role) or "", (package.get(f"{role}_email") or "").strip()
        unit = mail == unit_mail(mail)
        assert (told.get(f"{role}_email") or "").strip() == (mail if unit else "")
        assert (told.get(role) or "") == (name if unit and "@" not in name else "")
    assert told.get("title") == package.get("title")
    assert "@gmail" not in str(told)
    assert persons(told) == ()
    assert set(persons(package)) == {key for key, value in package.items() if key not in told}
