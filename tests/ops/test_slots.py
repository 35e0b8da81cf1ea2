"""How a run of the tests is shared among processes, and what they make only once."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest
from ops import test
from ops.alone import alone


@pytest.mark.parametrize(("arguments", "expected"), [
    ([], (0, 1)), (["--durations=40", "--push-steps=520"], (0, 1)), (["tests/unit"], (0,)), (["-k", "province"], (0,)),
    (["-x"], (0,)), (["--pdb"], (0,)), (["--write-pages"], (0,)),
])  # fmt: skip
def test_the_whole_suite_is_shared_by_two_processes_and_a_part_is_not(
    monkeypatch: pytest.MonkeyPatch, arguments: list[str], expected: tuple[int, ...]
) -> None:
    monkeypatch.delenv("SATUDATA_TEST_SLOT", raising=False)
    assert test.slots_for(arguments) == expected
    monkeypatch.setenv("SATUDATA_TEST_SLOT", "3")
    assert test.slots_for(arguments) == (3,)


def test_what_one_makes_the_other_waits_for(tmp_path: Path) -> None:
    done: list[str] = []

    def other() -> None:
        with alone(tmp_path / "tempat"):
            done.append("kedua")

    with alone(tmp_path / "tempat"):
        waiting = threading.Thread(target=other)
        waiting.start()
        time.sleep(0.2)
        done.append("pertama")
    waiting.join(10)
    assert done == ["pertama", "kedua"]
