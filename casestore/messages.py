"""The conversation as shown: numbered, so that a reconnecting page loses and repeats nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import takewhile
from typing import Any

from sqlalchemy import bindparam, func, select

from casestore.models import MessageRow, SessionRow
from casestore.rows import session_row
from casestore.store import CaseStore, UnitOfWork


@dataclass(frozen=True)
class Appended:
    """Where a message stands; `duplicate` when its client id was seen before."""

    seq: int
    duplicate: bool


@dataclass(frozen=True)
class Message:
    """One message. `author` is borrower, bot or person."""

    seq: int
    author: str
    body: Mapping[str, Any]
    at: datetime


def append(
    store: CaseStore,
    session_id: str,
    author: str,
    body: Mapping[str, Any],
    client_id: str | None = None,
) -> Appended:
    """Add a message at the end of the session's conversation. Raises `NotFound`."""
    with store.unit() as unit:
        session_row(unit.session, session_id, lock=True)
        return add(unit, session_id, author, body, client_id)


def add(
    unit: UnitOfWork, session_id: str, author: str, body: Mapping[str, Any], client_id: str | None = None
) -> Appended:
    """Add a message inside a transaction that does more; the session must be locked."""
    seen = _seq_of(unit, session_id, client_id)
    if seen is not None:
        return Appended(seen, duplicate=True)
    last = select(func.max(MessageRow.seq)).where(MessageRow.session_id == session_id)
    seq = (unit.session.scalar(last) or 0) + 1
    unit.session.add(
        MessageRow(
            session_id=session_id, seq=seq, author=author, client_id=client_id, body=dict(body), at=unit.now
        )
    )
    unit.session.flush()
    return Appended(seq, duplicate=False)


def whole(unit: UnitOfWork, session_id: str) -> tuple[Message, ...]:
    """The whole conversation, oldest first."""
    query = select(MessageRow).where(MessageRow.session_id == session_id).order_by(MessageRow.seq)
    return tuple(_message(row) for row in unit.session.scalars(query))


def language_of(unit: UnitOfWork, session_id: str) -> str | None:
    """The language the bot spoke last in this conversation."""
    query = (
        select(MessageRow.body)
        .where(MessageRow.session_id == session_id, MessageRow.author == "bot")
        .order_by(MessageRow.seq.desc())
        .limit(1)
    )
    body = unit.session.scalars(query).first()
    return body.get("lang") if body else None


def language_spoken(store: CaseStore, session_id: str) -> str | None:
    """The language the bot spoke last in this conversation."""
    with store.reading() as unit:
        return language_of(unit, session_id)


def last_buttons(store: CaseStore, session_id: str, limit: int = 20) -> tuple[str, ...]:
    """The payloads of the quick replies since the borrower's last message, in the order shown."""
    query = (
        select(MessageRow.author, MessageRow.body)
        .where(MessageRow.session_id == session_id)
        .order_by(MessageRow.seq.desc())
        .limit(limit)
    )
    with store.reading() as unit:
        latest = takewhile(lambda pair: pair[0] != "borrower", unit.session.execute(query))
        bodies = [body for _, body in latest]
    return tuple(button["payload"] for body in reversed(bodies) for button in body.get("buttons", ()))


def after(store: CaseStore, session_id: str, seq: int, limit: int) -> tuple[Message, ...]:
    """At most `limit` messages later than number `seq`, oldest first."""
    query = (
        select(MessageRow)
        .where(MessageRow.session_id == session_id, MessageRow.seq > seq)
        .order_by(MessageRow.seq)
        .limit(limit)
    )
    with store.reading() as unit:
        # One that was erased at the borrower's request keeps its number only.
        return tuple(_message(row) for row in unit.session.scalars(query) if row.body)


def last(store: CaseStore, session_id: str) -> Message | None:
    """The latest message of the session, None before the first."""
    query = select(MessageRow).where(MessageRow.session_id == session_id)
    with store.reading() as unit:
        row = unit.session.scalars(query.order_by(MessageRow.seq.desc()).limit(1)).first()
        return _message(row) if row else None


def _count_written_by_person() -> Any:
    """Made once: it is asked at each message, and making it takes longer than asking."""
    own, other, message = SessionRow.__table__.alias(), SessionRow.__table__.alias(), MessageRow.__table__
    written = (
        select(message.c.seq)
        .join(other, other.c.session_id == message.c.session_id)
        .join(own, own.c.borrower_id == other.c.borrower_id)
        .where(
            own.c.session_id == bindparam("session_id"),
            message.c.author == "borrower",
            message.c.at > bindparam("since"),
        )
        .limit(bindparam("most"))
    )
    return select(func.count()).select_from(written.subquery())


_COUNT_WRITTEN_BY_PERSON = _count_written_by_person()


def written_by_person(store: CaseStore, session_id: str, since: datetime, most: int) -> int:
    """How many messages the borrower of this conversation has written since (UTC), wherever they wrote them.

    Counted as far as `most`; 0 while nobody knows whose conversation it is.
    """
    asked = {"session_id": session_id, "since": since, "most": most}
    with store.reading() as unit:
        return int(unit.session.scalar(_COUNT_WRITTEN_BY_PERSON, asked) or 0)


def issued_payloads(store: CaseStore, session_id: str, limit: int = 50) -> frozenset[str]:
    """The payloads behind the buttons of the bot's last `limit` messages to this session."""
    bodies = _bot_bodies(store, session_id, limit)
    return frozenset(payload for body in bodies for payload in _payloads(body))


def _bot_bodies(store: CaseStore, session_id: str, limit: int) -> list[Mapping[str, Any]]:
    """The bot's last messages to this session, the newest first."""
    query = (
        select(MessageRow.body)
        .where(MessageRow.session_id == session_id, MessageRow.author == "bot")
        .order_by(MessageRow.seq.desc())
        .limit(limit)
    )
    with store.reading() as unit:
        return list(unit.session.scalars(query))


def titles(value: Any) -> Iterator[tuple[str, str]]:
    """Payload and title of every button anywhere in a message: what a person reads of a press."""
    if isinstance(value, Mapping):
        if isinstance(value.get("payload"), str) and isinstance(value.get("title"), str):
            yield value["payload"], value["title"]
        value = list(value.values())
    if isinstance(value, list):
        for inner in value:
            yield from titles(inner)


def title_of(store: CaseStore, session_id: str, payload: str, limit: int = 50) -> str:
    """What stood on the button behind `payload` in the bot's last `limit` messages, else the payload."""
    bodies = _bot_bodies(store, session_id, limit)
    return next((title for body in bodies for each, title in titles(body) if each == payload), payload)


def _message(row: MessageRow) -> Message:
    return Message(row.seq, row.author, row.body, row.at)


def _seq_of(unit: UnitOfWork, session_id: str, client_id: str | None) -> int | None:
    if client_id is None:
        return None
    query = select(MessageRow.seq).where(
        MessageRow.session_id == session_id, MessageRow.client_id == client_id
    )
    return unit.session.scalar(query)


def _payloads(value: Any) -> Iterator[str]:
    """Every `payload` text anywhere in a message: quick replies and the buttons of cards."""
    if isinstance(value, dict):
        if isinstance(value.get("payload"), str):
            yield value["payload"]
        for inner in value.values():
            yield from _payloads(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _payloads(inner)
