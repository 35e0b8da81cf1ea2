"""Documents that are made as they are sent and kept until the catalogue changes."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from ckanext.satudatapaser.outputs import kept as module
from ckanext.satudatapaser.outputs.kept import kept


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(module.config, "cache_dir", lambda: tmp_path / "cache")
    return tmp_path / "cache"


def never() -> Iterator[bytes]:
    raise AssertionError("made again")
    yield b""


def test_a_document_is_made_once_for_a_stamp_and_anew_for_the_next(cache: Path) -> None:
    assert b"".join(kept("a.json", "1", lambda: iter([b"x", b"y"]))) == b"xy"
    assert b"".join(kept("a.json", "1", never)) == b"xy"
    assert b"".join(kept("a.json", "2", lambda: iter([b"z"]))) == b"z"
    assert [path.name for path in (cache / "a.json").iterdir()] == ["2"]


def test_names_do_not_share(cache: Path) -> None:
    list(kept("a.json", "1", lambda: iter([b"a"])))
    assert b"".join(kept("b.json", "1", lambda: iter([b"b"]))) == b"b"
    assert b"".join(kept("a.json", "1", never)) == b"a"


def test_a_document_that_breaks_off_is_not_kept(cache: Path) -> None:
    def broken() -> Iterator[bytes]:
        yield b"half"
        raise RuntimeError("gone")

    with pytest.raises(RuntimeError, match="gone"):
        list(kept("a.json", "1", broken))
    assert list((cache / "a.json").iterdir()) == []


def test_a_reader_who_leaves_early_leaves_nothing_behind(cache: Path) -> None:
    half = kept("a.json", "1", lambda: iter([b"x", b"y"]))
    assert next(half) == b"x"
    half.close()  # type: ignore[attr-defined] - a generator, as the server closes it
    assert list((cache / "a.json").iterdir()) == []


def test_a_document_that_is_being_sent_survives_the_next_one(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "BLOCK", 1)
    list(kept("a.json", "1", lambda: iter([b"xy"])))
    slow = kept("a.json", "1", never)
    assert next(slow) == b"x"
    list(kept("a.json", "2", lambda: iter([b"z"])))
    assert b"".join(slow) == b"y"


def test_what_a_dead_process_left_is_removed_after_hours_and_what_another_is_writing_is_not(cache: Path) -> None:
    (cache / "a.json").mkdir(parents=True)
    fresh, old = cache / "a.json" / ".fresh", cache / "a.json" / ".old"
    for path in (fresh, old):
        path.write_text("half")
    os.utime(old, (0, 0))
    list(kept("a.json", "1", lambda: iter([b"x"])))
    assert sorted(path.name for path in fresh.parent.iterdir()) == [".fresh", "1"]


def test_without_a_folder_nothing_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module.config, "cache_dir", lambda: None)
    assert b"".join(kept("a.json", "1", lambda: iter([b"x"]))) == b"x"
    assert b"".join(kept("a.json", "1", lambda: iter([b"y"]))) == b"y"
