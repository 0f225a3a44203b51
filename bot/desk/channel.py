"""Connects the desk that the environment names to the bot's server: a channel of the lender's people."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from rasa.core.channels.channel import InputChannel
from sanic import Blueprint, Sanic, response
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.channels.running import run_beside
from bot.channels.turns import Handler
from bot.desk.chatwoot import ChatwootAnswers, ChatwootDesk, Forged, Inbox
from bot.desk.courier import Courier, Desk
from bot.desk.webhook import DeskMisconfigured, WebhookDesk, secret_from
from casestore.store import CaseStore

NAME = "desk"
PREFIX = "/desk"


class DeskBlueprint(Blueprint):
    """A blueprint that starts the courier with the server it is registered in."""

    def __init__(self, courier: Courier | None) -> None:
        super().__init__("desk")
        self.ctx.courier = courier

    def register(self, app: Sanic, options: dict[str, Any]) -> None:
        """Attach the routes, and the courier if there is a desk."""
        if self.ctx.courier is not None:
            run_beside(app, self.ctx.courier.run)
        super().register(app, options)


class DeskChannel(InputChannel):
    """Tells the desk of events, and takes answers from one that sends them; idle when no desk is named."""

    def __init__(self, store: CaseStore, desk: Desk | None, answers: ChatwootAnswers | None) -> None:
        self._store, self._desk, self._answers = store, desk, answers

    @classmethod
    def name(cls) -> str:
        """The channel's name in Rasa."""
        return NAME

    def url_prefix(self) -> str:
        """Absolute, so that Rasa registers the channel at /desk and not below its webhooks."""
        return PREFIX

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> DeskChannel:
        """The desk that the environment names. Raises `DeskMisconfigured` or `KeysMissing`."""
        store = CaseStore.open()
        return cls(store, desk_from(os.environ, store), answers_from(os.environ, store))

    def blueprint(self, on_new_message: Handler) -> Blueprint:
        """The courier, and the door for Chatwoot's answers."""
        blueprint = DeskBlueprint(Courier(self._store, self._desk) if self._desk else None)
        if self._answers is not None:
            blueprint.add_route(_door(self._answers), "/chatwoot", methods=["POST"], name="chatwoot")
        return blueprint


def desk_from(environment: Mapping[str, str], store: CaseStore) -> Desk | None:
    """The desk named in the environment, None without one. Raises `DeskMisconfigured`."""
    url, chatwoot = environment.get("RESPITE_DESK_URL"), environment.get("RESPITE_CHATWOOT_URL")
    if url and chatwoot:
        raise DeskMisconfigured("Set either RESPITE_DESK_URL or RESPITE_CHATWOOT_URL: there is one desk.")
    if url:
        return WebhookDesk(url, secret_from(environment.get("RESPITE_DESK_SECRET", "")), store.clock)
    if chatwoot:
        token = environment.get("RESPITE_CHATWOOT_HMAC_TOKEN") or None
        return ChatwootDesk(Inbox(chatwoot, _needed(environment, "RESPITE_CHATWOOT_INBOX"), token))
    return None


def answers_from(environment: Mapping[str, str], store: CaseStore) -> ChatwootAnswers | None:
    """What takes Chatwoot's answers, None when Chatwoot is not the desk. Raises `DeskMisconfigured`."""
    if not environment.get("RESPITE_CHATWOOT_URL"):
        return None
    return ChatwootAnswers(store, _needed(environment, "RESPITE_CHATWOOT_SECRET"))


def _door(answers: ChatwootAnswers) -> Callable[[Request], Awaitable[HTTPResponse]]:
    async def chatwoot(request: Request) -> HTTPResponse:
        try:
            await asyncio.to_thread(answers.take, request.headers, request.body)
        except Forged:
            return response.empty(403)
        except (ValueError, KeyError, TypeError):
            return response.empty(400)
        return response.empty(204)

    return chatwoot


def _needed(environment: Mapping[str, str], name: str) -> str:
    value = environment.get(name)
    if not value:
        raise DeskMisconfigured(f"Set {name}: docs/desk.md says where Chatwoot shows it.")
    return value
