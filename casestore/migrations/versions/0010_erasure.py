"""What became of a borrower's wish to delete their data, and orders to keep everything on somebody."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

COLUMNS = {
    "outcome": sa.String(length=40),
    "grounds": sa.Text(),
    "decided_by": sa.String(length=120),
    "told_at": sa.DateTime(timezone=True),
}


def upgrade() -> None:
    """Add the table and the columns; earlier wishes have no outcome."""
    for name, kind in COLUMNS.items():
        op.add_column("data_requests", sa.Column(name, kind, nullable=True))
    op.create_table(
        "legal_holds",
        sa.Column("hold_id", sa.String(length=32), nullable=False),
        sa.Column("reference", sa.String(length=24), nullable=False),
        sa.Column("borrower_id", sa.String(length=32), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("placed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("placed_by", sa.String(length=120), nullable=False),
        sa.Column("lifted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lifted_by", sa.String(length=120), nullable=True),
        sa.ForeignKeyConstraint(
            ["borrower_id"], ["borrowers.borrower_id"], name=op.f("fk_legal_holds_borrower_id")
        ),
        sa.PrimaryKeyConstraint("hold_id", name=op.f("pk_legal_holds")),
        sa.UniqueConstraint("reference", name=op.f("uq_legal_holds_reference")),
    )
    op.create_index(op.f("ix_legal_holds_borrower_id"), "legal_holds", ["borrower_id"])


def downgrade() -> None:
    """Drop the orders to keep, and what became of wishes to delete."""
    op.drop_table("legal_holds")
    for name in COLUMNS:
        op.drop_column("data_requests", name)
