"""What all messaging channels share: one text in, texts out, buttons as numbers, people's messages pushed.

A channel of its own (WeChat, SMS) checks that a message is genuine and knows how to send a text; here it
becomes a turn. The conversation is recorded as on the web, so that a payload counts only if it was offered.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterable, Mapping
from datetime import timedelta
from typing import Any

from rasa.core.channels.channel import OutputChannel
from sanic import Blueprint, Sanic

from bot.channels.answering import Answering, Voice
from bot.channels.danger import said_to
from bot.channels.limits import Limits, PersonLimit, RateLimits
from bot.channels.memory import Memory
from bot.channels.protocol import bot_body, clean, without_command, worded
from bot.channels.record import Record
from bot.channels.remembered import Remembered
from bot.channels.running import run_beside
from bot.channels.turns import Handler, Lanes, TooManyWaiting, answer, log_failure
from bot.channels.wording import DEFAULT_LANGUAGE, wording
from bot.nlu.care import is_danger
from casestore import addresses, person_messages
from casestore.answering import Claim, Superseded
from casestore.store import CaseStore

PAUSE_SECONDS = 1.0
TOLD_TO_WAIT = timedelta(minutes=1)
MOST_TOLD_TO_WAIT = 10_000

# Sends the texts to an address, each as one message. Raises any exception when they were not taken.
Send = Callable[[str, list[str]], Awaitable[None]]

# One message of the bot, as `bot_body` makes it.
Body = Mapping[str, Any]


class AskedToWait(Exception):
    """The channel's service takes nothing for so many seconds."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"{seconds} seconds")
        self.seconds = seconds


class CollectingOutput(OutputChannel):
    """Keeps what the bot says in one turn, recorded with numbers, until the channel sends it."""

    def __init__(self, store: CaseStore, channel: str, language: str = DEFAULT_LANGUAGE) -> None:
        self._store, self._channel = store, channel
        self._voice = Voice(store)
        self.language = language
        self.bodies: list[Body] = []

    def answers(self, claim: Claim) -> None:
        """From now on this is said in answer to a message; an answer broken off is not stored again."""
        self._voice = Voice(self._store, claim)

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
            await self._voice.store(recipient_id, body)
            self.bodies.append(body)

    async def send_text_message(self, recipient_id: str, text: str, **_: Any) -> None:
        """Keep a text alone."""
        await self.send_response(recipient_id, {"text": text})

    async def apologise(self, recipient_id: str, told: str) -> None:
        """Say to somebody who wrote `told` that it went wrong on our side, even when that can't be stored."""
        body = notice("utter_technical_problem", self.language, told)
        try:
            await self._voice.store(recipient_id, {**body, "notice": "technical_problem"})
        except Superseded:
            raise
        except Exception as error:
            log_failure("An apology could not be stored", error)
        self.bodies.append(body)


class Conversations:
    """Turns messages of one messaging channel into turns of the bot."""

    def __init__(self, store: CaseStore, channel: str, handler: Handler, limits: Limits) -> None:
        self._store, self._channel, self._handler, self._limits = store, channel, handler, limits
        self.memory = Memory()
        self._answering = Answering(store, handler, self.memory, limits.turn_seconds)
        self._record = Record(store, channel)
        self._lanes = Lanes(limits.waiting_messages)
        self._rates, self._person = RateLimits(limits), PersonLimit(store, limits)
        self._told_to_wait: Remembered[bool] = Remembered(store.clock, TOLD_TO_WAIT, MOST_TOLD_TO_WAIT)

    async def hear(self, address: str, message_id: str, text: str) -> list[str]:
        """Answer a message; the texts to send, none for a repeat or when a person answers.

        `message_id` is the channel's own and recognises a repeat. Never raises: what fails is apologised for.
        """
        return as_texts(await self.answer(address, message_id, text))

    async def answer(self, address: str, message_id: str, text: str, pressed: str = "") -> list[Body]:
        """As `hear`, but the messages with their buttons. `pressed` is the `button_id` of a button."""

        async def turn(session_id: str, output: CollectingOutput) -> None:
            await self._turn(session_id, message_id, text, pressed, output)

        return await self._alone(address, turn, text)

    async def greet(self, address: str, language: str = "", again: bool = False) -> list[Body]:
        """The borrower is there: the bot introduces itself, in `language` if it is given.

        It does so once, or with `again` each time no person talks with them.
        """

        async def turn(session_id: str, output: CollectingOutput) -> None:
            output.language = language or output.language
            silent = (
                self._record.person_talks(session_id) if again else self._record.anything_after(session_id, 0)
            )
            if not await silent:
                greeting = "/greet" + json.dumps({"language": output.language})
                await answer(self._handler, output, session_id, greeting, self._limits.turn_seconds)

        return await self._alone(address, turn)

    async def _alone(
        self, address: str, turn: Callable[[str, CollectingOutput], Awaitable[None]], told: str = ""
    ) -> list[Body]:
        """What is said in `turn`, which begins when the turns before it are over."""
        output = CollectingOutput(self._store, self._channel)
        session_id = addresses.id_for(self._store, self._channel, address)
        try:
            output.language = await self._record.language(session_id) or DEFAULT_LANGUAGE
            is_slow_enough = self._rates.allow_message(session_id, session_id)
            if not (is_slow_enough and await self._person.allows(session_id)):
                return self._ask_to_wait(session_id, output.language, told)
            await asyncio.to_thread(addresses.session_for, self._store, self._channel, address)
            async with self._lanes.turn(session_id):
                session = await self._record.begin(session_id)
                spoken = await self._record.language(session_id)
                output.language = spoken or session.language or DEFAULT_LANGUAGE
                await turn(session_id, output)
        except TooManyWaiting:
            return self._ask_to_wait(session_id, output.language, told)
        except Exception as error:
            log_failure("A message could not be taken", error)
            return [notice("utter_technical_problem", output.language, told)]
        return output.bodies

    def _ask_to_wait(self, session_id: str, language: str, told: str) -> list[Body]:
        """The refusal of a message too many, each said once in a while: each text costs the lender."""
        refusal = notice("utter_refused_too_fast", language, told)
        if self._told_to_wait.get(f"{session_id} {refusal['text']}"):
            return []
        self._told_to_wait.put(f"{session_id} {refusal['text']}", True)
        return [refusal]

    async def _turn(
        self, session_id: str, message_id: str, text: str, pressed: str, output: CollectingOutput
    ) -> None:
        said = without_command(clean(text))
        if len(said) > self._limits.message_characters:
            output.bodies.append(notice("utter_refused_too_long", output.language, said))
            return
        payload = await self._record.pressed(session_id, pressed) if pressed else None
        payload = payload or await self._record.choice(session_id, said)
        body = {"payload": payload} if payload else {"text": said}
        if not said and not payload:
            output.bodies.append(notice("utter_refused_no_text", output.language))
            return
        heard = await self._answering.hear(session_id, body, message_id)
        if heard.claim is not None:
            await self._respond(heard.claim, output)

    async def _respond(self, claim: Claim, output: CollectingOutput) -> None:
        # As it was stored: a number no longer stands below the buttons that it pressed.
        payload, text = claim.body.get("payload"), claim.body.get("text", "")
        async with self._answering.turn(claim):
            told = await self._record.title_of(claim.session_id, payload) if payload else text
            if await self._record.tell_person(claim.session_id, told, claim.seq) and not is_danger(text):
                return
            output.answers(claim)
            await self._answering.answer(claim, output, payload or text)
            if not output.bodies:
                # All of it was stored before a worker died; nobody can say whether it was sent.
                output.bodies.extend(body for body in claim.said if body.get("text"))


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
            wait = timedelta(seconds=error.seconds if isinstance(error, AskedToWait) else 0)
            await asyncio.to_thread(person_messages.failed, self._store, message, wait)
        else:
            await asyncio.to_thread(person_messages.delivered, self._store, message)
        return True


class PushingBlueprint(Blueprint):
    """A blueprint that starts sending people's messages, and `also`, with the server it is registered in."""

    def __init__(
        self, name: str, memory: Memory, push: PersonPush, *also: Callable[[], Awaitable[None]]
    ) -> None:
        super().__init__(name)
        self.ctx.memory, self.ctx.beside = memory, (push.run, *also)

    def register(self, app: Sanic, options: dict[str, Any]) -> None:
        """Attach the routes and the sending."""
        for work in self.ctx.beside:
            run_beside(app, work)
        self.ctx.memory.attach(app)
        super().register(app, options)


def notice(response: str, language: str, told: str = "") -> dict[str, str]:
    """What the channel itself has to say, as a message, to somebody who wrote `told`."""
    return {"text": said_to(told, response, language), "lang": language}


def as_texts(bodies: Iterable[Body]) -> list[str]:
    """Each message as plain text; buttons are numbered through the whole turn."""
    texts, number = [], 1
    for body in bodies:
        texts.append(as_text(body, number))
        number += len(body.get("buttons") or [])
    return texts


def as_text(body: Body, first: int) -> str:
    """A message as plain text; below stands which number presses which button, counted from `first`."""
    line = wording("utter_reply_with_number", str(body.get("lang", DEFAULT_LANGUAGE)))
    buttons = enumerate(body.get("buttons") or [], start=first)
    choices = (line.format(number=number, title=button["title"]) for number, button in buttons)
    return "\n".join(part for part in (str(body.get("text") or ""), *choices) if part)
