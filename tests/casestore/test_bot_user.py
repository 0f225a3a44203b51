"""The servers' own database user on PostgreSQL writes cases and can't touch what the audit trail holds."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, text
from sqlalchemy.engine.url import make_url
from sqlalchemy.exc import DBAPIError

from casestore import agreement, agreement_life, audit, bot_user, complaints, messages, migrations, outbox
from casestore.errors import RightsRefused
from casestore.models import AuditRow
from casestore.store import CaseStore
from hardship.policy import Policy
from tests.casestore.agreements import Life
from tests.casestore.conftest import MIGRATED, SetClock, empty
from tests.casestore.people import TODAY, WANG, KeepingSender, load
from tests.support.postgres import PostgresServer

pytestmark = pytest.mark.postgres
BOT = "respite_bot"
DENIED = "permission denied|must be owner"


@pytest.fixture
def owner(migrated_postgres: PostgresServer, clock: SetClock) -> Iterator[CaseStore]:
    """The store as its owner opens it, with a database user for the servers that has no rights yet."""
    url = migrated_postgres.url(MIGRATED)
    store = CaseStore.open(url, clock=clock, keys=None)
    with store.engine.begin() as connection:
        connection.execute(text(f"CREATE USER {BOT}"))
    yield store
    with store.engine.begin() as connection:
        connection.execute(text(f"DROP OWNED BY {BOT}"))
        connection.execute(text(f"DROP USER {BOT}"))
    store.close()
    empty(url)


@pytest.fixture
def bot(owner: CaseStore, clock: SetClock) -> Iterator[CaseStore]:
    """The store as the servers open it, their user having been given its rights."""
    bot_user.give_rights(owner, BOT)
    store = CaseStore.open(_as(owner, BOT), owner.keys, clock)
    yield store
    store.close()


@pytest.fixture(autouse=True)
def demo(monkeypatch: pytest.MonkeyPatch) -> None:
    """The demo keys."""
    monkeypatch.setenv("RESPITE_DEMO", "1")
    monkeypatch.delenv("RESPITE_KEYS", raising=False)
    monkeypatch.delenv("RESPITE_HASH_KEY", raising=False)


def _as(store: CaseStore, user: str) -> str:
    url = make_url(str(store.engine.url)).set(username=user)
    return url.render_as_string(hide_password=False)


def test_a_whole_case_is_written_with_the_servers_rights(
    bot: CaseStore, clock: SetClock, policy: Policy, sender: KeepingSender, tmp_path: Path
) -> None:
    migrations.migrate(bot)  # as `respite run` does: a current store needs no change
    migrations.require_current(bot)
    load(bot, tmp_path, WANG)
    life = Life(bot, clock, policy, sender, tmp_path)
    life.agree()
    messages.append(bot, "a", "borrower", {"text": "谢谢"}, "c1")
    outbox.put(bot, WANG["phone"], "914273", "zh")
    complaints.receive(bot, "a", "contact", "半夜打电话", policy, TODAY)
    life.go_to(TODAY + timedelta(days=1))
    life.pay(100)
    agreement_life.withdraw(bot, life.case_id, life.today)
    assert agreement.verify(bot) == [] and audit.verify(bot) == []


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_entries SET actor = 'other'",
        "DELETE FROM audit_entries",
        "TRUNCATE audit_entries",
        "DROP TRIGGER audit_entries_append_only ON audit_entries",
        "ALTER TABLE audit_entries DISABLE TRIGGER ALL",
        "DROP TABLE audit_entries",
        "DELETE FROM audit_head",
        "TRUNCATE audit_head",
        "CREATE OR REPLACE FUNCTION respite_audit_append_only() RETURNS trigger LANGUAGE plpgsql "
        "AS 'BEGIN RETURN NULL; END'",
        "SET session_replication_role = replica",
        "CREATE TABLE mine (number int)",
        "ALTER TABLE cases ADD COLUMN mine int",
        "DELETE FROM agreements",
        "UPDATE alembic_version SET version_num = '0001'",
    ],
)
def test_the_servers_user_is_refused(bot: CaseStore, statement: str) -> None:
    with bot.unit() as unit:
        unit.audit("something", "subject")
    with pytest.raises(DBAPIError, match=DENIED), bot.engine.begin() as connection:
        connection.exec_driver_sql(statement)
    assert audit.verify(bot) == [] and audit.last(bot).seq == 2


def test_the_servers_user_is_refused_even_without_triggers(owner: CaseStore, bot: CaseStore) -> None:
    """The rights hold by themselves; giving them again takes what was given too much."""
    with owner.engine.begin() as connection:
        connection.exec_driver_sql(f"GRANT ALL ON audit_entries TO {BOT}")
    bot_user.give_rights(owner.signed_by("Chen Jing"), BOT)
    with owner.reading() as unit:
        entry = unit.session.scalars(select(AuditRow).order_by(AuditRow.seq.desc()).limit(1)).one()
    assert (entry.action, entry.actor) == ("rights_given", "Chen Jing")
    with owner.engine.begin() as connection:
        held = connection.exec_driver_sql(
            "SELECT privilege_type FROM information_schema.role_table_grants "
            f"WHERE grantee = '{BOT}' AND table_name = 'audit_entries'"
        ).scalars()
        assert sorted(held) == ["INSERT", "SELECT"]


def test_a_user_who_owns_the_tables_or_does_not_exist_is_refused(owner: CaseStore) -> None:
    with pytest.raises(RightsRefused, match="owns the tables"):
        bot_user.give_rights(owner, "postgres")
    with pytest.raises(RightsRefused, match="no such database user"):
        bot_user.give_rights(owner, 'nobody"; DROP TABLE cases; --')
