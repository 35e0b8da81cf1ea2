"""TLS: what is believed, what is not, and three sentences that tell which."""

from __future__ import annotations

import dataclasses as dc
import datetime as dt
import ssl
from pathlib import Path
from typing import Any

import pytest
import trustme
from ckanext.satudatapaser.errors import ConfigError, RetryLater, SatuDataError, SourceError
from ckanext.satudatapaser.net import trust
from ckanext.satudatapaser.net.guard import Policy
from ckanext.satudatapaser.net.http import GuardedSession
from ckanext.satudatapaser.net.limits import Limits
from hostile import Script, answer, hostile, says

QUICK = Limits(connect=1, read=1, total=2, per_second=0, attempts=1, max_bytes=100_000, backoff=0.01)
OK = says(answer(b"isi"))
NOW = dt.datetime.now(dt.UTC)


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture(scope="module")
def bundle(authority: trustme.CA, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("ca") / "ca.pem"
    authority.cert_pem.write_to_path(str(path))
    return path


def serving(certificate: trustme.LeafCert) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate.configure_cert(context)
    return context


def net(bundle: Path | None = None, limits: Limits = QUICK) -> GuardedSession:
    tls = trust.with_private(bundle) if bundle else None
    return GuardedSession(Policy.of(["127.0.0.0/8"]), limits, {"Authorization": "S3cretWord"}, tls)


def test_a_private_authority_is_believed_where_it_is_configured(authority: trustme.CA, bundle: Path) -> None:
    with hostile(OK, tls=serving(authority.issue_cert("127.0.0.1"))) as server:
        assert net(bundle).get_bytes(server.url) == b"isi"


def test_a_private_authority_is_believed_besides_the_public_ones(bundle: Path) -> None:
    assert len(trust.with_private(bundle).get_ca_certs()) == len(trust.public().get_ca_certs()) + 1
    assert trust.public().verify_mode is ssl.CERT_REQUIRED
    assert trust.public().check_hostname


EXPIRED = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
CERTIFICATES: dict[str, tuple[dict[str, Any], str, bool, str, str]] = {
    # what is wrong: how it is issued, for whom, whether we know the authority, code, word in the message
    "an authority that we do not know": ({}, "127.0.0.1", False, "source-tls-untrusted", "dipercaya"),
    "another name": ({}, "lain.example", True, "source-tls-host", "nama lain"),
    "another address": ({}, "127.0.0.9", True, "source-tls-host", "nama lain"),
    "expired": ({"not_before": EXPIRED - dt.timedelta(days=9), "not_after": EXPIRED}, "127.0.0.1", True,
                "source-tls-expired", "kedaluwarsa"),
    "not yet valid": ({"not_before": NOW + dt.timedelta(days=9), "not_after": NOW + dt.timedelta(days=99)}, "127.0.0.1", True,
                      "source-tls-expired", "belum berlaku"),
}  # fmt: skip


@pytest.mark.parametrize("what", CERTIFICATES)
def test_a_certificate_is_refused_for(what: str, authority: trustme.CA, bundle: Path) -> None:
    values, name, known, code, word = CERTIFICATES[what]
    with (
        hostile(OK, tls=serving(authority.issue_cert(name, **values))) as server,
        pytest.raises(SourceError) as refused,
    ):
        net(bundle if known else None).get_bytes(server.url)
    assert (refused.value.code, word in refused.value.message) == (code, True), refused.value.message
    assert server.heads == [], "nothing was sent, no secret either"


FAULTS: dict[str, tuple[Script, type[SatuDataError], str]] = {
    "speaks plain HTTP": (OK, SourceError, "source-tls"),
    "says nothing": (lambda visit: visit.wait(), RetryLater, "source-timeout"),
    "closes": (says(), RetryLater, "source-closed"),
    "breaks off": (lambda visit: visit.reset(), RetryLater, "source-closed"),
}


@pytest.mark.parametrize("what", FAULTS)
def test_a_server_without_tls_that(what: str) -> None:
    script, kind, code = FAULTS[what]
    with hostile(script, early=True) as server, pytest.raises(kind) as caught:
        net().get_bytes(f"https://127.0.0.1:{server.port}/")
    assert caught.value.code == code


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion")
def test_an_old_version_of_tls_is_said_so(authority: trustme.CA, bundle: Path) -> None:
    old = serving(authority.issue_cert("127.0.0.1"))
    old.set_ciphers("ALL:@SECLEVEL=0")
    old.minimum_version, old.maximum_version = ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1
    with hostile(OK, tls=old) as server, pytest.raises(SourceError) as caught:
        net(bundle).get_bytes(server.url)
    assert (caught.value.code, "terlalu tua" in caught.value.hint) == ("source-tls", True)


HEAD = b"HTTP/1.1 200 OK\r\n"


@pytest.mark.parametrize(
    ("script", "code"),
    [
        (says(HEAD + b"X-A: ", b"a", every=0.05, forever=True), "source-slow"),
        (says(HEAD + b"\r\n", b"a", every=0.05, forever=True), "source-slow"),
        (lambda visit: visit.wait(), "source-timeout"),
        (says(HEAD + b"\r\n", b"x" * 4096, forever=True), "source-too-big"),
        (says(HEAD + b"Content-Length: 99\r\n\r\nisi"), "source-truncated"),
        (says(HEAD + b"Content-Le"), "source-truncated"),
    ],
)
def test_the_limits_hold_under_tls_too(script: Script, code: str, authority: trustme.CA, bundle: Path) -> None:
    patient = Limits(connect=30, read=30, total=30, per_second=0, attempts=1, max_bytes=100_000)
    short = {"source-slow": dc.replace(patient, total=0.6), "source-timeout": dc.replace(patient, read=0.3)}
    with (
        hostile(script, tls=serving(authority.issue_cert("127.0.0.1"))) as server,
        pytest.raises(SatuDataError) as caught,
    ):
        net(bundle, short.get(code, patient)).get_bytes(server.url)
    assert caught.value.code == code


def test_a_bundle_that_is_none_is_refused(tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_text("bukan sertifikat")
    with pytest.raises(ConfigError) as refused:
        trust.with_private(trust.find("ca.pem", tmp_path))
    assert refused.value.code == "ca-invalid"


def test_a_bundle_is_found_in_the_folders_meant_for_it_only(tmp_path: Path) -> None:
    config, secrets = tmp_path / "config", tmp_path / "secrets"
    for folder in (config / "ca", secrets):
        folder.mkdir(parents=True)
    (config / "ca" / "disdik.pem").write_text("1")
    (secrets / "dinkes-ca").write_text("2")
    (tmp_path / "luar.pem").write_text("3")
    (config / "tautan.pem").symlink_to(tmp_path / "luar.pem")
    assert trust.find("ca/disdik.pem", config, secrets).read_text() == "1"
    assert trust.find("dinkes-ca", config, None, secrets).read_text() == "2"
    for name in ("../luar.pem", str(tmp_path / "luar.pem"), "tautan.pem", "ca", "tidak-ada.pem", "", "."):
        with pytest.raises(ConfigError) as refused:
            trust.find(name, config, secrets)
        assert refused.value.code == "ca-missing"
