"""The dataset schema through the API: values are always checked, completeness never."""

from __future__ import annotations

from typing import Any

import pytest
from ckan.plugins import toolkit as tk
from ckan.tests import factories, helpers

pytestmark = [pytest.mark.ckan, pytest.mark.usefixtures("rolled_back", "unindexed")]


def dataset(**values: Any) -> dict[str, Any]:
    """Make a dataset; in an organisation of its own unless ``owner_org`` is given."""
    return factories.Dataset(**{"owner_org": factories.Organization()["id"]} | values)


def as_site(action: str, **values: Any) -> Any:
    """Call an action as the site's own user."""
    return helpers.call_action(
        action, {"user": tk.get_action("get_site_user")({"ignore_auth": True})["name"]}, **values
    )


def refused(field: str, **values: Any) -> str:
    """Return the message with which ``field`` is refused."""
    with pytest.raises(tk.ValidationError) as error:
        dataset(**values)
    return str(error.value.error_dict[field][0])


def test_a_plain_dataset_as_ckan_makes_it_is_accepted() -> None:
    assert dataset()["type"] == "dataset"


@pytest.mark.parametrize(
    ("given", "code"), [("1 Tahun Sekali", "TAHUNAN"), ("triwulan", "TRIWULANAN"), ("R/P1D", "HARIAN")]
)
def test_spellings_of_a_schedule_become_its_code(given: str, code: str) -> None:
    assert dataset(accrualPeriodicity=given)["accrualPeriodicity"] == code


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("accrualPeriodicity", "kadang-kadang"),
        ("accessRights", "agak terbuka"),
        ("jenis", "campuran"),
        ("prioritas_tahun", "20225"),
        ("publisher_type", "desa"),
        ("kode_wilayah", "64.01.04,64.99"),
        ("issued", "31-02-2026"),
        ("spatial", '{"type": "Point", "coordinates": [200, 1]}'),
        ("source_landing_page", "javascript:alert(1)"),
    ],
)
def test_a_wrong_value_is_refused(field: str, value: str) -> None:
    assert len(refused(field, **{field: value})) > 20


def test_a_period_does_not_end_before_it_begins() -> None:
    message = refused("temporal_end", temporal_start="2026-02-01", temporal_end="2026-01-31")
    assert "2026-01-31" in message


def test_bps_codes_of_areas_are_kept_as_those_of_the_ministry() -> None:
    assert dataset(kode_wilayah="6401040, 64.01.01")["kode_wilayah"] == "64.01.04,64.01.01"


def test_a_field_of_another_kind_of_data_is_refused() -> None:
    assert "keuangan" in refused("kode_rekening", jenis="statistik", kode_rekening="5.1")


def test_an_id_of_the_data_list_is_unique_in_its_organisation() -> None:
    org = factories.Organization()
    dataset(owner_org=org["id"], id_dds="DD-1", name="first-of-two")
    assert "first-of-two" in refused("id_dds", owner_org=org["id"], id_dds="DD-1")
    assert dataset(owner_org=factories.Organization()["id"], id_dds="DD-1")["id_dds"] == "DD-1"


def test_a_closed_dataset_is_private_whatever_the_caller_says() -> None:
    org = factories.Organization()
    made = dataset(owner_org=org["id"], accessRights="tertutup", private=False)
    assert made["private"] is True
    as_site("package_patch", id=made["id"], private=False)
    assert helpers.call_action("package_show", id=made["id"])["private"] is True


def test_leaving_the_access_class_out_of_an_update_opens_nothing() -> None:
    org = factories.Organization()
    made = dataset(owner_org=org["id"], accessRights="tertutup")
    as_site("package_update", id=made["id"], name=made["name"], owner_org=org["id"], private=False)
    shown = helpers.call_action("package_show", id=made["id"])
    assert (shown["private"], shown["accessRights"]) == (True, "tertutup")


def test_the_review_state_cannot_be_set_through_ckans_own_actions() -> None:
    made = dataset(publishing_status="published")
    assert "publishing_status" not in made
    as_site("package_patch", id=made["id"], publishing_status="approved")
    assert not helpers.call_action("package_show", id=made["id"]).get("publishing_status")


def test_while_a_dump_is_loaded_only_an_administrator_may_state_it_and_only_of_a_new_dataset(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(tk.config, "ckanext.satudatapaser.restore", True)
    made = dataset(publishing_status="published")
    assert made["publishing_status"] == "published"
    as_site("package_patch", id=made["id"], publishing_status="approved")
    assert helpers.call_action("package_show", id=made["id"])["publishing_status"] == "published"
    editor = factories.User()["name"]
    organization = factories.Organization(users=[{"name": editor, "capacity": "editor"}])
    values = {"name": "dari-penyunting", "owner_org": organization["id"], "publishing_status": "published"}
    assert "publishing_status" not in tk.get_action("package_create")({"user": editor}, values)


def test_an_update_that_names_neither_name_nor_title_leaves_both() -> None:
    before = dataset(title="Judul")
    after = as_site("package_update", id=before["id"], owner_org=before["owner_org"], notes="Baru")
    assert (after["name"], after["title"], after["notes"]) == (before["name"], "Judul", "Baru")


def test_a_dataset_without_a_name_is_refused_and_one_without_a_title_gets_its_name() -> None:
    organization = factories.Organization()["id"]
    with pytest.raises(tk.ValidationError) as error:
        as_site("package_create", owner_org=organization)
    assert "name" in error.value.error_dict
    assert as_site("package_create", owner_org=organization, name="tanpa-judul")["title"] == "tanpa-judul"
