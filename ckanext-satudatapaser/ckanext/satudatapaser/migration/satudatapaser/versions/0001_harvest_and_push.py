"""Tables of the harvest and of the push to the province."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def text(name, **options):
    options.setdefault("nullable", False)
    return sa.Column(name, sa.UnicodeText, **options)


def when(name, nullable=True):
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def number(name):
    return sa.Column(name, sa.Integer, nullable=False, server_default="0")


def yes_no(name, default="false"):
    return sa.Column(name, sa.Boolean, nullable=False, server_default=default)


def json(name, nullable=False):
    return sa.Column(name, JSONB, nullable=nullable)


def upgrade():
    op.create_table(
        "satudata_source",
        text("id", primary_key=True),
        text("name", unique=True),
        text("title"),
        text("kind"),
        text("url"),
        text("owner_org"),
        json("settings"),
        text("state"),
        text("created_by", nullable=True),
        text("approved_by", nullable=True),
        when("approved_at"),
        when("created", nullable=False),
        when("modified", nullable=False),
    )
    op.create_table(
        "satudata_job",
        text("id", primary_key=True),
        sa.Column("source_id", sa.UnicodeText, sa.ForeignKey("satudata_source.id"), nullable=False, index=True),
        text("state"),
        yes_no("dry_run"),
        json("counts"),
        json("reason", nullable=True),
        text("created_by", nullable=True),
        when("started", nullable=False),
        when("heartbeat", nullable=False),
        when("finished"),
    )
    op.create_table(
        "satudata_object",
        text("id", primary_key=True),
        sa.Column("source_id", sa.UnicodeText, sa.ForeignKey("satudata_source.id"), nullable=False),
        text("key"),
        text("package_id", nullable=True, index=True),
        text("hash"),
        text("outcome"),
        text("title"),
        text("publisher"),
        text("landing_page"),
        yes_no("needs_index"),
        when("first_seen", nullable=False),
        when("last_changed", nullable=False),
        when("missing_since"),
        number("missing_runs"),
        yes_no("archived"),
        sa.UniqueConstraint("source_id", "key"),
    )
    op.create_table(
        "satudata_record",
        sa.Column("id", sa.BigInteger, primary_key=True, autoincrement=True),
        sa.Column("job_id", sa.UnicodeText, sa.ForeignKey("satudata_job.id", ondelete="CASCADE"), nullable=False),
        number("position"),
        text("key"),
        text("title"),
        text("outcome"),
        text("stage"),
        json("issues"),
        text("package_id", nullable=True),
        text("raw"),
        when("created", nullable=False),
    )
    op.create_index("ix_satudata_record_job_outcome", "satudata_record", ["job_id", "outcome"])
    op.create_table(
        "satudata_target",
        text("id", primary_key=True),
        text("name", unique=True),
        text("url"),
        text("secret"),
        text("mapping"),
        json("settings"),
        yes_no("active", "true"),
        when("created", nullable=False),
    )
    op.create_table(
        "satudata_push_run",
        text("id", primary_key=True),
        sa.Column("target_id", sa.UnicodeText, sa.ForeignKey("satudata_target.id"), nullable=False, index=True),
        text("state"),
        yes_no("dry_run"),
        json("counts"),
        json("reason", nullable=True),
        when("started", nullable=False),
        when("heartbeat", nullable=False),
        when("finished"),
    )
    op.create_table(
        "satudata_ledger",
        text("id", primary_key=True),
        sa.Column("target_id", sa.UnicodeText, sa.ForeignKey("satudata_target.id"), nullable=False),
        text("package_id", index=True),
        text("remote_id", nullable=True),
        text("state"),
        text("pushed_version"),
        text("pushed_hash"),
        text("remote_hash"),
        json("reasons"),
        number("attempts"),
        when("next_try"),
        text("last_error"),
        when("pushed_at"),
        when("modified", nullable=False),
        sa.UniqueConstraint("target_id", "package_id"),
    )


def downgrade():
    for table in (
        "satudata_ledger",
        "satudata_push_run",
        "satudata_target",
        "satudata_record",
        "satudata_object",
        "satudata_job",
        "satudata_source",
    ):
        op.drop_table(table)
