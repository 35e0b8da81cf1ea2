"""What answers say: JSON in its real shapes, conditional requests, downloads."""

from __future__ import annotations

import codecs
import gzip
import hashlib
import io
import json
from typing import Any

import pytest
from ckanext.satudatapaser.errors import RetryLater, SourceError
from ckanext.satudatapaser.net.answers import decoded
from ckanext.satudatapaser.net.guard import Policy
from ckanext.satudatapaser.net.http import GuardedSession
from ckanext.satudatapaser.net.limits import Limits
from hostile import Visit, answer, hostile, says

QUICK = Limits(connect=1, read=1, total=3, max_bytes=1_000_000, per_second=0, backoff=0.01)
WORD = {"nama": "Kabupaten Paser – café"}
PLAIN = json.dumps(WORD, ensure_ascii=False)


def net(**headers: str) -> GuardedSession:
    return GuardedSession(Policy.of(["127.0.0.0/8"]), QUICK, headers)


JSON = [
    # body, content type
    (PLAIN.encode(), "application/json"),
    (codecs.BOM_UTF8 + PLAIN.encode(), "application/json"),
    (PLAIN.encode("utf-16"), "application/json"),
    (PLAIN.encode("utf-32-le"), ""),
    (PLAIN.encode("cp1252"), "application/json"),
    (PLAIN.encode("cp1252"), "application/json; charset=windows-1252"),
    (PLAIN.encode("cp1252"), "application/json; charset=utf-8"),
    (PLAIN.encode("cp1252"), "application/json; charset=tidak-ada"),
    (PLAIN.encode(), "application/json; charset=rot13"),
    (PLAIN.encode(), "text/plain; charset='idna'"),
    (b" \r\n\t" + PLAIN.encode(), "text/html"),
]


@pytest.mark.parametrize(("body", "kind"), JSON)
def test_json_is_read_in_whatever_letters_it_comes(body: bytes, kind: str) -> None:
    with hostile(says(answer(body, Content_Type=kind))) as server:
        assert net().get_json(server.url) == WORD


def test_letters_are_those_that_the_server_names() -> None:
    assert decoded("Ωμέγα".encode("iso8859-15", "replace") + b"\xa4", "text/csv; charset=ISO-8859-15").endswith("€")
    assert decoded(b"\xa4", "text/csv") == "¤"


def test_control_characters_in_texts_are_no_fault() -> None:
    with hostile(says(answer(b'{"a": "x\ty\x01"}'))) as server:
        assert net().get_json(server.url) == {"a": "x\ty\x01"}


NOT_JSON = {
    # what came: code, words in the message
    b"": ("source-no-body", "tanpa isi"),
    codecs.BOM_UTF8 + b" \n": ("source-no-body", "tanpa isi"),
    b"<!doctype html><title>Masuk</title>": ("source-not-json", "HTML"),
    b'<?xml version="1.0"?><a/>': ("source-not-json", "XML"),
    b'{"dataset": [{"title": "Ju': ("source-invalid-json", "baris 1 kolom"),
    b'{"a": 1,}': ("source-invalid-json", "baris 1 kolom 9"),
    b"halo": ("source-invalid-json", "halo"),
    b"[" * 100_000: ("source-invalid-json", "bersarang terlalu dalam"),
    b"[" + b"9" * 5000 + b"]": ("source-invalid-json", "bilangan yang terlalu panjang"),
    b'{"key": "S3cretWord", "x" 1}': ("source-invalid-json", "dekat"),
}


@pytest.mark.parametrize("body", NOT_JSON, ids=lambda body: repr(body[:20]))
def test_what_is_no_json_is_said_so(body: bytes) -> None:
    code, words = NOT_JSON[body]
    with hostile(says(answer(body, Content_Type="text/html"))) as server, pytest.raises(SourceError) as caught:
        net(Authorization="S3cretWord").get_json(server.url)
    assert (caught.value.code, words in caught.value.message) == (code, True), caught.value.message
    assert server.url in caught.value.message
    assert "JSON" in caught.value.message
    assert "S3cretWord" not in str(caught.value)


@pytest.mark.parametrize(
    ("status", "hint"),
    [("401 Unauthorized", "kunci"), ("403 Forbidden", "menolak"), ("404 Not Found", "alamat"), ("204 No", "")],
)
def test_another_status_than_200_is_said_with_what_came(status: str, hint: str) -> None:
    with hostile(says(answer(b"<h1>tidak</h1>", status))) as server, pytest.raises(SourceError) as caught:
        net().get_json(server.url)
    assert caught.value.code == "source-status"
    assert f"menjawab status {status[:3]}, bukan 200" in caught.value.message
    assert hint in caught.value.hint


def test_a_post_is_answered_with_status_and_json() -> None:
    with hostile(says(answer(b'{"success": false}', "409 Conflict"))) as server:
        assert net().post_json(server.url, {"a": 1}) == (409, {"success": False})
    assert b"Content-Type: application/json\r\n" in server.heads[0]
    with hostile(says(answer(b"<html>", "500 Error"))) as server:
        assert net().post_json(server.url, {}) == (500, None)


def test_a_head_has_no_body() -> None:
    with hostile(says(b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\nContent-Type: text/csv\r\n\r\n")) as server:
        assert net().request("HEAD", server.url) == (200, b"", "text/csv")


def with_etag(visit: Visit) -> None:
    """Answer as a server that knows conditional requests."""
    same = (
        b'If-None-Match: "v1"\r\n' in visit.head
        or b"If-Modified-Since: Tue, 24 Nov 2026 12:00:00 GMT\r\n" in visit.head
    )
    named = {"ETag": '"v1"', "Last_Modified": "Tue, 24 Nov 2026 12:00:00 GMT", "Content_Type": "text/csv"}
    visit.send(answer(b"", "304 Not Modified", **named) if same else answer(b"isi", **named))


def test_what_has_not_changed_is_not_fetched_again() -> None:
    with hostile(with_etag) as server:
        first = net().get_if_changed(server.url)
        assert first
        assert (first.body, first.content_type, first.etag) == (b"isi", "text/csv", '"v1"')
        assert net().get_if_changed(server.url, first.etag) is None
        assert net().get_if_changed(server.url, modified=first.modified) is None
        assert net().get_if_changed(server.url, '"v2"') == first
        assert net().get_if_changed(server.url, '"v1"\r\nX-A: 1') == first, "damaged: asked without it"
    assert b"X-A" not in server.heads[-1]


def test_unchanged_is_no_answer_to_a_question_without_condition() -> None:
    with hostile(says(answer(b"", "304 Not Modified"))) as server, pytest.raises(SourceError) as caught:
        net().get_if_changed(server.url)
    assert caught.value.code == "source-status"


def test_a_download_writes_the_file_and_says_what_came() -> None:
    body = bytes(range(256)) * 2000
    with hostile(
        says(answer(gzip.compress(body), Content_Encoding="gzip", Content_Type="text/csv", ETag='"v1"'))
    ) as server:
        file = io.BytesIO(b"awal")
        file.seek(4)
        got = net().download(server.url, file)
    assert file.getvalue() == b"awal" + body
    assert (got.size, got.digest) == (len(body), hashlib.sha256(body).hexdigest())
    assert (got.content_type, got.etag, got.modified) == ("text/csv", '"v1"', "")


def test_a_download_that_breaks_off_is_begun_anew() -> None:
    left: list[Any] = [b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nsalah", answer(b"isi")]
    with hostile(lambda visit: visit.send(left.pop(0))) as server:
        file = io.BytesIO()
        assert net().download(server.url, file).size == 3
    assert file.getvalue() == b"isi"


@pytest.mark.parametrize(
    ("sent", "kind", "code"),
    [
        (answer(b"x" * 1_000_001), SourceError, "source-too-big"),
        (answer(b"tidak ada", "404 Not Found"), SourceError, "source-status"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nsalah", RetryLater, "source-truncated"),
    ],
)
def test_a_download_ends_like_any_other_request(sent: bytes, kind: type[Exception], code: str) -> None:
    file = io.BytesIO()
    with hostile(says(sent)) as server, pytest.raises(kind) as caught:
        net().download(server.url, file)
    assert caught.value.code == code  # type: ignore[attr-defined]
    assert file.getvalue() in (b"", b"salah")
