"""Rounds that close by themselves, and members who train here."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

_ADDED = {
    "federations": {"training": postgresql.JSONB(), "root": sa.Text()},
    "federation_members": {"data": postgresql.JSONB()},
    "federation_rounds": {"closes_at": sa.DateTime(timezone=True), "enough": sa.Integer()},
}


def upgrade() -> None:
    """Apply."""
    for table, columns in _ADDED.items():
        for name, sort in columns.items():
            op.add_column(table, sa.Column(name, sort, nullable=True))


def downgrade() -> None:
    """Take back."""
    for table, columns in _ADDED.items():
        for name in columns:
            op.drop_column(table, name)
