"""What Redis was told survives its being killed: queued work is in there."""

from __future__ import annotations

import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import redis
from ops.instance import Instance
from ops.services import prepare_redis, redis_command


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


def test_work_that_was_queued_is_there_after_redis_was_killed(tmp_path: Path) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    instance = Instance("coba", tmp_path / "coba", {"redis": port})
    prepare_redis(instance)
    with served(instance) as client:
        client.rpush("rq:queue:default", "satudata-harvest-dinas")
    with served(instance) as client:
        assert client.lrange("rq:queue:default", 0, -1) == [b"satudata-harvest-dinas"]
