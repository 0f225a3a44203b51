"""The audit trail: every tampering is found and named, and two writers make one chain."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from casestore import audit
from casestore.audit import AuditProblem
from casestore.keys import Keys
from casestore.models import AuditRow
from casestore.store import CaseStore
from tests.support.tampering import tamper


def write(store: CaseStore, *actions: str) -> None:
    for action in actions:
        with store.unit() as unit:
            unit.audit(action, "subject", count=1)


def test_an_untouched_chain_has_no_problem(store: CaseStore) -> None:
    assert audit.verify(store) == []
    write(store, "one", "two", "three")
    assert audit.verify(store) == []


HEAD_SET_BACK = (
    "UPDATE audit_head SET (seq, hash) = (SELECT seq, hash FROM audit_entries ORDER BY seq DESC LIMIT 1)"
)
CUT_OFF = ["DELETE FROM audit_entries WHERE seq > 2", HEAD_SET_BACK]
MOVE = "UPDATE audit_entries SET seq = {new} WHERE seq = {old}"


@pytest.mark.parametrize(
    ("statements", "problem"),
    [
        (["UPDATE audit_entries SET details = '{\"count\": 2}' WHERE seq = 2"], AuditProblem(2, "changed")),
        (["UPDATE audit_entries SET actor = 'other' WHERE seq = 3"], AuditProblem(3, "changed")),
        (["UPDATE audit_entries SET hash = 'f' WHERE seq = 4"], AuditProblem(4, "changed")),
        (["DELETE FROM audit_entries WHERE seq = 2"], AuditProblem(2, "missing")),
        (["DELETE FROM audit_entries WHERE seq = 1"], AuditProblem(1, "missing")),
        (["DELETE FROM audit_entries WHERE seq = 4"], AuditProblem(4, "removed_at_end")),
        (["DELETE FROM audit_head"], AuditProblem(4, "head_missing")),
        (
            [MOVE.format(old=2, new=99), MOVE.format(old=3, new=2), MOVE.format(old=99, new=3)],
            AuditProblem(2, "changed"),
        ),
        (
            [
                "INSERT INTO audit_entries SELECT 5, at, actor, action, subject, details, hash, 'made-up' "
                "FROM audit_entries WHERE seq = 4"
            ],
            AuditProblem(5, "inserted"),
        ),
        (
            [
                MOVE.format(old=4, new=5),
                MOVE.format(old=3, new=4),
                "INSERT INTO audit_entries SELECT 3, at, actor, action, subject, details, hash, 'made-up' "
                "FROM audit_entries WHERE seq = 2",
                "UPDATE audit_head SET seq = 5",
            ],
            AuditProblem(3, "changed"),
        ),
        (
            [
                "DELETE FROM audit_entries WHERE seq = 2",
                MOVE.format(old=3, new=2),
                MOVE.format(old=4, new=3),
                "UPDATE audit_head SET seq = 3",
            ],
            AuditProblem(2, "changed"),
        ),
        ([*CUT_OFF, "DELETE FROM audit_entries WHERE seq = 1"], AuditProblem(1, "missing")),
    ],
    ids=[
        "changed details",
        "changed actor",
        "changed hash",
        "removed in the middle",
        "removed at the start",
        "removed at the end",
        "removed head",
        "two swapped",
        "inserted at the end",
        "inserted in the middle, the rest numbered anew",
        "removed in the middle, the rest numbered anew",
        "removed at the start and at the end",
    ],
)
def test_tampering_is_found_and_named(store: CaseStore, statements: list[str], problem: AuditProblem) -> None:
    write(store, "one", "two", "three", "four")
    tamper(store.engine, *statements)
    assert audit.verify(store)[0] == problem


def test_entries_cut_off_with_the_head_set_back_show_against_an_anchor(store: CaseStore) -> None:
    write(store, "one", "two", "three", "four")
    anchor = audit.last(store)
    assert anchor is not None and audit.verify(store, anchor) == []
    tamper(store.engine, *CUT_OFF)
    assert audit.verify(store) == []
    assert audit.verify(store, anchor) == [AuditProblem(3, "removed_at_end", until=4)]
    write(store, "another three", "another four")
    assert audit.verify(store, anchor) == [AuditProblem(4, "changed")]


REPLACED = (
    "INSERT {} INTO audit_entries SELECT {}, at, 'other', action, subject, details, previous, {} "
    "FROM audit_entries WHERE seq = 1"
)
REFUSED = [
    "UPDATE audit_entries SET actor = 'other'",
    "UPDATE audit_entries SET actor = 'other' WHERE seq = 2",
    "DELETE FROM audit_entries WHERE seq = 3",
    "DELETE FROM audit_entries",
    "DELETE FROM audit_head",
    "UPDATE audit_head SET seq = 1",
    "UPDATE audit_head SET head_id = 2",
]
REFUSED_BY_SQLITE = [
    REPLACED.format("OR REPLACE", 1, "'made-up'"),
    REPLACED.format("OR REPLACE", 9, "hash"),
]
REFUSED_BY_POSTGRESQL = [
    REPLACED.format("", 1, "'made-up'") + " ON CONFLICT (seq) DO UPDATE SET actor = 'other'",
    "TRUNCATE audit_entries",
    "TRUNCATE audit_head",
]


def test_the_database_refuses_to_rewrite_the_trail(store: CaseStore) -> None:
    """Each statement is refused even to the owner of the tables, and nothing has changed after it."""
    write(store, "one", "two", "three")
    sqlite = store.engine.dialect.name == "sqlite"
    for statement in [*REFUSED, *(REFUSED_BY_SQLITE if sqlite else REFUSED_BY_POSTGRESQL)]:
        with pytest.raises(DBAPIError, match="append-only"), store.engine.begin() as connection:
            connection.exec_driver_sql(statement)
    write(store, "four")
    assert audit.verify(store) == []
    assert audit.last(store).seq == 4


def test_replacing_the_head_on_sqlite_changes_nothing(store: CaseStore) -> None:
    write(store, "one", "two")
    replace = "INSERT OR REPLACE INTO audit_head VALUES (1, 1, 'made-up')"
    if store.engine.dialect.name == "sqlite":
        with store.engine.begin() as connection:
            connection.exec_driver_sql(replace)
    write(store, "three")
    assert audit.verify(store) == []


def test_a_failed_transaction_leaves_no_entry(store: CaseStore) -> None:
    with pytest.raises(RuntimeError), store.unit() as unit:
        unit.audit("never", "subject")
        raise RuntimeError
    with store.reading() as unit:
        assert unit.session.scalars(select(AuditRow)).all() == []


def test_two_processes_writing_at_once_make_one_chain(store: CaseStore, url: str) -> None:
    other = CaseStore.open(url, store.keys)
    gate = threading.Barrier(4)

    def writer(mine: CaseStore) -> Callable[[], None]:
        def run() -> None:
            gate.wait()
            write(mine, *["entry"] * 5)

        return run

    threads = [threading.Thread(target=writer(mine)) for mine in (store, other, store, other)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    other.close()
    assert audit.verify(store) == []
    with store.reading() as unit:
        assert [row.seq for row in unit.session.scalars(select(AuditRow).order_by(AuditRow.seq))] == list(
            range(1, 21)
        )


def test_without_the_key_the_chain_cannot_be_forged(store: CaseStore, url: str) -> None:
    """A whole chain written with another key is no chain."""
    forger = CaseStore.open(url, Keys(store.keys.encryption, b"f" * 32))
    write(forger, "forged")
    forger.close()
    assert audit.verify(store) == [AuditProblem(1, "changed")]
