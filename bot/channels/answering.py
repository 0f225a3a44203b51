"""A borrower's message is answered once: by one worker, by another when that one died, never in two ways."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import asynccontextmanager, suppress
from typing import Any

from bot.channels.memory import Memory
from bot.channels.turns import Handler, Spoken, answer, log_failure
from casestore import answering, messages
from casestore.answering import Body, Claim, Heard, Superseded
from casestore.messages import Appended
from casestore.store import CaseStore

# How often the worker of a message shows that it lives, and others look whether it is done.
ALIVE_SECONDS = 1.0
LOOK_SECONDS = 0.2


class Voice:
    """Stores what the bot says in one turn. A turn that is run again stores nothing a second time."""

    def __init__(self, store: CaseStore, claim: Claim | None = None, said: Iterable[Body] = ()) -> None:
        self._store, self._claim = store, claim
        self._said = [*(claim.said if claim else ()), *said]

    async def store(self, session_id: str, body: Mapping[str, Any]) -> Appended | None:
        """The message's number; None when it was stored before. Raises `Superseded`."""
        if body in self._said:
            self._said.remove(body)
            return None
        if self._claim is None:
            return await asyncio.to_thread(messages.append, self._store, session_id, "bot", body)
        return await asyncio.to_thread(answering.say, self._store, self._claim, body)


class Answering:
    """Claims messages and has Rasa answer them, each until its turn has ended."""

    def __init__(self, store: CaseStore, handler: Handler, memory: Memory, seconds: float) -> None:
        self._store, self._handler, self._memory, self._seconds = store, handler, memory, seconds

    async def hear(self, session_id: str, body: Mapping[str, Any], client_id: str | None) -> Heard:
        """Store a message. Comes back when it is the caller's to answer, or is over."""
        return await _settled(lambda: answering.hear(self._store, session_id, body, client_id))

    async def is_left_open(self, session_id: str) -> bool:
        """Whether the borrower's last message is not answered to the end."""
        return await asyncio.to_thread(answering.left_open, self._store, session_id) is not None

    async def take_up(self, session_id: str) -> Heard | None:
        """The message that is left open, as `hear` gives it; None when there is none."""
        seq = await asyncio.to_thread(answering.left_open, self._store, session_id)
        if seq is None:
            return None
        return await _settled(lambda: answering.claim(self._store, session_id, seq))

    async def has_ended(self, session_id: str, name: str) -> bool:
        """Whether Rasa has ended the turn of this name."""
        return await self._memory.holds(session_id, name)

    @asynccontextmanager
    async def turn(self, claim: Claim) -> AsyncIterator[None]:
        """Answer the claimed message in here. Broken off, it is anybody's again."""
        beating = asyncio.ensure_future(self._show_life(claim))
        try:
            yield
        except BaseException:
            await self._note(answering.release, claim)
            raise
        else:
            await self._note(answering.answered, claim)
        finally:
            beating.cancel()
            with suppress(asyncio.CancelledError):
                await beating

    async def answer(self, claim: Claim, output: Spoken, text: str) -> None:
        """Have Rasa answer, unless it has done so and was only not seen to the end."""
        name = str(claim.seq)
        if claim.attempt > 1 and await self._memory.holds(claim.session_id, name):
            return
        with suppress(Superseded):
            await answer(self._handler, output, claim.session_id, text, self._seconds, name)

    async def _show_life(self, claim: Claim) -> None:
        while True:
            await asyncio.sleep(ALIVE_SECONDS)
            await self._note(answering.still_working, claim)

    async def _note(self, what: Callable[[CaseStore, Claim], None], claim: Claim) -> None:
        try:
            await asyncio.to_thread(what, self._store, claim)
        except Exception as error:
            log_failure("How far an answer has come could not be noted", error)


async def _settled(look: Callable[[], Heard]) -> Heard:
    """What `look` finds once no other worker is answering the message."""
    while True:
        heard = await asyncio.to_thread(look)
        if heard.claim or heard.is_over:
            return heard
        await asyncio.sleep(LOOK_SECONDS)
