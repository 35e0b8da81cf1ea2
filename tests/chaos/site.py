"""The portal as the experiment sees it: CKAN loaded in this process, beside the worker and the scheduler."""

from __future__ import annotations

import dataclasses as dc
import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import redis.exceptions
import sqlalchemy as sa
from apart import ORGANIZATION
from ckan import model
from ckan.cli import CKANConfigLoader
from ckan.config.middleware import make_app
from ckan.lib.search.common import make_connection
from ckan.plugins import toolkit as tk
from ckanext.satudatapaser import clock
from ckanext.satudatapaser.cli.common import call
from ckanext.satudatapaser.model import HarvestJob, HarvestObject, HarvestRecord, HarvestSource
from ckanext.satudatapaser.upkeep import queue
from sqlalchemy.exc import DBAPIError

from chaos.compare import Document, State

NAME = "sumber"
# what is missing at the source is archived in the same run; nothing waits for a person
SETTINGS = {
    "default_access": "terbuka", "default_license": "cc-by", "review": "auto", "grace_days": "0", "grace_runs": "1",
    "vanish_share": "1",
}  # fmt: skip
T = TypeVar("T")


@dc.dataclass(frozen=True)
class Run:
    """One run of the source: its state, its counts, how many ledger rows it has."""

    id: str
    state: str
    counts: dict[str, int]
    rows: int


class Site:
    """The site of an ini file."""

    def __init__(self, ini: Path) -> None:
        app = make_app(CKANConfigLoader(str(ini)).get_config())
        app._wsgi_app.test_request_context().push()  # actions translate what they say
        self.solr = make_connection()

    def patiently(self, ask: Callable[[], T], otherwise: T) -> T:
        """Return what ``ask`` finds, or ``otherwise`` while PostgreSQL or Redis is away."""
        try:
            found = ask()
            model.Session.rollback()
        except (DBAPIError, redis.exceptions.RedisError):
            model.Session().invalidate()  # no rollback: nobody is there to take it
            model.Session.remove()
            model.meta.engine.dispose()
            return otherwise
        return found

    def clear(self) -> None:
        """Remove every dataset, source and run; users and the organisation stay."""
        names = sa.text("select tablename from pg_tables where schemaname = 'public' and tablename like 'satudata_%'")
        ours = ", ".join(model.Session.scalars(names))
        model.Session.execute(sa.text(f"truncate package, tag, {ours} cascade"))
        model.Session.execute(sa.text("delete from member where table_name = 'package'"))
        model.Session.commit()
        self.solr.delete(q="*:*", commit=True)

    def add(self, kind: str, url: str) -> None:
        """Add the source and approve it."""
        more = {"rows": "50"} if kind == "ckan" else {}
        values = {"name": NAME, "kind": kind, "url": url, "owner_org": ORGANIZATION, "settings": {**SETTINGS, **more}}
        call("satudata_source_create", values)
        call("satudata_source_approve", {"name": NAME}, satudata_alone=True)

    def enqueue(self) -> bool:
        """Queue a harvest as people do; tell whether it was taken."""
        return bool(call("satudata_job_enqueue", {"name": NAME})["queued"])

    def last(self) -> Run | None:
        """Return the newest run."""
        count = sa.select(sa.func.count()).where(HarvestRecord.job_id == HarvestJob.id).scalar_subquery()
        query = sa.select(HarvestJob.id, HarvestJob.state, HarvestJob.counts, count)
        row = model.Session.execute(query.order_by(HarvestJob.started.desc()).limit(1)).first()
        return Run(*row) if row else None

    def idle(self) -> bool:
        """Tell whether nothing waits, runs, or counts as running."""
        return not (queue.waiting() or queue.running() or self._number_running())

    def next_run(self) -> dt.datetime | None:
        """Return when the scheduler will queue the source."""
        moment: dt.datetime | None = model.Session.scalar(sa.select(HarvestSource.next_run))
        return moment

    def bring_forward(self) -> None:
        """Let the moment of the next run be now."""
        model.Session.execute(sa.update(HarvestSource).values(next_run=clock.now()))
        model.Session.commit()

    def number_of_runs(self) -> int:
        """Return how many runs there have been."""
        return model.Session.scalar(sa.select(sa.func.count()).select_from(HarvestJob)) or 0

    def _number_running(self) -> int:
        query = sa.select(sa.func.count()).select_from(HarvestJob).where(HarvestJob.state == "running")
        return model.Session.scalar(query) or 0

    def state(self) -> State:
        """Return what stands now."""
        last = self.last()
        positions = sa.select(HarvestRecord.position).where(HarvestRecord.job_id == (last.id if last else ""))
        leases = sa.text(
            "select count(*) from pg_locks where locktype = 'advisory' and database = "
            "(select oid from pg_database where datname = current_database())"
        )
        unseen = sa.select(sa.func.count()).select_from(HarvestObject).where(HarvestObject.needs_index)
        return State(
            self._datasets(),
            self._documents(),
            last.counts if last else {},
            tuple(sorted(model.Session.scalars(positions))),
            last.state if last else "",
            self._number_running(),
            int(model.Session.scalar(leases) or 0),
            (*queue.waiting(), *queue.running()),
            model.Session.scalar(unseen) or 0,
            self._found_by_anybody(),
        )

    def _datasets(self) -> tuple[tuple[str, dict[str, Any]], ...]:
        query = (
            sa.select(model.Package.id, HarvestObject.key)
            .outerjoin(HarvestObject, HarvestObject.package_id == model.Package.id)
            .where(model.Package.state == "active")
            .order_by(HarvestObject.key)
        )
        show = tk.get_action("package_show")
        rows = model.Session.execute(query).all()
        return tuple((key or f"nobody's {id}", show({"ignore_auth": True}, {"id": id})) for id, key in rows)

    def _documents(self) -> dict[str, Document]:
        found = self.solr.search("*:*", fq="entity_type:package", fl="id,capacity,title", rows=100_000)
        return {doc["id"]: Document(doc["capacity"] == "public", doc["title"]) for doc in found}

    def _found_by_anybody(self) -> int:
        return int(tk.get_action("package_search")({"user": "", "ignore_auth": False}, {"rows": 0})["count"])
