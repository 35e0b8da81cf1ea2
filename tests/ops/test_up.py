"""What stops bin/up is one sentence that says what to do; what it writes is for its owner only."""

from __future__ import annotations

import shutil
import socket
from collections import namedtuple
from collections.abc import Iterator
from pathlib import Path

import pytest
from ops import accounts, sites, up
from ops.instance import PORTS, Instance, SetupError
from ops.supervisor import Program, Supervisor, configuration

Usage = namedtuple("Usage", "total used free")


@pytest.fixture
def instance(tmp_path: Path) -> Instance:
    """An instance that nothing runs of, on ports that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        free = probe.getsockname()[1]
    return Instance("coba", tmp_path / "coba", dict.fromkeys(PORTS, free))


@pytest.fixture
def taken() -> Iterator[int]:
    """A port that another program listens on."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield other.getsockname()[1]


def test_a_port_in_use_is_named_with_the_setting_that_moves_it(instance: Instance, taken: int) -> None:
    instance.ports["web"] = taken
    with pytest.raises(SetupError) as error:
        up.check_machine(instance, Supervisor(instance), ["web"])
    assert f"Port {taken} (web) is in use" in str(error.value)
    assert "SATUDATA_PORT=" in str(error.value)


def test_a_full_disk_is_said_before_anything_starts(instance: Instance, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(10, 10, 0))
    with pytest.raises(SetupError, match="make room, then run this again"):
        up.check_machine(instance, Supervisor(instance), ["web"])


def test_missing_java_is_said_with_the_package_that_brings_it(
    instance: Instance, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "which", lambda _: None)
    with pytest.raises(SetupError, match="openjdk-17-jre-headless"):
        up.check_machine(instance, Supervisor(instance), ["web"])


def test_secrets_are_generated_once_and_for_their_owner_only(instance: Instance) -> None:
    first = instance.secret("admin")
    assert len(first) >= 24
    assert instance.secret("admin") == first != instance.secret("other")
    path = instance.state / "secrets" / "admin"
    assert (path.stat().st_mode & 0o077, path.parent.stat().st_mode & 0o077) == (0, 0)


def test_a_kept_token_is_readable_by_its_owner_only(tmp_path: Path) -> None:
    accounts.keep(tmp_path / "tokens" / "admin", "x")
    assert (tmp_path / "tokens" / "admin").stat().st_mode & 0o077 == 0


def test_the_ini_holds_no_default_password_and_is_for_its_owner_only(instance: Instance) -> None:
    site = sites.catalogue(instance)
    instance.state.mkdir(parents=True)
    sites.write_ini(instance, site)
    assert site.ini(instance).stat().st_mode & 0o077 == 0
    text = site.ini(instance).read_text()
    assert instance.secret("key-ckan") in text
    assert "$" not in text
    assert ":pass@" not in text


def test_no_secret_stands_in_a_command_line_or_in_the_process_managers_file(instance: Instance) -> None:
    programs = [Program("web", sites.wsgi_command(instance, sites.catalogue(instance), 1), lambda: True)]
    text = configuration(instance, programs)
    secrets = [instance.secret(name) for name in ("key-ckan", "redis", "database-ckan")]
    assert not [secret for secret in secrets if secret in text]


def test_what_dies_is_started_again(instance: Instance) -> None:
    text = configuration(instance, [Program("web", "x", lambda: True)])
    assert "autorestart=true" in text
    assert "chmod=0700" in text
