"""Where messages to borrowers on messaging channels go."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table; web conversations have no address."""
    op.create_table(
        "channel_addresses",
        sa.Column("session_id", sa.String(length=128), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("heard_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["session_id"], ["chat_sessions.session_id"], name=op.f("fk_channel_addresses_session_id")
        ),
        sa.PrimaryKeyConstraint("session_id", name=op.f("pk_channel_addresses")),
    )


def downgrade() -> None:
    """Drop the table; borrowers on messaging channels can't be written to until they write again."""
    op.drop_table("channel_addresses")
