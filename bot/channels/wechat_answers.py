"""WeChat's five seconds: an answer goes back in time, is pushed when it is late, and is not lost in silence.

WeChat closes the connection after five seconds and sends the message again, three times in all. "success"
stops that. An account without the right to customer-service messages can only answer when asked: there the
retries are used to wait longer, and what is ready too late comes before the next answer. It is kept in the
case store, so that a retry that reaches another worker finds it, and one after a restart.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence

from bot.channels.messaging import Body, as_texts
from bot.channels.turns import log_failure
from bot.channels.wechat_api import (
    MOST_BYTES,
    MOST_HEAD_BYTES,
    MOST_ITEMS,
    CustomerService,
    Outgoing,
    text_parts,
)
from bot.channels.wechat_xml import Message
from bot.channels.wording import DEFAULT_LANGUAGE, wording
from casestore import kept_answers
from casestore.kept_answers import Reply, Turn
from casestore.store import CaseStore

ANSWER_WITHIN_SECONDS = 4.5
# Longer than WeChat keeps the connection open, so that it closes first and asks again.
UNTIL_CLOSED_SECONDS = 10.0
MOST_DELIVERIES = 3
# How often the worker of a message shows that it lives, and others look whether it is done.
ALIVE_SECONDS = 1.0
LOOK_SECONDS = 0.2
# Longer than a turn takes, queue and all.
GIVEN_UP_SECONDS = 600.0
ERASE_SECONDS = 60.0
GAP = "\n\n"


class Answers:
    """Answers each message once, however often WeChat sends it and to whichever worker."""

    def __init__(
        self,
        service: CustomerService,
        store: CaseStore,
        channel: str,
        within_seconds: float = ANSWER_WITHIN_SECONDS,
    ) -> None:
        self._service, self._store, self._channel = service, store, channel
        self._within = within_seconds
        self._working: dict[Turn, asyncio.Task[list[Body]]] = {}
        self._pushing: set[asyncio.Task[None]] = set()

    async def answer(self, message: Message, work: Callable[[], Awaitable[list[Body]]]) -> str | None:
        """The text to reply with, None for "success". `work` answers the message and never raises."""
        try:
            arrival = await asyncio.to_thread(
                kept_answers.arrive, self._store, self._channel, message.openid, message.id
            )
        except Exception as error:
            log_failure("The case store is away, so that an answer can't be kept", error)
            return _alone(await work())
        if arrival.is_mine and arrival.turn not in self._working:
            self._begin(arrival.turn, work)
        task = self._working.get(arrival.turn)
        try:
            return await self._said_in_time(message.openid, arrival.turn, arrival.deliveries)
        except Exception as error:
            log_failure("An answer could not be kept", error)
            return _alone(task.result()) if task and task.done() else None

    async def erase(self) -> None:
        """Empty what was kept as long as it may be, again and again, until cancelled."""
        while True:
            try:
                await asyncio.to_thread(kept_answers.erase_due, self._store)
            except Exception as error:
                log_failure("Old answers could not be erased", error)
            await asyncio.sleep(ERASE_SECONDS)

    def _begin(self, turn: Turn, work: Callable[[], Awaitable[list[Body]]]) -> None:
        """Begin a work that goes on although WeChat closes."""
        task = self._working[turn] = asyncio.create_task(self._work(turn, work))
        task.add_done_callback(lambda _: self._working.pop(turn, None))

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

    async def _said_in_time(self, openid: str, turn: Turn, deliveries: int) -> str | None:
        is_done = await self._is_done(turn, self._within)
        if not is_done and not self._service.can_push and deliveries < MOST_DELIVERIES:
            # Cancelled when WeChat closes; the work goes on, and the retry finds its answer.
            is_done = await self._is_done(turn, UNTIL_CLOSED_SECONDS)
        if not is_done:
            if await asyncio.to_thread(kept_answers.claim_push, self._store, turn):
                self._push(openid, turn)
            return None
        reply = await asyncio.to_thread(kept_answers.reply, self._store, turn, self._compose)
        if reply is None:
            self._push(openid, turn)
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

    def _compose(self, kept: Sequence[list[Body]], bodies: list[Body]) -> Reply | None:
        """The reply, None when it is too long and therefore pushed.

        What was kept was refused before, so it is said here, as much of it as a reply holds.
        """
        text = GAP.join([*(text for each in kept for text in as_texts(each)), *as_texts(bodies)])
        if len(text.encode()) <= MOST_BYTES:
            return Reply(text)
        if self._service.can_push and not kept:
            return None
        more = GAP + wording("utter_more_follows", _language(bodies))
        first = text_parts(text, MOST_BYTES - len(more.encode()))[0]
        return Reply(first + more, text.strip()[len(first) :].lstrip())

    def _push(self, openid: str, turn: Turn) -> None:
        """Have the answer sent when it is there."""
        task = asyncio.create_task(self._send(openid, turn))
        self._pushing.add(task)
        task.add_done_callback(self._pushing.discard)

    async def _send(self, openid: str, turn: Turn) -> None:
        try:
            if not await self._is_done(turn, GIVEN_UP_SECONDS, or_settled=False):
                return
            kept, bodies = await asyncio.to_thread(kept_answers.take, self._store, turn)
        except Exception as error:
            log_failure("A late answer could not be fetched", error)
            return
        outgoing = [Outgoing(text, text) for each in kept for text in as_texts(each)]
        outgoing += outgoing_of(bodies)
        for number, message in enumerate(outgoing):
            try:
                await self._service.send(openid, message)
            except Exception as error:
                log_failure(
                    "An answer could not be pushed and is kept for the borrower's next message", error
                )
                rest = [each.plain for each in outgoing[number:]]
                await asyncio.to_thread(kept_answers.keep, self._store, turn, rest)
                return


def _alone(bodies: Sequence[Body]) -> str | None:
    """What can be said without a case store: as much as one reply holds."""
    return next(iter(text_parts(GAP.join(as_texts(bodies)))), None)


def outgoing_of(bodies: Sequence[Body]) -> list[Outgoing]:
    """The messages of a turn in as few as possible, because WeChat counts them; the buttons in one menu."""
    buttons = [button for body in bodies for button in body.get("buttons") or []]
    if not 0 < len(buttons) <= MOST_ITEMS:
        return [Outgoing(part, part) for part in text_parts(GAP.join(as_texts(bodies)))]
    parts = text_parts(GAP.join(str(body["text"]) for body in bodies if body.get("text")))
    if not parts or len(parts[-1].encode()) > MOST_HEAD_BYTES:
        parts.append(wording("utter_choose_one", _language(bodies)))
    head, language = parts.pop(), _language(bodies)
    plain = as_texts([{"text": head, "buttons": buttons, "lang": language}])
    return [*(Outgoing(part, part) for part in parts), Outgoing(head, plain[0], buttons)]


def _language(bodies: Sequence[Body]) -> str:
    return str(bodies[-1].get("lang", DEFAULT_LANGUAGE)) if bodies else DEFAULT_LANGUAGE
