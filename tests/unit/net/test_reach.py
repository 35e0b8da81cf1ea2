"""Where a request really goes: DNS, redirects, secrets, proxies; with real connections on loopback."""

from __future__ import annotations

import socket
from collections.abc import Iterable
from typing import Any

import pytest
from ckanext.satudatapaser.errors import ConfigError, RetryLater, SourceError
from ckanext.satudatapaser.net.guard import Policy
from ckanext.satudatapaser.net.http import GuardedSession
from ckanext.satudatapaser.net.limits import Limits
from hostile import Visit, answer, hostile, says

QUICK = Limits(connect=2, read=2, total=4, max_bytes=100_000, per_second=0, attempts=1, backoff=0.01)
OK = says(answer(b"isi"))


def session(*networks: str, **values: Any) -> GuardedSession:
    return GuardedSession(Policy.of(networks or ["127.0.0.0/8"]), QUICK, **values)


class Dns:
    """A resolver that says what a test wants; ``asked`` counts."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.names: dict[str, list[list[str]]] = {}
        self.asked: list[str] = []
        self.real = socket.getaddrinfo
        monkeypatch.setattr(socket, "getaddrinfo", self.answer)

    def answer(self, host: Any, port: int, *args: Any, **values: Any) -> Iterable[Any]:
        name = host.decode() if isinstance(host, bytes) else host
        if name not in self.names:
            return self.real(host, port, *args, **values)
        self.asked.append(name)
        answers = self.names[name]
        addresses = answers.pop(0) if len(answers) > 1 else answers[0]
        return [found for address in addresses for found in self.real(address, port, *args, **values)]


@pytest.fixture
def dns(monkeypatch: pytest.MonkeyPatch) -> Dns:
    return Dns(monkeypatch)


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::]", "0.0.0.0", "[64:ff9b::7f00:1]"]
)  # fmt: skip
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_this_machine_is_not_reached_by_any_of_its_addresses(host: str, scheme: str) -> None:
    with hostile(OK) as server, pytest.raises(SourceError) as refused:
        session("192.168.77.0/24").get_bytes(f"{scheme}://{host}:{server.port}/")
    assert refused.value.code == "address-refused"
    assert "allow_networks" in refused.value.hint
    assert server.connections == 0


def test_an_allowed_network_is_reached() -> None:
    with hostile(OK) as server:
        assert session("127.0.0.0/8").get_bytes(server.url) == b"isi"


@pytest.mark.parametrize("order", [["8.8.8.8", "10.0.0.1"], ["10.0.0.1", "8.8.8.8"], ["127.0.0.2", "169.254.169.254"]])
def test_a_name_with_one_private_address_among_its_answers_is_refused(dns: Dns, order: list[str]) -> None:
    dns.names["campur.example"] = [order]
    with pytest.raises(SourceError) as refused:
        session("127.0.0.2/32").get_bytes("http://campur.example/")
    assert refused.value.code == "address-refused"
    assert "campur.example" in refused.value.message


def test_a_name_that_changes_its_address_gains_nothing(dns: Dns) -> None:
    # the first answer may be reached, every later one is this machine's own door
    dns.names["ganti.example"] = [["127.0.0.2"], ["127.0.0.1"]]
    with hostile(OK, "127.0.0.2") as server:
        net = session("127.0.0.2/32")
        assert net.get_bytes(f"http://ganti.example:{server.port}/") == b"isi"
        assert dns.asked == ["ganti.example"], "looked up once, and gone to what was found"
        with pytest.raises(SourceError) as refused:
            net.get_bytes(f"http://ganti.example:{server.port}/")
    assert refused.value.code == "address-refused"


def test_the_second_address_is_tried_when_the_first_does_not_answer(dns: Dns) -> None:
    dns.names["dua.example"] = [["127.0.0.3", "127.0.0.2"]]
    with hostile(OK, "127.0.0.2") as server:
        assert session().get_bytes(f"http://dua.example:{server.port}/") == b"isi"


def test_a_name_that_does_not_exist_is_said_so() -> None:
    with pytest.raises(RetryLater) as unknown:
        session().get_bytes("http://tidak-ada.invalid/")
    assert unknown.value.code == "source-name-unknown"
    assert "tidak-ada.invalid" in unknown.value.message


@pytest.mark.parametrize(
    ("location", "code"),
    [
        ("http://127.0.0.1:22/", "address-refused"),
        ("//127.0.0.1/x", "address-refused"),
        ("http://169.254.169.254/latest/meta-data/", "address-refused"),
        ("http://[::ffff:10.0.0.1]/", "address-refused"),
        ("http://2130706433/", "source-redirect-refused"),
        ("file:///etc/passwd", "source-redirect-refused"),
        ("gopher://127.0.0.1:6379/_", "source-redirect-refused"),
        ("ftp://a.example/", "source-redirect-refused"),
        ("http://admin:S3cretWord@a.example/", "source-redirect-refused"),
        ("http://127.0.0.1\\@a.example/", "source-redirect-refused"),
        ("http://[::1/", "source-redirect-refused"),
        ("http://a.example:99999/", "source-redirect-refused"),
    ],
)
def test_a_redirect_leads_nowhere_that_a_url_may_not(location: str, code: str) -> None:
    with (
        hostile(says(answer(status="302 Found", Location=location)), "127.0.0.2") as server,
        pytest.raises(SourceError) as refused,
    ):
        session("127.0.0.2/32").get_bytes(f"{server.url}/mulai")
    assert refused.value.code == code
    assert f"{server.url}/mulai" in str(refused.value)
    assert "S3cretWord" not in str(refused.value)


def test_a_redirect_that_goes_in_circles_ends() -> None:
    with hostile(lambda visit: visit.send(answer(status="302 Found", Location="/lagi"))) as server:
        net = session()
        with pytest.raises(SourceError) as circle:
            net.get_bytes(server.url)
    assert circle.value.code == "source-redirects"
    assert (net.requests, server.connections) == (6, 6)


def test_the_body_of_a_redirect_is_not_read() -> None:
    endless = b"HTTP/1.1 302 Found\r\nLocation: /baru\r\nTransfer-Encoding: chunked\r\n\r\n"

    def script(visit: Visit) -> None:
        if visit.head.startswith(b"GET /baru"):
            visit.send(answer(b"isi"))
        else:
            visit.send(endless, b"1000\r\n" + b"x" * 4096 + b"\r\n", forever=True)

    with hostile(script) as server:
        assert session().get_bytes(server.url) == b"isi"


def test_a_redirect_with_letters_of_its_own_is_followed() -> None:
    def script(visit: Visit) -> None:
        if visit.head.startswith(b"GET /caf%C3%A9 "):
            visit.send(answer(b"isi"))
        else:
            visit.send("HTTP/1.1 301 Moved\r\nLocation: /café\r\nContent-Length: 0\r\n\r\n".encode())

    with hostile(script) as server:
        assert session().get_bytes(server.url) == b"isi"


def test_a_secret_goes_to_its_own_server_and_along_no_redirect() -> None:
    with hostile(OK, "127.0.0.2") as other, hostile(says(answer(status="307 Moved", Location=f"{other.url}/x"))) as own:
        net = session(headers={"Authorization": "S3cretWord"})
        net.request("GET", own.url, headers={"X-Kunci": "S3cretToo", "Accept": "text/csv"})
        net.get_bytes(f"{other.url}/y")  # asked by itself: still not the server that the secret is for
    assert b"S3cretWord" in own.heads[0]
    assert b"S3cretToo" in own.heads[0]
    assert len(other.heads) == 2
    assert not [head for head in other.heads if b"S3cret" in head]
    assert b"Accept: text/csv\r\n" in other.heads[0]


def test_a_redirect_on_the_same_server_keeps_the_secret() -> None:
    def script(visit: Visit) -> None:
        found = b"GET /baru" in visit.head
        visit.send(answer(b"isi") if found else answer(status="302 Found", Location="/baru"))

    with hostile(script) as server:
        session(headers={"Authorization": "S3cretWord"}).get_bytes(server.url)
    assert [b"S3cretWord" in head for head in server.heads] == [True, True]


def test_a_post_is_not_redirected() -> None:
    with hostile(says(answer(status="307 Moved", Location="/baru"))) as server:
        assert session().request("POST", server.url, data=b"x")[0] == 307
    assert server.connections == 1


def test_proxies_and_password_files_of_the_machine_are_ignored(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login admin password S3cretWord\n")
    monkeypatch.setenv("NETRC", str(tmp_path / ".netrc"))
    monkeypatch.setenv("HOME", str(tmp_path))
    with hostile(says(answer(b"dari proksi"))) as proxy, hostile(OK) as server:
        for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, proxy.url)
        assert session().get_bytes(server.url) == b"isi"
    assert proxy.connections == 0
    assert b"Authorization" not in server.heads[0]


def test_no_cookie_comes_back() -> None:
    with hostile(says(answer(b"isi", Set_Cookie="sesi=1; Path=/"))) as server:
        net = session()
        net.get_bytes(server.url)
        net.get_bytes(server.url)
    assert b"sesi" not in server.heads[1]


def test_requests_say_honestly_who_asks() -> None:
    with hostile(OK) as server:
        session().get_bytes(server.url)
    assert b"User-Agent: SatuDataPaser/" in server.heads[0]
    assert b"Accept-Encoding: gzip\r\n" in server.heads[0]


@pytest.mark.parametrize("value", ["S3cret\r\nX-Lain: 1", "S3cret\x00", "S3cret\u2026"])
def test_a_secret_that_would_break_the_request_is_refused_without_repeating_it(value: str) -> None:
    with pytest.raises(ConfigError) as refused:
        session(headers={"Authorization": value})
    assert refused.value.code == "header-invalid"
    assert "S3cret" not in str(refused.value)


@pytest.mark.parametrize(
    "url",
    ["http://127.0.0.1:{port}/S3cretWord", "HTTP://127.0.0.1:{port}/a/../S3cretWord?sig=S3cretToo", "kata S3cretWord"],
)
def test_a_url_that_is_a_secret_itself_is_in_no_error(url: str) -> None:
    with hostile(says(answer(b"S3cretWord", "403 Forbidden"))) as server:
        address = url.format(port=server.port)
        for ask in ("get_bytes", "get_json", "get_if_changed"):
            with pytest.raises((SourceError, ConfigError)) as caught:
                getattr(session(hidden=[address, "S3cretWord"]), ask)(address)
            assert "S3cret" not in str(caught.value)
