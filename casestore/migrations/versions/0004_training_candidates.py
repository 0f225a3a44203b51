"""Candidates for training: wordings that were not understood, with the meaning the borrower chose."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

TABLE = "training_candidates"


def upgrade() -> None:
    """Add the table; nothing that exists is touched."""
    op.create_table(
        TABLE,
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("wording", sa.Text(), nullable=True),
        sa.Column("offered", sa.String(length=200), nullable=False),
        sa.Column("chosen", sa.String(length=40), nullable=True),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.Column("reviewed_on", sa.Date(), nullable=True),
        sa.Column("reviewed_by", sa.String(length=120), nullable=True),
        sa.PrimaryKeyConstraint("number", name=op.f(f"pk_{TABLE}")),
        sa.UniqueConstraint("fingerprint", name=op.f(f"uq_{TABLE}_fingerprint")),
    )
    op.create_index(op.f(f"ix_{TABLE}_last_on"), TABLE, ["last_on"])


def downgrade() -> None:
    """Drop the table with everything in it."""
    op.drop_table(TABLE)
