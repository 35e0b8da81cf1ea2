"""Files become tables; columns get types that lose nothing."""

import csv
import io

import pytest
from ckanext.satudatapaser.errors import RejectRecord
from ckanext.satudatapaser.tables.columns import type_of
from ckanext.satudatapaser.tables.read import names, read
from hypothesis import given
from hypothesis import strategies as st

letters = st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zl", "Zp"])
cells = st.text(letters, min_size=1, max_size=12).map(str.strip)
filled = cells.filter(bool)


@given(st.lists(st.lists(filled, min_size=3, max_size=3), min_size=1, max_size=8))
def test_a_csv_that_was_written_is_read_back(rows: list[list[str]]) -> None:
    target = io.StringIO()
    csv.writer(target).writerows([["kolom a", "kolom b", "kolom c"], *rows])
    table = read(b"\xef\xbb\xbf" + target.getvalue().encode(), "CSV")
    assert table.rows == rows


@given(st.lists(st.text(max_size=80), min_size=1, max_size=20))
def test_column_names_are_distinct_filled_and_short(header: list[str]) -> None:
    found = names(header)
    assert len({name.lower() for name in found}) == len(header)
    assert all(name and len(name) <= 70 and not name.startswith("_") for name in found)


def test_semicolons_and_old_encodings_are_understood() -> None:
    table = read("wilayah;jumlah\nKafé;3\n".encode("cp1252"), "CSV")
    assert table.rows == [["Kafé", "3"]]


@pytest.mark.parametrize(
    ("body", "kind", "code"),
    [(b"<!doctype html><p>Masuk", "CSV", "table-is-html"), (b"a,b\n", "CSV", "table-empty"),
     (b"bukan buku kerja", "XLSX", "table-unreadable")],
)  # fmt: skip
def test_what_is_no_table_is_refused_with_a_code(body: bytes, kind: str, code: str) -> None:
    with pytest.raises(RejectRecord) as error:
        read(body, kind)
    assert error.value.code == code


@pytest.mark.parametrize(
    ("name", "values", "kind"),
    [("jumlah", ["1", "", "30"], "int8"), ("luas", ["1.5", "2"], "numeric"), ("tanggal", ["2026-11-24"], "date"),
     ("kode_wilayah", ["640104"], "text"), ("npsn", ["10203"], "text"), ("jumlah", ["007"], "text"), ("x", [""], "text")],
)  # fmt: skip
def test_types_lose_nothing(name: str, values: list[str], kind: str) -> None:
    assert type_of(name, values) == kind
