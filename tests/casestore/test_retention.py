"""What is no longer needed is erased by the policy's periods, and nothing that an open matter needs."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Table, UniqueConstraint, event, func, insert, select, text
from sqlalchemy.engine import Engine

from casestore import (
    addresses,
    audit,
    complaints,
    data_requests,
    flow_record,
    handoffs,
    payments,
    retention,
    sessions,
    training_candidates,
    verification,
)
from casestore.flow_record import FlowEventRow
from casestore.messages import after, append
from casestore.models import BorrowerRow, ChallengeRow, MessageRow, SessionRow, metadata
from casestore.retention import Erasure
from casestore.store import CaseStore
from hardship.policy import Policy
from tests.casestore.agreements import Life, payment_file
from tests.casestore.conftest import SetClock
from tests.casestore.flow import say
from tests.casestore.people import LI, TODAY, WANG, KeepingSender, load, verify, with_offers

YEARS_AND_A_DAY = 5 * 366 + 1


def run(
    store: CaseStore, policy: Policy, flow: Engine | None = None, dry_run: bool = False
) -> dict[str, Erasure]:
    done = retention.run(store, flow, policy, "Chen", dry_run)
    return {each.kind: each for each in done}


def rows(store: CaseStore) -> dict[str, int]:
    """How many rows each table has."""
    with store.reading() as unit:
        counted = (
            (t.name, unit.session.scalar(select(func.count()).select_from(t))) for t in metadata.sorted_tables
        )
        return {name: count for name, count in counted if count}


def fill(store: CaseStore, borrowers: int, codes: int) -> None:
    """A large store: borrowers with one conversation and one message each, and codes of a stranger's."""
    people = [f"borrower-{number}" for number in range(borrowers)]
    person = {"name": "张", "phone": "1", "phone_hash": "x", "id_number": "1", "language": "zh"}
    tables: dict[Any, list[dict[str, Any]]] = {
        BorrowerRow: [{**person, "borrower_id": each, "id_number_hash": each} for each in people],
        SessionRow: [{"session_id": each, "borrower_id": each} for each in people],
        MessageRow: [{"session_id": each, "seq": 1, "author": "borrower", "body": {}} for each in people],
        ChallengeRow: [{"challenge_id": str(number), "session_id": people[0]} for number in range(codes)],
    }
    with store.unit() as unit:
        now = unit.now
        common = {
            BorrowerRow: {"updated_at": now},
            SessionRow: {"channel": "web", "started_at": now},
            MessageRow: {"at": now},
            ChallengeRow: {"started_at": now, "expires_at": now, "tries": 0}
            | dict.fromkeys(("login_hash", "person_hash", "code_hash"), "x"),
        }
        for table, each in tables.items():
            unit.session.execute(insert(table.__table__), [{**row, **common[table]} for row in each])


@pytest.fixture
def wang(store: CaseStore, clock: SetClock, policy: Policy, sender: KeepingSender, tmp_path: Path) -> Life:
    """Wang, who has agreed and paid everything since."""
    load(store, tmp_path, WANG)
    life = Life(store, clock, policy, sender, tmp_path)
    life.agree()
    life.go_to(TODAY + timedelta(days=1))
    life.pay(life.view.total_to_pay)
    return life


def test_a_borrower_long_gone_is_forgotten_with_all_that_hangs_on_them(
    store: CaseStore, wang: Life, policy: Policy
) -> None:
    assert wang.last.state == "completed"
    wang.clock.forward(days=YEARS_AND_A_DAY)
    assert run(store, policy)["borrowers"].erased == 1
    assert set(rows(store)) <= retention.NOT_PERSONAL | {"chat_sessions", "messages"}
    assert [*verification.problems(store)] == []


def test_nobody_is_forgotten_a_day_early(store: CaseStore, wang: Life, policy: Policy) -> None:
    wang.clock.forward(days=5 * 365 - 1)
    before = rows(store)
    assert run(store, policy)["borrowers"].erased == 0
    assert {**rows(store), "audit_entries": 0, "identity_challenges": 0} == {
        **before,
        "audit_entries": 0,
        "identity_challenges": 0,
    }


def test_a_plan_in_force_keeps_its_borrower(
    store: CaseStore, clock: SetClock, policy: Policy, sender: KeepingSender, tmp_path: Path
) -> None:
    load(store, tmp_path, WANG)
    Life(store, clock, policy, sender, tmp_path).agree()
    clock.forward(days=YEARS_AND_A_DAY)
    done = run(store, policy)["borrowers"]
    assert (done.erased, done.held) == (0, 1)


def test_an_open_complaint_holds_its_borrower_and_nobody_else(
    store: CaseStore, clock: SetClock, policy: Policy, sender: KeepingSender, tmp_path: Path
) -> None:
    load(store, tmp_path, WANG, LI)
    with_offers(store, "a", WANG, policy, sender)
    with_offers(store, "b", LI, policy, sender)
    complaint = complaints.receive(store, "a", "contact", "called at night", policy, TODAY)
    clock.forward(days=YEARS_AND_A_DAY)
    done = run(store, policy)["borrowers"]
    assert (done.erased, done.held, done.matters) == (1, 1, (complaint.reference,))
    with store.reading() as unit:
        assert [row.name for row in unit.session.scalars(select(BorrowerRow))] == [WANG["name"]]


def test_what_is_young_or_open_with_one_borrower_keeps_nobody_else(
    store: CaseStore, clock: SetClock, policy: Policy, sender: KeepingSender, tmp_path: Path
) -> None:
    load(store, tmp_path, WANG, LI)
    with_offers(store, "a", WANG, policy, sender)
    handoff = handoffs.request(store, "a", "asked_for_person", policy)
    clock.forward(days=YEARS_AND_A_DAY)
    done = run(store, policy, dry_run=True)["borrowers"]
    assert (done.erased, done.held, done.matters) == (1, 1, (handoff.reference,))
    today = clock().date()
    paid = payment_file(tmp_path, (WANG["loan_number"], today.isoformat(), "1.00", "P1"))
    payments.import_csv(store, paid, policy, today)
    done = run(store, policy)["borrowers"]
    assert (done.erased, done.held) == (1, 0)


def test_a_message_goes_after_its_years_though_its_borrower_stays(
    store: CaseStore, wang: Life, policy: Policy
) -> None:
    append(store, "a", "borrower", {"text": "早年的话"})
    wang.clock.forward(days=YEARS_AND_A_DAY)
    append(store, "a", "borrower", {"text": "今天的话"})
    done = run(store, policy)
    assert (done["messages"].erased, done["borrowers"].erased) == (1, 0)
    assert [each.body["text"] for each in after(store, "a", 0, 10)] == ["今天的话"]


def test_an_address_goes_after_its_days_unless_a_person_has_still_to_answer(
    store: CaseStore, clock: SetClock, policy: Policy
) -> None:
    asking, silent = (addresses.session_for(store, "sms", number) for number in ("+8613800000101", "+861"))
    handoff = handoffs.request(store, asking, "asked_for_person", policy)
    clock.forward(days=policy.privacy.address_days.value + 1)
    done = run(store, policy)["addresses"]
    assert (done.erased, done.held, done.matters) == (1, 1, (handoff.reference,))
    assert addresses.address_of(store, asking) and addresses.address_of(store, silent) is None


def test_a_message_of_yesterday_keeps_its_writer(store: CaseStore, wang: Life, policy: Policy) -> None:
    wang.clock.forward(days=YEARS_AND_A_DAY - 1)
    append(store, "a", "user", {"text": "您好"})
    wang.clock.forward(days=1)
    assert run(store, policy)["borrowers"].erased == 0


def test_a_strangers_conversation_goes_after_its_days(
    store: CaseStore, clock: SetClock, policy: Policy
) -> None:
    sessions.start(store, "nobody", "web")
    append(store, "nobody", "user", {"text": "在吗"})
    clock.forward(days=policy.privacy.unidentified_days.value)
    assert run(store, policy)["unidentified"].erased == 0
    clock.forward(days=1)
    assert run(store, policy)["unidentified"].erased == 1
    assert "messages" not in rows(store) and "chat_sessions" not in rows(store)


def test_a_conversation_whose_identification_lapsed_is_no_strangers(
    store: CaseStore, wang: Life, policy: Policy
) -> None:
    with store.unit() as unit:
        unit.session.execute(text("update chat_sessions set borrower_id = null"))
    wang.clock.forward(days=policy.privacy.unidentified_days.value + 1)
    assert run(store, policy)["unidentified"].erased == 0
    assert rows(store)["agreements"] == 1


def test_codes_wordings_and_copies_go_after_their_own_days(
    store: CaseStore, clock: SetClock, policy: Policy, sender: KeepingSender, tmp_path: Path
) -> None:
    load(store, tmp_path, WANG)
    verify(store, "a", WANG, policy, sender)
    training_candidates.keep(store, "zh", "能不能少还点", ("counter_offer",), "counter_offer", TODAY)
    data_requests.make_copy(store, "a", lambda sections: "<p>copy</p>", policy, TODAY)
    clock.forward(days=policy.privacy.copy_link_days.value, seconds=1)
    done = run(store, policy)
    assert [done[kind].erased for kind in ("copies", "codes", "wordings")] == [1, 0, 0]
    clock.forward(days=policy.privacy.code_days.value)
    done = run(store, policy)
    assert [done[kind].erased for kind in ("copies", "codes", "wordings")] == [0, 1, 0]
    clock.forward(days=policy.privacy.wording_days.value)
    assert run(store, policy)["wordings"].erased == 1


def test_a_dry_run_counts_the_same_and_erases_nothing(store: CaseStore, wang: Life, policy: Policy) -> None:
    wang.clock.forward(days=YEARS_AND_A_DAY)
    before = rows(store)
    counted = run(store, policy, dry_run=True)
    assert rows(store) == before
    assert {kind: each.erased for kind, each in counted.items()} == {
        kind: each.erased for kind, each in run(store, policy).items()
    }


def test_a_second_run_finds_nothing_and_the_first_is_in_the_audit_trail(
    store: CaseStore, wang: Life, policy: Policy
) -> None:
    wang.clock.forward(days=YEARS_AND_A_DAY)
    run(store, policy)
    entries = rows(store)["audit_entries"]
    assert all(each.erased == 0 for each in run(store, policy).values())
    assert rows(store)["audit_entries"] == entries
    with store.reading() as unit:
        noted = unit.session.execute(
            text("select actor, subject from audit_entries where action = 'data_erased' order by subject")
        ).all()
    assert ("Chen", "borrowers") in [tuple(each) for each in noted]


def test_however_large_the_store_no_statement_takes_more_than_some_rows(
    store: CaseStore, clock: SetClock, policy: Policy, listen: Callable[..., None]
) -> None:
    """So no statement of a run outlasts the wait for an answer, and no server waits long for a run."""
    borrowers, codes = retention.LOOKED_AT + 200, 10_000
    fill(store, borrowers, codes)
    clock.forward(days=YEARS_AND_A_DAY)
    taken: list[int] = []
    listen(store.engine, "after_cursor_execute", lambda *args: taken.append(args[1].rowcount))
    done = run(store, policy)
    assert (done["codes"].erased, done["borrowers"].erased) == (codes, borrowers)
    assert max(taken) <= retention.LOOKED_AT
    assert set(rows(store)) == {"audit_entries", "audit_head"} and audit.verify(store) == []


def test_every_table_has_a_period() -> None:
    """A new table hangs on a borrower or a conversation, or its own period is written beside it."""
    reached = retention.dependents(BorrowerRow.__table__, BorrowerRow.borrower_id == "x")
    assert {table.name for table in metadata.sorted_tables} == {
        t.name for t in reached
    } | retention.NOT_PERSONAL


def test_every_foreign_key_is_found_by_an_index() -> None:
    """Erasing a row looks for what points to it: without an index that reads the whole other table."""
    missing = [
        f"{table.name}.{key.column_keys[0]}"
        for table in metadata.sorted_tables
        for key in table.foreign_key_constraints
        if key.column_keys[0] not in {columns[0] for columns in _whole_indexes(table)}
    ]
    assert missing == []


def _whole_indexes(table: Table) -> Iterator[list[str]]:
    """The columns of each index that holds all rows."""
    yield table.primary_key.columns.keys()
    for unique in table.constraints:
        if isinstance(unique, UniqueConstraint):
            yield unique.columns.keys()
    for index in table.indexes:
        if index.dialect_options["sqlite"]["where"] is None:
            yield index.columns.keys()


def test_what_was_said_lies_encrypted_in_the_record_of_the_flow(flow: Engine, clock: SetClock) -> None:
    say(flow, "a", "我叫王秀兰", clock.now)
    with flow.connect() as connection:
        stored = connection.execute(text("select data from events")).scalar_one()
        read = connection.execute(select(FlowEventRow.data)).scalar_one()
    assert "王秀兰" not in stored and "\\u738b" not in stored
    assert json.loads(read)["text"] == "我叫王秀兰"


def test_a_record_from_before_encryption_is_read_as_it_is(flow: Engine) -> None:
    with flow.begin() as connection:
        connection.execute(
            text("insert into events (sender_id, type_name, data) values ('a', 'user', :data)"),
            {"data": '{"text": "old"}'},
        )
        assert json.loads(connection.execute(select(FlowEventRow.data)).scalar_one()) == {"text": "old"}


def test_a_quiet_conversation_leaves_the_record_whole_and_a_lively_one_stays_whole(
    flow: Engine, store: CaseStore, clock: SetClock, policy: Policy
) -> None:
    long_ago = clock.now - timedelta(days=policy.privacy.flow_days.value, seconds=1)
    for sender, moments in {"quiet": [long_ago, long_ago], "lively": [long_ago, clock.now]}.items():
        for at in moments:
            say(flow, sender, "您好", at)
    assert run(store, policy, flow, dry_run=True)["flow"].erased == 1
    assert run(store, policy, flow)["flow"].erased == 1
    with flow.connect() as connection:
        assert connection.execute(select(FlowEventRow.sender_id)).scalars().all() == ["lively", "lively"]


def test_a_conversation_that_comes_back_to_life_meanwhile_stays_and_is_not_counted(
    flow: Engine, clock: SetClock
) -> None:
    for sender in ("back", "quiet"):
        say(flow, sender, "您好", clock.now - timedelta(days=400))

    def come_back(*args: Any) -> None:
        if args[2].startswith("SELECT") and not came:
            came.append(True)
            say(flow, "back", "我回来了", clock.now)

    came: list[bool] = []
    event.listen(flow, "after_cursor_execute", come_back)
    assert flow_record.erase_quiet(flow, clock.now - timedelta(days=1)) == 1
    with flow.connect() as connection:
        assert connection.execute(select(FlowEventRow.sender_id)).scalars().all() == ["back", "back"]


def test_more_conversations_than_are_erased_at_once_all_go(
    flow: Engine, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(flow_record, "AT_ONCE", 2)
    for number in range(5):
        say(flow, f"person {number}", "您好", clock.now - timedelta(days=400))
    assert flow_record.erase_quiet(flow, clock.now - timedelta(days=1)) == 5
    assert flow_record.count_quiet(flow, clock.now) == 0
