"""After a rotation the newest key alone opens every encrypted value, whatever happened on the way."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import (
    Column,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    event,
    inspect,
    select,
    text,
    update,
)
from sqlalchemy.engine import Engine

from casestore import (
    account,
    accounts,
    agreement,
    audit,
    identity,
    messages,
    payments,
    rotation,
    sessions,
)
from casestore.encrypted import encrypted_tables
from casestore.errors import NotFound
from casestore.flow_record import FlowEventRow
from casestore.keys import Keys
from casestore.lookups import LOOKUPS, PAYMENT_REFERENCE, Lookup
from casestore.models import BorrowerRow, LoanRow, MessageRow, PaymentRow
from casestore.references import new_id
from casestore.rotation import Rotation
from casestore.store import CaseStore
from casestore.types import EncryptedBytes, EncryptedJson, EncryptedText, give_keys
from casestore.verification import problems
from hardship.identity import Login
from hardship.policy import Policy
from tests.casestore.agreements import payment_file
from tests.casestore.conftest import SetClock
from tests.casestore.filled import SESSION, fill
from tests.casestore.flow import say
from tests.casestore.people import TODAY, WANG, KeepingSender, ask_for_code, write_csv
from tests.conversations.people import invent

PDF = b"%PDF-1.7 \x00\xff"
FERNET_START = "gAAAA"


@pytest.fixture
def filled(
    store: CaseStore, tmp_path: Path, policy: Policy, sender: KeepingSender, monkeypatch: pytest.MonkeyPatch
) -> CaseStore:
    """A store with values in most encrypted columns, all under its only key."""
    monkeypatch.setenv("RESPITE_DEMO", "1")
    fill(store, tmp_path, policy, sender, PDF)
    return store


@pytest.fixture
def new_key() -> str:
    return Fernet.generate_key().decode()


@pytest.fixture
def rotating(filled: CaseStore, url: str, new_key: str) -> Iterator[CaseStore]:
    """The same store with a new key put in front of the old one."""
    store = CaseStore.open(url, Keys((new_key, *filled.keys.encryption), filled.keys.hash_key), filled.clock)
    yield store
    store.close()


def test_the_new_key_alone_opens_everything_afterwards(rotating: CaseStore, url: str, new_key: str) -> None:
    before = _plain(rotating)
    result = rotation.rotate(rotating)
    tokens = _tokens(rotating)
    assert tokens and result == Rotation(renewed=len(tokens), newest=len(tokens))
    for token in tokens:
        Fernet(new_key).decrypt(token)
    alone = CaseStore.open(url, Keys((new_key,), rotating.keys.hash_key))
    assert _plain(alone) == before
    assert audit.verify(alone) == [] and agreement.verify(alone) == []
    alone.close()


def test_rotating_again_changes_nothing(rotating: CaseStore) -> None:
    first = rotation.rotate(rotating)
    cells, end = _tokens(rotating), audit.last(rotating)
    assert rotation.rotate(rotating) == Rotation(renewed=0, newest=first.newest)
    assert (_tokens(rotating), audit.last(rotating)) == (cells, end)


class Killed(BaseException):
    """The process ends here."""


@pytest.mark.parametrize("statement", [1, 4, 20])
def test_a_rotation_stopped_in_the_middle_goes_on_where_it_was(rotating: CaseStore, statement: int) -> None:
    """It dies at one of its writes: only that batch is undone, and everything is readable throughout."""
    before, total = _plain(rotating), len(_tokens(rotating))
    _die_at_write(rotating, statement)
    assert _plain(rotating) == before
    result = rotation.rotate(rotating, batch=2)
    assert (result.newest, result.older) == (total, 0)
    assert result.renewed < total if statement > 4 else result.renewed <= total
    assert _plain(rotating) == before


def _die_at_write(store: CaseStore, number: int) -> None:
    """A rotation in small batches that dies before so many writes."""
    writes = []

    def die(_connection: object, _cursor: object, sql: str, *_rest: object) -> None:
        if sql.startswith("UPDATE") and "audit_head" not in sql:
            writes.append(sql)
            if len(writes) == number:
                raise Killed

    event.listen(store.engine, "before_cursor_execute", die)
    with pytest.raises(Killed):
        rotation.rotate(store, batch=2)
    event.remove(store.engine, "before_cursor_execute", die)


def test_what_a_server_writes_meanwhile_is_neither_lost_nor_left_behind(
    rotating: CaseStore, filled: CaseStore, url: str
) -> None:
    """A server holds rows and changes them while the rotation comes by, which waits for just these rows."""
    server = CaseStore.open(url, rotating.keys)
    held, reached = threading.Event(), threading.Event()
    # SQLite has one lock for all: what the rotation does after looking at the borrowers waits for it.
    waits_for = "FROM borrowers" if server.engine.dialect.name == "sqlite" else "FOR UPDATE"

    def hold() -> None:
        with server.unit() as unit:
            unit.session.execute(update(BorrowerRow).where(BorrowerRow.name.isnot(None)).values(name="改名"))
            held.set()
            assert reached.wait(20)

    def passing(_connection: object, _cursor: object, sql: str, *_rest: object) -> None:
        if waits_for in sql and "SKIP LOCKED" not in sql:
            reached.set()

    event.listen(rotating.engine, "before_cursor_execute", passing)
    thread = threading.Thread(target=hold)
    thread.start()
    assert held.wait(20)
    result = rotation.rotate(rotating)
    thread.join()
    server.close()
    assert result.older == 0
    with rotating.reading() as unit:
        assert set(unit.session.scalars(select(BorrowerRow.name))) == {"改名"}


def test_what_was_written_under_an_old_key_after_the_rotation_came_by_is_told(
    rotating: CaseStore, filled: CaseStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A server that still runs with old settings writes just before the last look."""
    look = rotation._look_over

    def write_first(*arguments: object) -> None:
        messages.append(filled, "a", "borrower", {"text": "旧钥匙"}, "late")
        look(*arguments)

    monkeypatch.setattr(rotation, "_look_over", write_first)
    assert rotation.rotate(rotating).older == 1


def test_a_value_that_no_key_opens_is_told_and_left_as_it_is(rotating: CaseStore) -> None:
    foreign = Fernet(Fernet.generate_key()).encrypt(b"lost").decode()
    with rotating.engine.begin() as connection:
        connection.execute(text("UPDATE loans SET number = :token"), {"token": foreign})
    result = rotation.rotate(rotating)
    assert result.unreadable == {"loans.number": 2} and result.older == 0
    with rotating.engine.connect() as connection:
        assert set(connection.execute(text("SELECT number FROM loans")).scalars()) == {foreign}
    with rotating.reading() as unit:
        assert unit.session.scalars(select(MessageRow.body)).first()


def test_a_payment_and_a_message_that_no_key_opens_stop_neither_a_rotation_nor_a_look_over_the_store(
    rotating: CaseStore, tmp_path: Path, policy: Policy
) -> None:
    rows = [(WANG["loan_number"], "2026-11-24", "1.00", reference) for reference in ("P1", "P2")]
    path = payment_file(tmp_path, *rows)
    payments.import_csv(rotating, path, policy, TODAY)
    with rotating.engine.begin() as connection:
        number = connection.execute(text("SELECT min(number) FROM payments")).scalar()
        connection.execute(text(f"UPDATE payments SET reference = 'lost' WHERE number = {number}"))
        connection.execute(text("UPDATE messages SET body = 'lost' WHERE seq = 2"))
    assert rotation.rotate(rotating).unreadable == {"messages.body": 1, "payments.reference": 1}
    with rotating.reading() as unit:
        spoken = f"messages.body of session_id {unit.mark(SESSION)}, seq 2"
    lost = (spoken, f"payments.reference of number {number}")
    assert sorted(problems(rotating)) == [f"{each}: unreadable" for each in lost]
    assert payments.import_csv(rotating, path, policy, TODAY).unchanged == 2


def test_a_new_encrypted_column_is_found_by_its_type() -> None:
    """And by nothing else: every kind of encrypted column, and no other column."""
    tables = MetaData()
    Table(
        "new",
        tables,
        Column("number", Integer, primary_key=True),
        Column("words", EncryptedText),
        Column("facts", EncryptedJson),
        Column("file", EncryptedBytes),
        Column("plain", Text),
        Column("bytes", LargeBinary),
    )
    Table("without", tables, Column("number", Integer, primary_key=True))
    assert [
        (each.table.name, [column.name for column in each.columns]) for each in encrypted_tables(tables)
    ] == [("new", ["words", "facts", "file"])]


def _tokens(store: CaseStore) -> list[bytes]:
    """Every cell of the database that is encrypted, whatever the models say about it."""
    with store.engine.connect() as connection:
        cells = [
            bytes(cell) if isinstance(cell, (bytes, memoryview)) else str(cell).encode()
            for table in sorted(inspect(store.engine).get_table_names())
            for row in connection.execute(text(f'SELECT * FROM "{table}"'))
            for cell in row
        ]
    return sorted(cell for cell in cells if cell.startswith(FERNET_START.encode()))


def _plain(store: CaseStore) -> dict[str, list[str]]:
    """All encrypted columns, decrypted."""
    with store.reading() as unit:
        return {
            each.table.name: sorted(
                str(tuple(row)) for row in unit.session.execute(select(*each.key, *each.columns))
            )
            for each in encrypted_tables()
        }


def test_the_record_of_the_flow_gets_the_new_key_too_also_what_was_never_encrypted(
    rotating: CaseStore, clock: SetClock, flow: Engine
) -> None:
    say(flow, "a", "您好", clock.now)
    with flow.begin() as connection:
        connection.execute(
            text("insert into events (sender_id, type_name, data) values ('b', 'user', :data)"),
            {"data": json.dumps({"text": "old"})},
        )
    give_keys(flow.dialect, rotating.keys)
    assert rotation.rotate(rotating, flow).unreadable == {}
    give_keys(flow.dialect, Keys(rotating.keys.encryption[:1], rotating.keys.hash_key))
    with flow.connect() as connection:
        read = connection.execute(select(FlowEventRow.data).order_by(FlowEventRow.id)).scalars().all()
    assert [json.loads(each)["text"] for each in read] == ["您好", "old"]


NEW_LOOKUP = b"a look-up key that is new, of thirty-two characters"


@pytest.fixture
def rehashing(filled: CaseStore, url: str) -> Iterator[CaseStore]:
    """The same store, with a payment, and a new look-up key put in front of the one that made the hashes."""
    paid = {"received_on": TODAY, "amount": 1, "reference": "P1", "loaded_at": filled.clock()}
    with filled.unit() as unit:
        loan_id = unit.session.scalars(select(LoanRow.loan_id)).first()
        reference_hash = PAYMENT_REFERENCE.hash(filled.keys, "P1")
        unit.session.add(PaymentRow(loan_id=loan_id, reference_hash=reference_hash, **paid))
    store = CaseStore.open(url, _with_lookup(filled, NEW_LOOKUP, filled.keys.hash_key), filled.clock)
    yield store
    store.close()


def test_who_and_what_is_looked_up_is_found_before_during_and_after_a_rotation_of_its_keys(
    rehashing: CaseStore, url: str, tmp_path: Path, policy: Policy
) -> None:
    alone = CaseStore.open(url, _with_lookup(rehashing, NEW_LOOKUP), rehashing.clock)
    _require_found(rehashing, tmp_path, policy)
    with pytest.raises(NotFound):
        account.by_number(alone, WANG["loan_number"])
    _die_at_write(rehashing, 2)
    _require_found(rehashing, tmp_path, policy)
    result = rotation.rotate(rehashing, batch=1)
    assert (result.renewed, result.older_hashes) == (0, 0) and result.rehashed > 0
    assert rotation.rotate(rehashing).rehashed == 0
    for store in (rehashing, alone):
        _require_found(store, tmp_path, policy)
        assert audit.verify(store) == [] and agreement.verify(store) == []
    alone.close()


def test_the_old_look_up_key_tells_nothing_about_a_guess_afterwards(
    rehashing: CaseStore, filled: CaseStore
) -> None:
    guesses = {each.hash(filled.keys, _of(filled, each)) for each in LOOKUPS}
    assert guesses <= _cells(rehashing)
    rotation.rotate(rehashing)
    assert not guesses & _cells(rehashing)


def test_a_hash_that_a_server_with_old_settings_writes_meanwhile_is_told(
    rehashing: CaseStore, filled: CaseStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    look = rotation.left

    def load_first(*arguments: Any) -> int:
        invent(filled, tmp_path, TODAY)
        return look(*arguments)

    monkeypatch.setattr(rotation, "left", load_first)
    # The phone, the identity number and the loan's number.
    assert rotation.rotate(rehashing).older_hashes == 3


def _with_lookup(store: CaseStore, *lookup: bytes) -> Keys:
    return Keys(store.keys.encryption, store.keys.hash_key, lookup)


def _require_found(store: CaseStore, folder: Path, policy: Policy) -> None:
    """A person by phone and by loan, a loan by its number, and what a file brings again as the same."""
    for login in (Login("phone", f"+86{WANG['phone']}"), Login("loan_number", WANG["loan_number"].lower())):
        sender, session_id = KeepingSender(), f"looking-{new_id()}"
        sessions.start(store, session_id, "web")
        ask_for_code(store, session_id, login, WANG["id_number"][-4:], policy, sender)
        assert identity.check(store, session_id, sender.code, policy) is identity.CodeResult.VERIFIED
    assert account.by_number(store, WANG["loan_number"].lower()).tail == WANG["loan_number"][-4:]
    again = accounts.import_csv(store, write_csv(folder, WANG))
    assert (again.loaded, again.updated, again.unchanged, again.rejected) == (0, 0, 1, ())
    with store.reading() as unit:
        paid = unit.session.scalars(select(PaymentRow)).first()
        wanted = PAYMENT_REFERENCE.finds(store.keys, [paid.reference])
        assert unit.session.scalars(select(PaymentRow.number).where(wanted)).all() == [paid.number]


def _of(store: CaseStore, lookup: Lookup) -> str:
    with store.reading() as unit:
        return str(unit.session.scalars(select(lookup.source)).first())


def _cells(store: CaseStore) -> set[str]:
    """Every cell of the database that is text."""
    with store.engine.connect() as connection:
        return {
            cell
            for table in inspect(store.engine).get_table_names()
            for row in connection.execute(text(f'SELECT * FROM "{table}"'))
            for cell in row
            if isinstance(cell, str)
        }
