"""Whatever somebody who owns the database does to a row that people rely on, the look over it is named."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import MetaData, Table, delete, insert, select, text, update
from sqlalchemy.engine import Connection

from casestore import (
    accounts,
    audit,
    callbacks,
    data_requests,
    decisions,
    desk,
    erasure,
    handoffs,
    legal_holds,
    messages,
    migrations,
    payment_claims,
    plan,
    retention,
    rotation,
    told_rows,
)
from casestore.keys import Keys
from casestore.models import HandoffRow, MessageRow, metadata
from casestore.store import CaseStore
from casestore.told_rows import KINDS, Told
from casestore.types import Encrypted, give_keys
from casestore.verification import problems
from hardship.plans.base import Ask
from hardship.policy import Policy
from tests.casestore.conftest import SetClock
from tests.casestore.filled import SESSION, fill
from tests.casestore.people import LI, TODAY, WANG, KeepingSender, load, verify, with_offers, write_csv
from tests.support.tampering import UNOPENED, other_values, tamper, unbound

HU = {
    **LI,
    "name": "胡一刀",
    "phone": "13800000103",
    "id_number": "110101199003070038",
    "loan_number": "LN20260009",
}
Rows = list[dict[str, Any]]
CHEN = "Chen Jing"
SEALED = {
    each: column
    for each in KINDS
    for column in each.columns
    if isinstance(each.table.columns[column].type, Encrypted)
}


@pytest.fixture(scope="module")
def tables() -> dict[str, list[Table]]:
    """The tables of each kind of database as they lie there: a look at all takes a second."""
    return {}


@pytest.fixture(scope="module")
def fillings() -> dict[str, list[Rows]]:
    """What a filled store of each kind of database holds: to fill one takes a second, to copy it none."""
    return {}


@pytest.fixture
def filled(
    store: CaseStore,
    tmp_path: Path,
    policy: Policy,
    sender: KeepingSender,
    monkeypatch: pytest.MonkeyPatch,
    tables: dict[str, list[Table]],
    fillings: dict[str, list[Rows]],
) -> CaseStore:
    """Something of every kind, and a talk with a person."""
    monkeypatch.setenv("RESPITE_DEMO", "1")
    name = store.engine.dialect.name
    with unbound(store.engine) as connection:
        if name not in tables:
            tables[name] = [as_it_lies(connection, each) for each in metadata.sorted_tables]
        if name in fillings:
            copy(connection, tables[name], fillings[name])
            return store
    fill_anew(store, tmp_path, policy, sender)
    with unbound(store.engine) as connection:
        fillings[name] = [
            [dict(row) for row in connection.execute(select(t)).mappings()] for t in tables[name]
        ]
    return store


def as_it_lies(connection: Connection, table: Table) -> Table:
    """The table in the database, nothing decrypted."""
    return Table(table.name, MetaData(), autoload_with=connection, resolve_fks=False)


def copy(connection: Connection, into: list[Table], filling: list[Rows]) -> None:
    """Put these rows into the tables, and let the numbers that the database gives go on after them."""
    for table, rows in zip(into, filling, strict=True):
        if rows:
            connection.execute(table.delete())
            connection.execute(insert(table), rows)
        if connection.dialect.name == "postgresql":
            for column in table.primary_key.columns:
                sequence = f"pg_get_serial_sequence('{table.name}', '{column.name}')"
                last = f"(SELECT max({column.name}) FROM {table.name})"
                if connection.scalar(text(f"SELECT {sequence}")):
                    connection.execute(text(f"SELECT setval({sequence}, coalesce({last}, 1))"))


def fill_anew(store: CaseStore, tmp_path: Path, policy: Policy, sender: KeepingSender) -> None:
    fill(store, tmp_path, policy, sender)
    payment_claims.claim(store, SESSION, 80_000, TODAY, policy, TODAY)
    legal_holds.place(store, WANG["loan_number"], "Order 12/2026", CHEN, TODAY)
    talk(store, policy)
    load(store, tmp_path, HU)
    case_id, _ = with_offers(store, "hu", HU, policy, sender)
    wish = Ask(kind="settlement", lump_sum=1_500_000)
    asked = plan.counter(store, case_id, wish, policy, TODAY).result.offer
    assert asked is not None
    decisions.ask_person(store, case_id, asked, wish, policy, TODAY)
    assert list(problems(store)) == []


def talk(store: CaseStore, policy: Policy, session_id: str = SESSION) -> None:
    """A call is wished for, then a person takes the hand-off, writes and is answered."""
    start = callbacks.offered(store.clock(), policy)[0].start
    reference = callbacks.choose(store, session_id, start, policy).reference
    desk.take(store, reference, CHEN)
    desk.answer(store, reference, CHEN, "我是陈静")
    written = messages.append(store, session_id, "borrower", {"text": "您好"}, "after")
    assert desk.borrower_wrote(store, session_id, "您好", written.seq)


def test_any_column_of_a_kept_row_that_is_changed_is_named(
    filled: CaseStore, tables: dict[str, list[Table]]
) -> None:
    """In each round another column, in one row of each kind."""
    columns = {each: [name for name in each.columns if name not in keys_of(each)] for each in KINDS}
    lying = {table.name: table for table in tables[filled.engine.dialect.name]}
    for number in range(max(map(len, columns.values()))):
        round_of = {each: names[number] for each, names in columns.items() if number < len(names)}
        with changed(filled, lying, round_of):
            found = {name.split()[0] for name, _ in told_rows.verify(filled)}
            assert found == {each.kind.split()[0] for each in round_of}, (round_of, found)
    assert told_rows.verify(filled) == []


def test_a_removed_row_is_named(filled: CaseStore) -> None:
    with unbound(filled.engine) as connection:
        for each in KINDS:
            connection.execute(delete(each.table))
    found = told_rows.verify(filled)
    assert {wrong for _, wrong in found} == {"missing"}
    assert {name.split()[0] for name, _ in found} == {each.kind.split()[0] for each in KINDS}


def test_an_inserted_row_is_named(filled: CaseStore) -> None:
    """A copy of a row under another key, as far as the table takes one."""
    names = []
    with unbound(filled.engine) as connection:
        for each in KINDS:
            table = as_it_lies(connection, each.table)
            said = table.c.author == "person" if each.row is MessageRow else text("1 = 1")
            row = dict(connection.execute(select(table).where(said)).mappings().first() or {})
            own = {name: 97 if isinstance(row[name], int) else "x" for name in keys_of(each)}
            unique = {name: "x" for name in ("reference", "number_hash", "id_number_hash") if name in row}
            free = {name: None for name in ("token_hash", "client_id") if name in row}
            done = {"closed_at": row.get("asked_at") or row.get("requested_at")} if "closed_at" in row else {}
            state = {"state": "x"} if "state" in row else {}
            late = {"ends_at": row["starts_at"]} if "ends_at" in row else {}
            number = {"option_number": 97} if "option_number" in row else {}
            connection.execute(
                insert(table).values({**row, **own, **unique, **free, **done, **state, **late, **number})
            )
            names.append(each.kind)
    found = told_rows.verify(filled)
    assert {wrong for _, wrong in found} == {"inserted"}
    assert sorted(name.split()[0] for name, _ in found) == sorted(name.split()[0] for name in names)


def test_a_value_that_no_key_opens_is_named_and_the_rest_is_looked_at(filled: CaseStore) -> None:
    with unbound(filled.engine) as connection:
        for each, column in SEALED.items():
            connection.execute(text(f"UPDATE {each.table.name} SET {column} = '{UNOPENED}'"))
    found = {name.split()[0] for name, wrong in told_rows.verify(filled) if wrong == "unreadable"}
    assert found == {each.kind.split()[0] for each in SEALED}


def test_a_message_in_a_persons_name_is_named_wherever_it_stands(filled: CaseStore) -> None:
    messages.append(filled, "hu", "bot", {"text": "您好"})
    with filled.reading() as unit:
        mark = unit.mark("hu")
    with unbound(filled.engine) as connection:
        connection.execute(text("UPDATE messages SET author = 'person' WHERE session_id = 'hu'"))
    assert told_rows.verify(filled) == [(f"message {mark} 1", "inserted")]


def test_an_account_that_the_lender_changes_is_as_told_and_one_set_back_is_not(
    filled: CaseStore, tmp_path: Path
) -> None:
    loans = {each.kind: each for each in KINDS}["loan"]
    with unbound(filled.engine) as connection:
        table = as_it_lies(connection, loans.table)
        before = [dict(row) for row in connection.execute(select(table)).mappings()]
    load(filled, tmp_path, {**HU, "fees": "12.00"}, {**WANG, "phone": "13800000777"})
    assert told_rows.verify(filled) == []
    with unbound(filled.engine) as connection:
        connection.execute(delete(table))
        connection.execute(insert(table), before)
    assert [wrong for name, wrong in told_rows.verify(filled) if name.startswith(loans.kind)] == ["changed"]


def test_keys_that_are_changed_change_no_row(filled: CaseStore) -> None:
    newer = Keys(
        ("7Jpm4zgl6dTKsmbWP0eXQNNsMYHrqXzB7V2Cvo0nMGk=", *filled.keys.encryption),
        filled.keys.hash_key,
        (b"another key of look-ups, long enough", filled.keys.hash_key),
    )
    give_keys(filled.engine.dialect, newer)
    changed_over = replace(filled, keys=newer)
    assert rotation.rotate(changed_over).renewed
    assert told_rows.verify(changed_over) == []


def test_what_was_erased_by_its_period_is_not_missing(
    filled: CaseStore, clock: SetClock, policy: Policy
) -> None:
    """Messages first, and in the end the borrowers with all that hangs on them."""
    for statement in (
        "UPDATE agreements SET state = 'completed'",
        "UPDATE collection_holds SET ends_at = starts_at",
        "UPDATE plan_requests SET state = 'withdrawn'",
        "UPDATE handoffs SET closed_at = requested_at",
        "UPDATE legal_holds SET lifted_at = placed_at",
        "UPDATE complaints SET state = 'answered', closed_at = received_at",
        "UPDATE disputes SET state = 'answered', closed_at = raised_at",
        "UPDATE data_requests SET state = 'answered'",
        "UPDATE payment_claims SET closed_at = claimed_at",
    ):
        tamper(filled.engine, statement)
    gone = 0
    for years in (policy.privacy.message_years.value, policy.privacy.retention_years.value):
        clock.forward(days=366 * (years + 1))
        done = {each.kind: each.erased for each in retention.run(filled, None, policy, CHEN)}
        gone += done["borrowers"]
        assert not [name for name, wrong in told_rows.verify(filled) if wrong == "missing"]
    assert gone == 3 and told_rows.verify(filled) == []


@pytest.mark.parametrize("connected", [False, True], ids=["no desk", "a desk"])
def test_what_was_erased_at_the_borrowers_wish_is_not_missing(
    store: CaseStore,
    tmp_path: Path,
    policy: Policy,
    sender: KeepingSender,
    clock: SetClock,
    connected: bool,
) -> None:
    opened = replace(store, desk=connected)
    paid_back = dict.fromkeys(("principal", "overdue_principal", "interest", "penalty_interest"), "0.00")
    load(opened, tmp_path, {**HU, **paid_back, "overdue_since": ""})
    verify(opened, SESSION, HU, policy, sender)
    talk(opened, policy)
    (asked_for,) = handoffs.open_handoffs(opened)
    desk.close(opened, asked_for.reference, CHEN)
    clock.forward(days=366 * (policy.privacy.retention_years.value + 1))
    verify(opened, "later", HU, policy, sender)
    wish = data_requests.ask_person(opened, "later", "delete", "", policy, TODAY)
    assert erasure.decide(opened, None, wish.reference, CHEN, policy).outcome == "erased"
    assert list(problems(opened)) == []


def test_a_store_that_an_older_program_filled_is_taken_up_once(filled: CaseStore) -> None:
    """That program told of no row."""
    tamper(filled.engine, "DELETE FROM audit_entries", "DELETE FROM audit_head")
    migrations.migrate(filled)
    assert told_rows.verify(filled) == []
    tamper(filled.engine, "UPDATE handoffs SET taken_by = 'somebody else'")
    migrations.migrate(filled)
    assert {wrong for _, wrong in told_rows.verify(filled)} == {"changed"}


def test_taking_up_that_was_stopped_goes_on_and_one_that_ended_takes_up_nothing_more(
    filled: CaseStore, listen: Callable[..., None]
) -> None:
    tamper(filled.engine, "DELETE FROM audit_entries", "DELETE FROM audit_head")
    entries = list[str]()

    def stop_at_the_fourth_entry(_connection: object, _cursor: object, sql: str, *_rest: object) -> None:
        if sql.startswith("INSERT INTO audit_entries"):
            entries.append(sql)
            if len(entries) == 4:
                raise KeyboardInterrupt

    listen(filled.engine, "before_cursor_execute", stop_at_the_fourth_entry)
    with pytest.raises(KeyboardInterrupt):
        migrations.migrate(filled)
    assert {wrong for _, wrong in told_rows.verify(filled)} == {"inserted"}
    migrations.migrate(filled)
    assert told_rows.verify(filled) == [] and audit.verify(filled) == []
    with filled.reading() as unit:
        told = [entry.details["rows"] for entry in audit.entries(unit.session, told_rows.TAKEN_UP)]
    names = [name for rows in told if isinstance(rows, dict) for name in rows]
    assert len(names) == len(set(names))
    copy = "INSERT INTO legal_holds SELECT 'x', 'LH-X', borrower_id, reason, placed_at, placed_by"
    tamper(filled.engine, f"{copy}, lifted_at, lifted_by FROM legal_holds")
    migrations.migrate(filled)
    assert told_rows.verify(filled) == [("legal hold LH-X", "inserted")]


def test_a_row_that_another_unit_changed_meanwhile_is_told_as_it_is(
    filled: CaseStore, policy: Policy, tmp_path: Path
) -> None:
    """A unit that looked at a row before another changed it, and writes another column of it after."""
    if filled.engine.dialect.name == "sqlite":
        return  # Only one unit writes at a time.
    reference = handoffs.request(filled, "hu", "asked_for_person", policy).reference
    with filled.unit() as unit:
        row = unit.session.scalars(select(HandoffRow).where(HandoffRow.reference == reference)).one()
        handoffs.request(filled, "hu", "danger", policy, "top")
        row.callback_from = unit.now
    assert told_rows.verify(filled) == []


def test_a_look_while_the_store_is_in_use_sees_one_moment(
    filled: CaseStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An account comes in between the look at the trail and that at the accounts."""
    looked = told_rows._told

    def looks_and_then_an_import(unit: object) -> dict[str, str]:
        told = looked(unit)  # type: ignore[arg-type]
        accounts.import_csv(filled, write_csv(tmp_path, {**HU, "loan_number": "LN20260010"}))
        return told

    monkeypatch.setattr(told_rows, "_told", looks_and_then_an_import)
    assert told_rows.verify(filled) == []


def keys_of(each: Told) -> set[str]:
    """The columns by which a row is known."""
    return {column.name for column in each.key}


@contextmanager
def changed(store: CaseStore, lying: Mapping[str, Table], columns: Mapping[Told, str]) -> Iterator[None]:
    """One row of each of these kinds with another value in this column; at the end it is as it was."""
    before = []
    with unbound(store.engine) as connection:
        for each, column in columns.items():
            table = lying[each.table.name]
            said = table.c.author == "person" if each.row is MessageRow else text("1 = 1")
            row = dict(connection.execute(select(table).where(said).limit(1)).mappings().one())
            own = [table.c[name] == row[name] for name in keys_of(each)]
            before.append((table, own, row))
            typed = each.table.columns[column]
            here = [each.table.c[name] == row[name] for name in keys_of(each)]
            value = connection.execute(select(typed).where(*here)).scalar_one()
            other = [other for other in other_values(typed, value) if other != UNOPENED][-1]
            connection.execute(update(each.table).where(*here).values({column: other}))
    yield
    with unbound(store.engine) as connection:
        for table, own, row in before:
            connection.execute(update(table).where(*own).values(row))
