"""Which messages of borrowers were answered to the end, and who is answering one."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

COLUMNS = {
    "answered_at": sa.DateTime(timezone=True),
    "working_at": sa.DateTime(timezone=True),
    "attempt": sa.Integer(),
}


def upgrade() -> None:
    """Add the columns; what had been followed by anything was taken for answered, and still is."""
    for name, kind in COLUMNS.items():
        op.add_column("messages", sa.Column(name, kind, nullable=True))
    op.execute(
        "UPDATE messages SET answered_at = at WHERE author = 'borrower' AND EXISTS ("
        "SELECT 1 FROM messages AS later WHERE later.session_id = messages.session_id "
        "AND later.seq > messages.seq)"
    )


def downgrade() -> None:
    """Drop the columns; a message counts as answered again once anything has followed."""
    for name in COLUMNS:
        op.drop_column("messages", name)
