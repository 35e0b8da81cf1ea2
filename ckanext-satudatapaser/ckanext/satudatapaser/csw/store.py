"""The file of records that pycsw reads: SQLite, columns as pycsw names them, and nothing that is not public.

Brought to the present state before every answer, so that a dataset that is closed is gone with the next question; what did
not change is not written. The file can be removed at any time.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path

Row = Mapping[str, str]
TABLE = "records"
# pycsw's core model (pycsw.core.config), all of it: its queries name any of them
COLUMNS = (
    "identifier", "typename", "schema", "mdsource", "insert_date", "xml", "anytext", "language", "title", "abstract",
    "keywords", "keywordstype", "format", "source", "date", "date_modified", "type", "wkt_geometry", "crs",
    "title_alternate", "date_revision", "date_creation", "date_publication", "organization", "securityconstraints",
    "parentidentifier", "topicategory", "resourcelanguage", "geodescode", "denominator", "distancevalue", "distanceuom",
    "time_begin", "time_end", "servicetype", "servicetypeversion", "operation", "couplingtype", "operateson",
    "operatesonidentifier", "operatesoname", "degree", "accessconstraints", "otherconstraints", "classification",
    "conditionapplyingtoaccessanduse", "lineage", "responsiblepartyrole", "specificationtitle", "specificationdate",
    "specificationdatetype", "creator", "publisher", "contributor", "relation", "links",
)  # fmt: skip
COLUMN_LIST = ", ".join(COLUMNS)
# constants of this file only: no value is ever part of a statement
MAKE = f"create table if not exists {TABLE} ({COLUMN_LIST}, stamp, primary key (identifier))"
INSERT = f"insert or replace into {TABLE} ({COLUMN_LIST}, stamp) values ({', '.join('?' * (len(COLUMNS) + 1))})"  # noqa: S608 - names of this file
# a dataset that has no record keeps its stamp, so that it is not looked at again at each question
MAKE_SKIPPED = "create table if not exists skipped (identifier primary key, stamp)"
KNOWN = f"select identifier, stamp from {TABLE} union all select identifier, stamp from skipped"  # noqa: S608 - names of this file


def bring_up_to_date(path: Path, wanted: Mapping[str, str], row: Callable[[str], Row | None]) -> int:
    """Make the file at ``path`` hold exactly ``wanted`` (identifier -> stamp); return how many records were written or removed.

    ``row`` makes the row of a record that is new or has another stamp; None: it has none. One writer at a time; a reader
    sees the state before or after.
    """
    with closing(sqlite3.connect(path, timeout=60, isolation_level=None)) as connection:
        connection.execute(MAKE)
        connection.execute(MAKE_SKIPPED)
        if dict(connection.execute(KNOWN)) == dict(wanted):
            return 0
        connection.execute("begin immediate")
        try:
            done = _change(connection, wanted, row)
        except BaseException:
            connection.execute("rollback")
            raise
        connection.execute("commit")
        return done


def _change(connection: sqlite3.Connection, wanted: Mapping[str, str], row: Callable[[str], Row | None]) -> int:
    known = dict(connection.execute(KNOWN))
    stale = [id for id, stamp in known.items() if wanted.get(id) != stamp]
    for table in (TABLE, "skipped"):
        connection.executemany(f"delete from {table} where identifier = ?", [(id,) for id in stale])  # noqa: S608 - names of this file
    fresh = [id for id, stamp in wanted.items() if known.get(id) != stamp]
    for id in fresh:
        values = row(id)
        if values is None:
            connection.execute("insert into skipped values (?, ?)", (id, wanted[id]))
        else:
            connection.execute(INSERT, [*(values.get(column) for column in COLUMNS), wanted[id]])
    return len({*stale, *fresh})
