"""Tables of the way up: targets, the ledger (one row per dataset and target), runs."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from ckan.plugins import toolkit as tk
from ckanext.satudatapaser import clock
from ckanext.satudatapaser.model.harvest import new_id
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

Base: Any = tk.BaseModel


class PushTarget(Base):
    """A CKAN that our datasets are pushed to. ``secret`` is the NAME of its API token, ``mapping`` a file name.

    ``paused_until``: until when it is left alone because it was down; ``pauses``: how many pauses there were in a row.
    """

    __tablename__ = "satudata_target"

    id: Mapped[str] = mapped_column(sa.UnicodeText, primary_key=True, default=new_id)
    name: Mapped[str] = mapped_column(sa.UnicodeText, unique=True)
    url: Mapped[str] = mapped_column(sa.UnicodeText)
    secret: Mapped[str] = mapped_column(sa.UnicodeText, default="")
    mapping: Mapped[str] = mapped_column(sa.UnicodeText, default="kaltim")
    settings: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    active: Mapped[bool] = mapped_column(sa.Boolean, default=True)
    next_run: Mapped[Any] = mapped_column(sa.DateTime(timezone=True), nullable=True)  # by its schedule
    failing_since: Mapped[Any] = mapped_column(sa.DateTime(timezone=True), nullable=True)
    paused_until: Mapped[Any] = mapped_column(sa.DateTime(timezone=True), nullable=True)
    pauses: Mapped[int] = mapped_column(sa.Integer, default=0)
    created: Mapped[Any] = mapped_column(sa.DateTime(timezone=True), default=clock.now)


class PushRun(Base):
    """One push to one target; ``package_id``: of this dataset alone. ``changes``: what a dry run would have sent."""

    __tablename__ = "satudata_push_run"

    id: Mapped[str] = mapped_column(sa.UnicodeText, primary_key=True, default=new_id)
    target_id: Mapped[str] = mapped_column(sa.ForeignKey("satudata_target.id"), index=True)
    state: Mapped[str] = mapped_column(sa.UnicodeText, default="running")  # + finished stopped failed
    dry_run: Mapped[bool] = mapped_column(sa.Boolean, default=False)
    package_id: Mapped[str | None] = mapped_column(sa.UnicodeText)
    counts: Mapped[dict[str, int]] = mapped_column(JSONB, default=dict)
    changes: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, default=list)
    reason: Mapped[dict[str, str] | None] = mapped_column(JSONB)
    started: Mapped[Any] = mapped_column(sa.DateTime(timezone=True), default=clock.now)
    heartbeat: Mapped[Any] = mapped_column(sa.DateTime(timezone=True), default=clock.now)
    finished: Mapped[Any] = mapped_column(sa.DateTime(timezone=True), nullable=True)


class PushLedger(Base):
    """Where one dataset stands at one target.

    ``pushed_version``: of dataset and mapping when last compared (equal = not even our own dataset is read);
    ``pushed_hash``: of the payload last written; ``remote_hash``: of the remote's mapped fields as last seen
    (a difference without a push of ours = edited by hand there = conflict), ``sent_hash``: of those fields as they are when
    the write that is under way was carried out; ``pushed``: the values last written, or accepted as theirs; ``last_error``:
    why the last attempt failed, for people, ``fault``: the same as code, message, hint and values (see SatuDataError).
    """

    __tablename__ = "satudata_ledger"
    __table_args__ = (sa.UniqueConstraint("target_id", "package_id"),)

    id: Mapped[str] = mapped_column(sa.UnicodeText, primary_key=True, default=new_id)
    target_id: Mapped[str] = mapped_column(sa.ForeignKey("satudata_target.id"))
    package_id: Mapped[str] = mapped_column(sa.UnicodeText, index=True)
    remote_id: Mapped[str | None] = mapped_column(sa.UnicodeText)
    # pending, ok, conflict, failed, withdrawn, not_eligible
    state: Mapped[str] = mapped_column(sa.UnicodeText, default="pending")
    pushed_version: Mapped[str] = mapped_column(sa.UnicodeText, default="")
    pushed_hash: Mapped[str] = mapped_column(sa.UnicodeText, default="")
    remote_hash: Mapped[str] = mapped_column(sa.UnicodeText, default="")
    sent_hash: Mapped[str] = mapped_column(sa.UnicodeText, default="")
    pushed: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    reasons: Mapped[list[dict[str, str]]] = mapped_column(JSONB, default=list)
    attempts: Mapped[int] = mapped_column(sa.Integer, default=0)
    next_try: Mapped[Any] = mapped_column(sa.DateTime(timezone=True), nullable=True)
    last_error: Mapped[str] = mapped_column(sa.UnicodeText, default="")
    fault: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    pushed_at: Mapped[Any] = mapped_column(sa.DateTime(timezone=True), nullable=True)
    modified: Mapped[Any] = mapped_column(sa.DateTime(timezone=True), default=clock.now, onupdate=clock.now)


class PushChange(Base):
    """One change of state of one dataset at one target: from ``before`` ("" at first) to ``after``, and why.

    ``why``: codes of reasons, or an error; of that ``fault`` has the parts, as in the ledger.
    """

    __tablename__ = "satudata_push_history"
    __table_args__ = (sa.Index("ix_satudata_push_history_dataset", "package_id", "target_id"),)

    id: Mapped[int] = mapped_column(sa.BigInteger, sa.Identity(), primary_key=True)
    target_id: Mapped[str] = mapped_column(sa.ForeignKey("satudata_target.id"))
    package_id: Mapped[str] = mapped_column(sa.UnicodeText)
    moment: Mapped[Any] = mapped_column(sa.DateTime(timezone=True), default=clock.now, index=True)
    before: Mapped[str] = mapped_column(sa.UnicodeText, default="")
    after: Mapped[str] = mapped_column(sa.UnicodeText)
    why: Mapped[str] = mapped_column(sa.UnicodeText, default="")
    fault: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
