"""The address that was approved, so that who approves a change sees what changed.

Revision ID: 0005
Revises: 0004
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column("satudata_source", sa.Column("approved_url", sa.UnicodeText, nullable=False, server_default=""))
    op.execute("update satudata_source set approved_url = url where state in ('approved', 'paused')")


def downgrade():
    op.drop_column("satudata_source", "approved_url")
