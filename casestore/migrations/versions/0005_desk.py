"""Who has taken a hand-off, what people write to borrowers, and events for the lender's desk."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add two columns and two tables; hand-offs that wait stay untaken."""
    op.add_column("handoffs", sa.Column("taken_by", sa.String(length=80), nullable=True))
    op.add_column("handoffs", sa.Column("taken_at", sa.DateTime(timezone=True), nullable=True))
    _create_person_messages()
    _create_desk_events()


def downgrade() -> None:
    """Drop the tables and columns with everything in them."""
    op.drop_table("desk_events")
    op.drop_table("person_messages")
    op.drop_column("handoffs", "taken_at")
    op.drop_column("handoffs", "taken_by")


def _create_person_messages() -> None:
    op.create_table(
        "person_messages",
        sa.Column("session_id", sa.String(length=128), nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("channel", sa.String(length=40), nullable=False),
        sa.Column("handoff_id", sa.String(length=32), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("delivered_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["session_id", "seq"],
            ["messages.session_id", "messages.seq"],
            name=op.f("fk_person_messages_session_id_seq"),
        ),
        sa.ForeignKeyConstraint(
            ["handoff_id"], ["handoffs.handoff_id"], name=op.f("fk_person_messages_handoff_id")
        ),
        sa.PrimaryKeyConstraint("session_id", "seq", name=op.f("pk_person_messages")),
    )
    op.create_index("ix_person_messages_channel_due_at", "person_messages", ["channel", "due_at"])
    op.create_index("ix_person_messages_channel_written_at", "person_messages", ["channel", "written_at"])


def _create_desk_events() -> None:
    op.create_table(
        "desk_events",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("handoff_id", sa.String(length=32), nullable=False),
        sa.Column("body", sa.Text(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("delivered_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["handoff_id"], ["handoffs.handoff_id"], name=op.f("fk_desk_events_handoff_id")
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_desk_events")),
        sa.UniqueConstraint("event_id", name=op.f("uq_desk_events_event_id")),
    )
    op.create_index(op.f("ix_desk_events_due_at"), "desk_events", ["due_at"])
    op.create_index(op.f("ix_desk_events_handoff_id"), "desk_events", ["handoff_id"])
