"""WeChat at the other end: sends messages signed and encrypted by others' libraries, and answers its API.

As WeChat does, it closes a connection that is not answered in time and sends the same message again, three
times in all; its access tokens end; it counts messages, and refuses with its own codes.
"""

from __future__ import annotations

import asyncio
import json
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import xmltodict
from aiohttp import ClientSession, ClientTimeout, web
from wechatpy.crypto import WeChatCrypto
from wechatpy.replies import deserialize_reply
from wechatpy.utils import WeChatSigner
from werobot.crypto import MessageCrypt

from bot.channels.wechat_door import Account
from tests.bot.desk.servers import LocalServer

APPID, SECRET, TOKEN = "wx0123456789abcdef", "the account's app secret", "the account's token"
AES_KEY = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQ"
GH = "gh_0123456789ab"
OPENID = "oAbCdEfGhIjKlMnOpQrStUvWxYz1"
LONG = 30.0


def account(api: str = "http://127.0.0.1:9", safe: bool = False) -> Account:
    """The account that the server plays."""
    return Account(APPID, SECRET, TOKEN, AES_KEY if safe else None, api)


def signed(*parts: str) -> str:
    """A signature as wechatpy makes it."""
    signer = WeChatSigner()
    signer.add_data(TOKEN, *parts)
    return str(signer.signature)


class Wechatpy:
    """Safe mode as wechatpy does it."""

    def __init__(self, token: str = TOKEN, key: str = AES_KEY, appid: str = APPID) -> None:
        self._crypto = WeChatCrypto(token, key, appid)

    def encrypt(self, xml: str, timestamp: str, nonce: str) -> str:
        """The envelope of a message."""
        return str(self._crypto.encrypt_message(xml, nonce, timestamp))

    def decrypt(self, told: dict[str, str]) -> str:
        """What is in an envelope; raises its own errors."""
        found = self._crypto.decrypt_message(told, told["MsgSignature"], told["TimeStamp"], told["Nonce"])
        return found if isinstance(found, str) else found.decode()


class WeRoBot:
    """Safe mode as WeRoBot does it."""

    def __init__(self, token: str = TOKEN, key: str = AES_KEY, appid: str = APPID) -> None:
        self._crypto = MessageCrypt(token, key, appid)

    def encrypt(self, xml: str, timestamp: str, nonce: str) -> str:
        """The envelope of a message."""
        return str(self._crypto.encrypt_message(xml, timestamp, nonce))

    def decrypt(self, told: dict[str, str]) -> str:
        """What is in an envelope; raises its own errors."""
        read = self._crypto.decrypt_message
        found: bytes = read(told["TimeStamp"], told["Nonce"], told["MsgSignature"], told["Encrypt"])
        return found.decode()


PEERS = {"wechatpy": Wechatpy, "werobot": WeRoBot}


def message_xml(**fields: str | int) -> str:
    """A message as in WeChat's documentation; a text message unless `fields` say otherwise."""
    told = {"ToUserName": GH, "FromUserName": OPENID, "CreateTime": 1764000000, "MsgType": "text", **fields}
    if told["MsgType"] != "event":
        told.setdefault("MsgId", 24901234567890123)
    parts = (
        f"<{name}>{value}</{name}>" if isinstance(value, int) else f"<{name}><![CDATA[{value}]]></{name}>"
        for name, value in told.items()
    )
    return f"<xml>{''.join(parts)}</xml>"


@dataclass
class Delivered:
    """What came of a message: the reply's text, or "success"; None when all three tries were closed."""

    said: str | None
    tries: int
    status: int = 200


@dataclass
class Sender:
    """Delivers messages to the bot's address. `patience` has the seconds each try waits before it closes."""

    url: str
    clock: Callable[[], datetime]
    crypto: Wechatpy | WeRoBot | None = None
    patience: Sequence[float] = (LONG, LONG, LONG)
    same_nonce: bool = False
    openid: str = OPENID
    closed: asyncio.Event = field(default_factory=asyncio.Event)

    async def say(self, text: str, number: int = 24901234567890123, **fields: str | int) -> Delivered:
        """A borrower types."""
        return await self.deliver(message_xml(FromUserName=self.openid, Content=text, MsgId=number, **fields))

    async def happen(self, event: str, at: int = 1764000000, **fields: str) -> Delivered:
        """Something happens that is no message."""
        return await self.deliver(message_xml(MsgType="event", Event=event, CreateTime=at, **fields))

    async def deliver(self, xml: str) -> Delivered:
        """Send a message until it is answered, at most three times."""
        nonce = uuid.uuid4().hex
        for number, seconds in enumerate(self.patience, start=1):
            try:
                return await self.post(xml, nonce, seconds, number)
            except asyncio.TimeoutError:
                self.closed.set()
                nonce = nonce if self.same_nonce else uuid.uuid4().hex
        return Delivered(None, len(self.patience))

    async def post(self, xml: str, nonce: str, seconds: float = LONG, number: int = 1) -> Delivered:
        """One try. Raises asyncio.TimeoutError when it was closed."""
        timestamp = str(int(self.clock().timestamp()))
        query = {"signature": signed(timestamp, nonce), "timestamp": timestamp, "nonce": nonce}
        body = xml
        if self.crypto:
            body = self.crypto.encrypt(xml, timestamp, nonce)
            query |= {"encrypt_type": "aes", "msg_signature": xmltodict.parse(body)["xml"]["MsgSignature"]}
        query["openid"] = self.openid
        async with ClientSession(timeout=ClientTimeout(total=seconds)) as client:
            sent = client.post(self.url, params=query, data=body.encode())
            async with sent as answer:
                body = await answer.text()
                said = self._read(body) if answer.status == 200 else body
                return Delivered(said, number, answer.status)

    def _read(self, body: str) -> str:
        if body in ("success", ""):
            return body
        xml = self.crypto.decrypt(xmltodict.parse(body)["xml"]) if self.crypto else body
        reply = deserialize_reply(xml)
        assert (reply.target, reply.source) == (self.openid, GH)
        # WeChat shows nothing of a longer one.
        assert len(reply.content.encode()) <= 2048
        return str(reply.content)


class WeChatApi(LocalServer):
    """WeChat's API as far as customer-service messages need it. `codes` are answered before anything else."""

    def __init__(self) -> None:
        super().__init__()
        self.sent: list[dict[str, Any]] = []
        self.bodies: list[bytes] = []
        self.codes: list[int] = []
        self.asked: list[bool] = []
        self.came = asyncio.Event()
        self.quota = 5
        self.menus, self.rights = True, True
        self.token, self.valid = "token-1", True
        self.app.router.add_post("/cgi-bin/stable_token", self._stable_token)
        self.app.router.add_post("/cgi-bin/message/custom/send", self._send)

    @property
    def contents(self) -> list[str]:
        """The texts that arrived, of menus what stands above them."""
        return [
            each["text"]["content"] if each["msgtype"] == "text" else each["msgmenu"]["head_content"]
            for each in self.sent
        ]

    async def _stable_token(self, request: web.Request) -> web.Response:
        asked = await request.json()
        self.asked.append(asked["force_refresh"])
        if (asked["appid"], asked["secret"]) != (APPID, SECRET):
            return web.json_response({"errcode": 40125, "errmsg": "invalid appsecret"})
        if asked["force_refresh"]:
            self.renew()
        return web.json_response({"access_token": self.token, "expires_in": 7200})

    def renew(self) -> None:
        """Make a new token; the old one ends."""
        self.token, self.valid = f"token-{int(self.token[6:]) + 1}", True

    async def _send(self, request: web.Request) -> web.Response:
        body = await request.read()
        message = json.loads(body)
        code = self._code(request.query.get("access_token", ""), message)
        if code:
            return web.json_response({"errcode": code, "errmsg": "refused hint: [abc] rid: 1"})
        self.sent.append(message)
        self.bodies.append(body)
        self.came.set()
        return web.json_response({"errcode": 0, "errmsg": "ok"})

    def _code(self, token: str, message: dict[str, Any]) -> int:
        if self.codes:
            return self.codes.pop(0)
        if token != self.token or not self.valid:
            return 40001
        if not self.rights:
            return 48001
        if message["msgtype"] == "msgmenu" and not self.menus:
            return 40200
        if message["msgtype"] == "text" and len(message["text"]["content"].encode()) > 2048:
            return 45002
        return 45047 if len(self.sent) >= self.quota else 0
