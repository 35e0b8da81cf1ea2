"""Our portal, served, beside the stock programs that it must work with."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from ckan import model
from contract.catalogue import Catalogue
from served import pycsw, serving


@pytest.fixture(scope="session")
def csw_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The folder of a pycsw that runs as bin/up runs it."""
    with pycsw(tmp_path_factory.mktemp("csw")) as place:
        yield place


@pytest.fixture(scope="module")
def portal_of(site_app: Any, csw_folder: Path, request: pytest.FixtureRequest) -> Any:
    """A block with our portal served, holding a new catalogue and nothing else."""

    @contextmanager
    def served() -> Iterator[tuple[str, Catalogue]]:
        for name in ("reset_db", "reset_index"):
            request.getfixturevalue(name)()
        for plugin in ("activity", "satudatapaser"):
            request.getfixturevalue("migrate_db_for")(plugin)
        # three datasets on a page of DCAT, so that the catalogue has several
        settings = {"ckanext.satudatapaser.csw_dir": str(csw_folder), "ckanext.dcat.datasets_per_page": "3"}
        with serving(site_app, settings) as url:
            yield url, Catalogue()
        model.Session.remove()

    return served
