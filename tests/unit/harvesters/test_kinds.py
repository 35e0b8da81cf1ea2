"""The kinds against answers as real portals give them."""

import io
import json
import subprocess
import sys
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import pytest
from ckanext.satudatapaser.errors import ConfigError, RejectRecord, SourceError
from ckanext.satudatapaser.harvesters import ckan as ckan_kind
from ckanext.satudatapaser.harvesters import datajson, declared_settings, load_kinds
from ckanext.satudatapaser.harvesters._settings import parse
from ckanext.satudatapaser.net.jsonlist import JsonList
from hypothesis import given
from hypothesis import strategies as st

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=12), inner, max_size=3),
    max_leaves=10,
)
KEYS = ("title", "identifier", "publisher", "keyword", "distribution", "accessLevel", "contactPoint", "theme", "name",
        "id", "extras", "tags", "groups", "resources", "organization", "private", "state", "@id", "accessRights", "status",
        "spatial", "temporal", "dc", "form", "bbox", "resource-locator", "responsible-organisation", "access-constraints",
        "use-limitation", "dataset-reference-date", "guid")  # fmt: skip
raws = st.dictionaries(st.sampled_from(KEYS), json_values)


class Answers:
    """Stands for the network: answers in order."""

    def __init__(self, *answers: Any) -> None:
        self.answers, self.asked = list(answers), []

    def get_json(self, url: str, params: Mapping[str, str] | None = None, headers: Any = None) -> Any:
        self.asked.append((url, dict(params or {})))
        return self.answers.pop(0)

    @contextmanager
    def get_json_list(self, url: str, names: Collection[str]) -> Iterator[JsonList]:
        yield JsonList(io.BytesIO(json.dumps(self.get_json(url)).encode()), "application/json", names, ())

    def get_bytes(self, url: str, params: Any = None, headers: Any = None) -> bytes:
        raise AssertionError("no kind here reads bytes")


def result(count: Any, *records: Any) -> dict[str, Any]:
    return {"success": True, "result": {"count": count, "results": list(records)}}


@pytest.mark.parametrize("kind", sorted(load_kinds()))
@given(raw=raws)
def test_mapping_any_json_gives_a_record_or_a_rejection(kind: str, raw: dict[str, Any]) -> None:
    try:
        record = load_kinds()[kind].to_record(raw, {})
    except RejectRecord:
        return
    assert isinstance(record.title, str)
    assert all(isinstance(tag, str) for tag in record.tags)
    assert record.access in (None, "terbuka", "terbatas", "tertutup")


def test_datajson_reads_misspelt_keys_and_null_lists() -> None:
    raw = {"title": "Jalan", "accessLeval": "public", "keywords": "jalan, aspal", "contctPoint": {"fn": "DPUTR"},
           "distribution": None}  # fmt: skip
    record = datajson.to_record(raw, {})
    assert (record.access, record.tags, record.contact_name) == ("terbuka", ("jalan", "aspal"), "DPUTR")
    assert record.resources == ()


def test_the_stricter_of_two_stated_classes_counts() -> None:
    assert (
        datajson.to_record({"title": "x", "accessLevel": "public", "accessRights": "tertutup"}, {}).access == "tertutup"
    )


@pytest.mark.parametrize("answer", [{"pesan": "halo"}, {"dataset": "bukan daftar"}, 5, "x"])
def test_datajson_says_what_it_expected_and_what_came(answer: Any) -> None:
    with pytest.raises(SourceError) as error:
        list(datajson.pages("https://a.id/data.json", {}, Answers(answer)))
    assert error.value.code == "source-not-datajson"
    assert "https://a.id/data.json" in error.value.message


def test_ckan_reads_pages_until_the_stated_count() -> None:
    net = Answers(result(3, {"id": "a"}, {"id": "b"}), result(3, {"id": "c"}))
    pages = list(ckan_kind.pages("https://a.id/", {"rows": 2}, net))
    assert [record["id"] for page in pages for record in page.records] == ["a", "b", "c"]
    assert [params["start"] for _, params in net.asked] == ["0", "2"]


def test_ckan_refuses_a_listing_that_repeats_itself() -> None:
    net = Answers(result(4, {"id": "a"}, {"id": "b"}), result(4, {"id": "a"}, {"id": "b"}))
    with pytest.raises(SourceError) as error:
        list(ckan_kind.pages("https://a.id", {"rows": 2}, net))
    assert error.value.code == "source-loop"


def test_ckan_refuses_a_listing_that_ends_early() -> None:
    with pytest.raises(SourceError) as error:
        list(ckan_kind.pages("https://a.id", {}, Answers(result(9, {"id": "a"}), result(9))))
    assert error.value.code == "source-short"


@pytest.mark.parametrize("flag", [True, "true", "True"])
def test_private_records_of_a_ckan_stay_closed(flag: object) -> None:
    assert ckan_kind.to_record({"id": "a", "title": "x", "private": flag}, {}).access == "tertutup"


def test_extras_come_as_list_or_object() -> None:
    assert ckan_kind.extras([{"key": "satuan", "value": "orang"}]) == ckan_kind.extras({"satuan": "orang"})


@pytest.mark.parametrize("kind", sorted(load_kinds()))
def test_every_kind_names_itself_and_its_settings(kind: str) -> None:
    module = load_kinds()[kind]
    assert module.TITLE
    names = [setting.name for setting in declared_settings(module)]
    assert len(names) == len(set(names))
    assert all(setting.label and setting.help for setting in declared_settings(module))


@pytest.mark.parametrize(
    ("values", "code"),
    [({"besar": "1"}, "setting-unknown"), ({"grace_days": "tiga"}, "setting-invalid"),
     ({"review": "kadang"}, "setting-invalid"), ({"organization_map": "[1]"}, "setting-invalid")],
)  # fmt: skip
def test_a_wrong_setting_is_named(values: dict[str, str], code: str) -> None:
    with pytest.raises(ConfigError) as error:
        parse(values, declared_settings(load_kinds()["datajson"]))
    assert error.value.code == code
    assert next(iter(values)) in error.value.message


def test_a_kind_brings_only_its_own_libraries() -> None:
    program = (
        "import sys; from ckanext.satudatapaser.harvesters import load_kind; load_kind('datajson');"
        "print([name for name in ('rdflib', 'shapely', 'owslib') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
