"""pytest plugin for CKAN's own tests: keep the tables and columns that `ckan db upgrade` made for plugins.

The first clean_db of a run drops every table and runs CKAN's migrations only; with this flag it deletes rows instead.
"""

from __future__ import annotations

import pytest


@pytest.hookimpl(trylast=True)
def pytest_sessionstart(session: pytest.Session) -> None:
    """Say that the tables are made."""
    from ckan import model

    model.repo.tables_created_and_initialised = True
