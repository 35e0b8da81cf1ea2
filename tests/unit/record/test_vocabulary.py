"""Controlled lists, areas and finders of personal data."""

import pytest
from ckanext.satudatapaser.record import areas, vocabulary
from ckanext.satudatapaser.record.privacy import findings, is_personal_mail
from hypothesis import given
from hypothesis import strategies as st

LISTS = ("frequency", "access", "format", "licence", "kind")


@pytest.mark.parametrize("name", LISTS)
def test_every_code_is_a_word_for_itself(name: str) -> None:
    for code in vocabulary.codes(name):
        assert vocabulary.canonical(name, code) == code


@pytest.mark.parametrize("name", LISTS)
@given(word=st.data())
def test_case_and_spaces_do_not_matter(name: str, word: st.DataObject) -> None:
    known = word.draw(st.sampled_from(sorted(vocabulary.words(name))))
    assert vocabulary.canonical(name, f"  {known.upper()} ") == vocabulary.canonical(name, known)


def test_one_word_may_not_lead_to_two_codes() -> None:
    with pytest.raises(ValueError, match="leads to"):
        vocabulary.parse("TAHUNAN: [yearly]\nBULANAN: [Yearly]")


@pytest.mark.parametrize(
    ("word", "code"),
    [("public", "terbuka"), ("non-public", "tertutup"), ("restricted public", "terbatas"), ("rahasia sekali", None)],
)
def test_access_classes_in_other_words(word: str, code: str | None) -> None:
    assert vocabulary.access(word) == code


def test_paser_has_its_areas() -> None:
    levels = [area.level for area in areas.areas()]
    assert {level: levels.count(level) for level in set(levels)} == {
        "kabupaten": 1, "kecamatan": 10, "desa": 139, "kelurahan": 5,
    }  # fmt: skip


def test_an_area_is_found_by_either_code_and_by_name() -> None:
    grogot = areas.by_name("Kec. TANAH GROGOT")
    assert grogot is not None
    assert areas.by_code(grogot.kemendagri) == areas.by_code(grogot.bps) == grogot
    assert areas.by_code(grogot.kemendagri.replace(".", "")) == grogot
    assert areas.by_code("99.99.99") is None


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Hubungi 0812-0000-0000", ("phone",)),
        ("surel orang@gmail.com", ("email",)),
        ("surel dinas@paserkab.go.id", ()),
        ("anggaran 6401010101900001,5", ()),
        ("Rp 1234567890123456", ()),
    ],
)
def test_personal_data_is_named_and_figures_are_not(text: str, found: tuple[str, ...]) -> None:
    assert findings(text) == found


@pytest.mark.parametrize(("address", "expected"), [
    ("orang@gmail.com", True), ("orang@Yahoo.co.id", True), ("orang@proton.me", True), ("orang@googlemail.com.", True),
    ("orang@mail.com", True), ("unit@mail.paserkab.go.id", False), ("unit@live.desa.id", False), ("unit@outlook.go.id", False),
    ("unit@paserkab.go.id", False), ("unit@gmail-paser.go.id", False), ("unit@me.paser.go.id", False), ("", False),
])  # fmt: skip
def test_an_address_at_a_provider_is_a_person_s_and_a_server_of_an_office_is_not(address: str, expected: bool) -> None:
    assert is_personal_mail(address) is expected
