"""Which worker answers a borrower's message: one at a time, another when that one has died.

A message counts as answered once its turn has ended, not once the bot has said something: a worker that is
killed between two messages of a turn leaves the turn to whoever gets the borrower's message next.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from sqlalchemy import exists, select, update

from casestore.messages import Appended, add
from casestore.models import MessageRow
from casestore.rows import session_row
from casestore.store import CaseStore, UnitOfWork

# A worker that was not seen for so long has died. Shorter than the 5 seconds after which WeChat asks again.
ABANDONED = timedelta(seconds=4)

Body = Mapping[str, Any]


class Superseded(Exception):
    """Another worker answers this message by now; what this one still has to say is not said."""


@dataclass(frozen=True)
class Claim:
    """Message number `seq` is the caller's to answer.

    `attempt` counts from 1. `body` is what was stored of it the first time, `said` what the bot has said in
    the attempts before.
    """

    session_id: str
    seq: int
    attempt: int
    body: Body
    said: tuple[Body, ...] = ()


@dataclass(frozen=True)
class Heard:
    """A message that came, perhaps again. Neither claimed nor over: another worker is answering it."""

    seq: int
    is_new: bool = False
    is_over: bool = False
    claim: Claim | None = None


def hear(store: CaseStore, session_id: str, body: Body, client_id: str | None = None) -> Heard:
    """Store a borrower's message, unless one with its `client_id` is there, and claim it if it is free.

    Raises `NotFound` for an unknown session.
    """
    with store.unit() as unit:
        session_row(unit.session, session_id, lock=True)
        appended = add(unit, session_id, "borrower", body, client_id)
        heard = _claimed(unit, _row(unit, session_id, appended.seq))
        return replace(heard, is_new=not appended.duplicate)


def left_open(store: CaseStore, session_id: str) -> int | None:
    """The number of the borrower's last message while it is not answered to the end, None otherwise.

    One that was erased is left alone.
    """
    query = (
        select(MessageRow)
        .where(MessageRow.session_id == session_id, MessageRow.author == "borrower")
        .order_by(MessageRow.seq.desc())
        .limit(1)
    )
    with store.reading() as unit:
        row = unit.session.scalars(query).first()
        return row.seq if row is not None and row.answered_at is None and row.body else None


def claim(store: CaseStore, session_id: str, seq: int) -> Heard:
    """Claim a message that came before, if it is free."""
    with store.unit() as unit:
        session_row(unit.session, session_id, lock=True)
        return _claimed(unit, _row(unit, session_id, seq))


def still_working(store: CaseStore, claim: Claim) -> None:
    """Whoever answers this message is alive."""
    with store.unit() as unit:
        _change(unit, claim, working_at=unit.now)


def say(store: CaseStore, claim: Claim, body: Body) -> Appended:
    """Add a message of the bot in answer to this one. Raises `Superseded`."""
    with store.unit() as unit:
        session_row(unit.session, claim.session_id, lock=True)
        if _row(unit, claim.session_id, claim.seq).attempt != claim.attempt:
            raise Superseded
        return add(unit, claim.session_id, "bot", body)


def answered(store: CaseStore, claim: Claim) -> None:
    """The turn has ended: this message is never answered again."""
    with store.unit() as unit:
        _change(unit, claim, answered_at=unit.now)


def release(store: CaseStore, claim: Claim) -> None:
    """The turn was broken off: whoever gets this message next answers it."""
    with store.unit() as unit:
        _change(unit, claim, working_at=None)


def _claimed(unit: UnitOfWork, row: Any) -> Heard:
    if row.answered_at is not None or _has_gone_on(unit, row):
        return Heard(row.seq, is_over=True)
    if row.working_at is not None and row.working_at > unit.now - ABANDONED:
        return Heard(row.seq)
    row.working_at, row.attempt = unit.now, (row.attempt or 0) + 1
    said = _said_after(unit, row)
    return Heard(row.seq, claim=Claim(row.session_id, row.seq, row.attempt, row.body, said))


def _has_gone_on(unit: UnitOfWork, row: Any) -> bool:
    """Whether the borrower has written something else since.

    Answered after that, a yes could be taken for a yes to what was said later.
    """
    own = (MessageRow.session_id == row.session_id) & (MessageRow.author == "borrower")
    return bool(unit.session.scalar(select(exists().where(own, MessageRow.seq > row.seq))))


def _said_after(unit: UnitOfWork, row: Any) -> tuple[Body, ...]:
    query = (
        select(MessageRow.body)
        .where(MessageRow.session_id == row.session_id, MessageRow.author == "bot", MessageRow.seq > row.seq)
        .order_by(MessageRow.seq)
    )
    return tuple(unit.session.scalars(query))


def _row(unit: UnitOfWork, session_id: str, seq: int) -> Any:
    query = select(MessageRow).where(MessageRow.session_id == session_id, MessageRow.seq == seq)
    return unit.session.scalars(query.execution_options(populate_existing=True)).one()


def _change(unit: UnitOfWork, claim: Claim, **values: Any) -> None:
    """Change the message's row, unless another worker has it by now."""
    own = (MessageRow.session_id == claim.session_id) & (MessageRow.seq == claim.seq)
    unit.session.execute(
        update(MessageRow)
        .where(own, MessageRow.attempt == claim.attempt)
        .values(**values)
        .execution_options(synchronize_session=False)
    )
