"""What came of loading files into the DataStore.

Revision ID: 0002
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "satudata_table",
        sa.Column("resource_id", sa.UnicodeText, primary_key=True),
        sa.Column("url", sa.UnicodeText, nullable=False, server_default=""),
        sa.Column("digest", sa.UnicodeText, nullable=False, server_default=""),
        sa.Column("state", sa.UnicodeText, nullable=False, server_default=""),
        sa.Column("rows", sa.Integer, nullable=False, server_default="0"),
        sa.Column("message", sa.UnicodeText, nullable=False, server_default=""),
        sa.Column("loaded_at", sa.DateTime(timezone=True), nullable=False),
    )


def downgrade():
    op.drop_table("satudata_table")
