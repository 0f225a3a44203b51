"""Requests that a person decides: asked once, seen by staff, granted or refused, told to the borrower."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, text

from casestore import (
    account,
    agreement,
    audit,
    decisions,
    desk,
    handoffs,
    hardship,
    notices,
    payment_claims,
    plan,
    table,
)
from casestore.decisions import (
    AlreadyDecided,
    DecisionIncomplete,
    NotForAPerson,
    NotGrantable,
    PlanRequestView,
    UnknownRequest,
)
from casestore.documents import AgreementDraft
from casestore.errors import CaseClosed
from casestore.models import AuditRow, PlanRequestRow, ProposalRow
from casestore.rows import case_row
from casestore.store import CaseStore
from hardship.cases import CaseState
from hardship.plans.base import Ask
from hardship.policy import Policy
from tests.casestore.conftest import SetClock
from tests.casestore.people import (
    TODAY,
    WANG,
    WANGS_SECOND_LOAN,
    KeepingSender,
    load,
    open_case,
    with_offers,
)
from tests.casestore.test_agreement import page as render

SUM = 1_500_000
SETTLEMENT = Ask(kind="settlement", lump_sum=SUM)
REASON = "理由: a higher sum would be possible"


@pytest.fixture(autouse=True)
def accounts_loaded(store: CaseStore, tmp_path: Path) -> None:
    load(store, tmp_path, WANG, WANGS_SECOND_LOAN)


@pytest.fixture
def case_id(store: CaseStore, policy: Policy, sender: KeepingSender) -> str:
    """Wang's case with offers on the table."""
    return with_offers(store, "a", WANG, policy, sender)[0]


def ask(store: CaseStore, case_id: str, policy: Policy, wish: Ask = SETTLEMENT) -> PlanRequestView:
    """Bargain for the wish, learn that a person decides, and ask one."""
    result = plan.counter(store, case_id, wish, policy, TODAY).result
    assert result.outcome == "person" and result.offer is not None
    return decisions.ask_person(store, case_id, result.offer, wish, policy, TODAY)


def decide(
    store: CaseStore, reference: str, granted: bool, policy: Policy, **more: object
) -> decisions.Decided:
    """Decide as an officer."""
    words = {"staff": "Chen Jing", "reason": None if granted else REASON, **more}
    return decisions.decide(store, reference, granted, policy=policy, today=TODAY, **words)  # type: ignore[arg-type]


def told(store: CaseStore, case_id: str) -> list[notices.Notice]:
    """What waits to be told to the case's borrower."""
    return list(notices.untold(store, str(hardship.case(store, case_id).borrower_id)))


def test_what_a_person_may_grant_is_not_on_the_table(store: CaseStore, case_id: str, policy: Policy) -> None:
    before = plan.current(store, case_id).offers
    stored = plan.counter(store, case_id, SETTLEMENT, policy, TODAY)
    assert stored.result.outcome == "person"
    now = plan.current(store, case_id).offers
    assert {each.offer.authority for each in now} == {"bot"}
    assert [each for each in now if each not in before] == [
        each for each in (stored.offer,) if each and each not in before
    ]


def test_a_request_has_a_reference_a_time_and_a_place_in_the_queue(
    store: CaseStore, case_id: str, policy: Policy
) -> None:
    request = ask(store, case_id, policy)
    assert request.reference.startswith("PR-20261124-") and request.state == "open"
    assert request.kind == "settlement" and request.offer.total_to_pay == SUM
    (queued,) = handoffs.open_handoffs(store)
    assert queued.reason == "plan_request" and queued.due_at == request.due_at
    assert hardship.case(store, case_id).state is CaseState.HANDED_OFF
    assert decisions.open_requests(store) == (request,) == decisions.requests_of(store, case_id)


def test_asking_again_keeps_the_request_and_changes_what_it_asks_for(
    store: CaseStore, case_id: str, policy: Policy, clock: SetClock
) -> None:
    first = ask(store, case_id, policy)
    clock.forward(hours=1)
    again = ask(store, case_id, policy, replace(SETTLEMENT, lump_sum=SUM + 100))
    assert (again.reference, again.asked_at, again.due_at) == (first.reference, first.asked_at, first.due_at)
    assert again.offer.total_to_pay == SUM + 100
    assert decisions.open_requests(store) == (again,) and len(handoffs.open_handoffs(store)) == 1


def test_nobody_is_asked_for_what_can_be_had_at_once(store: CaseStore, case_id: str, policy: Policy) -> None:
    offer = plan.current(store, case_id).offers[0].offer
    with pytest.raises(NotForAPerson):
        decisions.ask_person(store, case_id, offer, Ask(), policy, TODAY)
    assert decisions.open_requests(store) == ()


def test_a_granted_request_is_an_option_that_can_be_accepted(
    store: CaseStore, case_id: str, policy: Policy
) -> None:
    request = ask(store, case_id, policy)
    others = plan.current(store, case_id).offers
    done = decide(store, request.reference, True, policy)
    assert done.state == "granted" and done.option_number == len(others) + 1
    option = plan.current(store, case_id).offers[-1]
    assert option.option_number == done.option_number and option.offer.kind == "settlement"
    assert option.offer.authority == "person" and option.offer.clauses[-1] == request.reference
    made = agreement.accept(store, case_id, option.offer_id, "k", "zh", render)
    assert made.created and agreement.verify(store) == []


def test_a_grant_is_told_with_its_option(store: CaseStore, case_id: str, policy: Policy) -> None:
    request = ask(store, case_id, policy)
    done = decide(store, request.reference, True, policy)
    (notice,) = told(store, case_id)
    assert notice.kind == "request_granted" and notice.case_id == case_id
    assert dict(notice.values) == {
        "reference": request.reference,
        "kind": "settlement",
        "option": done.option_number,
    }


def test_a_refusal_is_told_with_the_officers_reason(store: CaseStore, case_id: str, policy: Policy) -> None:
    request = ask(store, case_id, policy)
    assert decide(store, request.reference, False, policy).option_number is None
    (notice,) = told(store, case_id)
    assert notice.kind == "request_refused" and notice.values["reason"] == REASON
    assert decisions.find(store, request.reference).state == "refused"
    assert {each.offer.authority for each in plan.current(store, case_id).offers} == {"bot"}


def test_a_decision_ends_the_hand_off_it_raised_and_the_case_goes_on(
    store: CaseStore, case_id: str, policy: Policy
) -> None:
    decide(store, ask(store, case_id, policy).reference, False, policy)
    assert handoffs.open_handoffs(store) == ()
    assert hardship.case(store, case_id).state is CaseState.OFFERED


def test_a_hand_off_for_another_reason_outlives_the_decision(
    store: CaseStore, case_id: str, policy: Policy
) -> None:
    asked = handoffs.request(store, "a", "asked_for_person", policy)
    decide(store, ask(store, case_id, policy).reference, True, policy)
    assert [each.reference for each in handoffs.open_handoffs(store)] == [asked.reference]
    assert hardship.case(store, case_id).state is CaseState.HANDED_OFF


def test_a_payment_told_in_the_same_hand_off_still_waits_for_a_person_after_the_decision(
    store: CaseStore, case_id: str, policy: Policy
) -> None:
    request = ask(store, case_id, policy)
    payment_claims.claim(store, "a", 80000, TODAY, policy, TODAY)
    decide(store, request.reference, True, policy)
    (waiting,) = handoffs.open_handoffs(store)
    desk.take(store, waiting.reference, "Chen")
    desk.close(store, waiting.reference, "Chen")
    assert hardship.case(store, case_id).state is CaseState.OFFERED
    assert payment_claims.open_claims(store, str(hardship.case(store, case_id).loan_id)) == ()


def test_a_hand_off_of_two_requests_ends_with_the_second(
    store: CaseStore, case_id: str, policy: Policy
) -> None:
    settlement = ask(store, case_id, policy)
    waiver = ask(store, case_id, policy, Ask(kind="charge_waiver", waive=True, waiver=2351))
    assert waiver.offer.waived == 2351
    decide(store, settlement.reference, False, policy)
    assert len(handoffs.open_handoffs(store)) == 1
    decide(store, waiver.reference, True, policy)
    assert handoffs.open_handoffs(store) == ()
    assert plan.current(store, case_id).offers[-1].offer.waived == 2351


def test_a_grant_comes_back_on_a_new_table_when_the_old_one_is_gone(
    store: CaseStore, case_id: str, policy: Policy
) -> None:
    request = ask(store, case_id, policy)
    hardship.record_answer(store, case_id, "housing", 160000)
    assert plan.current(store, case_id).offers == ()
    assert decide(store, request.reference, True, policy).option_number == 1
    (option,) = plan.current(store, case_id).offers
    assert agreement.accept(store, case_id, option.offer_id, "k", "zh", render).created


def test_a_grant_comes_back_on_a_new_table_when_the_old_offers_have_expired(
    store: CaseStore, case_id: str, policy: Policy, clock: SetClock
) -> None:
    request = ask(store, case_id, policy)
    clock.forward(days=policy.offers.validity_days.value + 1)
    assert decide(store, request.reference, True, policy).option_number == 1
    (option,) = plan.current(store, case_id).offers
    assert agreement.accept(store, case_id, option.offer_id, "k", "zh", render).created
    with store.reading() as unit:
        rows = unit.session.scalars(select(ProposalRow).where(ProposalRow.superseded_at.is_(None))).all()
    assert len(rows) == 1


def test_an_officer_may_grant_another_sum(store: CaseStore, case_id: str, policy: Policy) -> None:
    request = ask(store, case_id, policy)
    decide(store, request.reference, True, policy, changed={"lump_sum": SUM + 5000})
    assert plan.current(store, case_id).offers[-1].offer.total_to_pay == SUM + 5000


def test_a_sum_that_no_plan_can_be_made_of_is_not_granted(
    store: CaseStore, case_id: str, policy: Policy
) -> None:
    request = ask(store, case_id, policy)
    with pytest.raises(NotGrantable, match="CN-"):
        decide(store, request.reference, True, policy, changed={"lump_sum": 99_000_000})
    assert decisions.find(store, request.reference).state == "open" and told(store, case_id) == []


def test_a_grant_for_a_loan_that_the_case_has_left_is_refused(
    store: CaseStore, case_id: str, policy: Policy
) -> None:
    request = ask(store, case_id, policy)
    borrower_id = str(hardship.case(store, case_id).borrower_id)
    other = next(each for each in account.loans_of(store, borrower_id) if each.tail == "0002")
    hardship.attach_loan(store, "a", other.loan.loan_id)
    with pytest.raises(NotGrantable, match="another loan"):
        decide(store, request.reference, True, policy)


def test_an_agreement_on_something_else_takes_the_request_back(
    store: CaseStore, case_id: str, policy: Policy
) -> None:
    request = ask(store, case_id, policy)
    chosen = plan.current(store, case_id).offers[0].offer_id
    agreement.accept(store, case_id, chosen, "k", "zh", render)
    assert decisions.find(store, request.reference).state == "withdrawn"
    assert handoffs.open_handoffs(store) == () and decisions.open_requests(store) == ()
    assert hardship.case(store, case_id).state is CaseState.ACCEPTED
    with pytest.raises(AlreadyDecided, match="withdrawn"):
        decide(store, request.reference, True, policy)
    assert told(store, case_id) == []


def test_a_case_with_an_outcome_takes_no_grant_but_hears_a_refusal(
    store: CaseStore, case_id: str, policy: Policy
) -> None:
    request = ask(store, case_id, policy)
    with store.unit() as unit:
        case_row(unit.session, case_id).state = CaseState.COMPLETED.value
    with pytest.raises(CaseClosed):
        decide(store, request.reference, True, policy)
    decide(store, request.reference, False, policy)
    assert hardship.case(store, case_id).state is CaseState.COMPLETED
    assert [notice.kind for notice in told(store, case_id)] == ["request_refused"]


def test_a_grant_days_later_is_agreed_on_what_is_owed_then(
    store: CaseStore, case_id: str, policy: Policy, clock: SetClock
) -> None:
    request = ask(store, case_id, policy)
    clock.forward(days=3)
    later = TODAY + timedelta(days=3)
    decisions.decide(store, request.reference, True, "Chen Jing", None, policy, later)
    proposal = plan.current(store, case_id)
    assert len(proposal.offers) > 1
    drafts: list[AgreementDraft] = []

    def keeping(draft: AgreementDraft) -> str:
        drafts.append(draft)
        return render(draft)

    agreement.accept(store, case_id, proposal.offers[-1].offer_id, "k", "zh", keeping)
    assert drafts[0].position.day == later
    assert drafts[0].position.total_owed == drafts[0].offer.total_to_pay + drafts[0].offer.waived


@pytest.mark.parametrize("granted", [True, False])
def test_a_request_is_decided_once(store: CaseStore, case_id: str, policy: Policy, granted: bool) -> None:
    request = ask(store, case_id, policy)
    decide(store, request.reference, granted, policy)
    with pytest.raises(AlreadyDecided, match="granted" if granted else "refused"):
        decide(store, request.reference, not granted, policy)
    assert len(told(store, case_id)) == 1


def test_of_two_officers_who_decide_at_once_one_decides(
    store: CaseStore, case_id: str, policy: Policy
) -> None:
    request = ask(store, case_id, policy)

    def attempt(granted: bool) -> str:
        try:
            return decide(store, request.reference, granted, policy).state
        except AlreadyDecided:
            return "too late"

    with ThreadPoolExecutor(4) as pool:
        outcomes = list(pool.map(attempt, [True, False, True, False]))
    assert outcomes.count("too late") == 3
    assert len(told(store, case_id)) == 1
    assert decisions.find(store, request.reference).state in outcomes


def test_after_a_decision_the_same_may_be_asked_again(
    store: CaseStore, case_id: str, policy: Policy, clock: SetClock
) -> None:
    first = ask(store, case_id, policy)
    decide(store, first.reference, False, policy)
    clock.forward(hours=1)
    second = ask(store, case_id, policy)
    assert second.reference != first.reference
    assert [each.state for each in decisions.requests_of(store, case_id)] == ["refused", "open"]


def test_an_unknown_reference_is_said_to_be_unknown(store: CaseStore, policy: Policy) -> None:
    with pytest.raises(UnknownRequest):
        decide(store, "PR-20261124-AAAAAA", True, policy)


@pytest.mark.parametrize(
    ("granted", "more"),
    [
        (False, {"reason": None}),
        (False, {"reason": "  "}),
        (False, {"reason": "x" * 1001}),
        (True, {"staff": " "}),
        (True, {"staff": "x" * 121}),
    ],
)
def test_a_decision_says_who_and_a_refusal_why(
    store: CaseStore, case_id: str, policy: Policy, granted: bool, more: dict[str, str | None]
) -> None:
    request = ask(store, case_id, policy)
    with pytest.raises(DecisionIncomplete):
        decide(store, request.reference, granted, policy, **more)
    assert decisions.find(store, request.reference).state == "open"


def test_who_decided_is_kept_and_the_reason_lies_encrypted(
    store: CaseStore, case_id: str, policy: Policy
) -> None:
    request = ask(store, case_id, policy)
    decide(store, request.reference, False, policy)
    with store.reading() as unit:
        row = unit.session.scalars(select(PlanRequestRow)).one()
        assert (row.decided_by, row.reason) == ("Chen Jing", REASON)
        raw = unit.session.execute(text("SELECT ask, content, reason FROM plan_requests")).one()
    assert not [part for part in raw if str(SUM) in part or "理由" in part or "settlement" in part]


def test_the_audit_trail_tells_what_happened_without_the_reason(
    store: CaseStore, case_id: str, policy: Policy
) -> None:
    request = ask(store, case_id, policy)
    decide(store, request.reference, False, policy)
    with store.reading() as unit:
        rows = unit.session.scalars(
            select(AuditRow).where(AuditRow.subject == request.reference).order_by(AuditRow.seq)
        ).all()
        assert [(row.action, row.actor) for row in rows] == [
            ("plan_requested", "bot"),
            ("request_refused", "Chen Jing"),
        ]
        assert not [row for row in rows if REASON in row.details or "Chen" in row.details]
        assert json.loads(rows[1].details)["kind"] == "settlement"
    assert audit.verify(store) == []


def test_a_stored_request_that_was_altered_is_noticed(store: CaseStore, case_id: str, policy: Policy) -> None:
    ask(store, case_id, policy)
    with store.unit() as unit:
        row = unit.session.scalars(select(PlanRequestRow)).one()
        row.content = row.content.replace(str(SUM), str(SUM - 1))
    with pytest.raises(table.OfferAltered):
        decisions.open_requests(store)


def test_a_proposal_names_what_can_be_had_for_the_asking(
    store: CaseStore, case_id: str, policy: Policy
) -> None:
    proposal = plan.current(store, case_id)
    assert len(proposal.offers) == policy.offers.shown_at_most.value
    assert proposal.more and {offer.authority for offer in proposal.more} == {"bot"}
    wanted = proposal.more[0].kind
    stored = plan.counter(store, case_id, Ask(kind=wanted), policy, TODAY)
    assert stored.offer is not None and stored.offer.offer == proposal.more[0]


def test_a_proposal_names_what_a_person_may_grant(
    store: CaseStore, policy: Policy, sender: KeepingSender, tmp_path: Path
) -> None:
    paid_up = {
        "overdue_principal": "0.00",
        "interest": "0.00",
        "penalty_interest": "0.00",
        "overdue_since": "",
    }
    load(store, tmp_path, {**WANG, **paid_up, "product": "business"})
    case_id = open_case(store, "b", WANG, policy, sender, business=True)
    proposal = plan.propose(store, case_id, policy, TODAY)
    assert [offer.kind for offer in proposal.requests] == ["renewal"]
    assert plan.current(store, case_id) == proposal
    request = decisions.ask_person(store, case_id, proposal.requests[0], Ask(kind="renewal"), policy, TODAY)
    assert decide(store, request.reference, True, policy).state == "granted"
    assert plan.current(store, case_id).offers[-1].offer.kind == "renewal"
