"""The table of what feeds have shown, so that they can say what is gone."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from ckan.plugins import toolkit as tk
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

Base: Any = tk.BaseModel


class Announced(Base):
    """One dataset that was public: its id, in which feeds it stood, and since when it is public no more.

    Without foreign keys: the row stays when the dataset is purged. It holds nothing that a reader could see.
    """

    __tablename__ = "satudata_announced"

    package_id: Mapped[str] = mapped_column(sa.UnicodeText, primary_key=True)
    owner_org: Mapped[str] = mapped_column(sa.UnicodeText)
    topics: Mapped[list[str]] = mapped_column(ARRAY(sa.UnicodeText))
    gone: Mapped[Any] = mapped_column(sa.DateTime(timezone=True), nullable=True, index=True)
