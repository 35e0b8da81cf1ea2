"""Pace, patience and when a server is left alone."""

from __future__ import annotations

import dataclasses as dc
import datetime as dt
import email.utils
import socket
import time
from typing import Any

import pytest
from ckanext.satudatapaser import clock
from ckanext.satudatapaser.errors import RetryLater, SourceError
from ckanext.satudatapaser.net import http, jsonlist, limits
from ckanext.satudatapaser.net.guard import Policy
from ckanext.satudatapaser.net.http import GuardedSession
from ckanext.satudatapaser.net.limits import WEEK, Limits, Pace, next_wait, retry_after
from hostile import Script, Visit, answer, hostile, says

QUICK = Limits(connect=1, read=1, total=3, per_second=0, backoff=0.01, attempts=3)
MOMENT = dt.datetime(2026, 11, 24, 12, 0, 0, tzinfo=dt.UTC)


def net(**values: Any) -> GuardedSession:
    return GuardedSession(Policy.of(["127.0.0.0/8"]), dc.replace(QUICK, **values))


def closed_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def in_turn(*answers: bytes) -> Script:
    """Return the script of a server that gives one answer after the other, the last one again and again."""
    left = list(answers)
    return lambda visit: visit.send(left.pop(0) if len(left) > 1 else left[0])


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120), (" 5 ", 5), ("0", 0), ("9" * 400, WEEK), ("99999999", WEEK),
        (email.utils.format_datetime(MOMENT + dt.timedelta(seconds=90), usegmt=True), 90),
        (email.utils.format_datetime(MOMENT - dt.timedelta(hours=1), usegmt=True), 0),
        ("Tue, 24 Nov 2026 20:01:00 +0800", 60),
        ("Tue, 24 Nov 2026 12:00:00 -0000", None), ("-5", None), ("1.5", None), ("²", None), ("besok", None),
        ("Tue, 99 Nov 2026 12:00:00 GMT", None), ("", None), (None, None),
    ],
)  # fmt: skip
def test_retry_after_is_read_in_both_its_forms(
    value: str | None, seconds: float | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "now", lambda: MOMENT)
    assert retry_after(value) == seconds


@pytest.mark.parametrize(
    ("asked", "attempt", "least", "most"),
    [
        (None, 1, 2, 2.5), (None, 2, 4, 5), (None, 3, 8, 10), (None, 9, 60, 60), (10, 1, 10, 12.5), (60, 1, 60, 75),
        (0, 1, 0.5, 0.625),
    ],
)  # fmt: skip
def test_waits_grow_up_to_a_cap_and_never_fall_below_what_was_asked(
    asked: float | None, attempt: int, least: float, most: float
) -> None:
    waits = [next_wait(asked, attempt, Limits(attempts=20)) or 0 for _ in range(200)]
    assert least <= min(waits)
    assert max(waits) <= most
    assert least == most or len(set(waits)) > 100, "with jitter"


@pytest.mark.parametrize(("asked", "attempt"), [(None, 3), (5, 3), (60.5, 1), (WEEK, 1)])
def test_there_is_no_wait_without_an_attempt_left_or_beyond_our_patience(asked: float | None, attempt: int) -> None:
    assert next_wait(asked, attempt, Limits()) is None


@pytest.mark.parametrize(
    "status", ["429 Too Many Requests", "502 Bad Gateway", "503 Unavailable", "504 Gateway Timeout"]
)
def test_a_busy_server_is_asked_again(status: str) -> None:
    with hostile(in_turn(answer(status=status), answer(status=status), answer(b"isi"))) as server:
        session = net()
        assert session.get_bytes(server.url) == b"isi"
    assert session.requests == 3


@pytest.mark.parametrize(
    "status", ["400 Bad Request", "404 Not Found", "500 Internal Server Error", "501 Not Implemented"]
)
def test_a_server_that_says_no_is_asked_once(status: str) -> None:
    with hostile(says(answer(b"tidak", status))) as server, pytest.raises(SourceError) as caught:
        net().get_bytes(server.url)
    assert (caught.value.code, server.connections) == ("source-status", 1)
    assert status[:3] in caught.value.message


def test_what_the_server_asks_to_wait_is_waited(monkeypatch: pytest.MonkeyPatch) -> None:
    waited: list[float] = []
    monkeypatch.setattr(http.time, "sleep", waited.append)
    with hostile(in_turn(answer(status="503 Busy", Retry_After="7"), answer(b"isi"))) as server:
        assert net().get_bytes(server.url) == b"isi"
    assert [7 <= wait <= 8.75 for wait in waited] == [True]


def test_a_longer_wait_than_ours_is_handed_to_who_can_wait() -> None:
    with (
        hostile(says(answer(status="429 Slow down", Retry_After="3600"))) as server,
        pytest.raises(RetryLater) as later,
    ):
        net().get_bytes(server.url)
    assert (later.value.code, later.value.seconds, server.connections) == ("source-busy", 3600, 1)


@pytest.mark.parametrize("method", ["POST", "PATCH", "PUT", "DELETE"])
@pytest.mark.parametrize(
    "script", [says(answer(status="503 Busy", Retry_After="0")), says(), lambda visit: visit.wait()]
)
def test_a_write_that_may_have_happened_is_not_repeated(method: str, script: Script) -> None:
    with hostile(script) as server, pytest.raises(RetryLater):
        net(read=0.2).request(method, server.url, data=b"{}")
    assert server.connections == 1


def test_a_write_that_cannot_have_happened_is_repeated() -> None:
    session = net()
    with pytest.raises(RetryLater) as caught:
        session.request("POST", f"http://127.0.0.1:{closed_port()}/", data=b"{}")
    assert (caught.value.code, session.requests) == ("source-unreachable", 3)
    assert "menolak sambungan" in caught.value.message


def test_a_write_on_a_connection_that_the_server_closed_meanwhile_is_not_repeated() -> None:
    def script(visit: Visit) -> None:
        visit.send(answer(b"{}", Connection="keep-alive"))
        visit.read()  # and close without an answer

    with hostile(script) as server:
        session = net()
        assert session.post_json(server.url, {}) == (200, {})
        with pytest.raises(RetryLater) as caught:
            session.post_json(server.url, {})
    assert (caught.value.code, len(server.heads)) == ("source-closed", 1)


def test_a_slow_server_is_not_made_to_start_again() -> None:
    with (
        hostile(says(b"HTTP/1.1 200 OK\r\n\r\n", b"x", every=0.05, forever=True)) as server,
        pytest.raises(RetryLater) as caught,
    ):
        net(total=0.3).get_bytes(server.url)
    assert (caught.value.code, server.connections) == ("source-slow", 1)


def test_a_session_has_its_time_for_all_requests_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jsonlist, "KEPT", 0)  # as for a long list, which is read again while it is used
    with hostile(says(answer(b"[1]"))) as server:
        session = net(session=0.4)

        def dawdle() -> None:
            with session.get_json_list(server.url, ("dataset",)) as found:
                time.sleep(0.4)
                list(found)

        with pytest.raises(RetryLater) as reading:
            dawdle()
        with pytest.raises(RetryLater) as asking:
            session.get_bytes(server.url)
    assert (reading.value.code, asking.value.code, server.connections) == ("source-long", "source-long", 1)


def test_a_slow_answer_ends_with_the_session_s_time() -> None:
    with (
        hostile(says(b"HTTP/1.1 200 OK\r\n\r\n", b"x", every=0.05, forever=True)) as server,
        pytest.raises(RetryLater) as caught,
    ):
        net(session=0.3).get_bytes(server.url)
    assert (caught.value.code, server.connections) == ("source-long", 1)


def test_after_three_connections_that_failed_a_server_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    session, port = net(attempts=1), closed_port()
    url = f"http://127.0.0.1:{port}"
    for number in range(3):
        with pytest.raises(RetryLater) as first:
            session.get_bytes(f"{url}/{number}")
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: pytest.fail("asked once more"))
    for method in ("GET", "POST"):
        with pytest.raises(RetryLater) as later:
            session.request(method, f"{url}/lain")
        assert later.value.code == first.value.code == "source-unreachable"
        assert f"{url}/lain menolak sambungan" in later.value.message
        assert "3 kali berturut-turut" in later.value.message
    assert session.requests == 3


def test_one_dead_server_does_not_close_the_others() -> None:
    session = net(attempts=3)
    with pytest.raises(RetryLater):
        session.get_bytes(f"http://127.0.0.1:{closed_port()}/")
    with hostile(says(answer(b"isi"))) as server:
        assert session.get_bytes(server.url) == b"isi"


def test_a_connection_that_is_made_begins_the_count_anew() -> None:
    port = closed_port()
    session = net(attempts=1)
    for _ in range(2):
        with pytest.raises(RetryLater):
            session.get_bytes(f"http://127.0.0.1:{port}/")
    circuit = session._circuit
    circuit.answered(("127.0.0.1", port))
    for _ in range(2):
        with pytest.raises(RetryLater) as caught:
            session.get_bytes(f"http://127.0.0.1:{port}/")
    assert "berturut-turut" not in caught.value.message


def test_servers_that_answer_badly_are_not_left_alone() -> None:
    with hostile(says()) as server:
        session = net(attempts=1)
        for _ in range(5):
            with pytest.raises(RetryLater):
                session.get_bytes(server.url)
    assert server.connections == 5


def test_one_server_gets_so_many_requests_a_second_and_others_do_not_wait_for_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now, slept = [0.0], []

    def sleep(seconds: float) -> None:
        slept.append(round(seconds, 3))
        now[0] += seconds

    monkeypatch.setattr(limits.time, "monotonic", lambda: now[0])
    monkeypatch.setattr(limits.time, "sleep", sleep)
    pace = Pace(5)
    for server in ("a", "a", "b", "a", "b"):
        pace.wait((server, 80))
    assert slept == [0.2, 0.2]  # b's second comes when its time is over anyway
    now[0] += 10
    pace.wait(("a", 80))
    assert slept == [0.2, 0.2], "what was not used before is not waited for"


def test_the_pace_counts_redirects_and_attempts_too() -> None:
    def script(visit: Visit) -> None:
        found = b"GET /baru" in visit.head
        visit.send(answer(b"isi") if found else answer(status="302 Found", Location="/baru"))

    with hostile(script) as server:
        session = net(per_second=10)
        start = time.monotonic()
        for _ in range(2):
            session.get_bytes(server.url)
    assert time.monotonic() - start >= 0.3, "four requests, three gaps of a tenth"
