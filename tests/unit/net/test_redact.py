"""Secrets that no text shows."""

from __future__ import annotations

import base64
import json
import logging
from urllib.parse import quote, quote_plus

import pytest
from ckanext.satudatapaser.net.answers import excerpt
from ckanext.satudatapaser.net.redact import LONGEST, RedactingFilter, guard_logs, redact, shown
from hypothesis import given
from hypothesis import strategies as st

S = "S3cretWord"
TEXTS = [
    # user and password in a URL
    f"https://admin:{S}@a.example/x", f"https://{S}@a.example/x", f"postgresql+psycopg2://u:{S}@db.example:5432/x",
    f"lihat //admin:{S}@a.example/x", f"https://u:p@ss{S}@a.example/x", f"https://u:p/{S}@a.example/x",
    f"https://u:a?{S}@a.example/x", f"https://u:a#{S}@a.example/x", f"https://u:{S}:b@a.example/x",
    f"Sumber 'https://admin:{S}@a.example' dan \"ftp://u:{S}@b.example\"",
    # parameters
    f"https://a.example/?api_key={S}&b=1", f"https://a.example/?b=1&apikey={S}", f"https://a.example/?KEY={S}",
    f"https://a.example/?token={S}#x", f"https://a.example/?access_token={S}", f"https://a.example/?accessToken={S}",
    f"https://a.example/?x-api-key={S}", f"https://a.example/?authkey={S}", f"https://a.example/?userKey={S}",
    f"https://a.example/?X-Amz-Signature={S}", f"https://a.example/?X-Amz-Security-Token={S}",
    f"https://a.example/?sig={S}", f"https://a.example/?client_secret={S}", f"https://a.example/?password={S}",
    f"https://a.example/?kunci={S}", f"https://a.example/?kata_sandi={S}", f"https://a.example/;jsessionid={S}",
    f"https://a.example/masuk?kembali=https%3A%2F%2Fb.example%2F%3Ftoken%3D{S}%26b%3D1",
    # paths
    f"https://webapi.example/v1/api/list/model/data/key/{S}", f"https://webapi.example/key/{S}/lang/ind/",
    f"https://a.example/apikey/{S}/list", f"https://a.example/token/{S}",
    # headers
    f"Authorization: {S}", f"Authorization: Bearer {S}", f"authorization: Basic {S}", f"Proxy-Authorization: Digest {S}",
    f'Authorization: Digest username=u, realm=x, response={S}', f"Cookie: a=1; b={S}", f"Set-Cookie: sesi={S}; Path=/",
    f"X-API-Key: {S}", f"{{'Authorization': 'Bearer {S}'}}", f"{{'X-API-Key': '{S}'}}", f"Bearer {S}", f"Basic {S}",
    # JSON, settings, escaped JSON
    f'{{"token": "{S}"}}', f'{{"token":"a b \\" {S}"}}', f'{{"api_key": "{S}', f'"{{\\"token\\": \\"{S}\\"}}"',
    f"password={S}", f"password: {S}", f"PASSWORD = '{S}'", f"db_password={S}", f"SATUDATA_SECRET_KEY={S}",
]  # fmt: skip


@pytest.mark.parametrize("text", TEXTS)
def test_secrets_are_cut_out_of_texts(text: str) -> None:
    assert S not in redact(text)


@pytest.mark.parametrize(
    "text",
    [
        "https://data.example.go.id/api/3/action/package_search?rows=100&start=0&sort=metadata_created+asc",
        "https://a.example:8080/@bidang/x?email=a@b.example", "https://a.example/cari?kata_kunci=sekolah&keyword=sd",
        "https://a.example/?author=dinas&monkey=1&tokenizer=x", "https://[2001:db8::1]:81/x@y",
        "Sumber https://a.example/ menjawab status 503 (sedang sibuk atau tidak tersedia).", "http://a.example/keyword/x",
    ],
)  # fmt: skip
def test_what_is_no_secret_stays(text: str) -> None:
    assert redact(text) == text


@pytest.mark.parametrize("text", TEXTS)
def test_redacting_twice_changes_nothing_more(text: str) -> None:
    assert redact(redact(text)) == redact(text)


SECRETS = st.text(
    st.characters(min_codepoint=33, max_codepoint=0x2FF, blacklist_characters="*"), min_size=6, max_size=30
)
FORMS = (
    str, quote, quote_plus, lambda s: quote(s, safe=""), json.dumps, lambda s: json.dumps({"x": [s]}), repr,
    lambda s: f"https://a.example/{s}/x", lambda s: f"https://a.example/?q={quote(s)}&x=1", lambda s: f"'{s}'",
)  # fmt: skip


@given(SECRETS, st.text(), st.text(), st.sampled_from(FORMS))
def test_a_known_secret_is_cut_wherever_it_stands(secret: str, before: str, after: str, form: object) -> None:
    text = redact(before + form(secret) + after, [secret])  # type: ignore[operator]
    shapes = {secret, quote(secret), quote_plus(secret), json.dumps(secret)[1:-1]}
    assert not [shape for shape in shapes if shape in text]


@given(SECRETS, st.sampled_from(["Bearer ", "bearer ", "Token ", "ApiKey "]))
def test_a_secret_is_known_without_its_scheme_too(secret: str, scheme: str) -> None:
    assert secret not in redact(f"kata {secret} itu", [scheme + secret])


@given(st.text(st.characters(min_codepoint=33, max_codepoint=126, blacklist_characters="*:"), min_size=6, max_size=20))
def test_a_password_is_known_from_its_basic_header_too(password: str) -> None:
    header = "Basic " + base64.b64encode(f"admin:{password}".encode()).decode()
    assert password not in redact(f"kata {password} itu", [header])


def test_a_secret_that_begins_like_another_leaves_no_rest() -> None:
    word = "abcdefghijklmnop"
    assert redact(f"kata {word} itu", [word[:length] for length in range(6, 17)]) == "kata *** itu"


PASSWORDS = st.text(
    st.characters(min_codepoint=33, max_codepoint=126, blacklist_characters="*'\"<>"), min_size=6, max_size=20
)


@given(PASSWORDS.filter(lambda word: not word[0].isdigit()))
def test_a_password_in_a_url_is_cut_whatever_it_is_made_of(password: str) -> None:
    text = redact(f"Alamat https://admin:{password}@a.example/x tidak sah")
    assert text.endswith("@a.example/x tidak sah")
    assert password not in text


@given(st.text(max_size=300), st.integers(min_value=0, max_value=4000))
def test_a_secret_is_never_shown_in_part(filler: str, position: int) -> None:
    secret = "S3cretWord" * 3
    body = (filler + "x" * position)[:position] + secret
    for text in (excerpt(body.encode(), [secret]), shown("https://a.example/" + body, [secret])):
        assert "S3c" not in text.replace("…", "")


def test_urls_are_shortened_for_messages() -> None:
    assert len(shown("https://a.example/" + "x" * 100_000)) == LONGEST + 1


def test_hostile_texts_take_no_time() -> None:
    for text in ("//a:b" * 2000, "key" * 3000, "a" * 10_000, "://" * 4000, "-_." * 4000, '"\\' * 4000):
        assert redact(text) is not None  # a pattern that explodes ends by the time limit of the test run


@pytest.mark.timeout(10)
def test_hostile_excerpts_take_no_time() -> None:
    excerpt(b"key_" * 1_000_000)
    shown("//a:b" * 1_000_000)


def test_what_the_transport_library_logs_is_redacted(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    guard_logs()
    guard_logs()
    logger = logging.getLogger("urllib3.connectionpool")
    assert sum(isinstance(known, RedactingFilter) for known in logger.filters) == 1
    monkeypatch.setattr(logger, "disabled", False)  # CKAN's logging settings switch off what they do not name
    with caplog.at_level(logging.DEBUG, logger="urllib3"):
        try:
            raise ValueError(f"?key={S}")  # noqa: TRY301 - to have a traceback
        except ValueError:
            logger.warning('"%s %s"', "GET", f"/x?api_key={S}", exc_info=True)
    assert '"GET /x?api_key=***"' in caplog.text
    assert S not in caplog.text
