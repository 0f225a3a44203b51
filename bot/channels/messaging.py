"""What all messaging channels share: one text in, texts out, buttons as numbers, people's messages pushed.

A channel of its own (WeChat, SMS) checks that a message is genuine and knows how to send a text; here it
becomes a turn. The conversation is recorded as on the web, so that a payload counts only if it was offered.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any

from rasa.core.channels.channel import OutputChannel

from bot.channels.limits import Limits
from bot.channels.protocol import bot_body, clean, without_command, worded
from bot.channels.record import Record
from bot.channels.turns import Handler, Lanes, TooManyWaiting, answer, log_failure
from bot.channels.wording import DEFAULT_LANGUAGE, wording
from bot.nlu.care import is_danger
from casestore import addresses, person_messages
from casestore.store import CaseStore

PAUSE_SECONDS = 1.0

# Sends the texts to an address, each as one message. Raises any exception when they were not taken.
Send = Callable[[str, list[str]], Awaitable[None]]


class CollectingOutput(OutputChannel):
    """Keeps what the bot says in one turn, recorded with numbers, until the channel sends it."""

    def __init__(self, record: Record, channel: str, language: str = DEFAULT_LANGUAGE) -> None:
        self._record, self._channel = record, channel
        self.language = language
        self.bodies: list[dict[str, Any]] = []

    def name(self) -> str:  # type: ignore[override]
        """The channel's name in Rasa."""
        return self._channel

    @property
    def spoken(self) -> int:
        """How many messages there were."""
        return len(self.bodies)

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        """Keep one message."""
        body = bot_body(message, self.language)
        if body:
            self.language = body["lang"]
            await self._record.append(recipient_id, "bot", body)
            self.bodies.append(body)

    async def send_text_message(self, recipient_id: str, text: str, **_: Any) -> None:
        """Keep a text alone."""
        await self.send_response(recipient_id, {"text": text})

    async def apologise(self, recipient_id: str) -> None:
        """Say that something went wrong on our side, even when it can't be stored."""
        body = {"text": wording("utter_technical_problem", self.language), "lang": self.language}
        self.bodies.append(body)
        try:
            await self._record.append(recipient_id, "bot", {**body, "notice": "technical_problem"})
        except Exception as error:
            log_failure("An apology could not be stored", error)


class Conversations:
    """Turns messages of one messaging channel into turns of the bot."""

    def __init__(self, store: CaseStore, channel: str, handler: Handler, limits: Limits) -> None:
        self._store, self._channel, self._handler, self._limits = store, channel, handler, limits
        self._record = Record(store, channel)
        self._lanes = Lanes(limits.waiting_messages)

    async def hear(self, address: str, message_id: str, text: str) -> list[str]:
        """Answer a message; the texts to send, none for a repeat or when a person answers.

        `message_id` is the channel's own and recognises a repeat. Never raises: what fails is apologised for.
        """
        output = CollectingOutput(self._record, self._channel)
        try:
            session_id = await asyncio.to_thread(addresses.session_for, self._store, self._channel, address)
            async with self._lanes.turn(session_id):
                await self._turn(session_id, message_id, text, output)
        except TooManyWaiting:
            return [wording("utter_refused_too_fast", output.language)]
        except Exception as error:
            log_failure("A message could not be taken", error)
            return [wording("utter_technical_problem", output.language)]
        return [as_text(body, number) for body, number in numbered(output.bodies)]

    async def _turn(self, session_id: str, message_id: str, text: str, output: CollectingOutput) -> None:
        session = await self._record.begin(session_id)
        output.language = await self._record.language(session_id) or session.language or DEFAULT_LANGUAGE
        said = without_command(clean(text))
        if len(said) > self._limits.message_characters:
            output.bodies.append({"text": wording("utter_refused_too_long", output.language)})
            return
        payload = await self._record.choice(session_id, said)
        body = {"payload": payload} if payload else {"text": said}
        if not said:
            output.bodies.append({"text": wording("utter_refused_no_text", output.language)})
            return
        stored = await self._record.append(session_id, "borrower", body, message_id)
        # Sent again by the channel. One that was answered must not be answered twice.
        if stored.duplicate and await self._record.anything_after(session_id, stored.seq):
            return
        if await self._record.tell_person(session_id, said) and not is_danger(said):
            return
        await answer(self._handler, output, session_id, payload or said, self._limits.turn_seconds)


class PersonPush:
    """Sends what people write to borrowers on a messaging channel, each message until it was taken."""

    def __init__(self, store: CaseStore, channel: str, send: Send) -> None:
        self._store, self._channel, self._send = store, channel, send

    async def run(self) -> None:
        """Send until cancelled; a case store that is away is waited for."""
        while True:
            try:
                while await self.send_next():
                    pass
            except Exception as error:
                log_failure("Messages of people could not be looked for", error)
            await asyncio.sleep(PAUSE_SECONDS)

    async def send_next(self) -> bool:
        """Try the next message that is due; False when there is none."""
        message = await asyncio.to_thread(person_messages.claim, self._store, self._channel)
        if message is None:
            return False
        address = await asyncio.to_thread(addresses.address_of, self._store, message.session_id)
        try:
            await self._send(str(address), [as_text(worded(message.body), 0)])
        except Exception as error:
            log_failure("A person's message could not be sent", error)
            await asyncio.to_thread(person_messages.failed, self._store, message)
        else:
            await asyncio.to_thread(person_messages.delivered, self._store, message)
        return True


def numbered(bodies: Iterable[Mapping[str, Any]]) -> list[tuple[Mapping[str, Any], int]]:
    """Each message with the number of its first button: buttons are numbered through the whole turn."""
    placed, number = [], 1
    for body in bodies:
        placed.append((body, number))
        number += len(body.get("buttons") or [])
    return placed


def as_text(body: Mapping[str, Any], first: int) -> str:
    """A message as plain text; its buttons stand below as "1 …", counted from `first`."""
    buttons = enumerate(body.get("buttons") or [], start=first)
    lines = [str(body.get("text") or ""), *(f"{number} {button['title']}" for number, button in buttons)]
    return "\n".join(line for line in lines if line)
