"""Sessions as the configuration says, and the values of secrets."""

from __future__ import annotations

import ssl
from pathlib import Path

import pytest
import trustme
from ckanext.satudatapaser import config
from ckanext.satudatapaser.errors import ConfigError
from ckanext.satudatapaser.net.secrets import read
from ckanext.satudatapaser.net.session import guarded_session
from hostile import answer, hostile, says


@pytest.fixture
def folders(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Say what the configuration would."""
    values = {
        "allow_networks": ["127.0.0.0/8"], "requests_per_second": 0.0, "config_dir": tmp_path / "config",
        "secrets_dir": tmp_path / "secrets", "connect_timeout": 1.0, "read_timeout": 0.2, "total_timeout": 2.0,
        "max_bytes": 1000,
    }  # fmt: skip
    for name, value in values.items():
        monkeypatch.setattr(config, name, lambda value=value: value)
    for folder in ("config", "secrets"):
        (tmp_path / folder).mkdir()
    return tmp_path


def test_a_session_keeps_to_the_installations_limits(folders: Path) -> None:
    limits = guarded_session().limits
    assert (limits.connect, limits.read, limits.total, limits.max_bytes, limits.per_second) == (1, 0.2, 2, 1000, 0)


def test_a_named_secret_is_sent_in_its_header(folders: Path) -> None:
    (folders / "secrets" / "kaltim").write_text("\ufeffS3cretWord\n", encoding="utf-8")
    with hostile(says(answer(b"isi"))) as server:
        guarded_session("kaltim").get_bytes(server.url)
        guarded_session("kaltim", "X-API-Key").get_bytes(server.url)
    assert b"Authorization: S3cretWord\r\n" in server.heads[0]
    assert b"X-API-Key: S3cretWord\r\n" in server.heads[1]


@pytest.mark.parametrize("place", ["config/ca/disdik.pem", "secrets/disdik-ca"])
def test_a_private_authority_is_named_by_its_file(folders: Path, place: str) -> None:
    authority = trustme.CA()
    (folders / place).parent.mkdir(exist_ok=True)
    authority.cert_pem.write_to_path(str(folders / place))
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(tls)
    with hostile(says(answer(b"isi")), tls=tls) as server:
        assert guarded_session(ca_bundle=place.split("/", 1)[1]).get_bytes(server.url) == b"isi"


def test_a_network_that_is_none_is_a_wrong_setting(folders: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(config, "allow_networks", lambda: ["10.20.0.0/99"])
    with pytest.raises(ConfigError) as wrong:
        guarded_session()
    assert (wrong.value.code, "10.20.0.0/99" in wrong.value.message) == ("networks-invalid", True)


def test_the_environment_goes_before_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "kunci-bps").write_text("dari-berkas\n")
    assert read("kunci-bps", tmp_path) == "dari-berkas"
    monkeypatch.setenv("SATUDATA_SECRET_KUNCI_BPS", " dari-lingkungan ")
    assert read("kunci-bps", tmp_path) == "dari-lingkungan"
    assert read("kunci-bps", None) == "dari-lingkungan"


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("../passwd", None, "secret-name"), ("/etc/passwd", None, "secret-name"), ("Kunci", None, "secret-name"),
        ("", None, "secret-name"), ("a\n", None, "secret-name"), ("a" * 64, None, "secret-name"),
        ("tidak-ada", None, "secret-missing"), ("kosong", b" \n", "secret-missing"),
        ("bukan-teks", b"S3cret\xff\xfe", "secret-unreadable"),
    ],
)  # fmt: skip
def test_a_secret_that_is_not_there_is_said_so_by_its_name(
    tmp_path: Path, name: str, content: bytes | None, code: str
) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(ConfigError) as caught:
        read(name, tmp_path)
    assert caught.value.code == code
    assert "S3cret" not in str(caught.value)
