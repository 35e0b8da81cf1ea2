"""Servers that keep to no rule: each ends with an error of the right class, in words, in time, and within memory."""

from __future__ import annotations

import dataclasses as dc
import gzip
import time
import traceback
import tracemalloc
import zlib
from typing import Any

import pytest
from ckanext.satudatapaser.errors import RetryLater, SatuDataError, SourceError
from ckanext.satudatapaser.net.guard import Policy
from ckanext.satudatapaser.net.http import GuardedSession
from ckanext.satudatapaser.net.limits import Limits
from hostile import Script, Visit, answer, hostile, says

LIMIT = 100_000
# only the limit that is meant to end it is short: on a busy machine the others must not be first
PATIENT = Limits(connect=30, read=30, total=30, max_bytes=LIMIT, per_second=0, attempts=1, backoff=0.01)
LIMITS = {"source-timeout": dc.replace(PATIENT, read=0.3), "source-slow": dc.replace(PATIENT, total=0.7)}
KEY = "S3cretWord"
HEAD = b"HTTP/1.1 200 OK\r\n"
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
GZIP = HEAD + b"Content-Encoding: gzip\r\nConnection: close\r\n\r\n"
BOMB = gzip.compress(b"0" * 50_000_000)
NESTED = gzip.compress(gzip.compress(b"isi"))
WHOLE = gzip.compress(b"isi" * 1000)


def net(limits: Limits = PATIENT) -> GuardedSession:
    return GuardedSession(Policy.of(["127.0.0.0/8"]), limits, {"Authorization": f"Bearer {KEY}"})


def reset(visit: Visit) -> None:
    visit.reset()


def silence_in_the_body(visit: Visit) -> None:
    visit.send(HEAD + b"Content-Length: 9\r\n\r\n123")
    visit.wait()


HOSTILE: dict[str, tuple[Script, type[SatuDataError], str, str]] = {
    # what the server does: script, class, code, word in the message
    "says nothing": (lambda visit: visit.wait(), RetryLater, "source-timeout", "0.3 detik"),
    "goes silent in the body": (silence_in_the_body, RetryLater, "source-timeout", "0.3 detik"),
    "drips its status line": (says(*(b"%c" % c for c in HEAD), b"x", every=0.1, forever=True),
                              RetryLater, "source-slow", "0.7 detik"),
    "drips a header": (says(HEAD + b"X-A: ", b"a", every=0.1, forever=True), RetryLater, "source-slow", "0.7 detik"),
    "drips whole headers": (says(HEAD, b"X-A: a\r\n", every=0.1, forever=True), RetryLater, "source-slow", "0.7 detik"),
    "drips the body": (says(HEAD + b"\r\n", b"x", every=0.1, forever=True), RetryLater, "source-slow", "0.7 detik"),
    "drips chunks": (says(CHUNKED, b"1\r\nx\r\n", every=0.1, forever=True), RetryLater, "source-slow", "0.7 detik"),
    "drips a packed body": (says(GZIP, WHOLE[:12], b"\0", every=0.1, forever=True), RetryLater, "source-slow", "detik"),
    "continues for ever": (says(b"HTTP/1.1 100 Continue\r\n\r\n", every=0.05, forever=True),
                           RetryLater, "source-slow", "0.7 detik"),
    "sends without end": (says(HEAD + b"\r\n", b"x" * 4096, forever=True), SourceError, "source-too-big", "0.1 MB"),
    "sends chunks without end": (says(CHUNKED, b"1000\r\n" + b"x" * 4096 + b"\r\n", forever=True),
                                 SourceError, "source-too-big", "0.1 MB"),
    "sends one huge chunk": (says(CHUNKED, b"ffffffff\r\n", b"x" * 4096, forever=True),
                             SourceError, "source-too-big", "0.1 MB"),
    "names a huge length": (says(HEAD + b"Content-Length: 99999999999\r\n\r\n"), SourceError, "source-too-big", "0.1 MB"),
    "sends a chunk size without end": (says(CHUNKED, b"1" * 65536, forever=True), SourceError, "source-too-big", "0.1 MB"),
    "sends a chunk extension without end": (says(CHUNKED, b"1;" + b"x" * 65536, forever=True),
                                            SourceError, "source-too-big", "0.1 MB"),
    "sends trailers without end": (says(CHUNKED, b"0\r\n", b"X-A: a\r\n" * 4096, forever=True),
                                   SourceError, "source-too-big", "0.1 MB"),
    "sends a bomb": (says(answer(BOMB, Content_Encoding="gzip")), SourceError, "source-too-big", "0.1 MB"),
    "packs twice": (says(answer(NESTED, Content_Encoding="gzip, gzip")), SourceError, "source-encoding", "gzip, gzip"),
    "packs with deflate": (says(answer(zlib.compress(b"isi"), Content_Encoding="deflate")),
                           SourceError, "source-encoding", "deflate"),
    "packs with brotli": (says(answer(b"\x0b\x02isi\x03", Content_Encoding="br")), SourceError, "source-encoding", "'br'"),
    "packs with something": (says(answer(b"isi", Content_Encoding="rot13")), SourceError, "source-encoding", "rot13"),
    "says gzip, but is not": (says(answer(b"isi" * 99, Content_Encoding="gzip")), SourceError, "source-encoding", "bukan gzip"),
    "damages gzip": (says(answer(WHOLE[:15] + b"XXXX" + WHOLE[19:], Content_Encoding="gzip")),
                     SourceError, "source-encoding", "rusak"),
    "cuts gzip off": (says(GZIP + WHOLE[:-12]), RetryLater, "source-truncated", "memutus"),
    "cuts off the length": (says(HEAD + b"Content-Length: 99\r\n\r\n0123456789"),
                            RetryLater, "source-truncated", "memutus"),
    "cuts a chunk off": (says(CHUNKED + b"a\r\n01234"), RetryLater, "source-truncated", "memutus"),
    "leaves the last chunk out": (says(CHUNKED + b"3\r\nisi\r\n"), RetryLater, "source-truncated", "setelah 3 bita"),
    "garbles a chunk": (says(CHUNKED + b"3\r\nisi\r\nXYZ\r\n"), SourceError, "source-not-http", "chunked"),
    "names two lengths": (says(HEAD + b"Content-Length: 3\r\nContent-Length: 4\r\n\r\nisi!"),
                          SourceError, "source-not-http", "Content-Length"),
    "speaks garbage": (says(b"\x00\xff\x16garbage\r\n\r\n"), SourceError, "source-not-http", "baris status"),
    "speaks SSH": (says(b"SSH-2.0-OpenSSH_9.2\r\n"), SourceError, "source-not-http", "baris status"),
    "speaks HTTP/0.9": (says(b"<html>halo</html>\n"), SourceError, "source-not-http", "baris status"),
    "speaks of status abc": (says(b"HTTP/1.1 abc OK\r\n\r\n"), SourceError, "source-not-http", "baris status"),
    "speaks TLS 1.3": (says(b"\x16\x03\x03\x00\x7a\x02\x00\x00\x76"), SourceError, "source-not-http", "baris status"),
    "sends a header of a megabyte": (says(HEAD + b"X-A: " + b"a" * 1_000_000), SourceError, "source-not-http", "64 KB"),
    "sends ten thousand headers": (says(HEAD + b"".join(b"X-%d: a\r\n" % n for n in range(10_000)) + b"\r\n"),
                                   SourceError, "source-not-http", "terlalu banyak tajuk"),
    "sends a status line without end": (says(HEAD[:-2], b"x" * 65536, forever=True), SourceError, "source-not-http", "64 KB"),
    "closes at once": (lambda visit: None, RetryLater, "source-closed", "tanpa menjawab"),
    "breaks off": (reset, RetryLater, "source-closed", "tanpa menjawab"),
    "closes in its headers": (says(HEAD + b"Content-Le"), RetryLater, "source-truncated", "tajuk"),
    "closes before its headers end": (says(HEAD + b"Content-Length: 3\r\n"), RetryLater, "source-truncated", "tajuk"),
    "is busy": (says(answer(b"", "503 Service Unavailable")), RetryLater, "source-busy", "503"),
    "repeats our key": (says(answer(b"kunci S3cretWord salah", "403 Forbidden")), SourceError, "source-status", "403"),
}  # fmt: skip


@pytest.mark.parametrize("what", HOSTILE)
def test_a_server_that(what: str) -> None:
    script, kind, code, word = HOSTILE[what]
    start = time.monotonic()
    with hostile(script) as server, pytest.raises(SatuDataError) as caught:
        net(LIMITS.get(code, PATIENT)).get_bytes(f"{server.url}/data?api_key={KEY}")
    error = caught.value
    assert isinstance(error, kind)
    assert (error.code, word in error.message) == (code, True), error.message
    assert f"{server.url}/data" in error.message
    assert KEY not in "".join(traceback.format_exception(error))
    assert error.__cause__ is None, "the transport library's errors quote URLs"
    assert time.monotonic() - start < 5, "ends by a limit of ours, not by the test's"


@pytest.mark.parametrize(
    "script", [says(answer(BOMB, Content_Encoding="gzip")), says(CHUNKED, b"1" * 65536, forever=True)]
)
def test_what_is_without_end_does_not_fill_the_memory(script: Script) -> None:
    with hostile(script) as server:
        tracemalloc.start()
        try:
            with pytest.raises(SourceError):
                net().get_bytes(server.url)
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
    assert peak < 15_000_000


FINE: dict[str, tuple[bytes, bytes]] = {
    "sends more than it said": (HEAD + b"Content-Length: 3\r\n\r\nisi dan lagi", b"isi"),
    "names no length": (HEAD + b"Connection: close\r\n\r\nisi", b"isi"),
    "names a length that is none": (HEAD + b"Content-Length: abc\r\n\r\nisi", b"isi"),
    "names the length twice": (HEAD + b"Content-Length: 3\r\nContent-Length: 3\r\n\r\nisi", b"isi"),
    "speaks HTTP/1.0": (b"HTTP/1.0 200 OK\r\n\r\nisi", b"isi"),
    "gives no reason": (b"HTTP/1.1 200\r\nContent-Length: 3\r\n\r\nisi", b"isi"),
    "ends lines the Unix way": (b"HTTP/1.1 200 OK\nContent-Length: 3\n\nisi", b"isi"),
    "packs": (answer(WHOLE, Content_Encoding="gzip"), b"isi" * 1000),
    "packs by an old name": (answer(WHOLE, Content_Encoding="X-GZIP"), b"isi" * 1000),
    "packs in two members": (answer(WHOLE + WHOLE, Content_Encoding="gzip"), b"isi" * 2000),
    "pads what it packed": (answer(WHOLE + b"\0" * 99, Content_Encoding="gzip"), b"isi" * 1000),
    "packs nothing": (answer(b"", Content_Encoding="gzip"), b""),
    "calls a charset a packing": (answer(b"isi", Content_Encoding="UTF-8"), b"isi"),
    "sends chunks with extensions": (CHUNKED + b"3;a=b\r\nisi\r\n0\r\nX-T: 1\r\n\r\n", b"isi"),
    "continues first": (b"HTTP/1.1 100 Continue\r\n\r\n" + answer(b"isi"), b"isi"),
    "stays just within the limit": (answer(b"x" * LIMIT), b"x" * LIMIT),
}


@pytest.mark.parametrize("what", FINE)
def test_no_harm_comes_of_a_server_that(what: str) -> None:
    sent, body = FINE[what]
    with hostile(says(sent)) as server:
        assert net().get_bytes(server.url) == body


def test_a_byte_over_the_limit_is_over_the_limit() -> None:
    with hostile(says(HEAD + b"\r\n" + b"x" * (LIMIT + 1))) as server, pytest.raises(SourceError) as caught:
        net().get_bytes(server.url)
    assert caught.value.code == "source-too-big"


def test_a_server_that_does_not_read_what_we_send_ends_on_time() -> None:
    def script(visit: Visit) -> None:
        visit.wait()

    with hostile(script) as server, pytest.raises(RetryLater) as caught:
        net(dc.replace(PATIENT, read=0.5, total=0.7)).request("POST", server.url, data=b"x" * 50_000_000)
    assert caught.value.code in ("source-timeout", "source-slow")


def test_connections_are_kept_and_used_again() -> None:
    def script(visit: Visit) -> None:
        while visit.head:
            visit.send(answer(b"isi", Connection="keep-alive"))
            visit.read()

    with hostile(script) as server:
        session = net()
        assert [session.get_bytes(server.url) for _ in range(3)] == [b"isi"] * 3
    assert (server.connections, session.requests) == (1, 3)


def test_each_request_on_a_kept_connection_has_the_whole_time() -> None:
    def script(visit: Visit) -> None:
        while visit.head:
            visit.stop.wait(0.25)
            visit.send(answer(b"isi", Connection="keep-alive"))
            visit.read()

    with hostile(script) as server:
        session = net(dc.replace(PATIENT, total=1.5))
        assert [session.get_bytes(server.url) for _ in range(8)] == [b"isi"] * 8  # longer than one may take, in all


def test_what_was_sent_too_much_is_not_taken_for_the_next_answer() -> None:
    def script(visit: Visit) -> None:
        while visit.head:
            visit.send(answer(b"isi", Connection="keep-alive") + answer(b"palsu", Connection="keep-alive"))
            visit.read()

    with hostile(script) as server:
        session: Any = net()
        assert [session.get_bytes(server.url) for _ in range(2)] == [b"isi"] * 2
