"""What is wrong with the bytes."""

from __future__ import annotations

from conformance.neutral import Defect, Entry, fails, needs, numbered, want

LOGIN = b"<!DOCTYPE html>\n<html><head><title>Masuk</title></head><body><form>Nama pengguna</form></body></html>"
CAFE = Entry(title="Jumlah Kafé – Tanah Grogot")


def to_cp1252(body: bytes) -> bytes:
    """Return a UTF-8 answer as an old Windows program would write it, whatever it says of itself."""
    return body.decode().encode("cp1252", "replace")


DEFECTS = (
    Defect("empty-body", "The answer has no body.", fails("source-no-body"), body=lambda _: b""),
    Defect("blank-body", "The answer is white space.", fails("source-no-body"), body=lambda _: b" \r\n\t\n"),
    Defect(
        "truncated", "The answer ends in the middle.", fails("source-invalid-*", "source-truncated"),
        items=numbered(3), body=lambda body: body[: len(body) * 2 // 3], needs=needs("end"),
    ),
    Defect(
        "truncated-early", "The answer ends after a few bytes.", fails("source-invalid-*", "source-not-*"),
        body=lambda body: body[:20], needs=needs("end"),
    ),
    Defect(
        "html-login-page", "A login page with status 200.", fails("source-not-*"),
        body=lambda _: LOGIN, content_type="text/html",
    ),
    Defect(
        "html-said-to-be-data", "A login page that says it is the protocol's own type.", fails("source-not-*"),
        body=lambda _: LOGIN, content_type="application/json",
    ),
    Defect("plain-text", "A sentence instead of data.", fails("source-invalid-*", "source-not-*"),
           body=lambda _: b"Layanan sedang dalam pemeliharaan."),
    Defect("json-of-something-else", "Valid JSON of another service.", fails("source-not-*", "source-invalid-*"),
           body=lambda _: b'{"status": "OK", "data": [1, 2, 3]}'),
    Defect("json-scalar", "A number instead of a document.", fails("source-not-*", "source-invalid-*"),
           body=lambda _: b"17"),
    Defect("json-null", "null instead of a document.", fails("source-not-*", "source-invalid-*"), body=lambda _: b"null"),
    Defect("xml-of-something-else", "Valid XML of another service.", fails("source-not-*"),
           body=lambda _: b'<?xml version="1.0"?><rss><channel><title>Berita</title></channel></rss>'),
    Defect("nesting-bomb", "100,000 lists in each other.", fails("source-invalid-*", "source-not-*"),
           body=lambda _: b"[" * 100_000 + b"]" * 100_000),
    Defect("object-bomb", "20,000 objects in each other.", fails("source-invalid-*", "source-not-*"),
           body=lambda _: b'{"a":' * 20_000 + b"1" + b"}" * 20_000),
    Defect("number-bomb", "A number of 10,000 digits.", fails("source-invalid-*", "source-not-*"),
           body=lambda _: b"1" * 10_000),
    Defect("not-found", "Status 404.", fails("source-status", "source-not-found"), status=404),
    Defect("server-error", "Status 500 with a good body.", fails("source-status", "source-busy"), status=500),
    Defect("forbidden", "Status 403.", fails("source-status", "source-forbidden"), status=403),
    Defect("busy", "Status 503.", fails("source-busy"), status=503),
    Defect(
        "wrong-charset", "Windows-1252 bytes that claim to be UTF-8: the words come out right.",
        (want(title=CAFE.title),), items=(CAFE,), needs=needs("title"), body=to_cp1252,
    ),
    Defect(
        "byte-order-mark", "UTF-8 with a byte order mark.", (want(title=CAFE.title),), items=(CAFE,),
        needs=needs("title"), body=lambda body: b"\xef\xbb\xbf" + body,
    ),
    Defect(
        "control-characters", "Raw control characters inside texts are dropped.",
        (want(title="Jumlah Sekolah", notes="Jumlah sekolah."),), needs=needs("title", "description"),
        items=(Entry(title="Jumlah~Sekolah", description="Jumlah ~sekolah."),),
        body=lambda body: body.replace(b"h~S", b"h \x01\x0bS").replace(b"~", b"\x0c"),
    ),
    Defect(
        "nul-bytes", "NUL inside texts never reaches the database.", (want(title="Jumlah Sekolah"),),
        needs=needs("json", "title", "identifier"),
        items=(Entry(title="Jumlah\x00 Sekolah\x00", identifier="sekolah\x00-1", description="a\x00b"),),
    ),
)  # fmt: skip
