"""Tables of what runs by itself: when each chore was last done, and the notices that wait to be sent."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from ckan.plugins import toolkit as tk
from ckanext.satudatapaser import clock
from ckanext.satudatapaser.model.harvest import new_id
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

Base: Any = tk.BaseModel


class Chore(Base):
    """Something done from time to time, and when it was last begun."""

    __tablename__ = "satudata_chore"

    name: Mapped[str] = mapped_column(sa.UnicodeText, primary_key=True)
    last: Mapped[Any] = mapped_column(sa.DateTime(timezone=True))


class Notice(Base):
    """One notice about a source or a target to one recipient: an e-mail address, an https address, or ``secret:NAME`` of one."""

    __tablename__ = "satudata_notice"

    id: Mapped[str] = mapped_column(sa.UnicodeText, primary_key=True, default=new_id)
    source_id: Mapped[str | None] = mapped_column(sa.ForeignKey("satudata_source.id", ondelete="CASCADE"), index=True)
    target_id: Mapped[str | None] = mapped_column(sa.ForeignKey("satudata_target.id", ondelete="CASCADE"))
    event: Mapped[str] = mapped_column(sa.UnicodeText)  # failing, recovered
    recipient: Mapped[str] = mapped_column(sa.UnicodeText)
    content: Mapped[dict[str, Any]] = mapped_column(JSONB)
    state: Mapped[str] = mapped_column(sa.UnicodeText, default="waiting")  # + sent, given_up
    attempts: Mapped[int] = mapped_column(sa.Integer, default=0)
    next_try: Mapped[Any] = mapped_column(sa.DateTime(timezone=True), default=clock.now)
    last_error: Mapped[str] = mapped_column(sa.UnicodeText, default="")
    created: Mapped[Any] = mapped_column(sa.DateTime(timezone=True), default=clock.now)
    sent: Mapped[Any] = mapped_column(sa.DateTime(timezone=True), nullable=True)
