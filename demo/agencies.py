"""What each agency has. Titles are written as agencies write them; figures are made up in files.py."""

from __future__ import annotations

from collections.abc import Iterator

from demo.defects import DEFECTS
from demo.model import BOTH, CSV, MAP, MONTHS, Agency, Dataset, districts

CALLS = ("Kebakaran", "Kecelakaan lalu lintas", "Gawat darurat medis", "Gangguan ketertiban", "Hewan liar", "Banjir")
SCHOOLS = ("PAUD", "TK", "SD", "SMP", "MI", "MTs")
SCHOOL_COUNTS = (
    ("sekolah", "unit", 40), ("guru", "orang", 400), ("siswa", "orang", 6000), ("ruang kelas", "ruang", 300),
    ("rombongan belajar", "rombel", 280),
)  # fmt: skip
SIGHTS = (
    "Museum Sadurengas", "Pantai Pasir Mayang", "Air Terjun Doyam Turu", "Gunung Embun", "Gua Tengkorak",
    "Telaga Ungu", "Taman Kandilo", "Hutan Wisata Rantau Layung",
)  # fmt: skip
HEALTH = (
    ("Kunjungan Puskesmas", "kunjungan", 30000), ("Cakupan Imunisasi Dasar Lengkap", "persen", 100),
    ("Jumlah Posyandu Aktif", "unit", 60), ("Jumlah Tenaga Kesehatan", "orang", 220),
    ("Persalinan Ditolong Tenaga Kesehatan", "persalinan", 900), ("Prevalensi Stunting Balita", "persen", 30),
    ("Jumlah Kasus Demam Berdarah", "kasus", 120), ("Jumlah Kasus Diare", "kasus", 600),
    ("Rumah Tangga Ber-PHBS", "persen", 100), ("Akses Air Minum Layak", "persen", 100),
    ("Ketersediaan Obat Esensial", "persen", 100), ("Kunjungan Ibu Hamil K4", "kunjungan", 1200),
)  # fmt: skip
SPELLINGS = ("Tahunan", "1 Tahun Sekali", "R/P1Y", "Setiap Tahun", "annual")


def call_centre() -> Iterator[Dataset]:
    """112: calls by kind, a dataset a month, and by district a year."""
    for year in range(2023, 2027):
        last = 10 if year == 2026 else 12
        for number, month in enumerate(MONTHS[:last], 1):
            yield Dataset(
                f"112-{year}-{number:02}", f"Panggilan Layanan Darurat 112 menurut Jenis Kejadian, {month} {year}",
                "Jumlah panggilan yang masuk ke pusat panggilan 112 Kabupaten Paser menurut jenis kejadian.",
                ("112", "darurat", "panggilan"), "panggilan", "Panggilan darurat", (year,), CALLS, 240, CSV,
                frequency="Bulanan", theme="Ketertiban Umum dan Keselamatan", issued=f"{year}-{number:02}-28",
            )  # fmt: skip
        yield Dataset(
            f"112-kecamatan-{year}", f"Panggilan Layanan Darurat 112 menurut Kecamatan Tahun {year}",
            "Jumlah panggilan darurat yang ditindaklanjuti, menurut kecamatan tempat kejadian.",
            ("112", "darurat", "kecamatan"), "panggilan", "Panggilan darurat", (year,), "kecamatan", 900, BOTH,
            theme="Ketertiban Umum dan Keselamatan",
        )  # fmt: skip
    yield Dataset(
        "112-jadwal", "Jadwal Piket Operator 112 (internal)", "Jadwal piket untuk keperluan internal.", ("112", "piket"),
        "operator", "Piket", (2026,), MONTHS, 12, CSV, access="tertutup", kind="lainnya",
    )  # fmt: skip


def roads() -> Iterator[Dataset]:
    """DPUTR: inventory of roads and bridges, by district."""
    for code, name in districts():
        mark = code.replace(".", "")
        for year in (2024, 2025):
            yield Dataset(
                f"jalan-kondisi-{mark}-{year}", f"Kondisi Jalan Kabupaten di Kecamatan {name} Tahun {year}",
                f"Panjang jalan kabupaten di Kecamatan {name} menurut kondisi permukaan.",
                ("jalan", "infrastruktur", name), "km", "Kondisi jalan", (year,),
                ("Baik", "Sedang", "Rusak ringan", "Rusak berat"), 90, BOTH, theme="Pembangunan Daerah",
            )  # fmt: skip
        yield Dataset(
            f"jalan-peta-{mark}", f"Peta Ruas Jalan Kabupaten di Kecamatan {name}",
            f"Ruas jalan kabupaten di Kecamatan {name}; geometri disederhanakan.", ("jalan", "peta", name), "ruas",
            "Ruas jalan", (2025,), "kecamatan", 40, MAP, kind="geospasial", theme="Pembangunan Daerah",
        )  # fmt: skip
        yield Dataset(
            f"jembatan-{mark}", f"Inventaris Jembatan di Kecamatan {name}",
            f"Jumlah jembatan di Kecamatan {name} menurut jenis bangunan atas.", ("jembatan", "infrastruktur", name),
            "unit", "Jembatan", (2025,), ("Beton", "Rangka baja", "Kayu", "Gantung"), 25, CSV,
            theme="Pembangunan Daerah",
        )  # fmt: skip
        yield Dataset(
            f"jembatan-gambar-{mark}", f"Gambar Teknis Jembatan Kecamatan {name} (internal)",
            "Daftar gambar teknis; hanya untuk pemegang izin.", ("jembatan", "gambar teknis"), "lembar",
            "Gambar teknis", (2025,), ("Denah", "Potongan", "Fondasi"), 30, CSV, access="terbatas", kind="lainnya",
            theme="Pembangunan Daerah",
        )  # fmt: skip


def families() -> Iterator[Dataset]:
    """Dinsos: families in the PKH programme, counts by district only."""
    for year in range(2020, 2027):
        for stage in range(1, 5 if year < 2026 else 4):
            yield Dataset(
                f"pkh-{year}-{stage}", f"Keluarga Penerima Manfaat PKH per Kecamatan, Tahap {stage} Tahun {year}",
                "Jumlah keluarga penerima manfaat Program Keluarga Harapan menurut kecamatan. Memuat jumlah saja.",
                ("pkh", "bantuan sosial", "kemiskinan"), "keluarga", "Keluarga penerima manfaat", (year,), "kecamatan",
                1400, CSV, frequency="Triwulanan", theme="Perlindungan Sosial dan Kesehatan",
            )  # fmt: skip
        yield Dataset(
            f"dtks-{year}", f"Rumah Tangga dalam Data Terpadu Kesejahteraan Sosial Tahun {year}",
            "Jumlah rumah tangga menurut kelompok kesejahteraan, sebagai dasar penanggulangan kemiskinan.",
            ("kemiskinan", "kesejahteraan sosial"), "rumah tangga", "Kesejahteraan sosial", (year,),
            ("Desil 1", "Desil 2", "Desil 3", "Desil 4"), 9000, BOTH, frequency="Semesteran",
            theme="Perlindungan Sosial dan Kesehatan",
        )  # fmt: skip
        yield Dataset(
            f"verifikasi-{year}", f"Kertas Kerja Verifikasi Bantuan Sosial {year} (internal)",
            "Bahan kerja petugas, tidak untuk umum.", ("verifikasi",), "berkas", "Verifikasi", (year,), "kecamatan", 90,
            CSV, access="tertutup", kind="lainnya",
        )  # fmt: skip


def tourism() -> Iterator[Dataset]:
    """Disporapar: visitors of sights."""
    for sight in SIGHTS:
        for year in range(2020, 2026):
            yield Dataset(
                f"wisata-{sight.lower().replace(' ', '-')}-{year}", f"Pengunjung {sight} Tahun {year}",
                f"Jumlah pengunjung {sight} tiap bulan.", ("pariwisata", "wisatawan", sight), "orang",
                "Wisatawan", (year,), "bulan", 5200, CSV, theme="Ekonomi dan Industri",
            )  # fmt: skip
    yield Dataset(
        "wisata-lokasi", "Lokasi Objek Wisata Kabupaten Paser", "Titik lokasi objek wisata.", ("pariwisata", "peta"),
        "lokasi", "Objek wisata", (2025,), "kecamatan", 5, MAP, kind="geospasial", theme="Ekonomi dan Industri",
    )  # fmt: skip


def schools() -> Iterator[Dataset]:
    """Disdik: counts of schools, teachers, pupils … by level, year and district."""
    for year in range(2021, 2026):
        for level in SCHOOLS:
            for what, unit, top in SCHOOL_COUNTS:
                yield Dataset(
                    f"sekolah-{level.lower()}-{what.replace(' ', '-')}-{year}",
                    f"Jumlah {what.title()} {level} per Kecamatan Tahun Ajaran {year}/{year + 1}",
                    f"Jumlah {what} pada jenjang {level} di Kabupaten Paser menurut kecamatan, keadaan awal tahun ajaran.",
                    ("pendidikan", level, what), unit, what.capitalize(), (year,), "kecamatan", top, CSV,
                    frequency=SPELLINGS[year % len(SPELLINGS)], theme="Pendidikan dan Tenaga Kerja",
                )  # fmt: skip
    for level in SCHOOLS:
        yield Dataset(
            f"sarpras-{level.lower()}", f"Usulan Perbaikan Sarana {level} (internal)",
            "Usulan yang masih dibahas; berkas hanya bagi yang berwenang.", ("sarana", level), "usulan", "Usulan",
            (2026,), "kecamatan", 40, CSV, access="terbatas", kind="lainnya",
        )  # fmt: skip
    yield from DEFECTS


def health() -> Iterator[Dataset]:
    """Dinkes: health figures by district, on a CKAN whose dataset types are not ours."""
    for title, unit, top in HEALTH:
        for year in range(2020, 2026):
            yield Dataset(
                f"{title.lower().replace(' ', '-')}-{year}", f"{title} menurut Kecamatan Tahun {year}",
                f"{title} di wilayah kerja puskesmas, menurut kecamatan.", ("kesehatan", "puskesmas"), unit, title,
                (year,), "kecamatan", top, BOTH if year == 2025 else CSV, theme="Perlindungan Sosial dan Kesehatan",
                kind="geospasial" if "Akses" in title else "statistik",
            )  # fmt: skip
    for year in range(2022, 2026):
        yield Dataset(
            f"laporan-kasus-{year}", f"Laporan Kasus Rinci Surveilans {year} (internal)", "Untuk petugas surveilans.",
            ("surveilans",), "laporan", "Surveilans", (year,), "kecamatan", 50, CSV, access="tertutup", kind="lainnya",
        )  # fmt: skip


AGENCIES = (
    Agency("112", "Dinas Komunikasi, Informatika, Statistik dan Persandian", "data@diskominfo.example.go.id", "datajson",
           tuple(call_centre())),
    Agency("jalan", "Dinas Pekerjaan Umum dan Tata Ruang", "data@dputr.example.go.id", "datajson", tuple(roads())),
    Agency("pkh", "Dinas Sosial", "data@dinsos.example.go.id", "datajson", tuple(families())),
    Agency("wisata", "Dinas Pemuda, Olahraga dan Pariwisata", "data@disporapar.example.go.id", "datajson",
           tuple(tourism())),
    Agency("sekolah", "Dinas Pendidikan dan Kebudayaan", "data@disdik.example.go.id", "datajson", tuple(schools())),
    Agency("kesehatan", "Dinas Kesehatan", "data@dinkes.example.go.id", "ckan", tuple(health())),
)  # fmt: skip
