"""bin/health speaks also when the database is down."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from ops import health, instance, sites
from ops.instance import PORTS, Instance


def test_a_database_that_is_down_is_said_in_words_and_in_json(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    here = Instance("coba", tmp_path, dict.fromkeys(PORTS, 1))
    sites.write_ini(here, sites.catalogue(here))
    monkeypatch.setattr(instance, "dev", lambda: here)
    assert health.main([]) == 1
    assert "PostgreSQL tidak menjawab" in capsys.readouterr().out
    assert health.main(["--json"]) == 1
    found = json.loads(capsys.readouterr().out)
    assert (found["ok"], found["findings"][0]["name"]) == (False, "database")
