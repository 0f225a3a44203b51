"""Channels that answer by sending: what the bot says and what people write goes out as separate messages."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Protocol

from bot.channels.answers import Answers, Outgoing
from bot.channels.danger import InTime, at_once
from bot.channels.limits import Limits
from bot.channels.messaging import AskedToWait, Body, Conversations, PersonPush, PushingBlueprint, as_text
from bot.channels.splitting import parts_of
from bot.channels.turns import Handler, Lanes
from bot.channels.wording import DEFAULT_LANGUAGE
from casestore.kept_answers import Reply
from casestore.store import CaseStore

# So long a channel is let work on a message before it is told that it was taken.
TAKEN_WITHIN_SECONDS = 30.0
# A service that asks to wait is waited for so often, and never for longer; then the answer is kept.
MOST_TRIES = 3
LONGEST_WAIT_SECONDS = 30.0

Pause = Callable[[float], Awaitable[None]]


class Service(Protocol):
    """Who sends for us; it takes texts of at most `most_characters`."""

    most_characters: int

    async def deliver(self, address: str, message: Outgoing) -> None:
        """Send one message. Raises `AskedToWait`, or any exception when it was not taken."""


class SentAnswers(Answers):
    """Sends every answer, in the order of the messages."""

    def __init__(self, store: CaseStore, channel: str, service: Service, pause: Pause) -> None:
        super().__init__(store, channel, TAKEN_WITHIN_SECONDS)
        self._service, self._pause = service, pause
        # Who waits here has been admitted before.
        self._lanes = Lanes(most_waiting=1000)

    async def _alone(self, address: str, bodies: Sequence[Body]) -> None:
        for message in self._outgoing(bodies):
            await self._deliver(address, message)

    def _compose(self, kept: Sequence[list[Body]], bodies: list[Body]) -> Reply | None:
        return None

    def _outgoing(self, bodies: Sequence[Body]) -> list[Outgoing]:
        return outgoing_of(bodies, self._service.most_characters)

    async def _send(self, address: str, *about: object) -> None:
        async with self._lanes.turn(address):
            await super()._send(address, *about)  # type: ignore[arg-type]

    async def _deliver(self, address: str, message: Outgoing) -> None:
        for _ in range(MOST_TRIES - 1):
            try:
                await self._service.deliver(address, message)
                return
            except AskedToWait as asked:
                if asked.seconds > LONGEST_WAIT_SECONDS:
                    raise
                await self._pause(asked.seconds)
        await self._service.deliver(address, message)


class SentChannel:
    """The conversations of one such channel; `pause` waits as long as the service asks."""

    def __init__(
        self,
        store: CaseStore,
        channel: str,
        handler: Handler,
        limits: Limits,
        service: Service,
        pause: Pause = asyncio.sleep,
    ) -> None:
        self._store, self._channel, self._service = store, channel, service
        self._talk = Conversations(store, channel, handler, limits)
        self._answers = SentAnswers(store, channel, service, pause)

    def beside(self) -> PushingBlueprint:
        """A blueprint without routes: with its server people's messages begin to be sent."""
        push = PersonPush(self._store, self._channel, self._send)
        return PushingBlueprint(f"{self._channel}_people", self._talk.memory, push, self._answers.erase)

    async def hear(self, address: str, message_id: str, text: str, pressed: str = "") -> None:
        """Answer a message, once. `pressed` is the `button_id` of a button, on which `text` stood.

        Danger waits for nothing: whom to call is sent, and later what else there is.
        """
        danger = at_once(text)
        async with InTime(text, lambda: self._send(address, danger)) as in_time:

            async def work() -> list[Body]:
                bodies = await self._talk.answer(address, message_id, text, pressed)
                in_time.is_answered()
                return [each for each in bodies if not (in_time.has_said and each.get("text") in danger)]

            await self._answers.answer(address, message_id, work)

    async def greet(self, address: str, message_id: str, language: str = DEFAULT_LANGUAGE) -> None:
        """The borrower has opened the chat, perhaps again: the bot introduces itself."""

        async def work() -> list[Body]:
            return await self._talk.greet(address, language, again=True)

        await self._answers.answer(address, message_id, work)

    async def _send(self, address: str, texts: Iterable[str]) -> None:
        for message in outgoing_of([{"text": text} for text in texts], self._service.most_characters):
            await self._service.deliver(address, message)


def outgoing_of(bodies: Iterable[Body], most_characters: int) -> list[Outgoing]:
    """The messages of a turn, long ones in parts; `plain` counts its buttons through the whole turn."""
    outgoing, number = [], 1
    for body in bodies:
        *parts, last = parts_of(str(body.get("text") or ""), lambda rest: rest[:most_characters]) or [""]
        buttons = tuple(body.get("buttons") or ())
        outgoing += [Outgoing(part, part) for part in parts]
        outgoing.append(Outgoing(last, as_text({**body, "text": last}, number), buttons))
        number += len(buttons)
    return [each for each in outgoing if each.text]
