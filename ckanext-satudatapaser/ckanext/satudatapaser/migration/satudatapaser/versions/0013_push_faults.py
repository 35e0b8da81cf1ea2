"""Why a dataset could not be sent is kept with its code and values, beside the sentence.

Revision ID: 0013
Revises: 0012
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None
TABLES = ("satudata_ledger", "satudata_push_history")


def upgrade():
    for table in TABLES:
        op.add_column(table, sa.Column("fault", JSONB, nullable=False, server_default="{}"))


def downgrade():
    for table in TABLES:
        op.drop_column(table, "fault")
