"""What came of loading each file into the DataStore."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from ckan.plugins import toolkit as tk
from ckanext.satudatapaser import clock
from sqlalchemy.orm import Mapped, mapped_column

Base: Any = tk.BaseModel


class ResourceTable(Base):
    """One file: when it was read, the hash of its bytes, and why it could not be read if so."""

    __tablename__ = "satudata_table"

    resource_id: Mapped[str] = mapped_column(sa.UnicodeText, primary_key=True)
    url: Mapped[str] = mapped_column(sa.UnicodeText, default="")
    digest: Mapped[str] = mapped_column(sa.UnicodeText, default="")
    state: Mapped[str] = mapped_column(sa.UnicodeText, default="")  # loaded, failed, waiting
    rows: Mapped[int] = mapped_column(sa.Integer, default=0)
    message: Mapped[str] = mapped_column(sa.UnicodeText, default="")
    loaded_at: Mapped[Any] = mapped_column(sa.DateTime(timezone=True), default=clock.now)
