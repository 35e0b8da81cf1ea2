"""The ledger keeps the values last pushed and what is being sent; its changes of state have a history.

Revision ID: 0010
Revises: 0009
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column("satudata_ledger", sa.Column("pushed", JSONB, nullable=False, server_default="{}"))
    op.add_column("satudata_ledger", sa.Column("sent_hash", sa.UnicodeText, nullable=False, server_default=""))
    op.create_table(
        "satudata_push_history",
        sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
        sa.Column("target_id", sa.UnicodeText, sa.ForeignKey("satudata_target.id"), nullable=False),
        sa.Column("package_id", sa.UnicodeText, nullable=False),
        sa.Column("moment", sa.DateTime(timezone=True), nullable=False, index=True),
        sa.Column("before", sa.UnicodeText, nullable=False),
        sa.Column("after", sa.UnicodeText, nullable=False),
        sa.Column("why", sa.UnicodeText, nullable=False),
    )
    op.create_index("ix_satudata_push_history_dataset", "satudata_push_history", ["package_id", "target_id"])


def downgrade():
    op.drop_table("satudata_push_history")
    op.drop_column("satudata_ledger", "sent_hash")
    op.drop_column("satudata_ledger", "pushed")
