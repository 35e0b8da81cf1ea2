"""What is wrong with texts, tags, dates, schedules and licences: repaired where it can be, and each repair is said."""

from __future__ import annotations

from conformance.neutral import ABSENT, GOOD, Defect, Entry, File, entries, needs, want

DAY = "2026-11-24"
DATES = (
    "2026-11-24", "2026-11-24 08:00:00", "2026-11-24T08:00:00Z", "2026-11-24T08:00:00.123456+07:00",
    "2026-11-24T23:59:59+0800", "2026/11/24", "24/11/2026", "24-11-2026", "24.11.2026", "24 November 2026",
    "24 Nopember 2026", "24-Nov-2026", "November 24, 2026", "Selasa, 24 November 2026", "Tue, 24 Nov 2026 08:00:00 GMT",
    "20261124", "24/11/2026 08:00", "2026-11-24T08:00", "1795478400", "1795478400000", " 2026-11-24 ",
)  # fmt: skip
BAD_DATES = (
    "kemarin", "31/02/2026", "2026-13-01", "0000-00-00", "string", "11/24/2026", "9999", "-000001-11-30T00:00:00Z",
    "٢٠٢٦-١١-٢٤", "1e400", "2026-11-24" * 50, "24 Wage 2026", "20261324", "99999999999999999999",
)  # fmt: skip
SCHEDULES = {
    "HARIAN": ("Harian", "setiap hari", "R/P1D", "P1D", "daily", "1 Hari Sekali"),
    "MINGGUAN": ("mingguan", "R/P1W", "R/P7D", "Weekly", "per minggu", "seminggu sekali"),
    "BULANAN": ("Bulanan", "bulanan ", "1 Bulan Sekali", "R/P1M", "setiap bulan", "monthly", "sebulan sekali", "per bulan"),
    "TRIWULANAN": ("Triwulan", "Tri Wulan", "Triwulanan", "3 Bulan Sekali", "R/P3M", "setiap tiga bulan", "quarterly",
                   "kuartal"),
    "EMPAT_BULANAN": ("Caturwulan", "4 bulan sekali", "R/P4M"),
    "SEMESTERAN": ("Semesteran", "semester", "6 Bulan Sekali", "R/P6M", "setiap 6 bulan", "per semester", "R/P0.5Y"),
    "TAHUNAN": ("Tahunan", "tahunan", "TAHUNAN", "1 Tahun Sekali", "satu tahun sekali", "R/P1Y", "P1Y", "tahunana", "Tahun",
                "annual", "setahun sekali", "per tahun", "setiap 12 bulan", "1 (satu) tahun sekali", "R/P12M",
                "http://publications.europa.eu/resource/authority/frequency/ANNUAL"),
    "DUA_TAHUNAN": ("2 Tahun Sekali", "dua tahunan", "R/P2Y", "setiap dua tahun"),
    "INSIDENTAL": ("Insidentil", "ad-hoc", "Sewaktu-waktu", "asNeeded", "irregular", "R/PT0S", "jika diperlukan"),
}  # fmt: skip
UNKNOWN_SCHEDULES = (
    "20 Tahun Sekali",
    "5 tahun sekali",
    "Tidak didefinisikan",
    "bila sempat",
    "R/P",
    "0 tahun sekali",
    "1",
)
LICENCES = {
    "cc-by": ("cc-by", "CC BY 4.0", "CC-BY-4.0", "Creative Commons Attribution", "Creative Commons Attribution 4.0",
              "Creative Commons Atribusi 4.0 Internasional", "https://creativecommons.org/licenses/by/4.0/",
              "http://creativecommons.org/licenses/by/4.0/deed.id", "http://www.opendefinition.org/licenses/cc-by",
              "https://opendefinition.org/licenses/cc-by/", "https://spdx.org/licenses/CC-BY-4.0.html",
              "Creative Commons Attribution 3.0 Unported",
              "http://publications.europa.eu/resource/authority/licence/CC_BY_4_0"),
    "cc-by-sa": ("CC BY-SA 4.0", "Creative Commons Attribution-ShareAlike 4.0 International",
                 "Creative Commons Attribution Share-Alike", "https://creativecommons.org/licenses/by-sa/3.0/legalcode"),
    "cc-zero": ("CC0", "CC0 1.0", "https://creativecommons.org/publicdomain/zero/1.0/", "Creative Commons CCZero",
                "http://www.opendefinition.org/licenses/cc-zero"),
    "cc-nc": ("CC BY-NC 4.0", "https://creativecommons.org/licenses/by-nc/4.0/", "Creative Commons Non-Commercial (Any)"),
    "odc-odbl": ("ODbL", "ODbL-1.0", "Open Data Commons Open Database License (ODbL)",
                 "https://opendatacommons.org/licenses/odbl/1-0/", "http://www.opendefinition.org/licenses/odc-odbl"),
    "odc-pddl": ("PDDL", "Open Data Commons Public Domain Dedication and License (PDDL)"),
    "odc-by": ("ODC-BY", "Open Data Commons Attribution License"),
}  # fmt: skip
UNKNOWN_LICENCES = (
    "Lisensi dinas",
    "https://disdik.example.go.id/lisensi",
    "CC BY-ND 4.0",
    "CC BY-NC-ND 4.0",
    "<b>bebas</b>",
)


def flat(words: dict[str, tuple[str, ...]]) -> list[tuple[str, str]]:
    """Return (word, code) for every word."""
    return [(word, code) for code, found in words.items() for word in found]


def repaired(name: str, text: str, part: str, words: dict[str, tuple[str, ...]], value: str) -> Defect:
    """Return a defect with a record for each word of ``part``, whose ``value`` must be the word's code."""
    pairs = flat(words)
    expected = tuple(want(**{value: code}) for _, code in pairs)
    return Defect(name, text, expected, entries(part, *(word for word, _ in pairs)), needs(part))


DEFECTS = (
    # texts
    Defect(
        "missing-titles", "An empty title is taken from the first file, or from the page's address.",
        (want("public", "title-from-file", title="Tabel jumlah sekolah"),) * 3
        + (want("public", "title-from-file", title="Guru per kecamatan"),)
        + (want("public", "title-from-page", title="Jumlah sekolah dasar"),),
        items=(*(Entry(identifier=f"{n}", title=title) for n, title in enumerate((ABSENT, "", "  \n"))),
               Entry(identifier="f", title="",
                     files=(File(url="https://disdik.example.go.id/1/guru_per-kecamatan.csv", title=""),)),
               Entry(title="", files=(), page="https://disdik.example.go.id/dataset/jumlah-sekolah-dasar")),
        needs=needs("title", "files", "page"),
    ),
    Defect(
        "no-title-anywhere", "Without title, file or page the record is rejected.", (want("rejected", "title-missing"),),
        items=(Entry(title="", files=(), page=ABSENT),), needs=needs("title", "files", "page"),
    ),
    Defect(
        "long-title", "A title of 3,000 letters is cut and said.", (want("public", "title-cut"),),
        items=(Entry(title="Jumlah sekolah " * 200),), needs=needs("title"),
    ),
    Defect(
        "huge-description", "A description of 5 MB is cut and said.", (want("public", "notes-cut"),),
        items=(Entry(description="Jumlah sekolah. " * 330_000),), needs=needs("description", "long-texts"),
    ),
    Defect(
        "script-in-html", "Markup goes, scripts with their content; the words stay.",
        (want("public", "markup-removed", notes="Jumlah sekolah\ndi Paser", title="Jumlah Sekolah"),),
        items=(Entry(title="<b>Jumlah</b> Sekolah<script>alert(1)</script>",
                     description="<p>Jumlah <b>sekolah</b><script>alert('x')</script></p><p onclick=\"x()\">di Paser</p>"),),
        needs=needs("title", "description"),
    ),
    Defect(
        "entities-in-entities", "Escaped markup that is markup once it is read.",
        (want(notes="Sekolah & guru"),),
        items=(Entry(description="&amp;lt;script&amp;gt;alert(1)&amp;lt;/script&amp;gt;Sekolah &amp;amp; guru"),),
        needs=needs("description"),
    ),
    Defect("less-than-signs", "Signs of comparison are no markup.", (want(notes="Usia < 5 tahun dan > 60 tahun", clean=True),),
           items=(Entry(description="Usia < 5 tahun dan > 60 tahun"),), needs=needs("description")),
    Defect(
        "emoji", "Letters beyond the basic plane stay.", (want(title="Sekolah 🏫 𝐁𝐚𝐫𝐮"),),
        items=(Entry(title="Sekolah 🏫 𝐁𝐚𝐫𝐮"),), needs=needs("title"),
    ),
    Defect(
        "direction-marks", "Marks that turn the direction of writing are dropped.", (want(title="Jumlah Sekolah abc"),),
        items=(Entry(title="\u202eJumlah\u200f Sekolah\u2066 abc\ufeff"),), needs=needs("title"),
    ),
    Defect(
        "personal-mail", "A person's mail address is not shown.", (want("public", "contact-personal", contact_email=""),),
        items=(Entry(mail="seseorang@gmail.com"),), needs=needs("contact"),
    ),
    Defect(
        "odd-contact", "A contact that is no mail address.", (want("public", contact_email=""),) * 3,
        items=entries("mail", "tidak ada", "a@b@c", "https://disdik.example.go.id"), needs=needs("contact"),
    ),
    # tags
    Defect(
        "tags-with-signs", "Tags with & , ( ) / keep their words.",
        (want("public", "tags-repaired", tags=("UMKM Koperasi", "gizi stunting", "sekolah negeri", "a b")),),
        items=entries("tags", ("UMKM & Koperasi", "gizi/stunting", "sekolah (negeri)", "a, b")), needs=needs("tags", "json"),
    ),
    Defect("long-tags", "A tag of 300 letters is cut to CKAN's 100.", (want("public", "tags-repaired", tags=("x" * 100,)),),
           items=entries("tags", ("x" * 300,)), needs=needs("tags")),
    Defect("short-tags", "Tags of one letter or none are dropped.", (want("public", "tags-repaired", tags=("sd",)),),
           items=entries("tags", ("a", "sd", "", " ")), needs=needs("tags")),
    Defect("twin-tags", "A tag twice, in other capitals.", (want(tags=frozenset({("Sekolah",), ("sekolah",), ("SEKOLAH",)})),),
           items=entries("tags", ("Sekolah", "sekolah", " SEKOLAH ")), needs=needs("tags")),
    Defect("html-tags", "Markup and entities in tags.", (want("public", "tags-repaired", tags=("sekolah", "guru murid")),),
           items=entries("tags", ("<b>sekolah</b>", "guru &amp; murid")), needs=needs("tags")),
    # dates
    Defect("dates", "Dates in every form that agencies write.", (want(issued=DAY, clean=True),) * len(DATES),
           entries("issued", *DATES), needs("issued")),
    Defect("bad-dates", "What is no date is left out and said.", (want("public", "date-unreadable", issued=""),) * len(BAD_DATES),
           entries("issued", *BAD_DATES), needs("issued")),
    Defect("no-dates", "Nothing, and signs for nothing, are no faults.", (want(issued="", clean=True),) * 4,
           entries("issued", ABSENT, "", "-", " "), needs("issued")),
    # schedules
    repaired("schedules", "Update schedules in free words become codes.", "frequency", SCHEDULES, "accrualPeriodicity"),
    Defect(
        "unknown-schedules", "A schedule that nobody knows is left out and said.",
        (want("public", "frequency-unknown", accrualPeriodicity=None),) * len(UNKNOWN_SCHEDULES),
        entries("frequency", *UNKNOWN_SCHEDULES), needs("frequency"),
    ),
    # licences
    repaired("licences", "Licences by name, short name and address become codes.", "license", LICENCES, "license_id"),
    Defect(
        "unknown-licences", "A licence that nobody knows is left out and said; the record waits.",
        (want("waiting", "licence-unknown", "licence-missing"),) * len(UNKNOWN_LICENCES),
        entries("license", *UNKNOWN_LICENCES), needs("license"),
    ),
    Defect("default-licence", "The source's default stands for what is not said.", (want(license_id="cc-zero"),),
           entries("license", ABSENT), needs("license"), {"default_license": "cc-zero"}),
    Defect("unmapped-publisher", "A publisher that is not in the mapping is held.",
           (want("held", "organization-unmapped"), want()), needs=needs("publisher"),
           items=entries("publisher", "Dinas Lain", "  dinas   PENDIDIKAN "),
           settings={"organization_map": {"Dinas Pendidikan": "disdik"}}),
    Defect("nothing-wrong", "A good record comes with no finding at all.", (want(clean=True, title=GOOD.title),)),
)  # fmt: skip
