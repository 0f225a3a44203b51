"""Hand-offs: a conversation that a person has to go on with, and until when they will."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import or_, select

from casestore import desk_events
from casestore.hardship import latest_answers
from casestore.models import CaseRow, HandoffRow, LoanRow, SessionRow
from casestore.references import new_id, new_reference
from casestore.rows import case_row, session_row
from casestore.store import CaseStore, UnitOfWork
from casestore.working_hours import Slot, add_working_hours
from hardship.cases import CaseEvent, CaseState, allowed, transition
from hardship.policy import Policy

Priority = Literal["normal", "top"]

# Who is in danger from whom, for the person who answers; never the words it was told in.
DangerKind = Literal["self_harm", "violence_suffered", "threat_to_others"]

# The reason of a hand-off that the borrower asked for.
ASKED = "asked_for_person"

# The reason of a hand-off that keeps plans closed until a person has answered it.
DANGER = "danger"


@dataclass(frozen=True)
class Handoff:
    """A request for a person. `due_at` is UTC; `summary` is for the lender's people only.

    `taken_by` is who talks with the borrower now, None while it waits. `callback` is when the borrower wants
    to be called, None when the answer is wanted in the conversation.
    """

    reference: str
    reason: str
    priority: str
    requested_at: datetime
    due_at: datetime
    case_reference: str | None
    summary: Mapping[str, Any]
    taken_by: str | None
    session_id: str
    callback: Slot | None


def request(
    store: CaseStore, session_id: str, reason: str, policy: Policy, priority: Priority = "normal"
) -> Handoff:
    """Hand the session to a person; asking again returns the open hand-off, raised to top if asked so.

    `reason` is a code. Raises `NotFound` for an unknown session.
    """
    with store.unit() as unit:
        session = session_row(unit.session, session_id, lock=True)
        return view(unit, open_for(unit, session, reason, policy, priority))


def request_for_danger(
    store: CaseStore, session_id: str, policy: Policy, kind: DangerKind | None = None
) -> Handoff:
    """Hand the session to a person before all others; the summary tells each `kind` that was heard so far.

    `kind` is None where danger was told before and nothing new is known. Raises `NotFound` for an unknown
    session.
    """
    with store.unit() as unit:
        session = session_row(unit.session, session_id, lock=True)
        return view(unit, open_for(unit, session, DANGER, policy, "top", kind))


def open_for(
    unit: UnitOfWork,
    session: SessionRow,
    reason: str,
    policy: Policy,
    priority: Priority = "normal",
    danger: DangerKind | None = None,
) -> HandoffRow:
    """The session's open hand-off, made when there is none; the session must be locked.

    The desk hears once of what is new, with the kind of `danger` if one is told.
    """
    # The case before its hand-off, as everywhere: a yes, or a decision, may be about to close it.
    case = case_row(unit.session, session.case_id, lock=True) if session.case_id else None
    row = _open_of(unit, session.session_id)
    if row is None:
        return _new(unit, session, case, reason, policy, priority, danger)
    raised, heard = _is_raised(row, reason, priority), _note_danger(row, danger)
    if raised:
        row.priority, row.reason = priority, reason
        row.due_at = min(row.due_at, _due(unit, policy, priority))
        unit.audit("handoff_raised", row.reference, reason=reason)
    if raised or heard:
        desk_events.add(unit, "handoff_raised", row, _told(row))
    return row


def _is_raised(row: HandoffRow, reason: str, priority: Priority) -> bool:
    """Danger comes before whatever else is urgent, such as fraud."""
    return priority == "top" and (row.priority != "top" or reason == DANGER != row.reason)


def close(unit: UnitOfWork, handoff_id: str, actor: str) -> None:
    """End a hand-off that `actor` (staff, bot) has made needless. Closing it again changes nothing.

    One that was raised to a danger meanwhile goes on: a person has to answer it.
    """
    row = _locked(unit, HandoffRow.handoff_id == handoff_id)
    if row is not None and row.reason != DANGER:
        row.closed_at = unit.now
        unit.session.flush()
        unit.audit("handoff_closed", row.reference, actor, reason=row.reason)
        desk_events.add(unit, "handoff_closed", row, {"staff": actor})


def waits(unit: UnitOfWork, case_id: str) -> bool:
    """Whether an open hand-off of the case is left."""
    query = select(HandoffRow.handoff_id).where(HandoffRow.case_id == case_id, HandoffRow.closed_at.is_(None))
    return unit.session.scalars(query).first() is not None


def danger_waits(store: CaseStore, session_id: str) -> bool:
    """Whether a person has still to answer a danger named in this conversation or in another of the borrower.

    Raises `NotFound` for an unknown session.
    """
    with store.reading() as unit:
        return danger_waits_for(unit, session_row(unit.session, session_id))


def danger_waits_for(unit: UnitOfWork, session: SessionRow) -> bool:
    """The same of a session's row, inside a transaction."""
    own = SessionRow.session_id == session.session_id
    if session.borrower_id is not None:
        own = or_(own, SessionRow.borrower_id == session.borrower_id)
    query = (
        select(HandoffRow.handoff_id)
        .join(SessionRow, SessionRow.session_id == HandoffRow.session_id)
        .where(own, HandoffRow.reason == DANGER, HandoffRow.closed_at.is_(None))
    )
    return unit.session.scalars(query).first() is not None


def dangers_told(store: CaseStore, session_id: str) -> tuple[str, ...]:
    """The kinds of danger that the conversation's open hand-off tells of.

    Raises `NotFound` for an unknown session.
    """
    with store.reading() as unit:
        session_row(unit.session, session_id)
        row = _open_of(unit, session_id)
        return tuple(_kinds(row)) if row is not None else ()


def open_of(store: CaseStore, session_id: str) -> Handoff | None:
    """The conversation's hand-off that waits for its end. Raises `NotFound` for an unknown session."""
    with store.reading() as unit:
        session_row(unit.session, session_id)
        waiting = HandoffRow.session_id == session_id, HandoffRow.closed_at.is_(None)
        row = unit.session.scalars(select(HandoffRow).where(*waiting)).one_or_none()
        return view(unit, row) if row is not None else None


def open_handoffs(store: CaseStore) -> tuple[Handoff, ...]:
    """All hand-offs that wait, top priority first, then by the time they are due."""
    with store.reading() as unit:
        rows = unit.session.scalars(select(HandoffRow).where(HandoffRow.closed_at.is_(None)))
        views = [view(unit, row) for row in rows]
    return tuple(sorted(views, key=lambda each: (each.priority != "top", each.due_at, each.reference)))


def view(unit: UnitOfWork, row: HandoffRow) -> Handoff:
    """The hand-off as the lender's people see it, inside a transaction."""
    case = unit.session.get(CaseRow, row.case_id) if row.case_id else None
    return Handoff(
        row.reference,
        row.reason,
        row.priority,
        row.requested_at,
        row.due_at,
        case.reference if case else None,
        row.summary,
        row.taken_by,
        row.session_id,
        Slot(row.callback_from, row.callback_until) if row.callback_from else None,
    )


def _open_of(unit: UnitOfWork, session_id: str) -> HandoffRow | None:
    return _locked(unit, HandoffRow.session_id == session_id)


def _locked(unit: UnitOfWork, condition: Any) -> HandoffRow | None:
    """The open hand-off that meets the condition once nobody else is closing it, None when somebody did."""
    query = select(HandoffRow).where(condition, HandoffRow.closed_at.is_(None))
    query = query.with_for_update(key_share=True).execution_options(populate_existing=True)
    return unit.session.scalars(query).one_or_none()


def _kinds(row: HandoffRow) -> list[str]:
    return [each for each in str(row.summary.get("danger") or "").split(", ") if each]


def _note_danger(row: HandoffRow, kind: DangerKind | None) -> bool:
    """Add the kind to what the desk knows; whether it has not heard of it yet."""
    heard = _kinds(row)
    if kind is None or kind in heard:
        return False
    row.summary = {"danger": ", ".join([*heard, kind]), **_without(row.summary, "danger")}
    return True


def _without(summary: Mapping[str, Any], name: str) -> dict[str, Any]:
    return {each: value for each, value in summary.items() if each != name}


def _new(
    unit: UnitOfWork,
    session: SessionRow,
    case: CaseRow | None,
    reason: str,
    policy: Policy,
    priority: str,
    danger: DangerKind | None,
) -> HandoffRow:
    row = HandoffRow(
        handoff_id=new_id(),
        reference=new_reference("HO", unit.now.date()),
        session_id=session.session_id,
        case_id=case.case_id if case else None,
        reason=reason,
        priority=priority,
        summary=_summary(unit, session, case),
        requested_at=unit.now,
        due_at=_due(unit, policy, priority),
    )
    _note_danger(row, danger)
    unit.session.add(row)
    unit.session.flush()
    if case is not None:
        _hand_off(unit, case)
    unit.audit("handoff_requested", row.reference, reason=reason, priority=priority)
    desk_events.add(unit, "handoff_requested", row, _told(row))
    return row


def _told(row: HandoffRow) -> dict[str, Any]:
    """What the desk hears at once: why, how urgent, and what the borrower has said so far."""
    return {
        "reason": row.reason,
        "priority": row.priority,
        "due_at": row.due_at.isoformat(),
        "summary": row.summary,
    }


def _due(unit: UnitOfWork, policy: Policy, priority: str) -> datetime:
    if priority == "top":
        return unit.now + timedelta(minutes=policy.handoff.top_priority_minutes.value)
    return answer_due(unit.now, policy)


def answer_due(now: datetime, policy: Policy) -> datetime:
    """Until when a person answers what is asked `now`: so many of the lender's working hours later."""
    return add_working_hours(
        now,
        policy.handoff.answer_working_hours.value,
        policy.handoff.working_hours.value,
        policy.lender.timezone.value,
    )


def _hand_off(unit: UnitOfWork, case: CaseRow) -> None:
    """Cases with an outcome keep it: the person then looks at an agreement, not at an open case."""
    state = CaseState(case.state)
    if CaseEvent.HAND_OFF in allowed(state) and state is not CaseState.ACCEPTED:
        case.state, case.updated_at = transition(state, CaseEvent.HAND_OFF).value, unit.now


def _summary(unit: UnitOfWork, session: SessionRow, case: CaseRow | None) -> dict[str, Any]:
    """What the person needs in order not to ask everything again."""
    loan = unit.session.get(LoanRow, session.loan_id) if session.loan_id else None
    return {
        "channel": session.channel,
        "language": session.language,
        "verified": session.borrower_id is not None,
        "loan_number": loan.number if loan else None,
        "overdue_since": loan.overdue_since.isoformat() if loan and loan.overdue_since else None,
        "case": case.reference if case else None,
        "state": case.state if case else None,
        "rounds": case.rounds if case else 0,
        "answers": latest_answers(unit, case.case_id) if case else {},
    }
