"""Requests that only a person may grant: asked by borrowers, decided by staff, told when they next talk."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from casestore import handoffs, notices, payment_claims, table
from casestore.asks import ask_from_json, ask_hash, ask_to_json
from casestore.errors import CaseStoreError
from casestore.models import CaseRow, HandoffRow, OfferRow, PlanRequestRow, SessionRow
from casestore.plan import move, open_case, request_of
from casestore.references import new_id, new_reference
from casestore.rows import case_row, session_row
from casestore.store import CaseStore, UnitOfWork
from hardship import negotiation
from hardship.cases import CaseEvent, CaseState, transition
from hardship.plans.base import Ask, Offer, PlanRequest, content_hash, to_json
from hardship.policy import Policy

OPEN, GRANTED, REFUSED, WITHDRAWN = "open", "granted", "refused", "withdrawn"
HANDOFF_REASON = "plan_request"
MAX_STAFF, MAX_REASON = 120, 1000


class NotForAPerson(CaseStoreError):
    """The offer can be had at once; nobody has to be asked for it."""


class UnknownRequest(CaseStoreError):
    """No request has this reference."""


class AlreadyDecided(CaseStoreError):
    """The request is not open any more; the message says what was decided."""


class DecisionIncomplete(CaseStoreError):
    """A decision lacks who made it or, for a refusal, why."""


class NotGrantable(CaseStoreError):
    """What was asked for can't be made into a plan today; the message holds reason code and clause."""


@dataclass(frozen=True)
class PlanRequestView:
    """A request that a person decides. Times are UTC; `offer` is the plan as it was asked for."""

    request_id: str
    reference: str
    kind: str
    state: str
    asked_at: datetime
    due_at: datetime
    case_reference: str
    ask: Ask
    offer: Offer


@dataclass(frozen=True)
class Decided:
    """What a decision did; `option_number` is the granted plan's place on the case's table."""

    reference: str
    state: str
    option_number: int | None


def ask_person(
    store: CaseStore, case_id: str, offer: Offer, ask: Ask, policy: Policy, today: date
) -> PlanRequestView:
    """Pass on what only a person may grant, with a hand-off so that the queue shows it.

    A case has one open request of a kind: asking again changes what it asks for, not when it is answered.
    Raises `NotFound`, `CaseClosed` or `NotForAPerson`.
    """
    if offer.authority != "person":
        raise NotForAPerson(f"A plan of the kind {offer.kind} needs no decision by a person.")
    with store.unit() as unit:
        # Session before case, the order in which conversations lock them.
        session = session_row(unit.session, _session_of(unit, case_id), lock=True)
        case = open_case(unit, case_id)
        row = _open_row(unit, case_id, offer.kind) or _new(unit, session, case, offer, policy, today)
        row.ask = ask_to_json(replace(ask, kind=offer.kind))
        row.content, row.content_hash = to_json(offer), content_hash(offer)
        row.policy_version, row.loan_id = offer.policy_version, case.loan_id
        unit.session.add(row)
        unit.session.flush()
        unit.audit(
            "plan_requested",
            row.reference,
            case=case.reference,
            kind=row.kind,
            offer=row.content_hash,
            ask=ask_hash(unit.keys, row.ask),
            loan=row.loan_id,
        )
        return _view(unit, row)


def requests_of(store: CaseStore, case_id: str) -> tuple[PlanRequestView, ...]:
    """All requests of a case, decided or not, the oldest first."""
    return _views(store, PlanRequestRow.case_id == case_id, PlanRequestRow.asked_at)


def open_requests(store: CaseStore) -> tuple[PlanRequestView, ...]:
    """All requests that wait for a decision, the first due first."""
    return _views(store, PlanRequestRow.state == OPEN, PlanRequestRow.due_at)


def find(store: CaseStore, reference: str) -> PlanRequestView:
    """The request with this reference. Raises `UnknownRequest`."""
    with store.reading() as unit:
        return _view(unit, _row(unit, reference))


def decide(
    store: CaseStore,
    reference: str,
    granted: bool,
    staff: str,
    reason: str | None,
    policy: Policy,
    today: date,
    changed: Mapping[str, Any] | None = None,
) -> Decided:
    """Grant or refuse a request in the name of `staff`; the borrower hears it as a notice.

    A grant is worked out anew for `today`, with the fields of the ask that are `changed`, and becomes an
    option on the case's table. A refusal needs a reason. Raises `UnknownRequest`, `AlreadyDecided`,
    `DecisionIncomplete`, and for a grant `CaseClosed`, `CaseIncomplete` or `NotGrantable`.
    """
    staff, reason = staff.strip(), (reason or "").strip() or None
    _require_complete(granted, staff, reason)
    with store.unit() as unit:
        row, case = _locked(unit, reference)
        option = _grant(unit, row, case, policy, today, changed or {}) if granted else None
        row.state = GRANTED if granted else REFUSED
        row.decided_at, row.decided_by, row.reason = unit.now, staff, reason
        row.offer_id = option.offer_id if option else None
        unit.session.flush()
        number = option.option_number if option else None
        _tell(unit, row, case, number)
        _end_handoff(unit, row, case, staff)
        unit.audit(
            f"request_{row.state}",
            reference,
            actor=staff,
            case=case.reference,
            kind=row.kind,
            option=number,
        )
        return Decided(reference, row.state, number)


def withdraw_open(unit: UnitOfWork, case: CaseRow) -> None:
    """Take back what waits for a person once the case has agreed to something else."""
    query = select(PlanRequestRow).where(PlanRequestRow.case_id == case.case_id, PlanRequestRow.state == OPEN)
    for row in unit.session.scalars(query).all():
        row.state, row.decided_at = WITHDRAWN, unit.now
        unit.session.flush()
        _end_handoff(unit, row, case, "bot")
        unit.audit("request_withdrawn", row.reference, case=case.reference, kind=row.kind)


def _require_complete(granted: bool, staff: str, reason: str | None) -> None:
    if not 0 < len(staff) <= MAX_STAFF:
        raise DecisionIncomplete(f"A decision needs a name of up to {MAX_STAFF} characters.")
    if not granted and reason is None:
        raise DecisionIncomplete("A refusal needs a reason that the borrower can be told.")
    if reason is not None and len(reason) > MAX_REASON:
        raise DecisionIncomplete(f"A reason has up to {MAX_REASON} characters.")


def _open_row(unit: UnitOfWork, case_id: str, kind: str) -> PlanRequestRow | None:
    query = select(PlanRequestRow).where(
        PlanRequestRow.case_id == case_id, PlanRequestRow.kind == kind, PlanRequestRow.state == OPEN
    )
    return unit.session.scalars(query).one_or_none()


def _session_of(unit: UnitOfWork, case_id: str) -> str:
    """The session that talks about the case now: a later one may have come back to it."""
    case = case_row(unit.session, case_id)
    latest = select(SessionRow.session_id).where(SessionRow.case_id == case_id)
    found = unit.session.scalars(latest.order_by(SessionRow.started_at.desc()).limit(1)).first()
    return found or case.session_id


def _new(
    unit: UnitOfWork, session: SessionRow, case: CaseRow, offer: Offer, policy: Policy, today: date
) -> PlanRequestRow:
    handoff = handoffs.open_for(unit, session, HANDOFF_REASON, policy)
    return PlanRequestRow(
        request_id=new_id(),
        reference=new_reference("PR", today),
        case_id=case.case_id,
        session_id=session.session_id,
        # A hand-off for another reason goes on after the decision.
        handoff_id=handoff.handoff_id if handoff.reason == HANDOFF_REASON else None,
        kind=offer.kind,
        state=OPEN,
        asked_at=unit.now,
        due_at=handoffs.answer_due(unit.now, policy),
    )


def _row(unit: UnitOfWork, reference: str, lock: bool = False) -> PlanRequestRow:
    query = select(PlanRequestRow).where(PlanRequestRow.reference == reference)
    if lock:
        query = query.with_for_update(key_share=True).execution_options(populate_existing=True)
    row = unit.session.scalars(query).one_or_none()
    if row is None:
        raise UnknownRequest("There is no request with this reference.")
    return row


def _locked(unit: UnitOfWork, reference: str) -> tuple[PlanRequestRow, CaseRow]:
    """The open request and its case; the case is locked first, as everywhere."""
    case = case_row(unit.session, _row(unit, reference).case_id, lock=True)
    row = _row(unit, reference, lock=True)
    if row.state != OPEN:
        raise AlreadyDecided(f"The request is {row.state} already.")
    return row, case


def _grant(
    unit: UnitOfWork,
    row: PlanRequestRow,
    case: CaseRow,
    policy: Policy,
    today: date,
    changed: Mapping[str, Any],
) -> OfferRow:
    """The granted plan on the case's table, or on a new table when nothing on the old one is valid."""
    case = open_case(unit, case.case_id)
    if case.loan_id != row.loan_id:
        raise NotGrantable("The borrower has turned to another loan since.")
    request = request_of(unit, case, policy, today, replace(ask_from_json(row.ask), **changed))
    offer = _as_granted(request, row)
    proposal = table.current_row(unit, case.case_id)
    if proposal is None or not table.is_fresh(unit, proposal, request):
        proposal = table.lay(unit, case, request)
    option = table.put(unit, proposal, offer, request)
    move(unit, case, CaseEvent.PROPOSE)
    return option


def _as_granted(request: PlanRequest, row: PlanRequestRow) -> Offer:
    """The plan on today's figures; its clauses end with the decision that allowed it."""
    result = negotiation.counter(request)
    offer = result.offer
    if offer is None or offer.kind != row.kind or result.outcome not in ("person", "granted"):
        raise NotGrantable(f"It can't be made into a plan today: {result.reason} ({result.stopped_by}).")
    return replace(offer, authority="person", clauses=(*offer.clauses, row.reference))


def _tell(unit: UnitOfWork, row: PlanRequestRow, case: CaseRow, option_number: int | None) -> None:
    values = {"reference": row.reference, "kind": row.kind, "option": option_number, "reason": row.reason}
    kept = {name: value for name, value in values.items() if value is not None}
    kind: notices.Kind = "request_granted" if row.state == GRANTED else "request_refused"
    notices.add(unit, kind, f"{kind}:{row.request_id}", case, kept)


def _end_handoff(unit: UnitOfWork, row: PlanRequestRow, case: CaseRow, actor: str) -> None:
    """Close the hand-off once nothing of it is left to answer; the case goes on with what is on its table."""
    others = select(PlanRequestRow.request_id).where(
        PlanRequestRow.handoff_id == row.handoff_id, PlanRequestRow.state == OPEN
    )
    handoff = unit.session.get(HandoffRow, row.handoff_id) if row.handoff_id else None
    if handoff is None or unit.session.scalars(others).first() is not None:
        return
    if payment_claims.wait_in(unit, handoff.session_id):
        return
    handoffs.close(unit, handoff.handoff_id, actor)
    if case.state == CaseState.HANDED_OFF and not handoffs.waits(unit, case.case_id):
        event = CaseEvent.PROPOSE if _has_options(unit, case) else CaseEvent.REFUSE
        case.state, case.updated_at = transition(CaseState.HANDED_OFF, event).value, unit.now


def _has_options(unit: UnitOfWork, case: CaseRow) -> bool:
    return bool(table.view(unit, table.current_row(unit, case.case_id)).offers)


def _views(store: CaseStore, condition: Any, order: Any) -> tuple[PlanRequestView, ...]:
    query = select(PlanRequestRow).where(condition).order_by(order, PlanRequestRow.reference)
    with store.reading() as unit:
        return tuple(_view(unit, row) for row in unit.session.scalars(query).all())


def _view(unit: UnitOfWork, row: PlanRequestRow) -> PlanRequestView:
    return PlanRequestView(
        request_id=row.request_id,
        reference=row.reference,
        kind=row.kind,
        state=row.state,
        asked_at=row.asked_at,
        due_at=row.due_at,
        case_reference=unit.session.get(CaseRow, row.case_id).reference,
        ask=ask_from_json(row.ask),
        offer=table.offer_of(row),
    )
