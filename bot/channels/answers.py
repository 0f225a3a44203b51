"""Answers that are not lost between bot and channel: kept until they went out, the same to whoever asks.

A channel may send a message again, to any worker, until it is answered. What can't go out comes before the
answer to the borrower's next message. It is kept in the case store, so that a retry that reaches another
worker finds it, and one after a restart.
"""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass

from bot.channels.messaging import Body, as_texts
from bot.channels.turns import log_failure
from casestore import kept_answers
from casestore.kept_answers import Reply, Turn
from casestore.store import CaseStore

# How often the worker of a message shows that it lives, and others look whether it is done.
ALIVE_SECONDS = 1.0
LOOK_SECONDS = 0.2
# Longer than a turn takes, queue and all.
GIVEN_UP_SECONDS = 600.0
ERASE_SECONDS = 60.0


@dataclass(frozen=True)
class Outgoing:
    """One message: `text` with its buttons; `plain` says the same with the buttons as numbers."""

    text: str
    plain: str
    buttons: Sequence[Mapping[str, str]] = ()


class Answers(ABC):
    """Answers each message once, however often it is sent and to whichever worker.

    A channel says in a class of its own what it replies with, and how it sends what is no reply.
    """

    # Whether an answer is sent when the channel closed the connection, because it may not ask again.
    sends_when_closed = False

    def __init__(self, store: CaseStore, channel: str, within_seconds: float) -> None:
        self._store, self._channel, self._within = store, channel, within_seconds
        self._working: dict[Turn, asyncio.Task[list[Body]]] = {}
        self._pushing: set[asyncio.Task[None]] = set()
        self._standing_by: dict[Turn, asyncio.Task[None]] = {}

    async def answer(
        self, address: str, message_id: str, work: Callable[[], Awaitable[list[Body]]]
    ) -> str | None:
        """The text to reply with, None for nothing. `work` answers the message and never raises."""
        try:
            arrival = await asyncio.to_thread(
                kept_answers.arrive, self._store, self._channel, address, message_id
            )
        except Exception as error:
            log_failure("The case store is away, so that an answer can't be kept", error)
            return await self._alone(address, await work())
        turn = arrival.turn
        if arrival.is_mine and turn not in self._working:
            self._begin(turn, work)
        elif not arrival.is_mine:
            self._stand_by(turn, work)
        task = self._working.get(turn)
        try:
            return await self._said_in_time(address, turn, arrival.deliveries)
        except asyncio.CancelledError:
            if self.sends_when_closed:
                self._push(address, turn, is_settled=False)
            raise
        except Exception as error:
            log_failure("An answer could not be kept", error)
            return await self._alone(address, task.result()) if task and task.done() else None

    async def erase(self) -> None:
        """Empty what was kept as long as it may be, again and again, until cancelled."""
        while True:
            try:
                await asyncio.to_thread(kept_answers.erase_due, self._store)
            except Exception as error:
                log_failure("Old answers could not be erased", error)
            await asyncio.sleep(ERASE_SECONDS)

    @abstractmethod
    async def _alone(self, address: str, bodies: Sequence[Body]) -> str | None:
        """What to reply with when nothing can be kept; None when it was sent instead."""

    @abstractmethod
    def _compose(self, kept: Sequence[list[Body]], bodies: list[Body]) -> Reply | None:
        """The reply, with what was kept before; None when it is sent instead."""

    @abstractmethod
    def _outgoing(self, bodies: Sequence[Body]) -> list[Outgoing]:
        """The messages of a turn as they are sent."""

    @abstractmethod
    async def _deliver(self, address: str, message: Outgoing) -> None:
        """Send a message. Raises any exception when it was not taken."""

    async def _await_close(self, turn: Turn, deliveries: int) -> bool:
        """Whether the answer came while the channel was let run into its own time limit."""
        return False

    def _begin(self, turn: Turn, work: Callable[[], Awaitable[list[Body]]]) -> None:
        """Begin a work that goes on although the channel closes."""
        task = self._working[turn] = asyncio.create_task(self._work(turn, work))
        task.add_done_callback(lambda _: self._working.pop(turn, None))

    def _stand_by(self, turn: Turn, work: Callable[[], Awaitable[list[Body]]]) -> None:
        """Begin the work if the worker that has it dies before it is done: perhaps nobody asks again."""
        if turn in self._working or turn in self._standing_by:
            return
        task = self._standing_by[turn] = asyncio.create_task(self._take_over(turn, work))
        task.add_done_callback(lambda _: self._standing_by.pop(turn, None))

    async def _take_over(self, turn: Turn, work: Callable[[], Awaitable[list[Body]]]) -> None:
        try:
            while (dead := await asyncio.to_thread(kept_answers.take_over, self._store, turn)) is False:
                await asyncio.sleep(ALIVE_SECONDS)
        except Exception as error:
            log_failure("Whether a message is answered could not be seen", error)
            return
        if dead:
            self._begin(turn, work)

    async def _work(self, turn: Turn, work: Callable[[], Awaitable[list[Body]]]) -> list[Body]:
        working = asyncio.ensure_future(work())
        try:
            while not (await asyncio.wait({working}, timeout=ALIVE_SECONDS))[0]:
                await asyncio.to_thread(kept_answers.still_working, self._store, turn)
            await asyncio.to_thread(kept_answers.finish, self._store, turn, working.result())
        except Exception as error:
            log_failure("An answer could not be kept", error)
        except asyncio.CancelledError:
            working.cancel()
            raise
        return await working

    async def _said_in_time(self, address: str, turn: Turn, deliveries: int) -> str | None:
        is_done = await self._is_done(turn, self._within) or await self._await_close(turn, deliveries)
        if not is_done:
            if await asyncio.to_thread(kept_answers.claim_push, self._store, turn):
                self._push(address, turn)
            return None
        reply = await asyncio.to_thread(kept_answers.reply, self._store, turn, self._compose)
        if reply is None:
            self._push(address, turn)
        return reply or None

    async def _is_done(self, turn: Turn, seconds: float, or_settled: bool = True) -> bool:
        """Whether the answer is there within so many seconds, from this worker or another."""
        task = self._working.get(turn)
        if task:
            return bool((await asyncio.wait({task}, timeout=seconds))[0])
        end = asyncio.get_running_loop().time() + seconds
        while True:
            state = await asyncio.to_thread(kept_answers.look, self._store, turn)
            if state.is_ready or (or_settled and state.is_settled):
                return True
            if asyncio.get_running_loop().time() >= end:
                return False
            await asyncio.sleep(LOOK_SECONDS)

    def _push(self, address: str, turn: Turn, is_settled: bool = True) -> None:
        """Have the answer sent when it is there, by whoever settles first that it is sent."""
        task = asyncio.create_task(self._send(address, turn, is_settled))
        self._pushing.add(task)
        task.add_done_callback(self._pushing.discard)

    async def _send(self, address: str, turn: Turn, is_settled: bool) -> None:
        try:
            if not await self._is_done(turn, GIVEN_UP_SECONDS, or_settled=False):
                return
            if not (is_settled or await asyncio.to_thread(kept_answers.claim_push, self._store, turn)):
                return
            kept, bodies = await asyncio.to_thread(kept_answers.take, self._store, turn)
        except Exception as error:
            log_failure("A late answer could not be fetched", error)
            return
        outgoing = [Outgoing(text, text) for each in kept for text in as_texts(each)]
        await self._send_all(address, turn, [*outgoing, *self._outgoing(bodies)])

    async def _send_all(self, address: str, turn: Turn, outgoing: Sequence[Outgoing]) -> None:
        for number, message in enumerate(outgoing):
            try:
                await self._deliver(address, message)
            except Exception as error:
                log_failure("An answer could not be sent and is kept for the borrower's next message", error)
                rest = [each.plain for each in outgoing[number:]]
                await asyncio.to_thread(kept_answers.keep, self._store, turn, rest)
                return
