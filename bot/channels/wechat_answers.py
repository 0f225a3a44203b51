"""WeChat's five seconds: an answer goes back in time, is pushed when it is late, and is not lost in silence.

WeChat closes the connection after five seconds and sends the message again, three times in all. "success"
stops that. An account without the right to customer-service messages can only answer when asked: there the
retries are used to wait longer, and what is ready too late comes before the next answer.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.channels.messaging import Body, as_texts
from bot.channels.remembered import Remembered
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

ANSWER_WITHIN_SECONDS = 4.5
# Longer than WeChat keeps the connection open, so that it closes first and asks again.
UNTIL_CLOSED_SECONDS = 10.0
MOST_DELIVERIES = 3
# Three deliveries take 15 seconds.
REMEMBERED = timedelta(minutes=2)
# The time in which a borrower can be written to; an older answer would surprise.
KEPT = timedelta(hours=48)
MOST_REMEMBERED = 10_000
GAP = "\n\n"


@dataclass
class Turn:
    """The work on one message, and how far its answer has come."""

    work: asyncio.Future[list[Body]]
    deliveries: int = 0
    pushed: bool = False
    reply: str | None = None


class Answers:
    """Answers each message once, however often WeChat sends it."""

    def __init__(
        self,
        service: CustomerService,
        clock: Callable[[], datetime],
        within_seconds: float = ANSWER_WITHIN_SECONDS,
    ) -> None:
        self._service, self._within = service, within_seconds
        self._turns: Remembered[Turn] = Remembered(clock, REMEMBERED, MOST_REMEMBERED)
        self._kept: Remembered[list[str]] = Remembered(clock, KEPT, MOST_REMEMBERED)
        self._pushing: set[asyncio.Task[None]] = set()

    async def answer(self, message: Message, work: Callable[[], Awaitable[list[Body]]]) -> str | None:
        """The text to reply with, None for "success". `work` answers the message and never raises."""
        key = f"{message.openid} {message.id}"
        turn = self._turns.get(key)
        if turn is None:
            turn = Turn(asyncio.ensure_future(work()))
            self._turns.put(key, turn)
        turn.deliveries += 1
        await asyncio.wait({turn.work}, timeout=self._within)
        if not turn.work.done() and not self._service.can_push and turn.deliveries < MOST_DELIVERIES:
            # Cancelled when WeChat closes; the work goes on, and the retry finds it here.
            await asyncio.wait({turn.work}, timeout=UNTIL_CLOSED_SECONDS)
        if turn.pushed or not turn.work.done():
            self._push(message.openid, turn)
            return None
        if turn.reply is None:
            turn.reply = self._reply(message.openid, turn)
        return turn.reply or None

    def _reply(self, openid: str, turn: Turn) -> str:
        """The text to reply with, empty when there is none or it is too long and therefore pushed.

        What was kept was refused before, so it is said here, as much of it as a reply holds.
        """
        bodies = turn.work.result()
        kept = self._kept.take(openid) or []
        text = GAP.join([*kept, *as_texts(bodies)])
        if len(text.encode()) <= MOST_BYTES:
            return text
        if self._service.can_push and not kept:
            self._push(openid, turn)
            return ""
        more = GAP + wording("utter_more_follows", _language(bodies))
        first = text_parts(text, MOST_BYTES - len(more.encode()))[0]
        self._keep(openid, [text.strip()[len(first) :].lstrip()])
        return first + more

    def _push(self, openid: str, turn: Turn) -> None:
        """Have the answer sent when it is there, once."""
        if not turn.pushed:
            turn.pushed = True
            task = asyncio.ensure_future(self._send(openid, turn))
            self._pushing.add(task)
            task.add_done_callback(self._pushing.discard)

    async def _send(self, openid: str, turn: Turn) -> None:
        bodies = await turn.work
        kept = [Outgoing(text, text) for text in self._kept.take(openid) or []]
        outgoing = [*kept, *outgoing_of(bodies)]
        for number, message in enumerate(outgoing):
            try:
                await self._service.send(openid, message)
            except Exception as error:
                log_failure(
                    "An answer could not be pushed and is kept for the borrower's next message", error
                )
                self._keep(openid, [each.plain for each in outgoing[number:]])
                return

    def _keep(self, openid: str, texts: Sequence[str]) -> None:
        """Keep texts until the borrower writes again."""
        if texts:
            self._kept.put(openid, [*(self._kept.take(openid) or []), *texts])


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
