"""Servers at the other end: one that takes webhooks, and one that answers as Chatwoot's client API does."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web


class LocalServer:
    """An aiohttp server on a free port of the loopback, for one test."""

    def __init__(self) -> None:
        self.app = web.Application()
        self._runner: web.AppRunner | None = None
        self.url = ""

    async def __aenter__(self) -> Any:
        self._runner = web.AppRunner(self.app)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        host, port = self._runner.addresses[0]
        self.url = f"http://{host}:{port}"
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._runner is not None
        await self._runner.cleanup()


class Hook(LocalServer):
    """Takes webhooks; answers with the statuses in `answers`, then with 204."""

    def __init__(self) -> None:
        super().__init__()
        self.got: list[tuple[dict[str, str], bytes]] = []
        self.answers: list[int] = []
        self.app.router.add_post("/hook", self._take)

    async def _take(self, request: web.Request) -> web.Response:
        self.got.append((dict(request.headers), await request.read()))
        return web.Response(status=self.answers.pop(0) if self.answers else 204)


@dataclass
class _Conversation:
    id: int
    messages: list[dict[str, Any]] = field(default_factory=list)
    status: str = "open"


class Chatwoot(LocalServer):
    """The public client API of one API inbox, with the responses of Chatwoot's own views.

    As there, creating a contact whose source id is known returns the one that is there, an unknown contact is
    404, and a message comes back with its number and `message_type` 0.
    """

    INBOX = "inboxidentifier"
    HMAC_TOKEN = "the inbox's hmac token"

    def __init__(self, hmac_mandatory: bool = False) -> None:
        super().__init__()
        self.contacts: dict[str, dict[str, Any]] = {}
        self.conversations: dict[str, list[_Conversation]] = {}
        self.message_came = asyncio.Event()
        self._hmac_mandatory = hmac_mandatory
        self._number = 0
        contact = f"/public/api/v1/inboxes/{self.INBOX}/contacts"
        self.app.router.add_post(contact, self._create_contact)
        self.app.router.add_get(f"{contact}/{{source}}/conversations", self._list)
        self.app.router.add_post(f"{contact}/{{source}}/conversations", self._create_conversation)
        conversation = f"{contact}/{{source}}/conversations/{{id}}"
        self.app.router.add_post(f"{conversation}/messages", self._create_message)
        self.app.router.add_post(f"{conversation}/toggle_status", self._toggle)

    def contents(self, source: str) -> list[str]:
        """What was brought into the contact's conversation."""
        return [each["content"] for each in self.conversations[source][0].messages]

    async def _create_contact(self, request: web.Request) -> web.Response:
        asked = await request.json()
        if self._hmac_mandatory and asked.get("identifier_hash") != self._hash(asked["identifier"]):
            return web.json_response({"error": "HMAC failed: Invalid Identifier Hash Provided"}, status=500)
        source = asked.get("source_id") or f"source-{self._next()}"
        self.contacts.setdefault(source, {**asked, "id": self._next()})
        self.conversations.setdefault(source, [])
        shown = {"id": self.contacts[source]["id"], "source_id": source, "name": asked["name"]}
        return web.json_response({**shown, "email": None, "phone_number": None, "pubsub_token": "token"})

    def _hash(self, identifier: str) -> str:
        return hmac.new(self.HMAC_TOKEN.encode(), identifier.encode(), hashlib.sha256).hexdigest()

    async def _list(self, request: web.Request) -> web.Response:
        source = request.match_info["source"]
        if source not in self.contacts:
            return web.json_response({"error": "Resource could not be found"}, status=404)
        return web.json_response([self._shown(each) for each in self.conversations[source]])

    async def _create_conversation(self, request: web.Request) -> web.Response:
        made = _Conversation(self._next())
        self.conversations[request.match_info["source"]].append(made)
        return web.json_response(self._shown(made))

    async def _create_message(self, request: web.Request) -> web.Response:
        conversation = self._of(request)
        asked = await request.json()
        message = {"id": self._next(), "content": asked["content"], "message_type": 0}
        conversation.messages.append({**message, "echo_id": asked["echo_id"]})
        self.message_came.set()
        return web.json_response({**message, "content_type": "text", "conversation_id": conversation.id})

    async def _toggle(self, request: web.Request) -> web.Response:
        self._of(request).status = "resolved"
        return web.json_response(self._shown(self._of(request)))

    def _of(self, request: web.Request) -> _Conversation:
        return next(
            each
            for each in self.conversations[request.match_info["source"]]
            if each.id == int(request.match_info["id"])
        )

    def _shown(self, conversation: _Conversation) -> dict[str, Any]:
        shown = {"id": conversation.id, "uuid": f"uuid-{conversation.id}", "inbox_id": 7}
        return {**shown, "status": conversation.status, "messages": conversation.messages, "contact": {}}

    def _next(self) -> int:
        self._number += 1
        return self._number


def delivery(secret: str, timestamp: int, told: Any) -> tuple[dict[str, str], bytes]:
    """Headers and body of a webhook as Chatwoot sends and signs it."""
    body = json.dumps(told).encode()
    digest = hmac.new(secret.encode(), f"{timestamp}.".encode() + body, hashlib.sha256).hexdigest()
    headers = {"X-Chatwoot-Timestamp": str(timestamp), "X-Chatwoot-Signature": f"sha256={digest}"}
    return {**headers, "X-Chatwoot-Delivery": "0b9f", "Content-Type": "application/json"}, body
