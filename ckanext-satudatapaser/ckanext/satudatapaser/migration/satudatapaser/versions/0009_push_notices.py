"""Notices are about targets too, and a target tells since when pushes to it fail.

Revision ID: 0009
Revises: 0008
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column("satudata_target", sa.Column("failing_since", sa.DateTime(timezone=True)))
    op.alter_column("satudata_notice", "source_id", nullable=True)
    target = sa.ForeignKey("satudata_target.id", ondelete="CASCADE")
    op.add_column("satudata_notice", sa.Column("target_id", sa.UnicodeText, target))


def downgrade():
    op.execute("delete from satudata_notice where source_id is null")
    op.drop_column("satudata_notice", "target_id")
    op.alter_column("satudata_notice", "source_id", nullable=False)
    op.drop_column("satudata_target", "failing_since")
