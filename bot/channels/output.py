"""What the bot says on the web: stored with a number first, then sent to every page of the conversation."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from typing import Any

from rasa.core.channels.channel import OutputChannel

from bot.channels.answering import Voice
from bot.channels.audience import Audience
from bot.channels.danger import InTime, said_to
from bot.channels.protocol import bot_body, event
from bot.channels.wording import DEFAULT_LANGUAGE
from casestore.answering import Claim, Superseded
from casestore.store import CaseStore

logger = logging.getLogger(__name__)


class WebOutput(OutputChannel):
    """Sends one bot message as one event. `language` is that of the last, `spoken` counts them.

    `in_time` watches over a turn in which danger was told, `said` is what was said before of this turn.
    """

    def __init__(
        self,
        audience: Audience,
        store: CaseStore,
        language: str = DEFAULT_LANGUAGE,
        claim: Claim | None = None,
        in_time: InTime | None = None,
        said: Sequence[Mapping[str, Any]] = (),
    ) -> None:
        self._audience, self._clock = audience, store.clock
        self._voice, self._in_time = Voice(store, claim, said), in_time
        self.language = language
        self.spoken = 0

    @classmethod
    def name(cls) -> str:
        """The channel's name in Rasa."""
        return "web"

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        """Show one message; blank lines in its text stay."""
        body = bot_body(message, self.language)
        if not body:
            return
        self.language = body["lang"]
        await self._show(recipient_id, body)
        self.spoken += 1
        if self._in_time is not None:
            self._in_time.is_answered()

    async def send_text_message(self, recipient_id: str, text: str, **_: Any) -> None:
        """Show a text alone."""
        await self.send_response(recipient_id, {"text": text})

    async def apologise(self, recipient_id: str, told: str, stored: bool = True) -> None:
        """Say to somebody who wrote `told` that it went wrong on our side, even when that can't be stored.

        Not `stored`, it comes at once: a store that has just failed is not waited for again. Who has heard
        whom to call in this turn is not told again.
        """
        if self._in_time is not None and self._in_time.has_said:
            return
        text = said_to(told, "utter_technical_problem", self.language)
        body = {"text": text, "lang": self.language, "notice": "technical_problem"}
        if not stored:
            await self._emit(recipient_id, None, body)
            return
        try:
            await self._show(recipient_id, body)
        except Superseded:
            raise
        except Exception as error:
            logger.error("An apology could not be stored: %s", type(error).__name__)
            await self._emit(recipient_id, None, body)

    async def _show(self, session_id: str, body: Mapping[str, Any]) -> None:
        stored = await self._voice.store(session_id, body)
        if stored is not None:
            await self._emit(session_id, stored.seq, body)

    async def _emit(self, session_id: str, seq: int | None, body: Mapping[str, Any]) -> None:
        shown = event(seq, "bot", body, self._clock())
        await self._audience.show(session_id, shown)
