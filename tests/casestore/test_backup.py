"""A backup brings everything back, on both databases; what can't be brought back changes nothing."""

from __future__ import annotations

import stat
import subprocess
import uuid
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from casestore import agreement, audit, backup, complaints, messages, migrations
from casestore.audit import AuditProblem
from casestore.engine import writing
from casestore.errors import BackupFailed
from casestore.models import metadata
from casestore.store import CaseStore
from hardship.policy import Policy
from tests.casestore.agreements import Life
from tests.casestore.conftest import SetClock
from tests.casestore.people import LI, TODAY, WANG, KeepingSender, load
from tests.support.postgres import PostgresServer
from tests.support.tampering import tamper

RESTORED = "store_restored"


@pytest.fixture
def life(store: CaseStore, clock: SetClock, policy: Policy, sender: KeepingSender, tmp_path: Path) -> Life:
    """A store with an agreement, messages and a complaint in it."""
    load(store, tmp_path, WANG)
    made = Life(store, clock, policy, sender, tmp_path)
    made.agree()
    messages.append(store, "a", "borrower", {"text": "我住在月牙泉"}, "c1")
    complaints.receive(store, "a", "contact", "他们去了鸣沙山", policy, TODAY)
    return made


@pytest.fixture
def empty_store(
    request: pytest.FixtureRequest, store: CaseStore, tmp_path: Path, clock: SetClock
) -> Iterator[CaseStore]:
    """Another, empty database of the same kind, without tables."""
    if store.engine.dialect.name == "sqlite":
        yield CaseStore.open(f"sqlite:///{tmp_path / 'other' / 'store.db'}", store.keys, clock)
        return
    server: PostgresServer = request.getfixturevalue("postgres")
    name = f"restored_{uuid.uuid4().hex}"
    opened = CaseStore.open(server.create(name), store.keys, clock)
    yield opened
    opened.close()
    server.drop(name)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Where the backup goes."""
    return tmp_path / "backup"


def test_everything_is_there_again_in_an_empty_database(
    life: Life, empty_store: CaseStore, file: Path, tmp_path: Path
) -> None:
    backup.backup(life.store, file)
    assert backup.restore(empty_store, file) == []
    assert _rows(empty_store) == _rows(life.store)
    migrations.require_current(empty_store)
    assert audit.verify(empty_store, audit.last(life.store)) == [] and agreement.verify(empty_store) == []
    assert agreement.for_case(empty_store, life.case_id, TODAY) == life.view


def test_a_restored_store_goes_on_with_its_guards(
    life: Life, empty_store: CaseStore, file: Path, tmp_path: Path
) -> None:
    """New rows get new numbers, and the audit trail is append-only as before."""
    life.go_to(TODAY + timedelta(days=1))
    life.pay(100)
    backup.backup(life.store, file)
    backup.restore(empty_store, file)
    life.store = empty_store
    life.pay(100)
    assert life.view.paid == 200
    with pytest.raises(DBAPIError, match="append-only"), empty_store.engine.begin() as connection:
        connection.execute(text("UPDATE audit_entries SET actor = 'other'"))
    assert audit.verify(empty_store) == []


def test_a_store_with_rows_is_replaced_only_when_told(life: Life, file: Path, tmp_path: Path) -> None:
    backup.backup(life.store, file)
    before = _rows(life.store)
    load(life.store, tmp_path, LI)
    changed = _rows(life.store)
    with pytest.raises(BackupFailed, match="--replace"):
        backup.restore(life.store, file)
    assert _rows(life.store) == changed != before
    assert backup.restore(life.store, file, replace=True) == []
    assert _rows(life.store) == before


def test_what_is_not_yet_committed_is_not_in_a_backup_and_does_not_hold_it_up(
    life: Life, empty_store: CaseStore, file: Path, url: str
) -> None:
    server = CaseStore.open(url, life.store.keys)
    with server.unit() as unit:
        unit.session.execute(text("UPDATE cases SET state = 'half'"))
        backup.backup(life.store, file)
    server.close()
    backup.restore(empty_store, file)
    with empty_store.engine.connect() as connection:
        assert "half" not in connection.execute(text("SELECT state FROM cases")).scalars().all()


def test_personal_data_stays_encrypted_in_the_file_which_only_its_owner_reads(life: Life, file: Path) -> None:
    backup.backup(life.store, file)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    content = _readable(file)
    assert b"agreements" in content
    for secret in (WANG["name"], WANG["phone"], WANG["id_number"], WANG["loan_number"], "月牙泉", "鸣沙山"):
        assert secret.encode() not in content


def test_a_file_that_is_there_already_is_never_written_over(life: Life, file: Path) -> None:
    file.write_text("something else")
    with pytest.raises(BackupFailed, match="there already"):
        backup.backup(life.store, file)
    assert file.read_text() == "something else" and list(file.parent.glob("*.part")) == []


def test_a_store_without_tables_has_nothing_to_back_up(empty_store: CaseStore, file: Path) -> None:
    with pytest.raises(BackupFailed, match="nothing"):
        backup.backup(empty_store, file)
    assert not file.exists()


def test_a_broken_or_foreign_file_changes_nothing(life: Life, file: Path) -> None:
    """Broken off in the middle, empty, of another kind, or not there at all."""
    backup.backup(life.store, file)
    whole, before = file.read_bytes(), _rows(life.store)
    for content in (whole[: len(whole) // 2], b"", b"PGDMP", b"SQLite format 3\x00", b"name,phone\n"):
        file.write_bytes(content)
        with pytest.raises(BackupFailed):
            backup.restore(life.store, file, replace=True)
        assert _rows(life.store) == before
    file.unlink()
    with pytest.raises(BackupFailed, match="no file"):
        backup.restore(life.store, file, replace=True)


def test_a_backup_of_a_newer_program_is_refused(life: Life, empty_store: CaseStore, file: Path) -> None:
    with life.store.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    backup.backup(life.store, file)
    with life.store.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :v"), {"v": _head()})
    with pytest.raises(BackupFailed, match="newer"):
        backup.restore(empty_store, file)
    assert migrations.version_of(empty_store) is None


def test_a_backup_of_an_older_version_comes_back_and_can_be_migrated(
    life: Life, empty_store: CaseStore, file: Path, tmp_path: Path
) -> None:
    """Even into a store whose newer tables the backup knows nothing of."""
    older, newer = tmp_path / "older", tmp_path / "newer"
    backup.backup(life.store, newer)
    backup.restore(empty_store, newer)
    with writing(empty_store.engine).connect() as connection, connection.begin():
        config = migrations.configuration()
        config.attributes["connection"] = connection
        command.downgrade(config, "0002")
    backup.backup(empty_store, older)
    assert backup.restore(empty_store, newer, replace=True) == []
    assert backup.restore(empty_store, older, replace=True) == []
    assert migrations.version_of(empty_store) == "0002"
    migrations.migrate(empty_store)
    assert agreement.for_case(empty_store, life.case_id, TODAY) == life.view


def test_a_trail_tampered_with_before_the_backup_is_told_at_the_restore(
    life: Life, empty_store: CaseStore, file: Path
) -> None:
    tamper(life.store.engine, "UPDATE audit_entries SET actor = 'nobody' WHERE seq = 3")
    backup.backup(life.store, file)
    assert backup.restore(empty_store, file) == [AuditProblem(3, "changed")]


@pytest.mark.postgres
def test_what_else_lies_in_the_database_is_neither_backed_up_nor_touched(
    request: pytest.FixtureRequest,
    policy: Policy,
    file: Path,
    clock: SetClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Rasa's record of the conversations, with every message as it was written, may be in there."""
    monkeypatch.setenv("RESPITE_DEMO", "1")
    server: PostgresServer = request.getfixturevalue("postgres")
    name = f"shared_{uuid.uuid4().hex}"
    store = CaseStore.open(server.create(name), clock=clock)
    migrations.migrate(store)
    with store.engine.begin() as connection:
        connection.execute(text("CREATE TABLE events (id serial PRIMARY KEY, data text)"))
        connection.execute(text("INSERT INTO events (data) VALUES ('unencrypted words')"))
    backup.backup(store, file)
    content = _readable(file)
    assert b"audit_entries" in content
    assert b"events_id_seq" not in content and b"unencrypted words" not in content
    assert backup.restore(store, file, replace=True) == []
    with store.engine.connect() as connection:
        assert connection.execute(text("SELECT data FROM events")).scalars().all() == ["unencrypted words"]
    store.close()
    server.drop(name)


def _rows(store: CaseStore) -> dict[str, list[str]]:
    """Every row as it lies in the database, without the trace that a restore leaves."""
    with store.engine.connect() as connection:
        return {
            table.name: sorted(
                str([bytes(cell) if isinstance(cell, memoryview) else cell for cell in row])
                for row in connection.execute(text(f"SELECT * FROM {table.name}"))
                if RESTORED not in row
            )
            for table in metadata.sorted_tables
            if table.name != "audit_head"
        }


def _readable(file: Path) -> bytes:
    """All that can be read in a backup."""
    content = file.read_bytes()
    if not content.startswith(b"PGDMP"):
        return content
    return subprocess.run(["pg_restore", "--file=-", str(file)], capture_output=True, check=True).stdout


def _head() -> str:
    return str(ScriptDirectory.from_config(migrations.configuration()).get_current_head())
