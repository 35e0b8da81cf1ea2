"""The field mapping, what goes up, and the smallest change that makes the other side right."""

from pathlib import Path
from typing import Any

import pytest
from ckanext.satudatapaser.errors import ConfigError
from ckanext.satudatapaser.province import mapping
from ckanext.satudatapaser.province.compare import differences, held, patch
from ckanext.satudatapaser.province.eligible import Facts, reasons_to_stay
from ckanext.satudatapaser.province.payload import OUR_ID, body, payload
from hypothesis import given
from hypothesis import strategies as st

CONFIG = Path(__file__).parents[3] / "config" / "province"
FIELDS = mapping.load(CONFIG, "kaltim")
PACKAGE: dict[str, Any] = {
    "id": "d1", "title": "Jumlah Sekolah", "notes": "Keterangan", "license_id": "cc-by", "accessRights": "terbuka",
    "satuan": "unit", "kode_wilayah": ["64.01.04"], "tags": [{"name": "sekolah"}], "groups": [],
    "resources": [{"id": "r1", "url": "https://a.id/x.csv", "name": "Tabel", "format": "CSV"}],
}  # fmt: skip
words = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1, max_size=20)


@pytest.mark.parametrize(
    ("text", "line", "word"),
    [
        ("fields:\n  title: same\nbesar:\n  a: b\n", 3, "besar"),
        ("fields:\n  title: private\n", 2, "private"),
        ("fields:\n  title: same\n  title: judul\n", 3, "title"),
        ("fields:\n  title: same\nwithdraw: hapus\n", 3, "hapus"),
        ("fields: [title]\n", 1, "fields"),
        ("fields:\n  - {\n", 3, "YAML"),
    ],
)
def test_a_faulty_mapping_is_refused_with_line_and_reason(text: str, line: int, word: str) -> None:
    with pytest.raises(ConfigError) as error:
        mapping.parse(text, "kaltim.yaml")
    assert f"baris {line}" in error.value.message
    assert word in error.value.message


def test_files_of_a_limited_dataset_do_not_go_up() -> None:
    assert payload({**PACKAGE, "accessRights": "terbatas"}, FIELDS, "paser")["resources"] == []


def test_a_contact_that_is_a_person_does_not_go_up() -> None:
    unit = {"author": "Bidang Data", "author_email": "data@example.go.id"}
    person = {"maintainer": "Seseorang", "maintainer_email": "seseorang@gmail.example"}
    assert payload({**PACKAGE, **unit, **person}, FIELDS, "paser") == payload({**PACKAGE, **unit}, FIELDS, "paser")


def test_a_field_that_the_target_does_not_know_goes_into_extras_and_a_known_one_does_not() -> None:
    wanted = payload(PACKAGE, FIELDS, "paser")
    sent = body(wanted, frozenset({"satuan"}))
    assert sent["satuan"] == "unit"
    keys = {extra["key"] for extra in sent["extras"]}
    assert "satuan" not in keys
    assert "kode_wilayah" in keys
    assert sent["type"] == "dataset"


def remote_of(wanted: dict[str, Any]) -> dict[str, Any]:
    """Return what a stock CKAN shows after it was sent ``wanted``."""
    sent = body(wanted, frozenset())
    files = [{**file, "id": f"there-{n}", "package_id": "there"} for n, file in enumerate(sent["resources"])]
    organization = {"id": "o1", "name": sent["owner_org"]}
    return {**sent, "id": "there", "organization": organization, "owner_org": "o1", "resources": files}


@given(st.dictionaries(st.sampled_from(sorted(set(FIELDS.fields) - {"title"})), words), st.lists(words, max_size=3))
def test_what_was_sent_and_shown_again_differs_in_nothing(values: dict[str, str], tags: list[str]) -> None:
    package = {**PACKAGE, **values, "accessRights": "terbuka", "tags": [{"name": tag} for tag in set(tags)]}
    wanted = payload(package, FIELDS, "paser")
    assert differences(wanted, held(remote_of(wanted), wanted, [*FIELDS.fields.values(), OUR_ID])) == ()


def test_a_changed_title_is_the_only_thing_that_a_patch_sends() -> None:
    wanted = payload(PACKAGE, FIELDS, "paser")
    there = remote_of(wanted)
    changed = payload({**PACKAGE, "title": "Baru"}, FIELDS, "paser")
    different = differences(changed, held(there, changed, FIELDS.fields.values()))
    assert patch(changed, there, different, frozenset()) == {"id": "there", "title": "Baru"}


def test_files_keep_the_ids_that_they_have_there_and_the_targets_own_stay() -> None:
    wanted = payload(PACKAGE, FIELDS, "paser")
    there = remote_of(wanted)
    there["resources"].append({"id": "own", "url": "https://prov.id/extra.pdf"})
    renamed = {**PACKAGE, "resources": [{**PACKAGE["resources"][0], "name": "Nama baru"}]}
    change = patch(payload(renamed, FIELDS, "paser"), there, ("resources",), frozenset())
    assert [file["id"] for file in change["resources"]] == ["there-0", "own"]


def facts(**values: Any) -> Facts:
    base = {"id": "d", "name": "d", "state": "active", "private": False, "status": "published", "access": "terbuka",
            "organization": "disdik", "version": "1"}  # fmt: skip
    return Facts(**{**base, **values})


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"private": True}, "private"), ({"status": "submitted"}, "not-published"), ({"status": None}, "not-published"),
        ({"access": "terbatas"}, "access-terbatas"), ({"access": "tertutup"}, "access-tertutup"),
        ({"access": None}, "access-missing"), ({"state": "deleted"}, "deleted"),
        ({"organization": None}, "organization-unmapped"),
    ],
)  # fmt: skip
def test_a_dataset_that_stays_says_why(values: dict[str, Any], code: str) -> None:
    assert code in {issue.code for issue in reasons_to_stay(facts(**values), {"organization": "paser"})}


def test_an_open_published_dataset_goes() -> None:
    assert reasons_to_stay(facts(), {"organization": "paser"}) == ()


@pytest.mark.parametrize("allow", [True, False])
def test_a_closed_dataset_stays_whatever_the_settings(allow: bool) -> None:
    assert reasons_to_stay(facts(access="tertutup"), {"organization": "paser", "restricted_metadata": allow})
