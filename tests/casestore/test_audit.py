"""The audit trail: every tampering is found and named, and two writers make one chain."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from sqlalchemy import select, text

from casestore import audit
from casestore.audit import AuditProblem
from casestore.keys import Keys
from casestore.models import AuditRow
from casestore.store import CaseStore


def write(store: CaseStore, *actions: str) -> None:
    for action in actions:
        with store.unit() as unit:
            unit.audit(action, "subject", count=1)


def tamper(store: CaseStore, *statements: str) -> None:
    with store.engine.connect() as connection, connection.begin():
        for statement in statements:
            connection.execute(text(statement))


def test_an_untouched_chain_has_no_problem(store: CaseStore) -> None:
    assert audit.verify(store) == []
    write(store, "one", "two", "three")
    assert audit.verify(store) == []


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
    ],
)
def test_tampering_is_found_and_named(store: CaseStore, statements: list[str], problem: AuditProblem) -> None:
    write(store, "one", "two", "three", "four")
    tamper(store, *statements)
    assert audit.verify(store)[0] == problem


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
