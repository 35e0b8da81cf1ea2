"""What was found of each record stays known while it comes back word for word, so that repairs are counted in every run.

Revision ID: 0006
Revises: 0005
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column("satudata_object", sa.Column("issues", JSONB, nullable=False, server_default="[]"))


def downgrade():
    op.drop_column("satudata_object", "issues")
