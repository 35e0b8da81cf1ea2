"""What the engine keeps between runs: marks of raw records, a source's watermark, and what a schedule needs.

Revision ID: 0003
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column("satudata_object", sa.Column("mark", sa.LargeBinary, nullable=True))
    op.add_column("satudata_source", sa.Column("watermark", sa.UnicodeText, nullable=False, server_default=""))
    op.add_column("satudata_source", sa.Column("last_full", sa.DateTime(timezone=True), nullable=True))
    op.add_column("satudata_source", sa.Column("next_run", sa.DateTime(timezone=True), nullable=True))
    op.add_column("satudata_source", sa.Column("failing_since", sa.DateTime(timezone=True), nullable=True))
    op.add_column("satudata_source", sa.Column("notify", sa.UnicodeText, nullable=False, server_default=""))
    op.add_column("satudata_job", sa.Column("cancel", sa.Boolean, nullable=False, server_default="false"))


def downgrade():
    op.drop_column("satudata_job", "cancel")
    for name in ("notify", "failing_since", "next_run", "last_full", "watermark"):
        op.drop_column("satudata_source", name)
    op.drop_column("satudata_object", "mark")
