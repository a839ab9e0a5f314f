"""Courses: classes, their students, and what these have handed in."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from core.protection import protect_by_tenant

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

TABLES = ("course_classes", "course_students", "course_submissions")
_NOW = sa.text("now()")


def upgrade() -> None:
    """Apply."""
    _classes()
    _submissions()
    for table in TABLES:
        protect_by_tenant(table)


def _classes() -> None:
    op.create_table(
        "course_classes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False, server_default=_NOW),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_course_classes_tenant_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_course_classes")),
    )
    op.create_index("uq_course_classes_tenant_name", "course_classes", ["tenant_id", "name"], unique=True)
    op.create_table(
        "course_students",
        sa.Column("class_id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("alias", sa.Text(), nullable=False),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=False, server_default=_NOW),
        sa.ForeignKeyConstraint(
            ["class_id"], ["course_classes.id"], name=op.f("fk_course_students_class_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("class_id", "member_id", name=op.f("pk_course_students")),
    )


def _submissions() -> None:
    op.create_table(
        "course_submissions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("exercise", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("job_id", sa.Uuid(), nullable=False),
        sa.Column("status", sa.Text(), server_default="grading", nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("answer_key", sa.Text(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("verdict", sa.Text(), nullable=True),
        sa.Column("points", sa.Float(), server_default="0", nullable=False),
        sa.Column("points_possible", sa.Float(), nullable=False),
        sa.Column("failed_cases", postgresql.JSONB(), server_default="[]", nullable=False),
        sa.Column("fingerprints", postgresql.JSONB(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False, server_default=_NOW),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "status IN ('grading', 'graded', 'failed')", name=op.f("ck_course_submissions_status_known")
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_course_submissions_tenant_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_course_submissions")),
    )
    op.create_index("ix_course_submissions_member", "course_submissions", ["tenant_id", "member_id", "id"])


def downgrade() -> None:
    """Take back."""
    for table in reversed(TABLES):
        op.drop_table(table)
