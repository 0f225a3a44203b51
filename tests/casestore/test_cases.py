"""Cases: answers in versions, offers under numbers, counter-offers, hand-offs with a time."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timezone
from pathlib import Path

import pytest
from sqlalchemy import select, text

from casestore import account, handoffs, hardship, plan, sessions
from casestore.errors import NotFound, UnknownField
from casestore.hardship import BadAnswer
from casestore.models import AnswerRow, CounterRow
from casestore.plan import CaseIncomplete, OfferAltered
from casestore.store import CaseStore
from casestore.working_hours import add_working_hours
from hardship.cases import CaseState
from hardship.plans.base import Ask
from hardship.policy import Policy
from tests.casestore.conftest import SetClock
from tests.casestore.people import (
    STATEMENT,
    TODAY,
    WANG,
    WANGS_SECOND_LOAN,
    KeepingSender,
    load,
    open_case,
    verify,
    with_offers,
)


@pytest.fixture(autouse=True)
def accounts_loaded(store: CaseStore, tmp_path: Path) -> None:
    load(store, tmp_path, WANG, WANGS_SECOND_LOAN)


def test_a_session_has_one_open_case(store: CaseStore) -> None:
    sessions.start(store, "a", "web")
    first = hardship.open_case(store, "a", None)
    again = hardship.open_case(store, "a", "illness")
    assert first.case_id == again.case_id and first.state is CaseState.DRAFT
    assert hardship.answers(store, first.case_id) == {"cause": "illness"}


def test_a_correction_changes_one_answer_and_keeps_its_earlier_version(
    store: CaseStore, policy: Policy, sender: KeepingSender
) -> None:
    case_id = open_case(store, "a", WANG, policy, sender)
    hardship.record_answer(store, case_id, "housing", 250000)
    assert hardship.answers(store, case_id) == {**STATEMENT, "cause": "job_loss", "housing": 250000}
    with store.reading() as unit:
        versions = unit.session.scalars(
            select(AnswerRow).where(AnswerRow.field == "housing").order_by(AnswerRow.version)
        )
        assert [(row.version, row.value) for row in versions] == [(1, 150000), (2, 250000)]


def test_the_same_answer_again_is_no_new_version(
    store: CaseStore, policy: Policy, sender: KeepingSender
) -> None:
    case_id, proposal = with_offers(store, "a", WANG, policy, sender)
    hardship.record_answer(store, case_id, "housing", STATEMENT["housing"])
    assert plan.current(store, case_id) == proposal


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("housing", -1),
        ("housing", 1.5),
        ("housing", True),
        ("housing", "1000"),
        ("since", "yesterday"),
        ("lasting", "yes"),
        ("cause", "laziness"),
        ("cause", None),
    ],
)
def test_an_answer_of_the_wrong_type_is_refused(store: CaseStore, field: str, value: object) -> None:
    sessions.start(store, "a", "web")
    case = hardship.open_case(store, "a", None)
    with pytest.raises(BadAnswer):
        hardship.record_answer(store, case.case_id, field, value)
    assert hardship.answers(store, case.case_id) == {}


def test_a_question_no_case_has_is_refused(store: CaseStore) -> None:
    sessions.start(store, "a", "web")
    case = hardship.open_case(store, "a", None)
    with pytest.raises(UnknownField):
        hardship.record_answer(store, case.case_id, "religion", "x")
    with pytest.raises(NotFound):
        hardship.record_answer(store, "no such case", "housing", 1)


def test_loans_are_listed_the_longest_overdue_first(
    store: CaseStore, policy: Policy, sender: KeepingSender
) -> None:
    views = account.loans_of(store, verify(store, "a", WANG, policy, sender))
    assert [(view.tail, view.loan.handler) for view in views] == [
        ("0001", None),
        ("0002", "明湖账款服务公司"),
    ]
    with pytest.raises(NotFound):
        account.loan(store, "no such loan")


def test_offers_are_numbered_as_shown_and_stay_so(
    store: CaseStore, policy: Policy, sender: KeepingSender
) -> None:
    case_id, proposal = with_offers(store, "a", WANG, policy, sender)
    numbers = [offer.option_number for offer in proposal.offers]
    assert numbers == list(range(1, len(numbers) + 1))
    assert plan.current(store, case_id) == proposal
    assert hardship.case(store, case_id).state is CaseState.OFFERED


def test_refused_kinds_are_kept_with_reason_and_clause(
    store: CaseStore, policy: Policy, sender: KeepingSender
) -> None:
    case_id = open_case(store, "a", WANG, policy, sender, monthly_income=400000)
    refusals = plan.propose(store, case_id, policy, TODAY).refusals
    assert refusals and all(policy.clause(refusal.clause) and refusal.reason for refusal in refusals)
    assert plan.current(store, case_id).refusals == refusals


def test_nothing_affordable_offers_nothing(store: CaseStore, policy: Policy, sender: KeepingSender) -> None:
    case_id = open_case(store, "a", WANG, policy, sender, monthly_income=320000)
    proposal = plan.propose(store, case_id, policy, TODAY)
    shown = {refusal.reason for refusal in proposal.refusals if refusal.shown}
    assert proposal.offers == () and shown == {"no_surplus"}
    assert hardship.case(store, case_id).state is CaseState.REFUSED
    hardship.record_answer(store, case_id, "monthly_income", 600000)
    assert plan.propose(store, case_id, policy, TODAY).offers


def test_a_case_without_loan_or_statement_gets_no_offers(store: CaseStore, policy: Policy) -> None:
    sessions.start(store, "a", "web")
    case = hardship.open_case(store, "a", "job_loss")
    with pytest.raises(CaseIncomplete, match="monthly_income"):
        plan.propose(store, case.case_id, policy, TODAY)


def test_a_granted_counter_offer_joins_the_table(
    store: CaseStore, policy: Policy, sender: KeepingSender
) -> None:
    case_id, proposal = with_offers(store, "a", WANG, policy, sender)
    answer = plan.counter(store, case_id, Ask(instalment=80000), policy, TODAY)
    assert answer.result.outcome == "granted" and answer.rounds == 1
    assert answer.offer is not None and answer.offer.offer.instalment <= 80000
    assert answer.offer.option_number == len(proposal.offers) + 1
    assert plan.current(store, case_id).offers == (*proposal.offers, answer.offer)
    assert hardship.case(store, case_id).state is CaseState.COUNTERED


def test_asking_the_same_again_does_not_fill_the_table(
    store: CaseStore, policy: Policy, sender: KeepingSender
) -> None:
    case_id, _ = with_offers(store, "a", WANG, policy, sender)
    first = plan.counter(store, case_id, Ask(instalment=80000), policy, TODAY)
    again = plan.counter(store, case_id, Ask(instalment=80000), policy, TODAY)
    assert again == replace(first, rounds=2)


def test_every_round_is_kept_with_what_was_asked(
    store: CaseStore, policy: Policy, sender: KeepingSender
) -> None:
    case_id, _ = with_offers(store, "a", WANG, policy, sender)
    asked = Ask(instalment=1000, first_due=date(2026, 12, 24))
    answer = plan.counter(store, case_id, asked, policy, TODAY)
    assert answer.result.outcome != "granted"
    with store.reading() as unit:
        row = unit.session.scalars(select(CounterRow)).one()
    assert (row.round, row.outcome) == (1, answer.result.outcome)
    assert (row.ask["instalment"], row.ask["first_due"]) == (1000, "2026-12-24")


def test_new_offers_replace_the_old_ones(store: CaseStore, policy: Policy, sender: KeepingSender) -> None:
    case_id, before = with_offers(store, "a", WANG, policy, sender)
    after = plan.propose(store, case_id, policy, TODAY)
    assert plan.current(store, case_id) == after
    assert {offer.offer_id for offer in before.offers}.isdisjoint(offer.offer_id for offer in after.offers)


def test_another_loan_takes_the_offers_off_the_table(
    store: CaseStore, policy: Policy, sender: KeepingSender
) -> None:
    case_id, _ = with_offers(store, "a", WANG, policy, sender)
    session = sessions.get(store, "a")
    assert session is not None
    second = account.loans_of(store, str(session.borrower_id))[1].loan.loan_id
    hardship.attach_loan(store, "a", second)
    assert plan.current(store, case_id).offers == ()


def test_an_altered_offer_is_never_shown(store: CaseStore, policy: Policy, sender: KeepingSender) -> None:
    case_id, _ = with_offers(store, "a", WANG, policy, sender)
    with store.engine.connect() as connection, connection.begin():
        connection.execute(text("UPDATE offers SET content_hash = 'x' WHERE option_number = 1"))
    with pytest.raises(OfferAltered):
        plan.current(store, case_id)


def test_a_hand_off_carries_the_case_to_a_person(
    store: CaseStore, policy: Policy, sender: KeepingSender
) -> None:
    case_id = open_case(store, "a", WANG, policy, sender)
    made = handoffs.request(store, "a", "not_affordable", policy)
    assert made.summary["answers"]["monthly_income"] == STATEMENT["monthly_income"]
    assert made.summary["loan_number"] == WANG["loan_number"]
    assert hardship.case(store, case_id).state is CaseState.HANDED_OFF
    assert handoffs.open_handoffs(store) == (made,)


def test_asking_for_a_person_twice_is_one_hand_off(store: CaseStore, policy: Policy, clock: SetClock) -> None:
    sessions.start(store, "a", "web")
    first = handoffs.request(store, "a", "asked_for_person", policy)
    clock.forward(hours=1)
    assert handoffs.request(store, "a", "misunderstood", policy) == first


def test_danger_raises_an_open_hand_off_to_the_top(store: CaseStore, policy: Policy, clock: SetClock) -> None:
    for session in ("a", "b"):
        sessions.start(store, session, "web")
        handoffs.request(store, session, "asked_for_person", policy)
    raised = handoffs.request(store, "b", "emergency", policy, priority="top")
    assert raised.priority == "top" and raised.due_at < handoffs.open_handoffs(store)[1].due_at
    assert handoffs.open_handoffs(store)[0].reference == raised.reference


def test_danger_told_after_fraud_comes_before_it_and_no_later_than_promised(
    store: CaseStore, policy: Policy, clock: SetClock
) -> None:
    sessions.start(store, "a", "web")
    fraud = handoffs.request(store, "a", "fraud", policy, priority="top")
    clock.forward(minutes=20)
    danger = handoffs.request_for_danger(store, "a", policy, "violence_suffered")
    assert (danger.reference, danger.due_at) == (fraud.reference, fraud.due_at)
    assert handoffs.danger_waits(store, "a") and handoffs.dangers_told(store, "a") == ("violence_suffered",)


def test_offers_of_a_handed_off_case_leave_it_handed_off(
    store: CaseStore, policy: Policy, sender: KeepingSender
) -> None:
    case_id, _ = with_offers(store, "a", WANG, policy, sender)
    handoffs.request(store, "a", "asked_for_person", policy)
    plan.counter(store, case_id, Ask(instalment=80000), policy, TODAY)
    assert hardship.case(store, case_id).state is CaseState.HANDED_OFF


SHANGHAI = "Asia/Shanghai"


@pytest.mark.parametrize(
    ("start", "hours", "due"),
    [
        ("2026-11-24 10:30", 4, "2026-11-24 14:30"),
        ("2026-11-24 16:00", 4, "2026-11-25 11:00"),
        ("2026-11-24 22:00", 4, "2026-11-25 13:00"),
        ("2026-11-27 17:00", 9, "2026-11-30 17:00"),
        ("2026-11-28 12:00", 1, "2026-11-30 10:00"),
        ("2026-11-24 09:00", 9, "2026-11-24 18:00"),
        ("2027-02-04 17:00", 2, "2027-02-09 10:00"),
        ("2027-01-01 11:00", 1, "2027-01-04 10:00"),
    ],
    ids=[
        "same day",
        "over night",
        "after hours",
        "over the weekend",
        "on Saturday",
        "to the minute of closing",
        "over the Spring Festival",
        "on New Year's Day, before a weekend",
    ],
)
def test_an_answer_is_due_in_working_hours(policy: Policy, start: str, hours: int, due: str) -> None:
    window = policy.handoff.working_hours.value
    assert add_working_hours(_in_shanghai(start), hours, window, SHANGHAI) == _in_shanghai(due)


def _in_shanghai(moment: str) -> datetime:
    return datetime.fromisoformat(f"{moment}+08:00").astimezone(timezone.utc)
