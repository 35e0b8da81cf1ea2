"""One run at a time of a source or target: a PostgreSQL advisory lock that ends with the process that holds it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from ckan import model
from ckanext.satudatapaser.errors import GuardStop


@contextmanager
def lease(name: str, wait: bool = False) -> Iterator[None]:
    """Hold the lease called ``name`` while the block runs.

    When another run holds it, wait for its end if ``wait`` is set, else raise GuardStop.
    """
    take = "pg_advisory_lock(hashtext(:name)) is not null" if wait else "pg_try_advisory_lock(hashtext(:name))"
    with model.meta.engine.connect() as connection:
        got = connection.scalar(sa.text(f"select {take}"), {"name": f"satudata {name}"})
        connection.commit()
        if not got:
            raise GuardStop(
                "already-running", f"{name} sedang berjalan.", "Tunggu sampai selesai, lalu jalankan lagi bila perlu."
            )
        try:
            yield
        finally:
            if not connection.invalidated:  # a lost connection has taken its lock along
                connection.execute(sa.text("select pg_advisory_unlock(hashtext(:name))"), {"name": f"satudata {name}"})
                connection.commit()
