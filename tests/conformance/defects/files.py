"""What is wrong with addresses and formats of files."""

from __future__ import annotations

from conformance.neutral import ABSENT, HOST, Defect, Entry, File, needs, want, with_files

REPAIRED = {
    "/berkas/a.csv": f"{HOST}/berkas/a.csv",
    "a.csv": f"{HOST}/dataset/a.csv",
    "//cdn.example.go.id/a.csv": "https://cdn.example.go.id/a.csv",
    f"{HOST}/data umum 2026.csv": f"{HOST}/data%20umum%202026.csv",
    f"{HOST}/ber\nkas/a.csv": f"{HOST}/berkas/a.csv",
    f"{HOST}\\berkas\\a.csv": f"{HOST}/berkas/a.csv",
    "www.example.go.id/a.csv": "http://www.example.go.id/a.csv",
    "https//disdik.example.go.id/a.csv": f"{HOST}/a.csv",
    "https:/disdik.example.go.id/a.csv": f"{HOST}/a.csv",
    "http://https://disdik.example.go.id/a.csv": f"{HOST}/a.csv",
    "HTTPS://disdik.example.go.id/a.csv": f"{HOST}/a.csv",
    f"{HOST}/<b>.csv": f"{HOST}/%3Cb%3E.csv",
    "https://orang:sandi@disdik.example.go.id/a.csv": f"{HOST}/a.csv",
}
REFUSED = (
    "javascript:alert(1)", "JavaScript:alert(1)", " java\nscript:alert(1)", "file:///etc/passwd", "data:text/csv;base64,YQ==",
    "ftp://disdik.example.go.id/a.csv", "http://", "http://[kacau", "https://disdik.example.go.id:abc/", "mailto:a@b.c",
    "\\\\server\\berkas\\a.csv", "C:\\berkas\\a.csv", "vbscript:x", "", "   ", "-",
)  # fmt: skip
FORMATS = {
    "CSV ": "CSV", "csv": "CSV", ".csv": "CSV", "xlxs": "XLSX", "xslx": "XLSX", "XLSX ": "XLSX", "Excel": "XLS",
    "text/csv": "CSV",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "XLSX", "text/csv; charset=utf-8": "CSV",
    "text/xlsx": "XLSX", "geojson": "GEOJSON", "Shape File": "SHP", "*.pdf": "PDF", "CSV (Comma Separated)": "CSV",
    "https://www.iana.org/assignments/media-types/text/csv": "CSV",
    "http://publications.europa.eu/resource/authority/file-type/CSV": "CSV",
}  # fmt: skip
LANDED = "https://disdik.example.go.id/dataset/jumlah"


def one(url: str) -> tuple[File, ...]:
    """Return the files of a record with one file at ``url``."""
    return (File(url=url),)


DEFECTS = (
    Defect(
        "repaired-addresses", "Relative, broken and unescaped addresses of files become whole ones, against the record's page.",
        tuple(want("public", "url-repaired", urls=(url,)) for url in REPAIRED.values()),
        tuple(Entry(identifier=str(n), page=LANDED, files=one(url)) for n, url in enumerate(REPAIRED)), needs("files", "page"),
    ),
    Defect(
        "refused-addresses", "javascript:, file: and other addresses that are none of the web are left out and said.",
        (want("public", "resource-no-url", urls=()),) * len(REFUSED),
        tuple(Entry(identifier=str(n), page=LANDED, files=one(url)) for n, url in enumerate(REFUSED)), needs("files", "page"),
    ),
    Defect(
        "bad-pages", "A page whose address is none of the web is left out.",
        (want(landing_page=""),) * 4,
        tuple(Entry(identifier=str(n), page=page)
              for n, page in enumerate(("javascript:alert(1)", "file:///etc/passwd", "http://[kacau", "data:text/html,x"))),
        needs("page"),
    ),
    Defect(
        "inner-addresses", "An address inside the agency's own network is kept and said: nobody outside can open it.",
        (want("public", "url-internal"),) * 4, needs=needs("files"),
        items=with_files(*(File(url=f"http://{host}/a.csv") for host in ("api", "10.1.2.3", "localhost:8080", "192.168.1.5"))),
    ),
    Defect(
        "formats", "Formats in every spelling.", tuple(want(formats=(code,)) for code in FORMATS.values()),
        with_files(*(File(url=f"{HOST}/unduh/1", format=word) for word in FORMATS)), needs("files", "json"),
    ),
    Defect(
        "formats-from-elsewhere", "A format that is not stated is read from the media type, else from the address.",
        (want(formats=("XLSX",)), want(formats=("CSV",)), want(formats=("PDF",)), want(formats=("XLS",))),
        needs=needs("files", "json"),
        items=with_files(
            File(url=f"{HOST}/unduh/1", format=ABSENT, media="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
            File(url=f"{HOST}/unduh/a.CSV?x=1", format=ABSENT),
            File(url=f"{HOST}/unduh/a.pdf", format="", media="application/octet-stream"),
            File(url=f"{HOST}/unduh/a.xls", format=None, media=None),
        ),
    ),
    Defect(
        "twin-files", "The same file twice is one.", (want(urls=(f"{HOST}/a.csv",)),),
        (Entry(files=(File(url=f"{HOST}/a.csv"), File(url=f"{HOST}/a.csv"))),), needs("files", "many-files"),
    ),
    Defect(
        "ten-thousand-files", "10,000 files in one record: the first are kept, the rest is said.",
        (want("public", "files-cut"),), needs=needs("files", "many-files"),
        items=(Entry(files=tuple(File(url=f"{HOST}/{n}.csv", title=f"Tabel {n}") for n in range(10_000))),),
    ),
    Defect(
        "nameless-files", "A file without title is called as its address ends.",
        (want(names=("sekolah dasar.csv",)),) * 3, needs=needs("files"),
        items=with_files(*(File(url=f"{HOST}/sekolah%20dasar.csv", title=title) for title in (ABSENT, "", "  "))),
    ),
)  # fmt: skip
