"""WeChat's customer-service messages (客服消息): what is sent to a borrower without being asked just now."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from aiohttp import ClientError, ClientSession, ClientTimeout

from bot.channels.answers import Outgoing
from bot.channels.record import button_id
from bot.channels.splitting import parts_of
from bot.channels.wechat_door import Account

# The longest text of one message, in bytes of UTF-8.
MOST_BYTES = 2048
# Of the text above a menu, and how many items a menu has: WeChat documents both for its sibling 微信客服.
MOST_HEAD_BYTES = 1024
MOST_ITEMS = 10
SENT_WITHIN = ClientTimeout(total=10)
# A token is renewed this long before its end; for so long WeChat also accepts the one before.
EARLY = timedelta(minutes=5)
BUSY_TRIES = 3
BUSY_PAUSE_SECONDS = 1.0

# developers.weixin.qq.com/doc/offiaccount/Getting_Started/Global_Return_Code.html
OK = 0
BUSY = -1
TOKEN_REJECTED = frozenset({40001, 40014, 42001})
NO_RIGHT = 48001
# The kind of account or of message that has no menus.
NO_MENU = frozenset({40008, 40200})
# Out of the 48 hours, and one message too many: refusals that say nothing about other borrowers.
TOO_LATE, TOO_MANY = 45015, 45047
ONLY_THIS_MESSAGE = frozenset({TOO_LATE, TOO_MANY, *NO_MENU})
# How long nothing is pushed that can be said otherwise, after WeChat refused or was away.
PAUSE = timedelta(minutes=5)
PAUSE_WITHOUT_RIGHT = timedelta(days=1)


class WeChatRefused(Exception):
    """WeChat did not take a message, or was not reached (code None). Holds the code, never a text."""

    def __init__(self, code: int | None) -> None:
        super().__init__(f"errcode {code}")
        self.code = code


class CustomerService:
    """Sends messages for the account."""

    def __init__(self, account: Account, clock: Callable[[], datetime]) -> None:
        self._account, self._clock = account, clock
        self._token, self._renewed_at = "", clock()
        self._renewing = asyncio.Lock()
        self._paused_until = clock()

    @property
    def can_push(self) -> bool:
        """Whether a message is likely to be taken: False for a while after the account's were not."""
        return self._clock() >= self._paused_until

    async def send(self, openid: str, message: Outgoing) -> None:
        """Send a message, as text where the account has no menus. Raises `WeChatRefused`."""
        if message.buttons:
            try:
                await self._deliver({"touser": openid, "msgtype": "msgmenu", "msgmenu": _menu(message)})
                return
            except WeChatRefused as refusal:
                if refusal.code not in NO_MENU:
                    raise
        for part in text_parts(message.plain):
            await self._deliver({"touser": openid, "msgtype": "text", "text": {"content": part}})

    async def _deliver(self, message: Mapping[str, Any]) -> None:
        # WeChat shows \uXXXX as it stands.
        content = json.dumps(message, ensure_ascii=False).encode()
        code = await self._try(content)
        for _ in range(BUSY_TRIES - 1):
            if code == BUSY:
                await asyncio.sleep(BUSY_PAUSE_SECONDS)
                code = await self._try(content)
        if code not in ONLY_THIS_MESSAGE:
            pause = timedelta() if code == OK else PAUSE_WITHOUT_RIGHT if code == NO_RIGHT else PAUSE
            self._paused_until = self._clock() + pause
        if code != OK:
            raise WeChatRefused(code)

    async def _try(self, content: bytes) -> int | None:
        """WeChat's code for one try, None when it was not reached; a rejected token is renewed."""
        try:
            async with ClientSession(timeout=SENT_WITHIN) as client:
                token = await self._valid_token(client)
                code = await self._post(client, token, content)
                if code in TOKEN_REJECTED:
                    code = await self._post(client, await self._valid_token(client, token), content)
                return code
        except (ClientError, asyncio.TimeoutError, ValueError):
            return None
        except WeChatRefused as refusal:
            return refusal.code

    async def _post(self, client: ClientSession, token: str, content: bytes) -> int:
        url, headers = (
            f"{self._account.api}/cgi-bin/message/custom/send",
            {"Content-Type": "application/json"},
        )
        sent = client.post(url, params={"access_token": token}, data=content, headers=headers)
        async with sent as answer:
            return _code(await answer.json(content_type=None))

    async def _valid_token(self, client: ClientSession, rejected: str = "") -> str:
        """The token at hand, or a new one when it is old or `rejected`. Raises `WeChatRefused`."""
        async with self._renewing:
            if not self._token or self._token == rejected or self._clock() >= self._renewed_at:
                token = await self._fetch_token(client, force=False)
                # It may be valid by WeChat's clock and rejected all the same, as after a new secret.
                self._token = token if token != rejected else await self._fetch_token(client, force=True)
            return self._token

    async def _fetch_token(self, client: ClientSession, force: bool) -> str:
        """The account's stable token: the same for all who ask, so that no server undoes another's."""
        asked = {
            "grant_type": "client_credential",
            "appid": self._account.appid,
            "secret": self._account.secret,
            "force_refresh": force,
        }
        async with client.post(f"{self._account.api}/cgi-bin/stable_token", json=asked) as answer:
            told = await answer.json(content_type=None)
        if not isinstance(told, dict) or "access_token" not in told:
            raise WeChatRefused(_code(told))
        self._renewed_at = self._clock() + timedelta(seconds=int(told["expires_in"])) - EARLY
        return str(told["access_token"])


def text_parts(text: str, most_bytes: int = MOST_BYTES) -> list[str]:
    """The text in parts of at most so many bytes, cut between lines where it can be."""
    return parts_of(text, lambda rest: rest.encode()[:most_bytes].decode("utf-8", "ignore"))


def _menu(message: Outgoing) -> dict[str, Any]:
    items = [{"id": button_id(each["payload"]), "content": each["title"]} for each in message.buttons]
    return {"head_content": message.text, "list": items, "tail_content": ""}


def _code(told: object) -> int:
    """WeChat's code in an answer. Raises `ValueError` for an answer that has none."""
    if not isinstance(told, dict) or not isinstance(told.get("errcode"), int):
        raise ValueError("The answer is not WeChat's.")
    return int(told["errcode"])
