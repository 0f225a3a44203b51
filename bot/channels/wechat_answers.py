"""WeChat's five seconds: an answer goes back in time, is pushed when it is late, and is not lost in silence.

WeChat closes the connection after five seconds and sends the message again, three times in all. "success"
stops that. An account without the right to customer-service messages can only answer when asked: there the
retries are used to wait longer, and what is ready too late comes before the next answer.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.channels.answers import Answers, Outgoing
from bot.channels.messaging import Body, as_texts
from bot.channels.wechat_api import MOST_BYTES, MOST_HEAD_BYTES, MOST_ITEMS, CustomerService, text_parts
from bot.channels.wording import DEFAULT_LANGUAGE, wording
from casestore.kept_answers import Reply, Turn
from casestore.store import CaseStore

ANSWER_WITHIN_SECONDS = 4.5
# Longer than WeChat keeps the connection open, so that it closes first and asks again.
UNTIL_CLOSED_SECONDS = 10.0
MOST_DELIVERIES = 3
GAP = "\n\n"


class WeChatAnswers(Answers):
    """Replies with one text, and sends what is late or too long for it."""

    def __init__(
        self,
        service: CustomerService,
        store: CaseStore,
        channel: str,
        within_seconds: float = ANSWER_WITHIN_SECONDS,
    ) -> None:
        super().__init__(store, channel, within_seconds)
        self._service = service

    async def _alone(self, address: str, bodies: Sequence[Body]) -> str | None:
        """As much as one reply holds."""
        return next(iter(text_parts(GAP.join(as_texts(bodies)))), None)

    async def _await_close(self, turn: Turn, deliveries: int) -> bool:
        """Cancelled when WeChat closes; the work goes on, and the retry finds its answer."""
        if self._service.can_push or deliveries >= MOST_DELIVERIES:
            return False
        return await self._is_done(turn, UNTIL_CLOSED_SECONDS)

    def _outgoing(self, bodies: Sequence[Body]) -> list[Outgoing]:
        return outgoing_of(bodies)

    async def _deliver(self, address: str, message: Outgoing) -> None:
        await self._service.send(address, message)

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
