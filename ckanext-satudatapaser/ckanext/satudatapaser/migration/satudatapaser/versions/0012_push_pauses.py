"""A target that is down is left alone for a while.

Revision ID: 0012
Revises: 0011
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column("satudata_target", sa.Column("paused_until", sa.DateTime(timezone=True)))
    op.add_column("satudata_target", sa.Column("pauses", sa.Integer, nullable=False, server_default="0"))


def downgrade():
    op.drop_column("satudata_target", "pauses")
    op.drop_column("satudata_target", "paused_until")
