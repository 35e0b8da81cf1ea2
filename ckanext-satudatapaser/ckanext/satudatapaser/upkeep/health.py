"""Is everything that the portal needs there? One check a part, each with a sentence that says what to do if not."""

from __future__ import annotations

import dataclasses as dc
import datetime as dt
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from ckan import model
from ckan.lib.redis import connect_to_redis
from ckan.lib.search.common import make_connection
from ckanext.satudatapaser import clock, config
from ckanext.satudatapaser.csw import service
from ckanext.satudatapaser.upkeep import chores, queue
from pysolr import SolrError
from redis import RedisError
from sqlalchemy.exc import SQLAlchemyError

LEAST_DISK = 2_000_000_000
LATEST_TICK = dt.timedelta(minutes=5)
# an idle worker speaks up a little more often than every seven minutes
LATEST_BEAT = dt.timedelta(minutes=10)


@dc.dataclass(frozen=True, slots=True)
class Finding:
    """One part: ``name`` is stable, ``message`` is for people."""

    name: str
    ok: bool
    message: str


def check() -> list[Finding]:
    """Return what each part says, CSW where it is offered; nothing is raised for a part that is down."""
    folder = service.folder()
    return [
        *(part() for part in (database, solr, redis, workers, scheduler, disk)),
        *([csw(folder)] if folder else []),
    ]


def report(findings: list[Finding]) -> dict[str, Any]:
    """Return ``ok`` (all of them are) and ``findings`` as plain data."""
    return {"ok": all(found.ok for found in findings), "findings": [dc.asdict(found) for found in findings]}


def _asked(name: str, good: str, bad: str, question: Callable[[], Any]) -> Finding:
    try:
        question()
    except (SQLAlchemyError, SolrError, RedisError, OSError) as error:
        return Finding(name, False, f"{bad} ({type(error).__name__}).")
    return Finding(name, True, good)


def database() -> Finding:
    """Ask PostgreSQL for a number."""

    def question() -> None:
        with model.meta.engine.connect() as connection:
            connection.scalar(sa.text("select 1"))

    return _asked("database", "PostgreSQL menjawab.", "PostgreSQL tidak menjawab; periksa layanannya", question)


def solr() -> Finding:
    """Ask Solr for no document."""
    bad = "Solr tidak menjawab; periksa layanannya"
    return _asked("solr", "Solr menjawab.", bad, lambda: make_connection().search(q="*:*", rows=0))


def redis() -> Finding:
    """Ask Redis for an echo."""
    return _asked("redis", "Redis menjawab.", "Redis tidak menjawab; periksa layanannya", connect_to_redis().ping)


def workers() -> Finding:
    """Count the workers that have said lately that they live."""
    try:
        alive = queue.beats_after(clock.now() - LATEST_BEAT)
    except RedisError:
        return Finding("workers", False, "Pekerja tidak dapat dihitung: Redis tidak menjawab.")
    if not alive:
        return Finding("workers", False, "Tidak ada pekerja yang hidup; jalankan ckan jobs worker (bin/up).")
    return Finding("workers", True, f"{alive} pekerja hidup, {len(queue.waiting())} pekerjaan menunggu.")


def scheduler() -> Finding:
    """Ask when the scheduler last looked."""
    try:
        last = chores.last(chores.TICK)
    except SQLAlchemyError:
        model.Session.rollback()
        return Finding("scheduler", False, "Penjadwal tidak dapat diperiksa: PostgreSQL tidak menjawab.")
    if last is None or clock.now() - last > LATEST_TICK:
        since = f"terakhir {last.astimezone(clock.WITA):%d-%m-%Y %H.%M} WITA" if last else "belum pernah berjalan"
        return Finding("scheduler", False, f"Penjadwal diam ({since}); jalankan ckan satudata scheduler (bin/up).")
    return Finding(
        "scheduler", True, f"Penjadwal berjalan, terakhir {(clock.now() - last).total_seconds():.0f} detik lalu."
    )


def disk() -> Finding:
    """Ask how much room is left where uploads lie."""
    try:
        free = shutil.disk_usage(config.storage_path()).free
    except OSError as error:
        return Finding("disk", False, f"Folder unggahan tidak dapat dibaca ({type(error).__name__}).")
    room = f"Sisa ruang unggahan {free / 1e9:.1f} GB"
    if free < LEAST_DISK:
        return Finding("disk", False, f"{room}, kurang dari {LEAST_DISK / 1e9:.0f} GB; kosongkan atau tambah ruang.")
    return Finding("disk", True, f"{room}.")


def csw(folder: Path) -> Finding:
    """Ask pycsw, which shares ``folder`` with the portal, for anything."""
    if service.answers(folder):
        return Finding("csw", True, "pycsw menjawab.")
    return Finding("csw", False, "pycsw tidak menjawab; penuai geospasial mendapat 503. Jalankan bin/up.")
