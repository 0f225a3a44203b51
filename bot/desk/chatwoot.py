"""Chatwoot as the lender's desk: each hand-off is a conversation of an API inbox.

Requests are those of Chatwoot's public client API, answers come as the webhooks of an API inbox. A hand-off's
reference is the contact's source id, so that nothing needs to be remembered and a repeat finds what is there.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any

from aiohttp import ClientSession

from bot.desk.courier import ANSWER_WITHIN, NotTaken
from casestore import desk
from casestore.desk import UnknownHandoff
from casestore.desk_events import DeskEvent
from casestore.store import CaseStore

# Who has taken a hand-off that is talked about there; which of Chatwoot's agents wrote is Chatwoot's record.
STAFF = "Chatwoot"
# A captured delivery can't be played again later than this.
FRESH = timedelta(minutes=5)


class Forged(Exception):
    """A delivery that is not signed with our secret, or is too old."""


@dataclass(frozen=True)
class Inbox:
    """The API inbox: Chatwoot's address, the inbox's identifier, and its HMAC token if it demands one."""

    url: str
    identifier: str
    hmac_token: str | None = None

    @property
    def contacts(self) -> str:
        """Where the contacts of the inbox are."""
        return f"{self.url.rstrip('/')}/public/api/v1/inboxes/{self.identifier}/contacts"


class ChatwootDesk:
    """Brings events into the inbox."""

    def __init__(self, inbox: Inbox) -> None:
        self._inbox = inbox

    async def deliver(self, event: DeskEvent) -> None:
        """Write the event into the hand-off's conversation. Raises `NotTaken`."""
        if event.kind == "handoff_taken":
            return
        async with ClientSession(timeout=ANSWER_WITHIN) as client:
            conversation = await self._conversation(client, event.handoff)
            if event.kind == "handoff_closed":
                await _post(client, f"{conversation}/toggle_status", {})
            else:
                message = {"content": _content(event), "echo_id": event.event_id}
                await _post(client, f"{conversation}/messages", message)

    async def _conversation(self, client: ClientSession, handoff: str) -> str:
        """The address of the hand-off's conversation, begun if it is new."""
        await _post(client, self._inbox.contacts, self._contact(handoff))
        conversations = f"{self._inbox.contacts}/{handoff}/conversations"
        async with client.get(conversations) as answer:
            begun = await _json(answer)
        if not begun:
            begun = [await _post(client, conversations, {})]
        return f"{conversations}/{begun[0]['id']}"

    def _contact(self, handoff: str) -> dict[str, str]:
        """A contact under the hand-off's reference: the borrower's name stays in the case store."""
        contact = {"source_id": handoff, "identifier": handoff, "name": handoff}
        if self._inbox.hmac_token:
            key = self._inbox.hmac_token.encode()
            contact["identifier_hash"] = hmac.new(key, handoff.encode(), hashlib.sha256).hexdigest()
        return contact


@dataclass(frozen=True)
class ChatwootAnswers:
    """Takes what Chatwoot's agents do. `secret` signs the inbox's webhook."""

    store: CaseStore
    secret: str

    def take(self, headers: Mapping[str, str], body: bytes) -> None:
        """Do what a delivery says: write to the borrower, or close the talk; anything else is left alone.

        Raises `Forged`, and `ValueError` for a body that is no JSON object.
        """
        self._require_genuine(headers, body)
        told = json.loads(body)
        if not isinstance(told, dict):
            raise ValueError("The delivery is no JSON object.")
        reference = _handoff_of(told)
        try:
            if told.get("event") == "message_created" and _is_answer(told):
                desk.take(self.store, reference, STAFF)
                desk.answer(self.store, reference, STAFF, told["content"], f"chatwoot-{told['id']}")
            elif told.get("event") == "conversation_status_changed" and told.get("status") == "resolved":
                desk.take(self.store, reference, STAFF)
                desk.close(self.store, reference, STAFF)
        except UnknownHandoff:
            # It was closed here meanwhile, which Chatwoot hears of in turn.
            return

    def _require_genuine(self, headers: Mapping[str, str], body: bytes) -> None:
        timestamp = headers.get("X-Chatwoot-Timestamp", "")
        signed = f"{timestamp}.".encode() + body
        expected = "sha256=" + hmac.new(self.secret.encode(), signed, hashlib.sha256).hexdigest()
        given = headers.get("X-Chatwoot-Signature", "")
        if not hmac.compare_digest(expected.encode(), given.encode()) or not self._is_fresh(timestamp):
            raise Forged("The delivery is not signed with RESPITE_CHATWOOT_SECRET, or is old.")

    def _is_fresh(self, timestamp: str) -> bool:
        sent = datetime.fromtimestamp(int(timestamp), timezone.utc) if timestamp.isdecimal() else None
        return sent is not None and abs(self.store.clock() - sent) <= FRESH


def _is_answer(told: Mapping[str, Any]) -> bool:
    """Whether an agent wrote to the borrower: not a note among agents, and not what we brought in."""
    return told.get("message_type") == "outgoing" and not told.get("private") and bool(told.get("content"))


def _handoff_of(told: Mapping[str, Any]) -> str:
    """The hand-off that a delivery is about, whether it tells of a message or of the conversation itself."""
    conversation = told.get("conversation") or told
    return str((conversation.get("contact_inbox") or {}).get("source_id") or "")


def _content(event: DeskEvent) -> str:
    """The event as an agent reads it."""
    if text := event.body.get("text"):
        return str(text)
    facts = {name: value for name, value in event.body.items() if name != "summary"}
    facts |= {name: value for name, value in event.body.get("summary", {}).items() if name != "answers"}
    facts |= event.body.get("summary", {}).get("answers", {})
    lines = (f"{name.replace('_', ' ')}: {value}" for name, value in facts.items() if value is not None)
    return "\n".join([event.kind.replace("_", " "), *lines])


async def _post(client: ClientSession, url: str, content: Mapping[str, Any]) -> Any:
    async with client.post(url, json=dict(content), allow_redirects=False) as answer:
        return await _json(answer)


async def _json(answer: Any) -> Any:
    if answer.status // 100 != 2:
        raise NotTaken(f"status {answer.status}")
    return await answer.json(content_type=None) if answer.content_length != 0 else None
