"""The life of an agreement: versions, payments, notices, and requests that a person decides.

Columns are added and dropped one by one instead of by copying tables: SQLite can't drop a table that others
point to, and these hold what was agreed.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

# Spelled as SQL, because SQLite takes a foreign key only together with its new column.
REPLACES = (
    "ALTER TABLE agreements ADD COLUMN replaces_id VARCHAR(32) "
    "CONSTRAINT fk_agreements_replaces_id REFERENCES agreements (agreement_id)"
)
# Before this step no payments were known, so an offer rested on its loan's snapshot alone.
OLD_OFFERS = (
    "UPDATE offers SET figures_as_of = (SELECT loans.as_of FROM loans "
    "JOIN cases ON cases.loan_id = loans.loan_id WHERE cases.case_id = offers.case_id)"
)
OPEN_HOLD, OPEN_REQUEST = sa.text("ends_at IS NULL"), sa.text("state = 'open'")


def upgrade() -> None:
    """Add columns and tables; what was agreed before is version 1."""
    _add_columns()
    op.execute(OLD_OFFERS)
    op.create_index("uq_agreements_replaces_id", "agreements", ["replaces_id"], unique=True)
    op.create_index(
        "uq_collection_holds_open_loan",
        "collection_holds",
        ["loan_id"],
        unique=True,
        sqlite_where=OPEN_HOLD,
        postgresql_where=OPEN_HOLD,
    )
    _create_payments()
    _create_notices()
    _create_plan_requests()


def downgrade() -> None:
    """Drop what was added, with everything in it. Ended agreements stay ended."""
    op.drop_table("plan_requests")
    op.drop_table("notices")
    op.drop_table("payments")
    op.drop_index("uq_collection_holds_open_loan", table_name="collection_holds")
    op.drop_index("uq_agreements_replaces_id", table_name="agreements")
    for column in ("pdf_sha256", "document_pdf", "end_reason", "ended_at", "replaces_id", "version"):
        op.drop_column("agreements", column)
    for column in ("payments_seen", "figures_as_of", "position"):
        op.drop_column("offers", column)
    op.drop_column("proposals", "further")
    op.drop_column("loans", "day_count")


def _add_columns() -> None:
    op.add_column("loans", sa.Column("day_count", sa.String(length=40), nullable=True))
    op.add_column("proposals", sa.Column("further", sa.Text(), nullable=True))
    op.add_column("offers", sa.Column("position", sa.Text(), nullable=True))
    op.add_column("offers", sa.Column("figures_as_of", sa.Date(), nullable=True))
    op.add_column("offers", sa.Column("payments_seen", sa.Integer(), server_default="0", nullable=False))
    op.add_column("agreements", sa.Column("version", sa.Integer(), server_default="1", nullable=False))
    op.execute(REPLACES)
    op.add_column("agreements", sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("agreements", sa.Column("end_reason", sa.String(length=40), nullable=True))
    op.add_column("agreements", sa.Column("document_pdf", sa.LargeBinary(), nullable=True))
    op.add_column("agreements", sa.Column("pdf_sha256", sa.String(length=64), nullable=True))


def _create_payments() -> None:
    op.create_table(
        "payments",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("loan_id", sa.String(length=32), nullable=False),
        sa.Column("agreement_id", sa.String(length=32), nullable=True),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("reference_hash", sa.String(length=64), nullable=False),
        sa.Column("loaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["loan_id"], ["loans.loan_id"], name=op.f("fk_payments_loan_id")),
        sa.ForeignKeyConstraint(
            ["agreement_id"], ["agreements.agreement_id"], name=op.f("fk_payments_agreement_id")
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_payments")),
        sa.UniqueConstraint("reference_hash", name=op.f("uq_payments_reference_hash")),
    )
    op.create_index(op.f("ix_payments_loan_id"), "payments", ["loan_id"])
    op.create_index(op.f("ix_payments_agreement_id"), "payments", ["agreement_id"])


def _create_notices() -> None:
    op.create_table(
        "notices",
        sa.Column("notice_id", sa.String(length=32), nullable=False),
        sa.Column("event", sa.String(length=120), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("borrower_id", sa.String(length=32), nullable=False),
        sa.Column("loan_id", sa.String(length=32), nullable=False),
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.Column("details", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["borrower_id"], ["borrowers.borrower_id"], name=op.f("fk_notices_borrower_id")
        ),
        sa.ForeignKeyConstraint(["loan_id"], ["loans.loan_id"], name=op.f("fk_notices_loan_id")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.case_id"], name=op.f("fk_notices_case_id")),
        sa.PrimaryKeyConstraint("notice_id", name=op.f("pk_notices")),
        sa.UniqueConstraint("event", name=op.f("uq_notices_event")),
    )
    op.create_index(op.f("ix_notices_borrower_id"), "notices", ["borrower_id"])


def _create_plan_requests() -> None:
    op.create_table(
        "plan_requests",
        sa.Column("request_id", sa.String(length=32), nullable=False),
        sa.Column("reference", sa.String(length=24), nullable=False),
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.Column("session_id", sa.String(length=128), nullable=False),
        sa.Column("loan_id", sa.String(length=32), nullable=False),
        sa.Column("handoff_id", sa.String(length=32), nullable=True),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("ask", sa.Text(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("policy_version", sa.String(length=80), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.String(length=120), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("offer_id", sa.String(length=32), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.case_id"], name=op.f("fk_plan_requests_case_id")),
        sa.ForeignKeyConstraint(
            ["session_id"], ["chat_sessions.session_id"], name=op.f("fk_plan_requests_session_id")
        ),
        sa.ForeignKeyConstraint(["loan_id"], ["loans.loan_id"], name=op.f("fk_plan_requests_loan_id")),
        sa.ForeignKeyConstraint(
            ["handoff_id"], ["handoffs.handoff_id"], name=op.f("fk_plan_requests_handoff_id")
        ),
        sa.ForeignKeyConstraint(["offer_id"], ["offers.offer_id"], name=op.f("fk_plan_requests_offer_id")),
        sa.PrimaryKeyConstraint("request_id", name=op.f("pk_plan_requests")),
        sa.UniqueConstraint("reference", name=op.f("uq_plan_requests_reference")),
    )
    op.create_index(op.f("ix_plan_requests_case_id"), "plan_requests", ["case_id"])
    op.create_index(
        "uq_plan_requests_open_case_kind",
        "plan_requests",
        ["case_id", "kind"],
        unique=True,
        sqlite_where=OPEN_REQUEST,
        postgresql_where=OPEN_REQUEST,
    )
