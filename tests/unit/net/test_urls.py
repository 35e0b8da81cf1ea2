"""URLs: what is asked, and what is refused before anything is asked."""

import pytest
from ckanext.satudatapaser.errors import ConfigError
from ckanext.satudatapaser.net.urls import parse

REFUSED = [
    # url, code, why
    ("file:///etc/passwd", "url-scheme", "reads our disk"),
    ("ftp://a.example/x", "url-scheme", "another protocol"),
    ("gopher://127.0.0.1:6379/_FLUSHALL", "url-scheme", "speaks to anything"),
    ("javascript:alert(1)", "url-scheme", "no server"),
    ("data:text/plain,x", "url-scheme", "no server"),
    ("a.example/data.json", "url-scheme", "no scheme"),
    ("//a.example/data.json", "url-scheme", "no scheme"),
    ("http:///data.json", "url-scheme", "no server"),
    ("http:data.json", "url-scheme", "no server"),
    ("http:\\\\127.0.0.1\\x", "url-scheme", "a server for browsers, none for RFC 3986"),
    ("", "url-scheme", "nothing"),
    ("http://2130706433/", "url-host", "127.0.0.1 as one decimal number"),
    ("http://0x7f000001/", "url-host", "127.0.0.1 as one hex number"),
    ("http://017700000001/", "url-host", "127.0.0.1 as one octal number"),
    ("http://0177.0.0.1/", "url-host", "127.0.0.1 with an octal part, 177.0.0.1 to others"),
    ("http://0x7f.1/", "url-host", "127.0.0.1, hex and short"),
    ("http://127.0.0.0x1/", "url-host", "127.0.0.1, hex at the end"),
    ("http://127.1/", "url-host", "127.0.0.1, short"),
    ("http://127.0.1/", "url-host", "127.0.0.1, short"),
    ("http://127.0.0.1./", "url-host", "127.0.0.1 as a name"),
    ("http://1.2.3.4.5/", "url-host", "five parts"),
    ("http://256.1.1.1/", "url-host", "no byte"),
    ("http://127.0.0.%31/", "url-host", "percent-encoded digit"),
    ("http://a.exam%00ple/", "url-host", "percent-encoded zero byte"),
    ("http://[fe80::1%25eth0]/", "url-host", "a zone id chooses one of our interfaces"),
    ("http://[fe80::1%eth0]/", "url-host", "the same, unencoded"),
    ("http://a..example/", "url-host", "empty label"),
    ("http://.example/", "url-host", "empty label"),
    ("http://-a.example/", "url-host", "label begins with -"),
    ("http://" + "a" * 64 + ".example/", "url-host", "label too long for DNS"),
    ("http://" + "a." * 130 + "example/", "url-host", "name too long for DNS"),
    ("http://a!b.example/", "url-host", "no letter"),
    ("http://１２７.０.０.１/", "url-invalid", "fullwidth digits, 127.0.0.1 after NFKC"),
    ("http://127。0。0。1/", "url-invalid", "ideographic full stops"),
    ("http://ⓛocalhost/", "url-invalid", "circled letter, localhost after NFKC"),
    ("http://℡.example/", "url-invalid", "one sign, tel.example after NFKC"),
    ("http://exa\u00admple.id/", "url-invalid", "soft hyphen, dropped by some"),
    ("http://a.example\u2028/", "url-invalid", "line separator"),
    ("http://good@127.0.0.1/", "url-userinfo", "looks like good, is 127.0.0.1"),
    ("http://good:80@127.0.0.1/", "url-userinfo", "looks like good:80"),
    ("http://@127.0.0.1/", "url-userinfo", "empty user"),
    ("https://admin:rahasia@a.example/", "url-userinfo", "a password in a URL"),
    ("http://a@b@c.example/", "url-userinfo", "readers disagree about which @ counts"),
    ("http://127.0.0.1\\@good.example/", "url-invalid", "127.0.0.1 for browsers, good.example for RFC 3986"),
    ("http://good.example\\.127.0.0.1/", "url-invalid", "backslash in the host"),
    ("http://127.0.0.1\t/", "url-invalid", "tabs are dropped by some"),
    ("ht\ntp://127.0.0.1/", "url-invalid", "line ends are dropped by some"),
    ("http://a.example/x\r\nHost: b.example", "url-invalid", "a second header"),
    ("http://a.example/\x00", "url-invalid", "zero byte"),
    ("http://a.example /", "url-host", "space in the host"),
    ("http://a.example:0/", "url-port", "no port"),
    ("http://a.example:65536/", "url-invalid", "out of range"),
    ("http://a.example:99999999999/", "url-invalid", "out of range"),
    ("http://a.example:-1/", "url-invalid", "no number"),
    ("http://a.example:80x/", "url-invalid", "no number"),
    ("http://a.example:８０/", "url-invalid", "fullwidth digits"),
    ("http://[::1/", "url-invalid", "bracket left open"),
    ("http://[1.2.3.4]/", "url-invalid", "no IPv6"),
    ("http://[v1.a]/", "url-invalid", "address of the future"),
]


@pytest.mark.parametrize(("url", "code", "why"), REFUSED)
def test_a_url_that_readers_disagree_about_is_never_asked(url: str, code: str, why: str) -> None:
    with pytest.raises(ConfigError) as refused:
        parse(url)
    assert refused.value.code == code, why
    assert "rahasia" not in refused.value.message


TAKEN = [
    # url, what is asked, server, port
    ("https://data.example.go.id", "https://data.example.go.id/", "data.example.go.id", 443),
    ("  http://a.example/x ", "http://a.example/x", "a.example", 80),
    ("HTTP://A.Example:8080/X", "http://a.example:8080/X", "a.example", 8080),
    ("http://good.example#@127.0.0.1", "http://good.example/", "good.example", 80),
    ("http://good.example?@127.0.0.1", "http://good.example/?@127.0.0.1", "good.example", 80),
    ("http://good.example/@127.0.0.1", "http://good.example/@127.0.0.1", "good.example", 80),
    ("http://good.example/\\@127.0.0.1/", "http://good.example/%5C@127.0.0.1/", "good.example", 80),
    ("http://a.example/Jumlah Sekolah ñ.csv", "http://a.example/Jumlah%20Sekolah%20%C3%B1.csv", "a.example", 80),
    ("http://a.example/100%25.csv", "http://a.example/100%25.csv", "a.example", 80),
    ("http://a.example./x", "http://a.example./x", "a.example", 80),
    ("http://data_x.example/", "http://data_x.example/", "data_x.example", 80),
    ("http://bücher.example/", "http://xn--bcher-kva.example/", "xn--bcher-kva.example", 80),
    ("http://8.8.8.8/", "http://8.8.8.8/", "8.8.8.8", 80),
    ("http://[2001:4860::8888]:81/", "http://[2001:4860::8888]:81/", "2001:4860::8888", 81),
    ("http://[::ffff:127.0.0.1]/", "http://[::ffff:127.0.0.1]/", "::ffff:127.0.0.1", 80),  # refused when connecting
    ("http://localhost:5000/", "http://localhost:5000/", "localhost", 5000),  # refused when connecting
    ("http://a.example:/", "http://a.example/", "a.example", 80),
    ("http://2001.example/", "http://2001.example/", "2001.example", 80),
]  # fmt: skip


@pytest.mark.parametrize(("url", "asked", "host", "port"), TAKEN)
def test_a_url_is_asked_as_it_was_checked(url: str, asked: str, host: str, port: int) -> None:
    target = parse(url)
    assert (target.url, target.host, target.port) == (asked, host, port)


def test_parameters_join_those_that_the_url_has() -> None:
    assert parse("http://a.example/x?a=1", {"b": "2 3&", "c": "é"}).url == "http://a.example/x?a=1&b=2+3%26&c=%C3%A9"


@pytest.mark.parametrize(
    ("first", "second", "trusted"),
    [
        ("https://a.example/1", "https://a.example/2", True),
        ("https://a.example/1", "https://a.example:443/2", True),
        ("https://a.example/1", "https://A.example./2", True),
        ("http://a.example/1", "https://a.example/1", True),  # the same server over TLS
        ("https://a.example/1", "http://a.example/1", False),
        ("http://a.example:8080/", "https://a.example/", False),
        ("https://a.example/", "https://a.example:8443/", False),
        ("https://a.example/", "https://b.example/", False),
        ("https://a.example/", "https://a.example.b.example/", False),
        ("https://a.example/", "https://www.a.example/", False),
    ],
)
def test_a_secret_is_trusted_to_the_same_server_only(first: str, second: str, trusted: bool) -> None:
    assert parse(first).trusts(parse(second)) is trusted
