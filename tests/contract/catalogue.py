"""The synthetic catalogue that others harvest: what is public in many shapes, and what must not be seen with marker words."""

from __future__ import annotations

import json
from typing import Any

from ckan import model
from ckan.lib import search
from ckan.plugins import toolkit as tk
from ckan.tests import factories
from paser import as_admin

LIMITED, CLOSED = "qxberkasrahasia", "qxtertutuprahasia"
"""In addresses of terbatas files; in everything that is tertutup, not published or deleted."""
HALF = "Keterbatasan air bersih"
"""The title of the terbatas dataset, which the portal's pages and its API show, and no output for other catalogues."""
POLYGON = json.dumps({"type": "Polygon", "coordinates": [
    [[115.5, -2.0], [116.5, -2.0], [116.5, -1.0], [115.5, -1.0], [115.5, -2.0]]]})  # fmt: skip
LINE = json.dumps({"type": "LineString", "coordinates": [[115.9, -1.9], [116.1, -1.5], [116.4, -1.2]]})
LONG = "Jumlah anak di kelas menurut kecamatan, dihitung setiap bulan Oktober.\n" * 150 + "Selesai."
MARKUP = (
    "Keterangan **tebal** dan [tautan](https://bps.example.go.id/?a=1&b=2).\n\n- butir < 5 %\n- butir \"dua\" & 'tiga'\n\n"
    "<p>Paragraf <em>miring</em>.</p>\n\nÀ é – 日本 🌏"
)
FILE = {
    "url": "https://disdik.example.go.id/sekolah.csv",
    "name": "Tabel",
    "format": "CSV",
    "description": "Satu baris.",
}


class Catalogue:
    """An agency, a topic and their datasets by name."""

    def __init__(self) -> None:
        self.organization = factories.Organization(name="disdik", title="Dinas Pendidikan")
        factories.Group(name="pendidikan", title="Pendidikan")
        self.packages: dict[str, dict[str, Any]] = {}
        self._public()
        self._hidden()
        search.commit()

    def make(self, name: str, **values: Any) -> dict[str, Any]:
        """Make one published, open dataset with a file, unless ``values`` say otherwise."""
        base = {
            "name": name, "title": f"Jumlah {name}", "notes": "Keterangan.", "owner_org": self.organization["id"],
            "license_id": "cc-by", "accessRights": "terbuka", "publishing_status": "published", "jenis": "statistik",
            "accrualPeriodicity": "TAHUNAN", "tags": [{"name": "sekolah"}], "maintainer": "Dinas Pendidikan",
            "maintainer_email": "data@disdik.example.go.id", "issued": "2026-01-15", "resources": [dict(FILE)],
        }  # fmt: skip
        self.packages[name] = tk.get_action("package_create")(as_admin(), {**base, **values})
        return self.packages[name]

    def _public(self) -> None:
        self.make("sekolah", satuan="unit", konsep="Pendidikan dasar", groups=[{"name": "pendidikan"}],
                  temporal_start="2024-01-01", temporal_end="2024-12-31", kode_wilayah="64.01.04")  # fmt: skip
        self.make("berhias", title='Guru & murid <"berprestasi">, 5 % lebih', notes=MARKUP,
                  tags=[{"name": "guru honorer"}, {"name": "5.1-angka_2"}, {"name": "Ke-Tiga"}])  # fmt: skip
        self.make("panjang", notes=LONG, title="Panjang " + "sangat " * 50 + "panjang")
        self.make("kembar-1", title="Judul kembar 1")
        self.make("kembar-2", title="Judul kembar 2")
        self.make("tanpa-berkas", resources=[])
        self.make("anggaran", jenis="keuangan", tahun_anggaran="2026", sumber_dana="APBD")
        self.make("tambahan", extras=[{"key": "nomor_surat", "value": "12/2026"}])
        for name, extent in (("jalan", LINE), ("wilayah", POLYGON), ("sungai", LINE), ("batas", POLYGON)):
            self.make(
                name, jenis="geospasial", spatial=extent, lineage="Survei lapangan.", accrualPeriodicity="BULANAN",
                resources=[dict(FILE), {"url": "https://pu.example.go.id/wms", "name": name, "format": "WMS"}],
                **{"spatial-reference-system": "EPSG:4326"},
            )  # fmt: skip

    def _hidden(self) -> None:
        files = [{**FILE, "url": f"https://disdik.example.go.id/{LIMITED}.csv"}]
        self.make("terbatas", title=HALF, accessRights="terbatas", resources=files, spatial=POLYGON)
        for name, values in {
            "tertutup": {"accessRights": "tertutup"},
            "antre": {"publishing_status": "submitted", "private": True},
            "ditarik": {"publishing_status": "withdrawn", "private": True},
            "dihapus": {"state": "deleted"},
        }.items():
            files = [{**FILE, "url": f"https://x.example.go.id/{CLOSED}.csv"}]
            self.make(name, title=f"Judul {name} {CLOSED}", notes=CLOSED, tags=[{"name": CLOSED}], spatial=POLYGON,
                      maintainer=CLOSED, resources=files, **values)  # fmt: skip

    def public(self, spatial: bool = False) -> dict[str, dict[str, Any]]:
        """Return what is open and published, by title; ``spatial``: only what has an extent."""
        hidden = ("terbatas", "tertutup", "antre", "ditarik", "dihapus")
        found = {name: package for name, package in self.packages.items() if name not in hidden}
        return {p["title"]: p for p in found.values() if not spatial or p.get("spatial")}

    def change(self, name: str, **values: Any) -> None:
        """Change a dataset, as its steward would."""
        self.packages[name] = tk.get_action("package_patch")(as_admin(), {"id": name, **values})
        model.Session.remove()
        search.commit()

    def close(self, name: str) -> None:
        """Make a dataset tertutup."""
        self.change(name, accessRights="tertutup")
        del self.packages[name]

    def delete(self, name: str) -> None:
        """Delete a dataset."""
        tk.get_action("package_delete")(as_admin(), {"id": name})
        del self.packages[name]
        search.commit()
