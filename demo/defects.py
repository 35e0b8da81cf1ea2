"""Records that are wrong on purpose, each in one way that real portals have; served by the school portal."""

from __future__ import annotations

import dataclasses as dc

from demo.model import CSV, Dataset


def _defect(id: str, shown: str, /, **raw: object) -> Dataset:
    return Dataset(
        id, shown, f"Contoh catatan cacat: {id}.", ("pendidikan",), "unit", "Sekolah", (2025,), "kecamatan", 30, CSV,
        raw=raw,
    )  # fmt: skip


TWICE = _defect("cacat-pengenal-ganda", "Perpustakaan Sekolah 2025")

DEFECTS: tuple[Dataset, ...] = (
    _defect("cacat-tanpa-judul", "", title=None, distribution=[]),  # rejected: nothing to call it
    _defect("cacat-akses-aneh", "Data Sekolah Akses Aneh", accessLevel="tergantung pimpinan"),  # held
    TWICE,
    dc.replace(TWICE, title="Laboratorium Sekolah 2025"),  # rejected: identifier used twice
    _defect("cacat-penerbit", "Data Sekolah Penerbit Lain", publisher={"name": "Yayasan Tak Terpetakan"}),  # held
    _defect(  # repaired: relative address
        "cacat-alamat-relatif", "Kantin Sehat Sekolah 2025",
        distribution=[{"title": "Tabel", "downloadURL": "berkas/cacat-alamat-relatif/tabel.csv", "format": "csv "}],
    ),
    _defect("cacat-kata-kunci", "Beasiswa Daerah 2025", keyword=["SD & SMP, (negeri)", "a/b", "x" * 140]),  # repaired
    _defect(  # repaired: markup and script
        "cacat-html", "Kurikulum Muatan Lokal <b>2025</b>",
        description="<p>Daftar muatan lokal.</p><script>alert('x')</script><p>Menurut jenjang.</p>",
    ),
    _defect("cacat-null", "Kegiatan Pramuka 2025", distribution=None, keyword=None, contactPoint=None),  # repaired
    _defect("cacat-tanggal", "Penerimaan Siswa Baru 2025", issued="17 Agustus 2025", modified="kemarin"),  # repaired
    _defect("cacat-jadwal", "Kalender Pendidikan 2025", accrualPeriodicity="kalau sempat"),  # repaired
)  # fmt: skip
