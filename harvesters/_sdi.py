"""The keys of the national SDI schema that a source may carry beside its standard's own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ckanext.satudatapaser.harvesters._read import text

KEYS = (
    "accrualPeriodicity", "id_dds", "id_sds", "id_indikator_mms", "id_msind", "id_mskeg", "satuan", "ukuran", "konsep",
    "definisi", "klasifikasi", "jenis", "prioritas_tahun", "kriteria_prioritas", "indikator_prioritas", "publisher_type",
    "interpretasi", "metode_perhitungan", "rumus", "kodereferensi", "level_estimasi", "id_kegiatan_mms", "id_kegiatan",
    "judul_kegiatan", "tahun_kegiatan", "produsen_data_name", "produsen_data_province_code", "produsen_data_city_code",
    "submission_period", "kategori",
)  # fmt: skip


def sdi_fields(values: Mapping[str, Any]) -> dict[str, str]:
    """Return the SDI fields among ``values``, whatever the capitals of their keys."""
    known = {key.lower(): key for key in KEYS}
    found = {known[name.lower()]: text(value) for name, value in values.items() if str(name).lower() in known}
    return {key: value for key, value in found.items() if value}
