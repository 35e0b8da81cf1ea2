"""Which datasets feeds have shown, so that they can say which are gone.

Revision ID: 0011
Revises: 0010
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "satudata_announced",
        sa.Column("package_id", sa.UnicodeText, primary_key=True),
        sa.Column("owner_org", sa.UnicodeText, nullable=False),
        sa.Column("topics", ARRAY(sa.UnicodeText), nullable=False),
        sa.Column("gone", sa.DateTime(timezone=True), index=True),
    )


def downgrade():
    op.drop_table("satudata_announced")
