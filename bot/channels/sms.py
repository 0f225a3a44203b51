"""SMS and WhatsApp through Twilio, at /sms: only messages that Twilio has signed are taken.

Twilio waits 15 seconds for an answer (docs/messaging/guides/webhook-request). What is ready in time goes
back in the answer; what comes later, or finds nobody waiting, is sent through Twilio's API.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl
from xml.sax.saxutils import escape

from aiohttp import BasicAuth, ClientSession, ClientTimeout
from rasa.core.channels.channel import InputChannel
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.channels.danger import IN_TIME_SECONDS, at_once
from bot.channels.limits import Limits, limits_from
from bot.channels.messaging import Conversations, PersonPush, PushingBlueprint
from bot.channels.refusals import refused_request
from bot.channels.sms_answers import SmsAnswers, texts_of
from bot.channels.splitting import parts_of
from bot.channels.turns import Handler, log_failure
from casestore.store import CaseStore

NAME = "sms"
PREFIX = "/sms"
API = "https://api.twilio.com"
ANSWER_WITHIN_SECONDS = 10.0
SENT_WITHIN = ClientTimeout(total=20)
# Twilio refuses longer bodies (error 21617).
MOST_CHARACTERS = 1600

Params = Sequence[tuple[str, str]]


class SmsMisconfigured(Exception):
    """A setting of the channel is missing; the message names it."""


class SmsNotSent(Exception):
    """Twilio did not take a message. The message holds the status and Twilio's code, never a text."""


@dataclass(frozen=True)
class Account:
    """The lender's account with Twilio. `public_url` is the bot's address as Twilio calls it."""

    sid: str
    token: str
    public_url: str
    api: str = API

    def signature(self, params: Params) -> str:
        """What Twilio signs a request to us with: HMAC-SHA1 over our address and the sorted parameters."""
        signed = f"{self.public_url.rstrip('/')}{PREFIX}/webhook"
        signed += "".join(f"{name}{value}" for name, value in sorted(set(params)))
        return base64.b64encode(
            hmac.new(self.token.encode(), signed.encode(), hashlib.sha1).digest()
        ).decode()

    def is_genuine(self, params: Params, signature: str) -> bool:
        """Whether Twilio has sent exactly these parameters."""
        return hmac.compare_digest(self.signature(params).encode(), signature.encode())

    async def send(self, address: str, texts: Iterable[str]) -> None:
        """Send texts, each as one or more messages, to an address of `address_from`. Raises `SmsNotSent`."""
        theirs, ours = address.split(" ")
        async with ClientSession(timeout=SENT_WITHIN, auth=BasicAuth(self.sid, self.token)) as client:
            for part in (part for text in texts for part in text_parts(text)):
                await self._create(client, {"From": ours, "To": theirs, "Body": part})

    async def _create(self, client: ClientSession, message: dict[str, str]) -> None:
        url = f"{self.api}/2010-04-01/Accounts/{self.sid}/Messages.json"
        async with client.post(url, data=message, allow_redirects=False) as answer:
            if answer.status != 201:
                told = await answer.json(content_type=None)
                raise SmsNotSent(f"status {answer.status}, code {told.get('code')}")


class SmsChannel(InputChannel):
    """Takes signed messages and answers them."""

    def __init__(self, store: CaseStore, account: Account, limits: Limits) -> None:
        self._store, self._account, self._limits = store, account, limits
        self._late: set[asyncio.Task[None]] = set()

    @classmethod
    def name(cls) -> str:
        """The channel's name in Rasa."""
        return NAME

    def url_prefix(self) -> str:
        """Absolute, so that Rasa registers the channel at /sms and not below its webhooks."""
        return PREFIX

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> SmsChannel:
        """The channel as configured. Raises `SmsMisconfigured`, `UnknownSetting` or `KeysMissing`."""
        return cls(CaseStore.open(), account_from(os.environ), limits_from(credentials or {}))

    def blueprint(self, on_new_message: Handler) -> Blueprint:
        """The door for Twilio, and the sending of what people write."""
        talk = Conversations(self._store, NAME, on_new_message, self._limits)
        answers = SmsAnswers(self._account.send, self._store, NAME, ANSWER_WITHIN_SECONDS)
        push = PersonPush(self._store, NAME, self._account.send)
        blueprint = PushingBlueprint("sms_channel", talk.memory, push, answers.erase)

        async def webhook(request: Request) -> HTTPResponse:
            # Read here, because Sanic drops empty parameters and Twilio signs them.
            params = parse_qsl(request.body.decode("utf-8", "replace"), keep_blank_values=True)
            if not self._account.is_genuine(params, request.headers.get("X-Twilio-Signature", "")):
                return refused_request("forged")
            told = dict(params)
            if not {"MessageSid", "From", "To"} <= told.keys():
                return refused_request("malformed")
            return _twiml(await self._answer(talk, answers, told))

        blueprint.add_route(webhook, "/webhook", methods=["POST"], name="webhook")
        return blueprint

    async def _answer(self, talk: Conversations, answers: SmsAnswers, told: Mapping[str, str]) -> list[str]:
        """The texts that are ready in time; later ones are sent when they are there.

        Danger waits for none: whom to call is said, and later what else there is.
        """
        address, message_id, text = address_from(told), told["MessageSid"], told.get("Body", "")
        answering = answers.answer(address, message_id, lambda: talk.answer(address, message_id, text))
        danger = at_once(text)
        if not danger:
            return texts_of(await answering)
        turn = asyncio.ensure_future(answering)
        done, _ = await asyncio.wait({turn}, timeout=IN_TIME_SECONDS)
        if done:
            return texts_of(turn.result())
        sending = asyncio.ensure_future(self._send_late(address, turn, danger))
        self._late.add(sending)
        sending.add_done_callback(self._late.discard)
        return danger

    async def _send_late(self, address: str, turn: asyncio.Future[str | None], said: list[str]) -> None:
        try:
            if late := [text for text in texts_of(await turn) if text not in said]:
                await self._account.send(address, late)
        except Exception as error:
            log_failure("A late answer could not be sent", error)


def address_from(told: Mapping[str, str]) -> str:
    """Where answers go and from which of our numbers: "<theirs> <ours>", both as Twilio writes them."""
    return f"{told['From']} {told['To']}"


def account_from(environment: Mapping[str, str]) -> Account:
    """The account in the environment. Raises `SmsMisconfigured`."""
    names = ("RESPITE_TWILIO_SID", "RESPITE_TWILIO_TOKEN", "RESPITE_PUBLIC_URL")
    missing = [name for name in names if not environment.get(name)]
    if missing:
        raise SmsMisconfigured(f"Set {', '.join(missing)}: docs/channels.md says what they are.")
    return Account(*(environment[name] for name in names), environment.get("RESPITE_TWILIO_API") or API)


def text_parts(text: str) -> list[str]:
    """The text in parts that Twilio takes."""
    return parts_of(text, lambda rest: rest[:MOST_CHARACTERS])


def _twiml(texts: Iterable[str]) -> HTTPResponse:
    parts = (part for text in texts for part in text_parts(text))
    body = "".join(f"<Message>{escape(part)}</Message>" for part in parts)
    return response.text(
        f'<?xml version="1.0" encoding="UTF-8"?><Response>{body}</Response>', content_type="text/xml"
    )
