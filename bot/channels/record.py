"""The channel's side of the case store: blocking calls made in threads, so that no chat waits for another."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator

from casestore import desk, messages, person_messages, sessions
from casestore.messages import Message
from casestore.sessions import Session
from casestore.store import CaseStore

PAGE = 200


class Record:
    """The stored conversation of the web channel."""

    def __init__(self, store: CaseStore, channel: str) -> None:
        self.store = store
        self._channel = channel

    async def begin(self, session_id: str) -> Session:
        """The session, begun if it is new."""
        return await asyncio.to_thread(sessions.start, self.store, session_id, self._channel)

    async def remember_language(self, session_id: str, language: str) -> None:
        """Note the language the borrower's page is in."""
        await asyncio.to_thread(sessions.remember, self.store, session_id, language=language)

    async def is_issued(self, session_id: str, payload: str) -> bool:
        """Whether the bot offered `payload` to this conversation lately."""
        return payload in await asyncio.to_thread(messages.issued_payloads, self.store, session_id)

    async def language(self, session_id: str) -> str | None:
        """The language the bot spoke last in this conversation."""
        return await asyncio.to_thread(messages.language_spoken, self.store, session_id)

    async def choice(self, session_id: str, text: str) -> str | None:
        """The payload of the button that a bare number names among those of the bot's last turn."""
        offered = await asyncio.to_thread(messages.last_buttons, self.store, session_id)
        number = int(text) if text.isdecimal() and len(text) <= 2 else 0
        return offered[number - 1] if 0 < number <= len(offered) else None

    async def pressed(self, session_id: str, pressed: str) -> str | None:
        """The payload of the button with this `button_id`, None when it was not offered lately."""
        issued = await asyncio.to_thread(messages.issued_payloads, self.store, session_id)
        return next((payload for payload in issued if button_id(payload) == pressed), None)

    async def anything_after(self, session_id: str, seq: int) -> bool:
        """Whether any message is later than number `seq`."""
        return bool(await asyncio.to_thread(messages.after, self.store, session_id, seq, 1))

    async def person_talks(self, session_id: str) -> bool:
        """Whether a person talks with the borrower, so that the bot keeps silent."""
        return await asyncio.to_thread(desk.person_talks, self.store, session_id)

    async def tell_person(self, session_id: str, text: str, seq: int) -> bool:
        """Let the desk know, once, what the borrower wrote as number `seq`; True when a person answers it."""
        return await asyncio.to_thread(desk.borrower_wrote, self.store, session_id, text, seq)

    async def title_of(self, session_id: str, payload: str) -> str:
        """What stood on the button behind `payload`."""
        return await asyncio.to_thread(messages.title_of, self.store, session_id, payload)

    async def seen(self, session_id: str, seq: int) -> None:
        """Note that the borrower has everything up to number `seq` before them."""
        await asyncio.to_thread(person_messages.seen, self.store, session_id, seq)

    async def after(self, session_id: str, seq: int) -> AsyncIterator[Message]:
        """All messages later than number `seq`, oldest first."""
        while page := await asyncio.to_thread(messages.after, self.store, session_id, seq, PAGE):
            for message in page:
                yield message
            seq = page[-1].seq


def button_id(payload: str) -> str:
    """A short name for a button, for channels that take no payloads; it finds only what was offered."""
    return hashlib.sha256(payload.encode()).hexdigest()[:16]
