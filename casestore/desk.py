"""The lender's people: they take a hand-off, talk with the borrower in the same chat, and close it."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import select

from casestore import desk_events, payment_claims, person_messages, table
from casestore.errors import CaseStoreError
from casestore.handoffs import Handoff, view
from casestore.messages import Appended, Message, add, language_of, whole
from casestore.models import CaseRow, HandoffRow, MessageRow, PlanRequestRow
from casestore.references import derived_id
from casestore.rows import case_row, session_row
from casestore.store import CaseStore, UnitOfWork
from hardship.cases import CaseEvent, CaseState, transition

# As much as every channel can show in a few pieces.
MOST_CHARACTERS = 2000


class UnknownHandoff(CaseStoreError):
    """No open hand-off has this reference."""


class TakenByAnother(CaseStoreError):
    """Another person talks with this borrower."""


class NotTaken(CaseStoreError):
    """Nobody can write to a borrower, or close a talk, without having taken the hand-off."""


class RequestsOpen(CaseStoreError):
    """The hand-off holds a request that must be decided first."""


class BadMessage(CaseStoreError):
    """A message that is empty or too long."""


def take(store: CaseStore, reference: str, staff: str) -> Handoff:
    """`staff` talks with the borrower from now on, and the bot is silent; taking it again changes nothing.

    Raises `UnknownHandoff` or `TakenByAnother`.
    """
    with store.unit() as unit:
        row = _locked(unit, reference)
        if row.taken_by not in (None, staff):
            raise TakenByAnother(f"{reference} was taken by {row.taken_by}.")
        if row.taken_by is None:
            row.taken_by, row.taken_at = staff, unit.now
            unit.audit("handoff_taken", reference, staff)
            _say(unit, row, "person", {"notice": "person_joined"})
            desk_events.add(unit, "handoff_taken", row, {"staff": staff})
        return view(unit, row)


def answer(
    store: CaseStore, reference: str, staff: str, text: str, message_id: str | None = None
) -> Appended:
    """Write `text` to the borrower, in the chat they are in; its number there.

    A message with the same `message_id` is written once. The channel shows it live, and keeps it for a
    borrower who is away. Raises `UnknownHandoff`, `NotTaken`, `TakenByAnother` or `BadMessage`.
    """
    said = text.strip()
    if not said or len(said) > MOST_CHARACTERS:
        raise BadMessage(f"Write a message of 1 to {MOST_CHARACTERS} characters.")
    with store.unit() as unit:
        row = _taken(unit, reference, staff)
        appended = _say(unit, row, "person", {"text": said}, message_id)
        if appended.duplicate:
            return appended
        unit.audit("person_wrote", reference, staff, seq=appended.seq)
        return appended


def close(store: CaseStore, reference: str, staff: str) -> Handoff:
    """The talk is over: the bot answers again, and the case goes on with what is on its table.

    Raises `UnknownHandoff`, `NotTaken`, `TakenByAnother`, or `RequestsOpen` while a request is undecided.
    """
    with store.unit() as unit:
        row = _taken(unit, reference, staff)
        _require_decided(unit, row)
        _say(unit, row, "bot", {"notice": "person_left"})
        payment_claims.close(unit, row.session_id)
        row.closed_at = unit.now
        unit.session.flush()
        _go_on(unit, row)
        unit.audit("handoff_closed", reference, staff, reason=row.reason)
        desk_events.add(unit, "handoff_closed", row, {"staff": staff})
        return view(unit, row)


def transcript(store: CaseStore, reference: str) -> tuple[Message, ...]:
    """The whole conversation of an open hand-off, oldest first. Raises `UnknownHandoff`."""
    with store.reading() as unit:
        return whole(unit, _open(unit, reference).session_id)


def find(store: CaseStore, reference: str) -> Handoff:
    """The open hand-off. Raises `UnknownHandoff`."""
    with store.reading() as unit:
        return view(unit, _open(unit, reference))


def person_talks(store: CaseStore, session_id: str) -> bool:
    """Whether a person has taken this conversation over, so that the bot keeps silent."""
    with store.reading() as unit:
        row = _of(unit, session_id)
        return row is not None and row.taken_by is not None


def borrower_wrote(store: CaseStore, session_id: str, text: str, seq: int) -> bool:
    """Tell the desk what the borrower wrote, if they wait for a person or have one; True when one answers.

    The message with the number `seq` in its conversation is told once, however often its channel sends it.
    """
    with store.reading() as unit:
        waits = _of(unit, session_id) is not None
    if not waits:
        return False
    with store.unit() as unit:
        session_row(unit.session, session_id, lock=True)
        row = _of(unit, session_id)
        if row is None:
            return False
        desk_events.add(unit, "borrower_wrote", row, {"text": text}, derived_id(session_id, str(seq)))
        if row.taken_by is None:
            return False
        if written := unit.session.get(MessageRow, (session_id, seq)):
            unit.tell(written)
            unit.audit("borrower_wrote", row.reference, "borrower", seq=seq)
        return True


def _of(unit: UnitOfWork, session_id: str) -> HandoffRow | None:
    """The open hand-off of a conversation."""
    query = select(HandoffRow).where(HandoffRow.session_id == session_id, HandoffRow.closed_at.is_(None))
    return unit.session.scalars(query).one_or_none()


def _open(unit: UnitOfWork, reference: str, lock: bool = False) -> HandoffRow:
    query = select(HandoffRow).where(HandoffRow.reference == reference, HandoffRow.closed_at.is_(None))
    if lock:
        query = query.with_for_update(key_share=True)
    row = unit.session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if row is None:
        raise UnknownHandoff(f"There is no open hand-off {reference}; `respite queue` lists them.")
    return row


def _locked(unit: UnitOfWork, reference: str) -> HandoffRow:
    """The hand-off as it is once nobody else is changing its conversation, its case or itself."""
    found = _open(unit, reference)
    session_row(unit.session, found.session_id, lock=True)
    if found.case_id:
        case_row(unit.session, found.case_id, lock=True)
    return _open(unit, reference, lock=True)


def _taken(unit: UnitOfWork, reference: str, staff: str) -> HandoffRow:
    row = _locked(unit, reference)
    if row.taken_by is None:
        raise NotTaken(f"Take {reference} first: `respite queue take {reference} --staff NAME`.")
    if row.taken_by != staff:
        raise TakenByAnother(f"{reference} was taken by {row.taken_by}.")
    return row


def _say(
    unit: UnitOfWork, row: HandoffRow, author: str, body: Mapping[str, str], message_id: str | None = None
) -> Appended:
    """Add a message to the conversation, on its way to the borrower; a notice is worded by the channel."""
    session = session_row(unit.session, row.session_id)
    language = language_of(unit, row.session_id) or session.language
    marked = {**body, "lang": language} if language else body
    appended = add(unit, row.session_id, author, marked, message_id)
    if not appended.duplicate:
        person_messages.add(unit, row, session.channel, appended.seq)
    return appended


def _require_decided(unit: UnitOfWork, row: HandoffRow) -> None:
    query = select(PlanRequestRow.reference).where(
        PlanRequestRow.handoff_id == row.handoff_id, PlanRequestRow.state == "open"
    )
    if waiting := unit.session.scalars(query).first():
        raise RequestsOpen(f"Decide {waiting} first: `respite decide {waiting} --grant` or `--refuse`.")


def _go_on(unit: UnitOfWork, row: HandoffRow) -> None:
    """A case that waited for this person goes back to its offers, or to the questions when there are none."""
    case = unit.session.get(CaseRow, row.case_id) if row.case_id else None
    if case is None or CaseState(case.state) is not CaseState.HANDED_OFF:
        return
    has_offers = table.current_row(unit, case.case_id) is not None
    event = CaseEvent.PROPOSE if has_offers else CaseEvent.RELEASE
    case.state, case.updated_at = transition(CaseState.HANDED_OFF, event).value, unit.now
