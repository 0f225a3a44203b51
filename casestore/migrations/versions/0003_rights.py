"""Complaints, disputes, contact preferences, data requests, reported payments, and counts of feedback."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

OPEN = sa.text("state = 'open'")


def upgrade() -> None:
    """Add the tables; nothing that exists is touched."""
    _create_complaints()
    _create_disputes()
    _create_contact_preferences()
    _create_data_requests()
    _create_payment_claims()
    op.create_table(
        "feedback_counts",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("rating", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("day", "language", "rating", name=op.f("pk_feedback_counts")),
    )


def downgrade() -> None:
    """Drop the tables with everything in them."""
    for table in (
        "feedback_counts",
        "payment_claims",
        "data_requests",
        "contact_preferences",
        "disputes",
        "complaints",
    ):
        op.drop_table(table)


def _session_and_borrower(table: str) -> tuple[sa.ForeignKeyConstraint, ...]:
    return (
        sa.ForeignKeyConstraint(
            ["session_id"], ["chat_sessions.session_id"], name=op.f(f"fk_{table}_session_id")
        ),
        sa.ForeignKeyConstraint(
            ["borrower_id"], ["borrowers.borrower_id"], name=op.f(f"fk_{table}_borrower_id")
        ),
    )


def _create_complaints() -> None:
    op.create_table(
        "complaints",
        sa.Column("complaint_id", sa.String(length=32), nullable=False),
        sa.Column("reference", sa.String(length=24), nullable=False),
        sa.Column("session_id", sa.String(length=128), nullable=False),
        sa.Column("borrower_id", sa.String(length=32), nullable=True),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("details", sa.Text(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        *_session_and_borrower("complaints"),
        sa.PrimaryKeyConstraint("complaint_id", name=op.f("pk_complaints")),
        sa.UniqueConstraint("reference", name=op.f("uq_complaints_reference")),
    )
    op.create_index(op.f("ix_complaints_borrower_id"), "complaints", ["borrower_id"])
    _open_only("uq_complaints_open_session_kind", "complaints", ["session_id", "kind"])


def _create_disputes() -> None:
    op.create_table(
        "disputes",
        sa.Column("dispute_id", sa.String(length=32), nullable=False),
        sa.Column("reference", sa.String(length=24), nullable=False),
        sa.Column("session_id", sa.String(length=128), nullable=False),
        sa.Column("borrower_id", sa.String(length=32), nullable=True),
        sa.Column("loan_id", sa.String(length=32), nullable=True),
        sa.Column("ground", sa.String(length=40), nullable=True),
        sa.Column("words", sa.Text(), nullable=True),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("held_from", sa.DateTime(timezone=True), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        *_session_and_borrower("disputes"),
        sa.ForeignKeyConstraint(["loan_id"], ["loans.loan_id"], name=op.f("fk_disputes_loan_id")),
        sa.PrimaryKeyConstraint("dispute_id", name=op.f("pk_disputes")),
        sa.UniqueConstraint("reference", name=op.f("uq_disputes_reference")),
    )
    op.create_index(op.f("ix_disputes_borrower_id"), "disputes", ["borrower_id"])
    op.create_index(op.f("ix_disputes_loan_id"), "disputes", ["loan_id"])
    _open_only("uq_disputes_open_session", "disputes", ["session_id"])


def _create_contact_preferences() -> None:
    op.create_table(
        "contact_preferences",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("session_id", sa.String(length=128), nullable=False),
        sa.Column("borrower_id", sa.String(length=32), nullable=True),
        sa.Column("channel", sa.String(length=40), nullable=True),
        sa.Column("hours", sa.String(length=40), nullable=True),
        sa.Column("words", sa.Text(), nullable=True),
        sa.Column("stopped", sa.Boolean(), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        *_session_and_borrower("contact_preferences"),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_contact_preferences")),
    )
    op.create_index(op.f("ix_contact_preferences_session_id"), "contact_preferences", ["session_id"])
    op.create_index(op.f("ix_contact_preferences_borrower_id"), "contact_preferences", ["borrower_id"])


def _create_data_requests() -> None:
    op.create_table(
        "data_requests",
        sa.Column("request_id", sa.String(length=32), nullable=False),
        sa.Column("reference", sa.String(length=24), nullable=False),
        sa.Column("session_id", sa.String(length=128), nullable=False),
        sa.Column("borrower_id", sa.String(length=32), nullable=True),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("words", sa.Text(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("content", sa.Text(), nullable=True),
        sa.Column("token_hash", sa.String(length=64), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        *_session_and_borrower("data_requests"),
        sa.PrimaryKeyConstraint("request_id", name=op.f("pk_data_requests")),
        sa.UniqueConstraint("reference", name=op.f("uq_data_requests_reference")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_data_requests_token_hash")),
    )
    op.create_index(op.f("ix_data_requests_session_id"), "data_requests", ["session_id"])
    op.create_index(op.f("ix_data_requests_borrower_id"), "data_requests", ["borrower_id"])


def _create_payment_claims() -> None:
    op.create_table(
        "payment_claims",
        sa.Column("claim_id", sa.String(length=32), nullable=False),
        sa.Column("reference", sa.String(length=24), nullable=False),
        sa.Column("session_id", sa.String(length=128), nullable=False),
        sa.Column("loan_id", sa.String(length=32), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=True),
        sa.Column("paid_on", sa.Date(), nullable=True),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["session_id"], ["chat_sessions.session_id"], name=op.f("fk_payment_claims_session_id")
        ),
        sa.ForeignKeyConstraint(["loan_id"], ["loans.loan_id"], name=op.f("fk_payment_claims_loan_id")),
        sa.PrimaryKeyConstraint("claim_id", name=op.f("pk_payment_claims")),
        sa.UniqueConstraint("reference", name=op.f("uq_payment_claims_reference")),
    )
    op.create_index(op.f("ix_payment_claims_loan_id"), "payment_claims", ["loan_id"])


def _open_only(name: str, table: str, columns: list[str]) -> None:
    """A unique index over what is open."""
    op.create_index(name, table, columns, unique=True, sqlite_where=OPEN, postgresql_where=OPEN)
