"""A run tells whether it looked only at records that had failed: it settles nothing about the rest of its source.

Revision ID: 0008
Revises: 0007
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column("satudata_job", sa.Column("only_failed", sa.Boolean, nullable=False, server_default="false"))


def downgrade():
    op.drop_column("satudata_job", "only_failed")
