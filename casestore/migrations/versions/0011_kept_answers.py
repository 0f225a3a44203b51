"""Answers that wait for a channel to ask for them again, for every server and over a restart."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table."""
    op.create_table(
        "kept_answers",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("session_id", sa.String(length=128), nullable=False),
        sa.Column("message_id", sa.String(length=64), nullable=False),
        sa.Column("working_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deliveries", sa.Integer(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("reply", sa.Text(), nullable=True),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["session_id"], ["chat_sessions.session_id"], name=op.f("fk_kept_answers_session_id")
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_kept_answers")),
        sa.UniqueConstraint("session_id", "message_id", name=op.f("uq_kept_answers_session_id_message_id")),
    )
    op.create_index(op.f("ix_kept_answers_until"), "kept_answers", ["until"])


def downgrade() -> None:
    """Drop the table; what waits there is not told any more, the record of the conversation keeps it."""
    op.drop_table("kept_answers")
