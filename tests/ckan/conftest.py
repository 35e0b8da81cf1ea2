"""What both files about /csw stand on: a pycsw that runs, and maps of ours."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import csw_records
import pytest
from served import pycsw


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The folder of a pycsw that runs as bin/up runs it."""
    with pycsw(tmp_path_factory.mktemp("csw")) as place:
        yield place


@pytest.fixture(scope="module")
def records(empty_catalogue: None) -> dict[str, Any]:
    """Twelve open datasets with an extent, and one of each sort that must not be seen."""
    return csw_records.records()
