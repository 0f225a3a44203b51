"""When a borrower who waits for a person wants to be called."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add two columns; for hand-offs that wait no call was asked."""
    op.add_column("handoffs", sa.Column("callback_from", sa.DateTime(timezone=True), nullable=True))
    op.add_column("handoffs", sa.Column("callback_until", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    """Drop the columns; wishes to be called are lost."""
    op.drop_column("handoffs", "callback_until")
    op.drop_column("handoffs", "callback_from")
