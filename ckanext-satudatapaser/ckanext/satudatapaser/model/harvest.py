"""Tables of the way down: sources, runs, what we know of each record, and what happened to it in each run.

State (``HarvestObject``) and history (``HarvestRecord``) are apart: history may be trimmed without
the engine forgetting which dataset belongs to which record.
"""

from __future__ import annotations

import uuid
from typing import Any

import sqlalchemy as sa
from ckan.plugins import toolkit as tk
from ckanext.satudatapaser import clock
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

Base: Any = tk.BaseModel


def new_id() -> str:
    """Return a new random identifier."""
    return str(uuid.uuid4())


class HarvestSource(Base):
    """A place that records are pulled from. ``settings`` never holds a secret, only the name of one."""

    __tablename__ = "satudata_source"

    id: Mapped[str] = mapped_column(sa.UnicodeText, primary_key=True, default=new_id)
    name: Mapped[str] = mapped_column(sa.UnicodeText, unique=True)
    title: Mapped[str] = mapped_column(sa.UnicodeText, default="")
    kind: Mapped[str] = mapped_column(sa.UnicodeText)
    url: Mapped[str] = mapped_column(sa.UnicodeText)
    owner_org: Mapped[str] = mapped_column(sa.UnicodeText)
    settings: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    state: Mapped[str] = mapped_column(sa.UnicodeText, default="draft")  # draft, approved, paused
    created_by: Mapped[str | None] = mapped_column(sa.UnicodeText)
    approved_by: Mapped[str | None] = mapped_column(sa.UnicodeText)
    approved_at: Mapped[Any] = mapped_column(sa.DateTime(timezone=True), nullable=True)
    approved_url: Mapped[str] = mapped_column(sa.UnicodeText, default="")  # stays when ``url`` changes, to compare
    watermark: Mapped[str] = mapped_column(sa.UnicodeText, default="")  # newest change seen, on the source's own clock
    last_full: Mapped[Any] = mapped_column(sa.DateTime(timezone=True), nullable=True)  # last complete listing
    next_run: Mapped[Any] = mapped_column(sa.DateTime(timezone=True), nullable=True)
    failing_since: Mapped[Any] = mapped_column(sa.DateTime(timezone=True), nullable=True)
    notify: Mapped[str] = mapped_column(sa.UnicodeText, default="")
    created: Mapped[Any] = mapped_column(sa.DateTime(timezone=True), default=clock.now)
    modified: Mapped[Any] = mapped_column(sa.DateTime(timezone=True), default=clock.now)  # by a person, not by a run


class HarvestJob(Base):
    """One run of one source: its lease (``heartbeat``), its counts and how it ended."""

    __tablename__ = "satudata_job"

    id: Mapped[str] = mapped_column(sa.UnicodeText, primary_key=True, default=new_id)
    source_id: Mapped[str] = mapped_column(sa.ForeignKey("satudata_source.id"), index=True)
    state: Mapped[str] = mapped_column(sa.UnicodeText, default="running")  # + queued finished stopped failed
    dry_run: Mapped[bool] = mapped_column(sa.Boolean, default=False)
    only_failed: Mapped[bool] = mapped_column(sa.Boolean, default=False)  # looked at records that had failed, no others
    counts: Mapped[dict[str, int]] = mapped_column(JSONB, default=dict)
    reason: Mapped[dict[str, str] | None] = mapped_column(JSONB)  # code, message, hint
    created_by: Mapped[str | None] = mapped_column(sa.UnicodeText)
    cancel: Mapped[bool] = mapped_column(sa.Boolean, default=False)  # a person asked the run to end
    started: Mapped[Any] = mapped_column(sa.DateTime(timezone=True), default=clock.now)
    heartbeat: Mapped[Any] = mapped_column(sa.DateTime(timezone=True), default=clock.now)
    finished: Mapped[Any] = mapped_column(sa.DateTime(timezone=True), nullable=True)


class HarvestObject(Base):
    """What we know of one record of one source: its key there, our dataset, the hash last written.

    ``package_id`` is empty while the record is held or rejected. ``mark`` is the digest of the raw record as it was when
    ``hash`` was taken, so that a record that comes back word for word is not even mapped. ``needs_index`` is set in the
    transaction that writes the dataset and cleared once Solr has it, so that a crash between the two is repaired by the
    next run.
    """

    __tablename__ = "satudata_object"
    __table_args__ = (sa.UniqueConstraint("source_id", "key"),)

    id: Mapped[str] = mapped_column(sa.UnicodeText, primary_key=True, default=new_id)
    source_id: Mapped[str] = mapped_column(sa.ForeignKey("satudata_source.id"))
    key: Mapped[str] = mapped_column(sa.UnicodeText)
    package_id: Mapped[str | None] = mapped_column(sa.UnicodeText, index=True)
    hash: Mapped[str] = mapped_column(sa.UnicodeText, default="")
    mark: Mapped[bytes | None] = mapped_column(sa.LargeBinary)
    issues: Mapped[list[dict[str, str]]] = mapped_column(JSONB, default=list)  # found when the record was last mapped
    outcome: Mapped[str] = mapped_column(sa.UnicodeText, default="")  # of the last run that saw it
    title: Mapped[str] = mapped_column(sa.UnicodeText, default="")
    publisher: Mapped[str] = mapped_column(sa.UnicodeText, default="")
    landing_page: Mapped[str] = mapped_column(sa.UnicodeText, default="")
    needs_index: Mapped[bool] = mapped_column(sa.Boolean, default=False)
    first_seen: Mapped[Any] = mapped_column(sa.DateTime(timezone=True), default=clock.now)
    last_changed: Mapped[Any] = mapped_column(sa.DateTime(timezone=True), default=clock.now)
    missing_since: Mapped[Any] = mapped_column(sa.DateTime(timezone=True), nullable=True)
    missing_runs: Mapped[int] = mapped_column(sa.Integer, default=0)
    archived: Mapped[bool] = mapped_column(sa.Boolean, default=False)


class HarvestRecord(Base):
    """What happened to one record in one run; exactly one row per record seen."""

    __tablename__ = "satudata_record"
    __table_args__ = (sa.Index("ix_satudata_record_job_outcome", "job_id", "outcome"),)

    id: Mapped[int] = mapped_column(sa.BigInteger, primary_key=True, autoincrement=True)
    job_id: Mapped[str] = mapped_column(sa.ForeignKey("satudata_job.id", ondelete="CASCADE"))
    position: Mapped[int] = mapped_column(sa.Integer)
    key: Mapped[str] = mapped_column(sa.UnicodeText, default="")
    title: Mapped[str] = mapped_column(sa.UnicodeText, default="")
    outcome: Mapped[str] = mapped_column(sa.UnicodeText)
    stage: Mapped[str] = mapped_column(sa.UnicodeText, default="")
    issues: Mapped[list[dict[str, str]]] = mapped_column(JSONB, default=list)
    package_id: Mapped[str | None] = mapped_column(sa.UnicodeText)
    raw: Mapped[str] = mapped_column(sa.UnicodeText, default="")  # an excerpt, for held, rejected and failed
    created: Mapped[Any] = mapped_column(sa.DateTime(timezone=True), default=clock.now)
