"""What goes back to Twilio in its answer, and what is sent through its API: late, or when it has hung up."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Sequence

from bot.channels.answers import Answers, Outgoing
from bot.channels.messaging import Body, as_texts
from casestore.kept_answers import Reply
from casestore.store import CaseStore

# Sends texts to an address, each as one or more messages. Raises any exception when they were not taken.
Send = Callable[[str, Sequence[str]], Awaitable[None]]


class SmsAnswers(Answers):
    """A reply is the list of its texts, as JSON.

    Twilio asks again only where it was told to; what it did not wait for is sent to the borrower.
    """

    sends_when_closed = True

    def __init__(self, send: Send, store: CaseStore, channel: str, within_seconds: float) -> None:
        super().__init__(store, channel, within_seconds)
        self._send_texts = send

    async def _alone(self, address: str, bodies: Sequence[Body]) -> str | None:
        return json.dumps(as_texts(bodies))

    def _compose(self, kept: Sequence[list[Body]], bodies: list[Body]) -> Reply | None:
        return Reply(json.dumps([*(text for each in kept for text in as_texts(each)), *as_texts(bodies)]))

    def _outgoing(self, bodies: Sequence[Body]) -> list[Outgoing]:
        return [Outgoing(text, text) for text in as_texts(bodies)]

    async def _deliver(self, address: str, message: Outgoing) -> None:
        await self._send_texts(address, [message.plain])


def texts_of(reply: str | None) -> list[str]:
    """The texts in a reply."""
    return list(json.loads(reply)) if reply else []
