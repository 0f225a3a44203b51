"""Twilio as its clients meet it: it signs what it delivers, and its Messages resource takes what is sent."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from xml.etree import ElementTree

from aiohttp import BasicAuth, ClientSession, web
from twilio.request_validator import RequestValidator

from tests.bot.desk.servers import LocalServer

SID, TOKEN = "AC00000000000000000000000000000000", "the account's auth token"
PUBLIC = "https://respite.example"


class Twilio(LocalServer):
    """Twilio's Messages resource: checks the account, refuses long bodies with its own error."""

    def __init__(self) -> None:
        super().__init__()
        self.sent: list[dict[str, str]] = []
        self.came = asyncio.Event()
        self.app.router.add_post(f"/2010-04-01/Accounts/{SID}/Messages.json", self._create)

    async def _create(self, request: web.Request) -> web.Response:
        if request.headers.get("Authorization") != BasicAuth(SID, TOKEN).encode():
            return web.json_response({"code": 20003, "message": "Authenticate", "status": 401}, status=401)
        message = {name: str(value) for name, value in (await request.post()).items()}
        if len(message["Body"]) > 1600:
            told = {
                "code": 21617,
                "message": "The concatenated message body exceeds the limit",
                "status": 400,
            }
            return web.json_response(told, status=400)
        self.sent.append(message)
        self.came.set()
        return web.json_response({"sid": f"SM{len(self.sent)}", "status": "queued"}, status=201)


async def post(url: str, params: dict[str, str], signature: str | None = None) -> tuple[int, list[str]]:
    """What Twilio gets for this message: the status, and the texts of the answer or what it says instead."""
    headers = headers_for(params, signature)
    async with ClientSession() as client, client.post(url, data=params, headers=headers) as answer:
        body = await answer.text()
        if answer.status != 200:
            return answer.status, [body]
        return answer.status, [each.text or "" for each in ElementTree.fromstring(body)]


async def hang_up(url: str, params: dict[str, str], heard: asyncio.Event) -> None:
    """Twilio sends this message, and its connection breaks once the bot has `heard` it."""
    posting = asyncio.ensure_future(post(url, params))
    await heard.wait()
    posting.cancel()
    with suppress(asyncio.CancelledError):
        await posting


def headers_for(params: dict[str, str], signature: str | None = None) -> dict[str, str]:
    """What Twilio signs its request with, unless it is another's `signature`."""
    signed = RequestValidator(TOKEN).compute_signature(f"{PUBLIC}/sms/webhook", params)
    return {"X-Twilio-Signature": signed if signature is None else signature}
