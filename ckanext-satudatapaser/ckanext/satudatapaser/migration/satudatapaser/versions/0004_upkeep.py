"""Chores, notices, and when a target is next pushed to.

Revision ID: 0004
Revises: 0003
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def when(name, nullable=False):
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def text(name, **options):
    return sa.Column(name, sa.UnicodeText, nullable=False, **options)


def upgrade():
    op.add_column("satudata_target", when("next_run", nullable=True))
    op.create_table("satudata_chore", text("name", primary_key=True), when("last"))
    source = sa.ForeignKey("satudata_source.id", ondelete="CASCADE")
    op.create_table(
        "satudata_notice",
        text("id", primary_key=True),
        sa.Column("source_id", sa.UnicodeText, source, nullable=False, index=True),
        text("event"),
        text("recipient"),
        sa.Column("content", JSONB, nullable=False),
        text("state", server_default="waiting"),
        sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
        when("next_try"),
        text("last_error", server_default=""),
        when("created"),
        when("sent", nullable=True),
    )
    op.create_index("ix_satudata_notice_waiting", "satudata_notice", ["next_try"], postgresql_where=sa.text("state = 'waiting'"))


def downgrade():
    op.drop_table("satudata_notice")
    op.drop_table("satudata_chore")
    op.drop_column("satudata_target", "next_run")
