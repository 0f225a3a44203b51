"""Offers worked out by `hardship` for a case as answered, and the bargaining about them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select

from casestore import table
from casestore.account import view as loan_view
from casestore.asks import ask_from_json, ask_to_json
from casestore.errors import CaseClosed, CaseStoreError
from casestore.hardship import OPEN_STATES, latest_answers
from casestore.models import CaseRow, CounterRow, OfferRow, ProposalRow
from casestore.received import payments_of
from casestore.rows import case_row, loan_row
from casestore.store import CaseStore, UnitOfWork
from casestore.table import OfferAltered, Proposal, StoredOffer, offer_of
from hardship import negotiation
from hardship.cases import CaseEvent, CaseState, allowed, transition
from hardship.eligibility import assess
from hardship.loans import position_on
from hardship.negotiation import CounterResult
from hardship.plans.base import Ask, PlanRequest
from hardship.policy import Policy
from hardship.situations import Cause, Situation
from hardship.statements import FIELDS as STATEMENT_FIELDS
from hardship.statements import Statement

__all__ = [
    "CaseIncomplete",
    "OfferAltered",
    "Proposal",
    "StoredCounter",
    "StoredOffer",
    "counter",
    "current",
    "last_ask",
    "move",
    "offer_of",
    "open_case",
    "preview",
    "propose",
    "request_of",
    "show_more",
]


class CaseIncomplete(CaseStoreError):
    """A plan was asked for before loan and statement are known; the message lists the fields missing."""


@dataclass(frozen=True)
class StoredCounter:
    """What came of a counter-offer; `offer` is on the table now. `rounds` counts all so far.

    When only a person may grant what was asked, `result.offer` is that request and is not on the table;
    `offer` is then the nearest that can be had at once. `casestore.decisions.ask_person` passes it on.
    """

    result: CounterResult
    offer: StoredOffer | None
    rounds: int


def propose(store: CaseStore, case_id: str, policy: Policy, today: date) -> Proposal:
    """Work out all offers for the case as answered; they replace those on the table.

    Raises `NotFound`, `CaseClosed` or `CaseIncomplete`.
    """
    with store.unit() as unit:
        case = open_case(unit, case_id)
        proposal = _propose(unit, case, request_of(unit, case, policy, today, Ask()))
        return table.view(unit, proposal)


def current(store: CaseStore, case_id: str) -> Proposal:
    """What is on the table now; empty when nothing is."""
    with store.reading() as unit:
        return table.view(unit, table.current_row(unit, case_id))


def last_ask(store: CaseStore, case_id: str) -> Ask | None:
    """What was asked for last since the offers on the table were made; None when nothing was."""
    with store.reading() as unit:
        proposal = table.current_row(unit, case_id)
        if proposal is None:
            return None
        since = CounterRow.case_id == case_id, CounterRow.asked_at >= proposal.made_at
        newest = select(CounterRow.ask).where(*since).order_by(CounterRow.round.desc()).limit(1)
        kept = unit.session.scalars(newest).first()
        return ask_from_json(kept) if kept else None


def show_more(store: CaseStore, case_id: str, policy: Policy, today: date) -> Proposal:
    """Put the offers that are there for the asking on the table beside those shown, on today's figures.

    Raises `NotFound`, `CaseClosed` or `CaseIncomplete`.
    """
    with store.unit() as unit:
        case = open_case(unit, case_id)
        request = request_of(unit, case, policy, today, Ask())
        row = table.current_row(unit, case_id) or _propose(unit, case, request)
        for offer in assess(request).more:
            table.put(unit, row, offer, request)
        return table.view(unit, row)


def counter(store: CaseStore, case_id: str, ask: Ask, policy: Policy, today: date) -> StoredCounter:
    """Answer what the borrower asks for instead; a new offer joins the table under the next number.

    Raises `NotFound`, `CaseClosed` or `CaseIncomplete`.
    """
    with store.unit() as unit:
        case = open_case(unit, case_id)
        request = request_of(unit, case, policy, today, ask)
        proposal = table.current_row(unit, case_id) or _propose(
            unit, case, request_of(unit, case, policy, today, Ask())
        )
        result = negotiation.counter(request)
        offer = result.alternative if result.outcome == "person" else result.offer
        row = table.put(unit, proposal, offer, request) if offer else None
        _note_round(unit, case, ask, result, row)
        return StoredCounter(result, table.stored(row) if row else None, case.rounds)


def preview(store: CaseStore, case_id: str, ask: Ask, policy: Policy, today: date) -> CounterResult:
    """How an ask would be answered, leaving no trace: nothing joins the table and no round is counted.

    Raises `NotFound`, `CaseClosed` or `CaseIncomplete`.
    """
    with store.unit() as unit:
        return negotiation.counter(request_of(unit, open_case(unit, case_id), policy, today, ask))


def open_case(unit: UnitOfWork, case_id: str) -> CaseRow:
    """The case, locked. Raises `NotFound`, or `CaseClosed` when it has an outcome."""
    case = case_row(unit.session, case_id, lock=True)
    if case.state not in OPEN_STATES:
        raise CaseClosed("The case has an outcome and takes no more offers.")
    return case


def request_of(unit: UnitOfWork, case: CaseRow, policy: Policy, today: date, ask: Ask) -> PlanRequest:
    """What a decision on the case rests on: its answers, and the loan with all payments known today.

    Raises `CaseIncomplete`.
    """
    given = latest_answers(unit, case.case_id)
    missing = [field for field in ("cause", *STATEMENT_FIELDS) if field not in given]
    if case.loan_id is None or missing:
        raise CaseIncomplete(f"The case lacks: {', '.join(missing) or 'loan'}.")
    # Locked, so that no payment comes in between the figures and the note of the payments they rest on.
    loan = loan_view(loan_row(unit.session, case.loan_id, lock=True)).loan
    payments = payments_of(unit, loan.loan_id, loan.as_of)
    return PlanRequest(
        loan=loan,
        position=position_on(loan, today, payments, policy.legal.allocation_order.value),
        statement=Statement(**{field: given[field] for field in STATEMENT_FIELDS}),
        situation=_situation(given),
        policy=policy,
        today=today,
        ask=ask,
    )


def _situation(given: dict[str, Any]) -> Situation:
    since = given.get("since")
    return Situation(
        cause=Cause(given["cause"]),
        since=date.fromisoformat(since) if since else None,
        lasting=bool(given.get("lasting", False)),
        business=bool(given.get("business", False)),
    )


def _propose(unit: UnitOfWork, case: CaseRow, request: PlanRequest) -> ProposalRow:
    assessment = assess(request)
    further = (*assessment.more, *assessment.requests)
    proposal = table.lay(unit, case, request, assessment.refusals, further)
    for offer in assessment.offers:
        table.put(unit, proposal, offer, request)
    move(unit, case, CaseEvent.PROPOSE if assessment.offers else CaseEvent.REFUSE)
    unit.audit(
        "plans_proposed",
        case.reference,
        policy=assessment.policy_version,
        offered=[offer.kind for offer in assessment.offers],
        for_a_person=[offer.kind for offer in assessment.requests],
        refused={refusal.kind: refusal.reason for refusal in assessment.refusals},
    )
    return proposal


def _note_round(
    unit: UnitOfWork, case: CaseRow, ask: Ask, result: CounterResult, row: OfferRow | None
) -> None:
    case.rounds += 1
    move(unit, case, CaseEvent.COUNTER)
    unit.session.add(
        CounterRow(
            case_id=case.case_id,
            round=_next_round(unit, case.case_id),
            ask=ask_to_json(ask),
            outcome=result.outcome,
            stopped_by=result.stopped_by,
            reason=result.reason,
            offer_id=row.offer_id if row else None,
            asked_at=unit.now,
        )
    )
    unit.audit(
        "counter_answered", case.reference, round=case.rounds, outcome=result.outcome, reason=result.reason
    )


def _next_round(unit: UnitOfWork, case_id: str) -> int:
    """The number in the record: `case.rounds` begins anew with a renegotiation, the record goes on."""
    last = select(func.max(CounterRow.round)).where(CounterRow.case_id == case_id)
    return (unit.session.scalar(last) or 0) + 1


def move(unit: UnitOfWork, case: CaseRow, event: CaseEvent) -> None:
    """Change the state where the event changes it: bargaining in a handed-off case leaves it handed off."""
    case.updated_at = unit.now
    state = CaseState(case.state)
    if state is not CaseState.HANDED_OFF and event in allowed(state):
        case.state = transition(state, event).value
