"""What Redis was told survives its being killed: queued work is in there."""

from __future__ import annotations

import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import redis
from ops.instance import Instance
from ops.services import log_changes, prepare_redis, redis_command


@contextmanager
def served(instance: Instance) -> Iterator[redis.Redis]:
    """Run Redis as the portal does, and kill it at the end."""
    client = redis.Redis(port=instance.ports["redis"], password=instance.secret("redis"))
    with subprocess.Popen(redis_command(instance).split(), stdout=subprocess.DEVNULL) as process:
        try:
            for _ in range(200):
                try:
                    client.ping()
                    break
                except redis.ConnectionError:
                    time.sleep(0.05)
            yield client
        finally:
            process.kill()


@pytest.fixture
def instance(tmp_path: Path) -> Instance:
    """An instance whose Redis has a free port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    return Instance("coba", tmp_path / "coba", {"redis": port})


def test_work_that_was_queued_is_there_after_redis_was_killed(instance: Instance) -> None:
    prepare_redis(instance)
    with served(instance) as client:
        client.rpush("rq:queue:default", "satudata-harvest-dinas")
    with served(instance) as client:
        assert client.lrange("rq:queue:default", 0, -1) == [b"satudata-harvest-dinas"]


def test_a_redis_that_kept_snapshots_only_loses_nothing_when_it_begins_to_log(instance: Instance) -> None:
    prepare_redis(instance)
    conf = instance.state / "redis" / "redis.conf"
    conf.write_text(conf.read_text().replace("appendonly yes", "appendonly no"))
    with served(instance) as client:
        client.rpush("rq:queue:default", "lama")
        client.save()
    prepare_redis(instance)
    with served(instance) as client:
        log_changes(instance)
        client.rpush("rq:queue:default", "baru")
    assert "appendonly yes" in conf.read_text()
    with served(instance) as client:
        assert client.lrange("rq:queue:default", 0, -1) == [b"lama", b"baru"]


def test_a_redis_that_runs_with_snapshots_only_begins_to_log_without_a_restart(instance: Instance) -> None:
    prepare_redis(instance)
    conf = instance.state / "redis" / "redis.conf"
    conf.write_text(conf.read_text().replace("appendonly yes", "appendonly no"))
    with served(instance) as client:
        client.rpush("rq:queue:default", "lama")
        log_changes(instance)
    with served(instance) as client:
        assert client.lrange("rq:queue:default", 0, -1) == [b"lama"]
