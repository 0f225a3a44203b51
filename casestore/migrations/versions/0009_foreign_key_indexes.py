"""An index on every foreign key: erasing one borrower must not read whole tables for what hangs on them."""

from __future__ import annotations

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

KEYS = (
    ("chat_sessions", "loan_id"),
    ("complaints", "session_id"),
    ("disputes", "session_id"),
    ("identity_challenges", "borrower_id"),
    ("payment_claims", "session_id"),
    ("handoffs", "session_id"),
    ("notices", "case_id"),
    ("notices", "loan_id"),
    ("person_messages", "handoff_id"),
    ("agreements", "session_id"),
    ("agreements", "case_id"),
    ("counters", "offer_id"),
    ("plan_requests", "handoff_id"),
    ("plan_requests", "offer_id"),
    ("plan_requests", "session_id"),
    ("plan_requests", "loan_id"),
    ("collection_holds", "agreement_id"),
    ("idempotency_keys", "agreement_id"),
)


def upgrade() -> None:
    """Add the indexes."""
    for table, column in KEYS:
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column])


def downgrade() -> None:
    """Drop the indexes."""
    for table, column in KEYS:
        op.drop_index(op.f(f"ix_{table}_{column}"), table_name=table)
