"""Whatever somebody who owns the database does to the records, the look over the store names the row."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from sqlalchemy import MetaData, Table, insert, select, text, update

from casestore import agreement, audit, consent_checks, decisions, plan, request_checks, retention
from casestore.models import AgreementRow, AuditRow, ConsentRow, OfferRow, PlanRequestRow, ScheduleRow
from casestore.store import CaseStore
from casestore.verification import problems
from hardship.plans.base import Ask
from hardship.policy import Policy
from tests.casestore.agreements import page
from tests.casestore.conftest import SetClock
from tests.casestore.people import TODAY, WANG, WANGS_SECOND_LOAN, KeepingSender, load, with_offers
from tests.support.tampering import UNOPENED, other_values, unbound, unguarded

Rows = list[dict[str, Any]]
Change = Callable[[Rows], None]

# The audit trail

LENGTH = 6
PLACE = st.integers(0, LENGTH - 1)
ENTRIES: Table = AuditRow.__table__
COLUMNS = [column.name for column in ENTRIES.columns if column.name != "seq"]


def changed(column: str, place: int) -> Change:
    """Another value in one column of one entry."""

    def change(rows: Rows) -> None:
        value = rows[place][column]
        rows[place][column] = (
            value + timedelta(seconds=1) if isinstance(value, datetime) else f"{value[:39]}x"
        )

    return change


def removed(place: int, count: int) -> Change:
    return lambda rows: rows.__delitem__(slice(place, place + count))


def inserted(place: int, like: int) -> Change:
    return lambda rows: rows.insert(place, {**rows[like], "hash": "made-up"})


def reordered(order: list[int]) -> Change:
    return lambda rows: rows.__setitem__(slice(None), [rows[place] for place in order])


CHANGES = st.one_of(
    st.builds(changed, st.sampled_from(COLUMNS), PLACE),
    st.builds(removed, PLACE, st.integers(1, LENGTH)),
    st.builds(inserted, st.integers(0, LENGTH), PLACE),
    st.builds(reordered, st.permutations(range(LENGTH))),
)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(change=CHANGES, renumbered=st.booleans(), head_too=st.booleans())
def test_the_first_entry_that_is_not_as_written_is_named(
    store: CaseStore, change: Change, renumbered: bool, head_too: bool
) -> None:
    """Entries are changed, removed, inserted or put in another order, numbered anew, and the head moved."""
    write_anew(store)
    anchor = audit.last(store)
    before, after = rewritten(store, change, renumbered, head_too)
    assume(before != after)
    first = next(number for number in range(1, LENGTH + 2) if before.get(number) != after.get(number))
    assert min(problem.seq for problem in audit.verify(store, anchor)) == first


def write_anew(store: CaseStore) -> None:
    """A trail of some entries, whatever was there before."""
    with unguarded(store.engine) as connection:
        connection.execute(text("DELETE FROM audit_entries"))
        connection.execute(text("DELETE FROM audit_head"))
    with store.unit() as unit:
        for number in range(LENGTH):
            unit.audit(f"action {number}", f"subject {number}", actor=f"actor {number}", count=number)
    assert audit.verify(store) == []


def rewritten(
    store: CaseStore, change: Change, renumbered: bool, head_too: bool
) -> tuple[dict[int, Any], ...]:
    """The entries by number before and after the change."""
    with unguarded(store.engine) as connection:
        rows = [dict(row) for row in connection.execute(select(ENTRIES).order_by(ENTRIES.c.seq)).mappings()]
        before = {row["seq"]: dict(row) for row in rows}
        change(rows)
        numbers = [row["seq"] for row in rows]
        if renumbered or numbers != sorted(set(numbers)):
            for number, row in enumerate(rows, start=1):
                row["seq"] = number
        connection.execute(text("DELETE FROM audit_entries"))
        for row in rows:
            connection.execute(insert(ENTRIES).values(row))
        if head_too and rows:
            head = "UPDATE audit_head SET seq = :seq, hash = :hash"
            connection.execute(text(head), {"seq": rows[-1]["seq"], "hash": rows[-1]["hash"]})
    return before, {row["seq"]: row for row in rows}


FAR = 10**15


def test_an_entry_with_a_far_number_makes_no_list_without_end(store: CaseStore) -> None:
    write_anew(store)
    with unguarded(store.engine) as connection:
        connection.execute(text(f"UPDATE audit_entries SET seq = {FAR} WHERE seq = {LENGTH}"))
    assert [(each.seq, each.reason) for each in audit.verify(store)] == [
        (LENGTH, "missing"),
        (FAR, "inserted"),
    ]
    with unguarded(store.engine) as connection:
        connection.execute(text(f"UPDATE audit_head SET seq = {FAR}"))
    assert len(audit.verify(store)) < LENGTH


@pytest.mark.parametrize("value", ["'no time'", "x'ff'", "7"])
@pytest.mark.parametrize("column", ["at", "details", "actor", "hash"])
def test_what_no_program_would_write_is_named_too(store: CaseStore, column: str, value: str) -> None:
    """SQLite keeps anything in any column."""
    if store.engine.dialect.name == "sqlite":
        write_anew(store)
        with unguarded(store.engine) as connection:
            connection.execute(text(f"UPDATE audit_entries SET {column} = {value} WHERE seq = 3"))
        assert next(problems(store)) == "audit entry 3: changed"


# Agreements, their schedules and offers, requests, consents

# What the trail does not tell, and no hash holds: who was in the queue, until when, and words.
NOT_CHECKED = {
    "plan_requests": {"request_id", "session_id", "handoff_id", "policy_version", "due_at", "asked_at"}
    | {"decided_by", "reason", "offer_id"},
    "consents": {"consent_id"},
    # An offer's text is all there is to it; the rest is for the time before it was accepted.
    "offers": {"proposal_id", "case_id", "option_number", "kind", "content_hash", "expires_on"}
    | {"valid_until", "made_at", "position", "figures_as_of", "payments_seen"},
}


@pytest.fixture
def filled(store: CaseStore, tmp_path: Path, policy: Policy, sender: KeepingSender) -> CaseStore:
    """An agreement, and a request on another loan that waits for a person."""
    load(store, tmp_path, WANG, WANGS_SECOND_LOAN)
    case_id, proposal = with_offers(store, "a", WANG, policy, sender)
    agreement.accept(
        store, case_id, proposal.offers[0].offer_id, "k", "zh", page, lambda draft: draft.reference.encode()
    )
    case_id, _ = with_offers(store, "b", WANGS_SECOND_LOAN, policy, sender)
    wish = Ask(kind="settlement", lump_sum=1_500_000)
    for each in (wish, replace(wish, lump_sum=1_500_100)):
        offer = plan.counter(store, case_id, each, policy, TODAY).result.offer
        assert offer is not None
        decisions.ask_person(store, case_id, offer, each, policy, TODAY)
    assert list(problems(store)) == []
    return store


def test_any_column_that_is_changed_is_named(filled: CaseStore) -> None:
    """One column after the other gets another value; of what is not checked, each goes unnoticed."""
    for record, mark in names_of(filled).items():
        for column in record.__table__.columns:
            for value, found in tampered(filled, record.__table__, column):
                unchecked = column.name in NOT_CHECKED.get(column.table.name, ()) and value != UNOPENED
                assert any(mark in line for line in found) != unchecked, (column, value, found)


def test_what_was_asked_for_first_is_not_what_was_asked_for_last(filled: CaseStore) -> None:
    """Somebody puts another plan into a request with the hash that fits it."""
    with filled.unit() as unit:
        request = unit.session.scalars(select(PlanRequestRow)).one()
        other = unit.session.scalars(select(OfferRow).limit(1)).one()
        request.content, request.content_hash = other.content, other.content_hash
        reference = request.reference
    assert list(problems(filled)) == [f"request {reference}: plan changed"]


def test_a_removed_row_is_named(filled: CaseStore) -> None:
    for record, mark in names_of(filled).items():
        with kept(filled, record.__table__):
            with unbound(filled.engine) as connection:
                connection.execute(text(f"DELETE FROM {record.__tablename__} {ONE[record.__tablename__]}"))
            assert any(mark in line for line in records(filled))


INSERTED = {
    AgreementRow: {
        "agreement_id": "x",
        "reference": "RA-X",
        "offer_id": "x",
        "document_token_hash": "x",
        "state": "x",
    },
    PlanRequestRow: {"request_id": "x", "reference": "PR-X", "state": "x"},
    ConsentRow: {"consent_id": 99},
}


def test_an_inserted_row_is_named(filled: CaseStore) -> None:
    """A copy of a row under a number of its own."""
    with unbound(filled.engine) as connection:
        for record, own in INSERTED.items():
            row = connection.execute(select(record.__table__)).mappings().first()
            connection.execute(insert(record.__table__).values({**(row or {}), **own}))
    agreed, asked, consented = problems(filled)
    assert (agreed, asked) == ("agreement RA-X: inserted", "request PR-X: inserted")
    assert consented.startswith("consents of session-")


def test_a_value_that_no_key_opens_is_named_and_the_rest_is_looked_at(filled: CaseStore) -> None:
    agreed, number = names_of(filled)[AgreementRow], names_of(filled)[PlanRequestRow]
    with unbound(filled.engine) as connection:
        connection.execute(text("UPDATE agreements SET document = 'x'"))
        connection.execute(text("UPDATE borrowers SET name = 'x'"))
        connection.execute(text("UPDATE plan_requests SET content_hash = 'x'"))
        borrower = connection.execute(text("SELECT borrower_id FROM borrowers")).scalar_one()
    assert list(problems(filled)) == [
        f"agreement {agreed}: unreadable",
        f"request {number}: plan changed",
        f"borrower {borrower}: unreadable",
    ]


def test_what_was_erased_with_its_borrower_is_not_missing(
    filled: CaseStore, clock: SetClock, policy: Policy
) -> None:
    with filled.unit() as unit:
        for statement in (
            "UPDATE agreements SET state = 'completed'",
            "UPDATE collection_holds SET ends_at = starts_at",
        ):
            unit.session.execute(text(statement))
        unit.session.execute(text("UPDATE plan_requests SET state = 'withdrawn'"))
        unit.session.execute(text("UPDATE handoffs SET closed_at = requested_at"))
    clock.forward(days=366 * (policy.privacy.retention_years.value + 1))
    done = {each.kind: each.erased for each in retention.run(filled, None, policy, "Chen Jing")}
    assert done["borrowers"] == 1
    assert list(problems(filled)) == []


ONE = {
    "agreements": "",
    "schedule_rows": "WHERE number = 2",
    "offers": "WHERE offer_id = (SELECT offer_id FROM agreements)",
    "plan_requests": "",
    "consents": "WHERE purpose = 'agreement'",
}


def names_of(store: CaseStore) -> dict[Any, str]:
    """What names a row of each table that `ONE` means."""
    with store.reading() as unit:
        agreed = unit.session.scalars(select(AgreementRow)).one()
        request = unit.session.scalars(select(PlanRequestRow)).one()
        session = unit.mark(agreed.session_id)
    of_agreement = dict.fromkeys((AgreementRow, ScheduleRow, OfferRow), agreed.reference)
    return {**of_agreement, PlanRequestRow: request.reference, ConsentRow: session}


def records(store: CaseStore) -> list[str]:
    """What is found in the records by the audit trail, which itself is as it was."""
    found = [*agreement.verify(store), *request_checks.verify(store)]
    return [*(f"{reference}: {wrong}" for reference, wrong in found), *consent_checks.verify(store)]


def tampered(store: CaseStore, table: Table, column: Any) -> Iterator[tuple[Any, list[str]]]:
    """One row with another value in this column, and what is found; then the table is as it was."""
    where = text(ONE[table.name].removeprefix("WHERE ") or "1 = 1")
    with unbound(store.engine) as connection:
        value = connection.execute(select(column).where(where)).scalar_one()
    for other in other_values(column, value):
        with kept(store, table) as stored:
            as_is = other.encode() if column.name == "document_pdf" and other == UNOPENED else other
            with unbound(store.engine) as connection:
                target = stored if other == UNOPENED else table
                connection.execute(update(target).where(where).values({column.name: as_is}))
            yield other, records(store)


@contextmanager
def kept(store: CaseStore, table: Table) -> Iterator[Table]:
    """The table as it lies in the database, nothing decrypted; at the end it is as it was."""
    with unbound(store.engine) as connection:
        stored = Table(table.name, MetaData(), autoload_with=connection, resolve_fks=False)
        before = [dict(row) for row in connection.execute(select(stored)).mappings()]
    yield stored
    with unbound(store.engine) as connection:
        connection.execute(stored.delete())
        connection.execute(insert(stored), before)
    assert records(store) == []
