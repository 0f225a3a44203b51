"""A borrower asks to delete their data: what nothing needs goes, what stays has its reason."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.engine import Engine

from casestore import (
    account,
    addresses,
    complaints,
    consents,
    data_requests,
    desk_events,
    erasure,
    flow_record,
    handoffs,
    legal_holds,
    messages,
    payment_claims,
    sessions,
    verification,
)
from casestore.errors import NotFound
from casestore.flow_record import FlowEventRow
from casestore.messages import append
from casestore.models import (
    BorrowerRow,
    ChallengeRow,
    DataRequestRow,
    HandoffRow,
    LoanRow,
    MessageRow,
    SessionRow,
)
from casestore.store import CaseStore
from hardship.policy import Policy
from tests.casestore.conftest import SetClock
from tests.casestore.flow import say
from tests.casestore.people import LI, TODAY, WANG, KeepingSender, load, verify
from tests.casestore.test_retention import YEARS_AND_A_DAY, rows, run

# Paid back in full, as the servicing system last told.
PAID = dict.fromkeys(
    ("principal", "overdue_principal", "interest", "penalty_interest", "fees", "instalment"), "0.00"
)
PAID_BACK = {**WANG, **PAID, "overdue_since": "", "remaining_instalments": "0"}


@pytest.fixture
def wang(store: CaseStore, policy: Policy, sender: KeepingSender, tmp_path: Path) -> str:
    """Wang's conversation with a message, beside Li's; both still owe."""
    load(store, tmp_path, WANG, LI)
    verify(store, "a", WANG, policy, sender)
    verify(store, "b", LI, policy, sender)
    append(store, "a", "borrower", {"text": "把我的数据删掉"})
    append(store, "b", "borrower", {"text": "李的话"})
    return "a"


def settled(store: CaseStore) -> None:
    """As when the lender's file tells that Wang owes nothing any more."""
    with store.unit() as unit:
        for row in unit.session.scalars(select(LoanRow)):
            row.principal = row.interest = row.penalty_interest = row.fees = 0


def kept_of_wang(store: CaseStore) -> dict[str, int]:
    """How much is there of what Wang said and asked for, in conversations and hand-offs."""
    spoken = select(SessionRow.session_id).where(SessionRow.borrower_id == borrower_of(store, WANG["name"]))
    with store.reading() as unit:
        return {
            row.__tablename__: len(unit.session.scalars(select(row).where(row.session_id.in_(spoken))).all())
            for row in (MessageRow, ChallengeRow, HandoffRow, DataRequestRow)
        }


def asked(store: CaseStore, session: str, policy: Policy) -> str:
    return data_requests.ask_person(store, session, "delete", "", policy, TODAY).reference


def test_while_the_loan_runs_it_stays_and_the_borrower_is_told_why_once(
    store: CaseStore, wang: str, policy: Policy
) -> None:
    reference = asked(store, wang, policy)
    done = erasure.decide(store, None, reference, "Chen", policy)
    assert done.outcome == "kept"
    assert [(each.code, each.rule) for each in done.grounds] == [
        ("running_loan", "CN-ERASE-LOAN"),
        ("records", "CN-PIPL-RETAIN"),
    ]
    assert done.grounds[1].until == "2031-11-24"
    assert data_requests.open_requests(store) == () and handoffs.open_handoffs(store) == ()
    (outcome,) = data_requests.untold(store, "another conversation", borrower_of(store, WANG["name"]))
    assert [each["code"] for each in outcome.grounds] == ["running_loan", "records"]
    data_requests.mark_told(store, [outcome.request_id])
    assert data_requests.untold(store, wang, borrower_of(store, WANG["name"])) == ()


def test_what_is_still_open_is_named(store: CaseStore, wang: str, policy: Policy) -> None:
    complaint = complaints.receive(store, wang, "contact", "半夜打电话", policy, TODAY).reference
    done = erasure.decide(store, None, asked(store, wang, policy), "Chen", policy)
    assert {each.code: each.matters for each in done.grounds}["open_matter"] == (complaint,)


def test_a_payment_told_beside_the_wish_keeps_the_hand_off_and_the_data_until_it_is_checked(
    store: CaseStore, wang: str, policy: Policy
) -> None:
    reference = asked(store, wang, policy)
    loan_id = account.by_number(store, WANG["loan_number"]).loan.loan_id
    sessions.remember(store, wang, loan_id=loan_id)
    (waiting,) = handoffs.open_handoffs(store)
    payment_claims.claim(store, wang, 80000, TODAY, policy, TODAY)
    done = erasure.decide(store, None, reference, "Chen", policy)
    assert {each.code: each.matters for each in done.grounds}["open_matter"] == (waiting.reference,)
    assert handoffs.open_handoffs(store) == (waiting,)


def test_codes_copies_addresses_and_the_flow_go_though_the_rest_stays(
    store: CaseStore, wang: str, policy: Policy, sender: KeepingSender, flow: Engine, clock: SetClock
) -> None:
    sms = addresses.session_for(store, "sms", "+8613800000101")
    verify(store, sms, WANG, policy, sender)
    copy = data_requests.make_copy(store, wang, lambda _: "所有数据", policy, TODAY)
    for session in (wang, sms, "b"):
        say(flow, session, "您好", clock.now)
    erasure.decide(store, flow, asked(store, wang, policy), "Chen", policy)
    assert data_requests.copy_behind(store, copy.token) is None and addresses.address_of(store, sms) is None
    assert rows(store)["identity_challenges"] == 1, "Li's"
    with flow.connect() as connection:
        assert connection.execute(select(FlowEventRow.sender_id)).scalars().all() == ["b"]


def test_without_a_reason_everything_goes_and_the_conversation_hears_of_it(
    store: CaseStore, wang: str, policy: Policy, clock: SetClock
) -> None:
    others = {"borrowers": 1, "loans": 1, "identity_challenges": 1}
    settled(store)
    consents.record(store, wang, "processing", "1", True)
    clock.forward(days=YEARS_AND_A_DAY)
    reference = asked(store, wang, policy)
    assert erasure.decide(store, None, reference, "Chen", policy).outcome == "erased"
    consents.record(store, wang, "processing", "1", False)
    left = rows(store)
    assert {name: left.get(name) for name in others} == others
    with store.reading() as unit:
        assert [row.name for row in unit.session.scalars(select(BorrowerRow))] == [LI["name"]]
        (request,) = unit.session.scalars(select(DataRequestRow))
        assert (request.borrower_id, request.words, request.decided_by) == (None, None, "Chen")
    (outcome,) = data_requests.untold(store, wang, None)
    assert (outcome.reference, outcome.outcome) == (reference, "erased")
    assert messages.after(store, wang, 0, 10) == ()
    assert append(store, wang, "bot", {"text": "已删除"}).seq == 2, (
        "numbers go on, or a page would not show it"
    )
    assert [*verification.problems(store)] == []
    clock.forward(days=policy.privacy.unidentified_days.value + 1)
    assert run(store, policy)["unidentified"].erased == 1
    assert "data_requests" not in rows(store)


def test_the_desk_still_hears_that_the_request_of_who_is_forgotten_is_closed(
    store: CaseStore, wang: str, policy: Policy, clock: SetClock
) -> None:
    store = replace(store, desk=True)
    settled(store)
    clock.forward(days=YEARS_AND_A_DAY)
    reference = asked(store, wang, policy)
    (handoff,) = handoffs.open_handoffs(store)
    assert erasure.decide(store, None, reference, "Chen", policy).outcome == "erased"
    told = desk_events.claim(store)
    assert told is not None and (told.kind, told.handoff) == ("handoff_closed", handoff.reference)
    desk_events.delivered(store, told.number)
    assert desk_events.claim(store) is None and [*verification.problems(store)] == []
    with store.reading() as unit:
        (row,) = unit.session.scalars(select(HandoffRow))
        assert (row.case_id, row.summary) == (None, {})
    clock.forward(days=policy.privacy.unidentified_days.value + 1)
    run(store, policy)
    assert not {"handoffs", "desk_events"} & rows(store).keys()


def test_a_dry_run_tells_the_same_and_changes_nothing(store: CaseStore, wang: str, policy: Policy) -> None:
    reference = asked(store, wang, policy)
    before = rows(store)
    told = erasure.decide(store, None, reference, "Chen", policy, dry_run=True)
    assert rows(store) == before and len(data_requests.open_requests(store)) == 1
    assert erasure.decide(store, None, reference, "Chen", policy) == told


def test_a_request_is_decided_once_and_a_correction_is_none(
    store: CaseStore, wang: str, policy: Policy
) -> None:
    reference = asked(store, wang, policy)
    erasure.decide(store, None, reference, "Chen", policy)
    correction = data_requests.ask_person(store, wang, "correct", "名字错了", policy, TODAY).reference
    for wrong in (reference, correction, "DR-20260101-AAAAAA"):
        with pytest.raises(NotFound):
            erasure.decide(store, None, wrong, "Chen", policy)
    data_requests.corrected(store, correction, "Chen")
    with pytest.raises(NotFound):
        data_requests.corrected(store, correction, "Chen")


def test_a_legal_hold_keeps_everything_against_the_borrowers_wish_and_every_period(
    store: CaseStore, wang: str, policy: Policy, flow: Engine, clock: SetClock
) -> None:
    settled(store)
    hold = legal_holds.place(store, WANG["loan_number"], "court order", "Chen", TODAY)
    copy = data_requests.make_copy(store, wang, lambda _: "所有数据", policy, TODAY)
    say(flow, wang, "您好", clock.now)
    clock.forward(days=YEARS_AND_A_DAY)
    reference = asked(store, wang, policy)
    done = erasure.decide(store, flow, reference, "Chen", policy)
    assert [(each.code, each.matters) for each in done.grounds] == [("legal_hold", (hold.reference,))]
    before = kept_of_wang(store)
    due = run(store, policy, flow)
    assert due["borrowers"].held == 1 and due["borrowers"].matters == (hold.reference,)
    assert due["flow"].erased == 0 and due["copies"].held == 1 and due["codes"].held == 1
    with store.reading() as unit:
        made = select(DataRequestRow.content).where(DataRequestRow.reference == copy.request.reference)
        assert unit.session.scalars(made).one() == "所有数据"
        assert WANG["name"] in unit.session.scalars(select(BorrowerRow.name)).all()
    assert kept_of_wang(store) == before and before["messages"] == 1
    legal_holds.lift(store, hold.reference, "Chen")
    assert run(store, policy, flow)["borrowers"].erased == 1
    assert legal_holds.in_force(store) == () and flow_record.count_quiet(flow, clock.now) == 0


def test_a_hold_needs_a_loan_that_is_known_and_is_lifted_once(store: CaseStore, wang: str) -> None:
    with pytest.raises(NotFound):
        legal_holds.place(store, "LN99999999", "court order", "Chen", TODAY)
    hold = legal_holds.place(store, WANG["loan_number"], "court order", "Chen", TODAY)
    assert [each.reason for each in legal_holds.in_force(store)] == ["court order"]
    legal_holds.lift(store, hold.reference, "Chen")
    with pytest.raises(NotFound):
        legal_holds.lift(store, hold.reference, "Chen")


def borrower_of(store: CaseStore, name: str) -> str:
    with store.reading() as unit:
        return next(row.borrower_id for row in unit.session.scalars(select(BorrowerRow)) if row.name == name)
