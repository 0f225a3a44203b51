"""The database itself refuses to change or remove what the audit trail holds, and to set its head back.

Whoever owns the tables can still drop these guards; what they change then shows in the chain.
"""

from __future__ import annotations

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

REFUSAL = "the audit trail is append-only"

# SQLite's REPLACE removes the old row without firing the DELETE trigger, so the insert is looked at too.
# The head is made with "on conflict do nothing", which must go on working: there the insert is passed over.
SQLITE = {
    "audit_entries_no_update": f"UPDATE ON audit_entries BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END",
    "audit_entries_no_delete": f"DELETE ON audit_entries BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END",
    "audit_entries_no_replace": (
        "INSERT ON audit_entries "
        "WHEN EXISTS (SELECT 1 FROM audit_entries WHERE seq = NEW.seq OR hash = NEW.hash) "
        f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
    ),
    "audit_head_only_forward": (
        "UPDATE ON audit_head WHEN NEW.seq < OLD.seq OR NEW.head_id <> OLD.head_id "
        f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
    ),
    "audit_head_no_delete": f"DELETE ON audit_head BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END",
    "audit_head_no_replace": (
        "INSERT ON audit_head WHEN EXISTS (SELECT 1 FROM audit_head WHERE head_id = NEW.head_id) "
        "BEGIN SELECT RAISE(IGNORE); END"
    ),
}

FUNCTION = f"""
CREATE FUNCTION respite_audit_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'insufficient_privilege';
END
$$
"""
REFUSE = "EXECUTE FUNCTION respite_audit_append_only()"
POSTGRESQL = {
    "audit_entries_append_only": (
        "audit_entries",
        f"UPDATE OR DELETE OR TRUNCATE ON audit_entries FOR EACH STATEMENT {REFUSE}",
    ),
    "audit_head_kept": (
        "audit_head",
        f"DELETE OR TRUNCATE ON audit_head FOR EACH STATEMENT {REFUSE}",
    ),
    "audit_head_only_forward": (
        "audit_head",
        f"UPDATE ON audit_head FOR EACH ROW WHEN (NEW.seq < OLD.seq OR NEW.head_id <> OLD.head_id) {REFUSE}",
    ),
}


def upgrade() -> None:
    """Put the guards on; entries written before are guarded as well."""
    if op.get_bind().dialect.name == "sqlite":
        for name, rule in SQLITE.items():
            op.execute(f"CREATE TRIGGER {name} BEFORE {rule}")
        return
    op.execute(FUNCTION)
    for name, (_, rule) in POSTGRESQL.items():
        op.execute(f"CREATE TRIGGER {name} BEFORE {rule}")


def downgrade() -> None:
    """Take the guards off; the chain itself stays."""
    if op.get_bind().dialect.name == "sqlite":
        for name in SQLITE:
            op.execute(f"DROP TRIGGER {name}")
        return
    for name, (table, _) in POSTGRESQL.items():
        op.execute(f"DROP TRIGGER {name} ON {table}")
    op.execute("DROP FUNCTION respite_audit_append_only()")
