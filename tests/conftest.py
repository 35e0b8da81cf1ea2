"""Fixtures of all tests. Pure tests need none of CKAN; the others run on the services that bin/test starts."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from typing import Any

import pytest
import slots
from hypothesis import HealthCheck, settings
from portal import Portal, serve

if worker := os.environ.get("PYTEST_XDIST_WORKER"):
    slots.take(worker)  # before anything reads the environment
# no test judges by the clock: this machine may be busy with something else
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let a person name catalogues of their own that are altered and harvested, and run more pushes than fit into seconds."""
    parser.addoption("--catalogues", default="", help="folder with data.json files (*.json, *.json.xz)")
    parser.addoption("--alteration-seed", default="1", help="seed of the alterations of those files")
    parser.addoption("--pycsw-suites", default="", help="folder tests/functionaltests/suites of pycsw's own source")
    parser.addoption("--dcat-ap-shapes", default="", help="SEMIC's SHACL shapes of DCAT-AP 3, checked beside our own")
    parser.addoption(
        "--province", default="2.12", help="version of the CKAN that stands for the province: 2.12, 2.11, 2.10"
    )
    parser.addoption("--push-datasets", type=int, default=24, help="datasets that are pushed through a faulty network")
    parser.addoption(
        "--push-unchanged", type=int, default=1000, help="datasets that a push passes by without a request"
    )
    parser.addoption("--push-steps", type=int, default=60, help="random edits on both sides between pushes")
    parser.addoption(
        "--write-pages", action="store_true", help="write pages of docs/ that are made from a run of tests"
    )
    parser.addoption("--push-seed", type=int, default=1, help="seed of those faults and edits")


@pytest.fixture
def our_log(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    """What our modules log; the ini file keeps that from the root logger, and migrations in this process silence it."""
    logger = logging.getLogger("ckanext")
    for name in [name for name in logging.root.manager.loggerDict if name.startswith("ckanext.satudatapaser")]:
        logging.getLogger(name).disabled = False
    logger.addHandler(caplog.handler)
    yield caplog
    logger.removeHandler(caplog.handler)


@pytest.fixture
def portal() -> Iterator[Portal]:
    """A source's web server."""
    with serve() as found:
        yield found


if os.environ.get("CKAN_INI"):
    from ckan import model, plugins
    from ckan.lib import search
    from ckan.tests import helpers as ckan_helpers

    @pytest.fixture(scope="session")
    def site() -> Iterator[None]:
        """The loaded CKAN with our plugins; loaded once, because loading is what is slow."""
        plugins.load_all()
        yield
        plugins.unload_all()

    @pytest.fixture(scope="session")
    def site_app(site: None) -> Any:
        """A client of the loaded CKAN's pages and API."""
        return ckan_helpers._get_test_app()

    @pytest.fixture
    def rolled_back(site: None) -> Iterator[None]:
        """Run a test in a transaction that is rolled back; not for Solr, DataStore, Redis or other processes."""
        connection = model.meta.engine.connect()
        outer = connection.begin()
        model.Session.remove()
        model.Session.configure(bind=connection, join_transaction_mode="create_savepoint")
        yield
        model.Session.remove()
        model.Session.configure(bind=model.meta.engine, join_transaction_mode="conditional_savepoint")
        outer.rollback()
        connection.close()

    @pytest.fixture
    def unindexed(monkeypatch: pytest.MonkeyPatch) -> None:
        """Leave Solr out: for tests that roll back and never search."""
        monkeypatch.setattr(search.PackageSearchIndex, "index_package", lambda *_, **__: None)

    @pytest.fixture
    def clean_db(reset_db: Any, migrate_db_for: Any) -> None:
        """Empty the database, with our tables and activity's columns in place."""
        reset_db()
        migrate_db_for("activity")
        migrate_db_for("satudatapaser")

    @pytest.fixture(scope="module")
    def empty_catalogue(site_app: Any, request: pytest.FixtureRequest) -> Iterator[None]:
        """Empty database and index, once for a module; its tests keep apart by names."""
        for name in ("reset_db", "reset_index"):
            request.getfixturevalue(name)()
        migrate = request.getfixturevalue("migrate_db_for")
        for plugin in ("activity", "satudatapaser"):
            migrate(plugin)
        yield
        model.Session.remove()

    @pytest.fixture(scope="session")
    def province(request: pytest.FixtureRequest) -> Iterator[Any]:
        """The second CKAN, served while the tests run; empty at first."""
        from two_ckans import running

        with running(request.config.getoption("--province")) as found:
            yield found
