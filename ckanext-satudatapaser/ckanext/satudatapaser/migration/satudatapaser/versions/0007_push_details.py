"""A push may be of one dataset alone, and a dry run keeps what it would have sent.

Revision ID: 0007
Revises: 0006
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column("satudata_push_run", sa.Column("package_id", sa.UnicodeText, nullable=True))
    op.add_column("satudata_push_run", sa.Column("changes", JSONB, nullable=False, server_default="[]"))


def downgrade():
    op.drop_column("satudata_push_run", "changes")
    op.drop_column("satudata_push_run", "package_id")
