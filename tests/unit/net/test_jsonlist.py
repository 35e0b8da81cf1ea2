"""A long list in a JSON file says the same, read piece by piece, as the whole file read at once."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from ckanext.satudatapaser.net import jsonlist
from ckanext.satudatapaser.net.faults import FaultError
from ckanext.satudatapaser.net.jsonlist import JsonList
from hypothesis import given
from hypothesis import strategies as st

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
NAMES = ("dataset", "datasets")


@pytest.fixture(autouse=True)
def _small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jsonlist, "PIECE", 5)


def read(body: bytes, content_type: str = "application/json") -> tuple[bool, list[Any]]:
    found = JsonList(io.BytesIO(body), content_type, NAMES, (), size=2)
    items = [item for batch in found for item in batch]
    assert found.count == len(items)
    return found.found, items


@given(items=st.lists(values, max_size=6), before=values, after=values, indent=st.sampled_from([None, 1]))
def test_items_are_those_of_the_whole_document(items: list[Any], before: Any, after: Any, indent: int | None) -> None:
    document = {"conformsTo": before, "dataset": items, "more": after}
    for whole in (document, items):
        assert read(json.dumps(whole, indent=indent).encode()) == (True, items)
        assert read(json.dumps(whole, ensure_ascii=False, indent=indent).encode("utf-8", "surrogatepass"))[0]


@given(document=values)
def test_any_other_document_has_no_list(document: Any) -> None:
    if not isinstance(document, list):
        assert read(json.dumps({"pesan": document}).encode()) == (False, [])


@given(items=st.lists(values, min_size=1, max_size=4), data=st.data())
def test_a_document_cut_anywhere_is_refused_before_its_first_item(items: list[Any], data: st.DataObject) -> None:
    body = json.dumps({"dataset": items}).encode()
    cut = data.draw(st.integers(0, len(body) - 1))
    with pytest.raises(FaultError) as refused:
        read(body[:cut])
    assert refused.value.fault.code in ("source-invalid-json", "source-no-body")


@pytest.mark.parametrize(
    ("body", "items"),
    [
        (b'\xef\xbb\xbf{"dataset": [1]}', [1]),
        ('{"dataset": ["é"]}'.encode("cp1252"), ["é"]),
        ('{"dataset": ["é"]}'.encode("utf-16"), ["é"]),
        (b'{"dataset": ["a\x01b\tc"]}', ["a\x01b\tc"]),
        (b'{"dataset": null, "x": 1}', []),
        (b'{"datasets": [12345678901234567890, 2]}', [12345678901234567890, 2]),
    ],
    ids=["byte order mark", "cp1252", "utf-16", "control characters", "null", "other key"],
)
def test_what_real_files_hold_is_read(body: bytes, items: list[Any]) -> None:
    assert read(body) == (True, items)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"<html>Masuk</html>", "source-not-json"),
        (b'{"dataset": [1,]}', "source-invalid-json"),
        (b'{"dataset": [1]} lagi', "source-invalid-json"),
        (b'{"dataset": [1], }', "source-invalid-json"),
        (b'{1: [1]}', "source-invalid-json"),
        (b'{"dataset": [' + b"[" * 100_000 + b"]}", "source-invalid-json"),
        (b"  ", "source-no-body"),
    ],
    ids=["web page", "comma too many", "something behind", "comma at the end", "number as key", "too deep", "nothing"],
)  # fmt: skip
def test_what_is_no_json_is_refused_with_the_words_for_it(body: bytes, code: str) -> None:
    with pytest.raises(FaultError) as refused:
        read(body)
    assert refused.value.fault.code == code
