"""Shows what people write to borrowers on the pages that are open, as they write it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta

from bot.channels.audience import Audience
from bot.channels.protocol import event
from bot.channels.turns import log_failure
from casestore import person_messages
from casestore.person_messages import PersonMessage
from casestore.store import CaseStore

PAUSE_SECONDS = 1.0
# Each look goes back this far, so that a message is seen although another machine's clock is late. What was
# shown is remembered as long; a page tells a repeat by its number anyway.
WINDOW = timedelta(seconds=30)


class LiveMessages:
    """Looks for new messages of people and shows each to the open pages of its conversation.

    Every worker looks for itself, because any of them may hold the borrower's page. A borrower who is away
    finds the message in the history.
    """

    def __init__(
        self, audience: Audience, store: CaseStore, channel: str, is_open: Callable[[str], bool]
    ) -> None:
        self._audience, self._store, self._channel, self._is_open = audience, store, channel, is_open
        self._shown: dict[tuple[str, int], datetime] = {}

    async def run(self) -> None:
        """Look again and again, until cancelled; a case store that is away is waited for."""
        while True:
            try:
                await self.show_new()
            except Exception as error:
                log_failure("New messages of people could not be looked for", error)
            await asyncio.sleep(PAUSE_SECONDS)

    async def show_new(self) -> None:
        """Show what was written lately and not shown yet."""
        since = self._store.clock() - WINDOW
        self._shown = {key: at for key, at in self._shown.items() if at >= since}
        for message in await asyncio.to_thread(person_messages.recent, self._store, self._channel, since):
            if (message.session_id, message.seq) not in self._shown:
                await self._show(message)

    async def _show(self, message: PersonMessage) -> None:
        key = (message.session_id, message.seq)
        # Noted first: a page that misses the message itself finds it in the history.
        if self._is_open(message.session_id):
            await asyncio.to_thread(person_messages.seen, self._store, *key)
        shown = event(message.seq, message.author, message.body, message.written_at)
        await self._audience.show(message.session_id, shown)
        self._shown[key] = message.written_at
