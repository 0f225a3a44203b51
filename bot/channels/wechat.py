"""WeChat Official Accounts (公众号), at /wechat/callback: plain and safe mode."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from rasa.core.channels.channel import InputChannel
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.channels.answers import Outgoing
from bot.channels.danger import IN_TIME_SECONDS, at_once
from bot.channels.limits import Limits, limits_from
from bot.channels.messaging import Body, Conversations, PersonPush, PushingBlueprint
from bot.channels.refusals import refused_request
from bot.channels.turns import Handler, log_failure
from bot.channels.wechat_answers import ANSWER_WITHIN_SECONDS, WeChatAnswers
from bot.channels.wechat_api import CustomerService
from bot.channels.wechat_door import API, Account, Door, Forged
from bot.channels.wechat_xml import Malformed, Message, TooLong, message_of, text_reply
from casestore.store import CaseStore

NAME = "wechat"
PREFIX = "/wechat"
SETTINGS = ("RESPITE_WECHAT_APPID", "RESPITE_WECHAT_SECRET", "RESPITE_WECHAT_TOKEN")


class WeChatMisconfigured(Exception):
    """A setting of the channel is missing or wrong; the message names it."""


class WeChatChannel(InputChannel):
    """Takes what WeChat has signed and answers it."""

    def __init__(
        self,
        store: CaseStore,
        account: Account,
        limits: Limits,
        within_seconds: float = ANSWER_WITHIN_SECONDS,
    ) -> None:
        self._store, self._limits = store, limits
        self._door = _door(account, store)
        self._service = CustomerService(account, store.clock)
        self._answers = WeChatAnswers(self._service, store, NAME, within_seconds)
        self._late: set[asyncio.Task[None]] = set()

    @classmethod
    def name(cls) -> str:
        """The channel's name in Rasa."""
        return NAME

    def url_prefix(self) -> str:
        """Absolute, so that Rasa registers the channel at /wechat and not below its webhooks."""
        return PREFIX

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> WeChatChannel:
        """The channel as configured. Raises `WeChatMisconfigured`, `UnknownSetting` or `KeysMissing`."""
        return cls(CaseStore.open(), account_from(os.environ), limits_from(credentials or {}))

    def blueprint(self, on_new_message: Handler) -> Blueprint:
        """The door for WeChat, and the sending of what people write."""
        talk = Conversations(self._store, NAME, on_new_message, self._limits)
        blueprint = PushingBlueprint(
            "wechat_channel", talk.memory, PersonPush(self._store, NAME, self._send), self._answers.erase
        )

        async def answer(message: Message) -> list[Body]:
            if message.greets:
                return await talk.greet(message.openid)
            return await talk.answer(message.openid, message.id, message.text, message.menu_id)

        async def handshake(request: Request) -> HTTPResponse:
            try:
                return response.text(self._door.echo(_query(request)))
            except Forged:
                return refused_request("forged")

        async def receive(request: Request) -> HTTPResponse:
            try:
                message = message_of(self._door.open(_query(request), request.body))
            except Forged:
                return refused_request("forged")
            except TooLong:
                return refused_request("too_long")
            except Malformed:
                return refused_request("malformed")
            if message is None:
                return response.text("success")
            text = await self._in_time(message, lambda: answer(message))
            return response.text("success") if text is None else self._reply(message, text)

        blueprint.add_route(handshake, "/callback", methods=["GET"], name="handshake")
        blueprint.add_route(receive, "/callback", methods=["POST"], name="receive")
        return blueprint

    async def _in_time(self, message: Message, work: Callable[[], Awaitable[list[Body]]]) -> str | None:
        """The text to reply with. Danger waits for none: whom to call is said, later what else there is."""
        danger = at_once(message.text)
        if not danger:
            return await self._answers.answer(message.openid, message.id, work)
        turn = asyncio.ensure_future(self._answers.answer(message.openid, message.id, work))
        done, _ = await asyncio.wait({turn}, timeout=IN_TIME_SECONDS)
        if done:
            return turn.result()
        sending = asyncio.ensure_future(self._send_late(message.openid, turn, danger))
        self._late.add(sending)
        sending.add_done_callback(self._late.discard)
        return "\n".join(danger)

    async def _send_late(self, openid: str, turn: asyncio.Future[str | None], said: list[str]) -> None:
        try:
            late = await turn
            if late and late not in said:
                await self._send(openid, [late])
        except Exception as error:
            log_failure("A late answer could not be sent", error)

    def _reply(self, message: Message, text: str) -> HTTPResponse:
        xml = text_reply(message, text, int(self._store.clock().timestamp()))
        return response.text(self._door.close(xml), content_type="application/xml; charset=utf-8")

    async def _send(self, openid: str, texts: list[str]) -> None:
        for text in texts:
            await self._service.send(openid, Outgoing(text, text))


def account_from(environment: Mapping[str, str]) -> Account:
    """The account in the environment. Raises `WeChatMisconfigured`."""
    missing = [name for name in SETTINGS if not environment.get(name)]
    if missing:
        raise WeChatMisconfigured(f"Set {', '.join(missing)}: docs/channels.md says what they are.")
    api = environment.get("RESPITE_WECHAT_API") or API
    key = environment.get("RESPITE_WECHAT_AES_KEY") or None
    return Account(*(environment[name] for name in SETTINGS), aes_key=key, api=api.rstrip("/"))


def _door(account: Account, store: CaseStore) -> Door:
    try:
        return Door(account, store.clock)
    except ValueError:
        raise WeChatMisconfigured("RESPITE_WECHAT_AES_KEY is no EncodingAESKey of 43 characters.") from None


def _query(request: Request) -> dict[str, str]:
    """The query's parameters, the first of each."""
    return {name: values[0] for name, values in request.args.items()}
