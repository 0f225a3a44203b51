"""One turn at a time: a conversation's messages are answered in order, and every turn ends with a word."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any, Protocol
from weakref import WeakValueDictionary

from rasa.core.channels.channel import UserMessage

from casestore.answering import Superseded

logger = logging.getLogger(__name__)

Handler = Callable[[UserMessage], Awaitable[Any]]


class Spoken(Protocol):
    """An output channel that knows its language and how many messages it has sent in this turn."""

    language: str

    def name(self) -> str:
        """The channel's name in Rasa."""

    @property
    def spoken(self) -> int:
        """How many messages there were."""

    async def apologise(self, recipient_id: str, told: str) -> None:
        """Say to somebody who wrote `told` that something went wrong on our side."""


class TooManyWaiting(Exception):
    """More messages wait for an answer than a person would send."""


class Lanes:
    """A queue per conversation; it is gone when nobody waits in it."""

    def __init__(self, most_waiting: int) -> None:
        self._most_waiting = most_waiting
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._waiting: Counter[str] = Counter()

    def is_busy(self, session_id: str) -> bool:
        """Whether a turn of this conversation is under way."""
        return self._waiting[session_id] > 0

    @asynccontextmanager
    async def turn(self, session_id: str) -> AsyncIterator[None]:
        """Wait for the turns before, then have this one alone. Raises `TooManyWaiting`."""
        if self._waiting[session_id] > self._most_waiting:
            raise TooManyWaiting
        lock = self._locks.setdefault(session_id, asyncio.Lock())
        self._waiting[session_id] += 1
        try:
            async with lock:
                yield
        finally:
            self._waiting[session_id] -= 1
            if not self._waiting[session_id]:
                del self._waiting[session_id]


async def answer(
    handler: Handler,
    output: Spoken,
    session_id: str,
    text: str,
    seconds: float,
    message_id: str | None = None,
) -> None:
    """Have Rasa answer `text`. When it fails, takes too long or stays silent, it apologises.

    Rasa remembers the turn under `message_id`. Raises `Superseded`.
    """
    message = UserMessage(
        text,
        output,
        session_id,
        input_channel=output.name(),
        message_id=message_id,
        metadata={"language": output.language},
    )
    try:
        await asyncio.wait_for(handler(message), seconds)
    except Superseded:
        raise
    except Exception as error:
        log_failure("A turn failed", error)
        await output.apologise(session_id, text)
    else:
        # Rasa swallows the failure of an action; what is left of it is silence.
        if not output.spoken:
            logger.error("A turn ended without a word")
            await output.apologise(session_id, text)


def log_failure(what: str, error: BaseException) -> None:
    """Log where an error came from. Its message may hold what the borrower said, so that stays out."""
    trace, places = error.__traceback__, []
    while trace is not None:
        places.append(f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}")
        trace = trace.tb_next
    logger.error("%s: %s at %s", what, type(error).__name__, " > ".join(places[-3:]))
