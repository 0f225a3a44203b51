"""Answers that a channel asks for again: one worker answers a message, any worker finds the answer.

WeChat sends a message up to three times until it is answered, Twilio where it was told to, to whichever
server is there. What has not gone out comes before the answer to the borrower's next message. Texts lie
encrypted and are emptied once they went out, or when their time is over.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import or_, select, update

from casestore import addresses
from casestore.models import KeptAnswerRow
from casestore.rows import session_row
from casestore.store import CaseStore, UnitOfWork

# The time in which a borrower can be written to; an older answer would surprise.
KEPT = timedelta(hours=48)
# Three deliveries take 15 seconds; the rest is for clocks and queues.
REPEATED = timedelta(minutes=2)
# A worker that was not seen for so long has died. Shorter than the 5 seconds between two deliveries.
ABANDONED = timedelta(seconds=4)

Bodies = list[Mapping[str, Any]]


@dataclass(frozen=True)
class Turn:
    """A message of a borrower: its conversation, and the channel's own id of it."""

    session_id: str
    message_id: str


@dataclass(frozen=True)
class Arrival:
    """How often the message has come, and whether who asks has to answer it."""

    turn: Turn
    deliveries: int
    is_mine: bool


@dataclass(frozen=True)
class State:
    """Whether the answer waits to go out, and whether it is settled how it does."""

    is_ready: bool
    is_settled: bool


@dataclass(frozen=True)
class Reply:
    """The text to reply with, and what did not fit into it."""

    text: str
    rest: str = ""


# Makes a reply of what was kept, message by message, and the answer; None when it is to be pushed instead.
Compose = Callable[[Sequence[Bodies], Bodies], "Reply | None"]


def arrive(store: CaseStore, channel: str, address: str, message_id: str) -> Arrival:
    """Note that a message has come, or come again. One caller has to answer it; another if that one died."""
    session_id = addresses.id_for(store, channel, address)
    with store.unit() as unit:
        addresses.heard(unit, session_id, channel, address)
        turn = Turn(session_id, message_id)
        row = _locked(unit, turn)
        is_mine = row is None
        if row is None:
            row = KeptAnswerRow(session_id=session_id, message_id=message_id, deliveries=0)
            unit.session.add(row)
        elif row.answer is None and row.reply is None:
            is_mine = row.working_at <= unit.now - ABANDONED
        if is_mine:
            row.working_at = unit.now
        row.deliveries += 1
        return Arrival(turn, row.deliveries, is_mine)


def take_over(store: CaseStore, turn: Turn) -> bool | None:
    """Whether who asks has to answer the message, because its worker has died; None once it is answered."""
    with store.unit() as unit:
        row = _locked(unit, turn)
        if row.answer is not None or row.until is not None:
            return None
        if row.working_at > unit.now - ABANDONED:
            return False
        row.working_at = unit.now
        return True


def still_working(store: CaseStore, turn: Turn) -> None:
    """Whoever answers this message is alive."""
    with store.unit() as unit:
        _row(unit, turn).working_at = unit.now


def finish(store: CaseStore, turn: Turn, answer: Bodies) -> None:
    """The answer is there."""
    with store.unit() as unit:
        row = _locked(unit, turn)
        row.answer, row.until = list(answer), unit.now + KEPT


def look(store: CaseStore, turn: Turn) -> State:
    """How far the answer has come."""
    with store.reading() as unit:
        row = _row(unit, turn)
        return State(row.answer is not None, row.reply is not None)


def reply(store: CaseStore, turn: Turn, compose: Compose) -> str | None:
    """The text to reply with, the same each time the message comes; None for who has to push it instead.

    What was kept goes out with it.
    """
    with store.unit() as unit:
        row = _locked(unit, turn)
        if row.reply is None and row.answer is not None:
            kept = _kept(unit, turn)
            made = compose([each.answer for each in kept], row.answer)
            if made is None:
                row.reply = ""
                return None
            for each in kept:
                _empty(unit, each)
            _empty(unit, row)
            row.reply = made.text
            if made.rest:
                row.answer, row.until = [{"text": made.rest}], unit.now + KEPT
        return str(row.reply or "")


def claim_push(store: CaseStore, turn: Turn) -> bool:
    """Settle that the answer is pushed; True for the one caller that has to do it."""
    with store.unit() as unit:
        row = _locked(unit, turn)
        if row.reply is not None:
            return False
        row.reply = ""
        return True


def take(store: CaseStore, turn: Turn) -> tuple[list[Bodies], Bodies]:
    """What was kept, message by message, and the answer, to be pushed now."""
    with store.unit() as unit:
        row, kept = _locked(unit, turn), _kept(unit, turn)
        taken = [each.answer for each in kept], row.answer or []
        for each in (*kept, row):
            _empty(unit, each)
        return taken


def keep(store: CaseStore, turn: Turn, texts: Sequence[str]) -> None:
    """Keep texts that could not be pushed for the borrower's next message."""
    with store.unit() as unit:
        row = _locked(unit, turn)
        row.answer, row.reply, row.until = [{"text": text} for text in texts], None, unit.now + KEPT


def erase_due(store: CaseStore) -> int:
    """Empty the rows whose time is over; how many there were."""
    due = update(KeptAnswerRow).where(KeptAnswerRow.until < store.clock())
    with store.unit() as unit:
        emptied = due.values(answer=None, reply=None, until=None).execution_options(synchronize_session=False)
        done: Any = unit.session.execute(emptied)
        return int(done.rowcount)


def _row(unit: UnitOfWork, turn: Turn) -> Any:
    query = select(KeptAnswerRow).where(
        KeptAnswerRow.session_id == turn.session_id, KeptAnswerRow.message_id == turn.message_id
    )
    return unit.session.scalars(query.execution_options(populate_existing=True)).one_or_none()


def _locked(unit: UnitOfWork, turn: Turn) -> Any:
    """The message's row, None for a new one, once no other worker is changing its conversation."""
    session_row(unit.session, turn.session_id, lock=True)
    return _row(unit, turn)


def _kept(unit: UnitOfWork, turn: Turn) -> list[Any]:
    """The rows of earlier messages whose answer has not gone out and is not being pushed just now."""
    query = (
        select(KeptAnswerRow)
        .where(
            KeptAnswerRow.session_id == turn.session_id,
            KeptAnswerRow.message_id != turn.message_id,
            KeptAnswerRow.answer.is_not(None),
            or_(KeptAnswerRow.until.is_(None), KeptAnswerRow.until >= unit.now),
        )
        .order_by(KeptAnswerRow.number)
    )
    return [row for row in unit.session.scalars(query) if row.reply != ""]


def _empty(unit: UnitOfWork, row: Any) -> None:
    """What of the row has gone out is not needed any more, except to repeat the reply."""
    row.answer, row.until = None, unit.now + REPEATED
