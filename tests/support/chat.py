"""A borrower at the chat page, for tests: says something, waits for the turn to end, returns the answer."""

from __future__ import annotations

import asyncio
import threading
import uuid
from collections.abc import Callable, Coroutine, Iterator
from dataclasses import dataclass, field
from typing import Any, TypeVar

import aiohttp
import jwt
import requests
import socketio

SECONDS = 60.0
SOCKET_PATH = "/chat/socket.io"

Value = TypeVar("Value")


# The Socket.IO client names a class that Rasa's release of aiohttp lacks; there the number stands alone.
if not hasattr(aiohttp, "ClientWSTimeout"):
    aiohttp.ClientWSTimeout = lambda ws_close: ws_close


class ChatFailed(AssertionError):
    """The bot did not answer, or there is nothing like what the test wants to press."""


@dataclass(frozen=True)
class Reply:
    """What the bot said in one turn. `refused` is the reason code when the message was not taken."""

    messages: tuple[dict[str, Any], ...] = ()
    refused: str | None = None
    refusal: str | None = None

    @property
    def texts(self) -> list[str]:
        """The texts, one per message; a refusal's sentence when there was one."""
        said = [each["text"] for each in self.messages if each.get("text")]
        return [*said, self.refusal] if self.refusal else said

    @property
    def text(self) -> str:
        """All texts together."""
        return "\n".join(self.texts)

    @property
    def buttons(self) -> list[dict[str, str]]:
        """The quick replies of all messages, as {title, payload}."""
        return [button for each in self.messages for button in each.get("buttons", [])]

    @property
    def cards(self) -> list[dict[str, Any]]:
        """The cards of all messages."""
        return [each["card"] for each in self.messages if each.get("card")]

    @property
    def notices(self) -> list[str]:
        """What the channel itself had to say, such as technical_problem."""
        return [each["notice"] for each in self.messages if each.get("notice")]


@dataclass
class _Inbox:
    """What came in over the socket, and who waits for the end of which turn."""

    messages: list[dict[str, Any]] = field(default_factory=list)
    ends: dict[str, asyncio.Future[dict[str, Any]]] = field(default_factory=dict)
    came: asyncio.Event = field(default_factory=asyncio.Event)

    def expect(self, turn_id: str) -> asyncio.Future[dict[str, Any]]:
        self.ends[turn_id] = asyncio.get_running_loop().create_future()
        return self.ends[turn_id]

    async def message(self, data: dict[str, Any]) -> None:
        self.messages.append(data)
        self.came.set()

    async def until(self, wanted: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        while True:
            self.came.clear()
            for each in self.messages:
                if wanted(each):
                    return each
            await self.came.wait()

    async def lost(self, *_: object) -> None:
        for waiting in self.ends.values():
            if not waiting.done():
                waiting.set_exception(ConnectionResetError())

    async def end(self, data: dict[str, Any]) -> None:
        waiting = self.ends.pop(str(data.get("id")), None)
        if waiting is not None and not waiting.done():
            waiting.set_result(data)


class Chat:
    """One conversation over the real channel, from a thread of its own. A context manager.

    `token` joins an earlier conversation, as a reload of the page does. `greeting` is the bot's first word.
    """

    def __init__(
        self, base_url: str, language: str = "zh", token: str | None = None, seconds: float = SECONDS
    ) -> None:
        self.base_url = base_url.rstrip("/")
        self._seconds = seconds
        self._inbox = _Inbox()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self.token = token or self._new_token()
        self._socket = self._run(self._connect())
        self.greeting = self._turn("start", {"language": language, "id": "start"}, "the greeting")

    @property
    def conversation(self) -> str:
        """The conversation's id: the subject of its token."""
        return str(jwt.decode(self.token, options={"verify_signature": False})["sub"])

    @property
    def messages(self) -> list[dict[str, Any]]:
        """Every `message` event so far."""
        return list(self._inbox.messages)

    def say(self, text: str, message_id: str | None = None) -> Reply:
        """Type `text`. A page gives it the same `message_id` when it sends it again."""
        message = {"id": message_id or uuid.uuid4().hex, "text": text}
        return self._turn("say", message, f"an answer to {text!r}")

    def press(self, title_or_payload: str) -> Reply:
        """Press the newest button with this title or payload, in a message or a card. Raises ChatFailed."""
        payload = self._payload_of(title_or_payload)
        return self._turn("say", {"id": uuid.uuid4().hex, "payload": payload}, f"an answer to {payload!r}")

    def hear(self, wanted: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """The first message that is `wanted`, waited for when it is not there yet. Raises ChatFailed."""
        try:
            return self._run(asyncio.wait_for(self._inbox.until(wanted), self._seconds))
        except asyncio.TimeoutError:
            raise ChatFailed(f"The message did not come.\n{self._tail()}") from None

    def switch(self, language: str) -> Reply:
        """Use the page's language switch."""
        return self._turn(
            "language", {"language": language, "id": uuid.uuid4().hex}, f"a switch to {language!r}"
        )

    def code(self, phone: str | None = None) -> str:
        """The newest code on the demo phone, or the newest that went to `phone` (as stored, E.164)."""
        try:
            return newest_code(self.base_url, phone, self._seconds)
        except LookupError:
            raise ChatFailed(f"No code was sent.\n{self._tail()}") from None

    def close(self) -> None:
        """Leave the page; the conversation stays on the server."""
        self._run(self._socket.disconnect())
        self._stop()

    def __enter__(self) -> Chat:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _new_token(self) -> str:
        answer = requests.post(f"{self.base_url}/chat/session", timeout=self._seconds)
        answer.raise_for_status()
        return str(answer.json()["token"])

    async def _connect(self) -> socketio.AsyncClient:
        socket = socketio.AsyncClient(reconnection=False)
        socket.on("message", self._inbox.message)
        socket.on("disconnect", self._inbox.lost)
        socket.on("turn", self._inbox.end)
        socket.on("refused", self._inbox.end)
        await socket.connect(
            self.base_url,
            auth={"token": self.token},
            socketio_path=SOCKET_PATH,
            transports=["websocket"],
            wait_timeout=int(self._seconds),
        )
        return socket

    def _turn(self, name: str, data: dict[str, Any], what: str) -> Reply:
        before = len(self._inbox.messages)
        try:
            end = self._run(self._send(name, data))
        except asyncio.TimeoutError:
            raise ChatFailed(f"{what} did not come within {self._seconds:.0f} s.\n{self._tail()}") from None
        except ConnectionResetError:
            raise ChatFailed(f"The line broke before {what} came.\n{self._tail()}") from None
        said = tuple(each for each in self._inbox.messages[before:] if each["author"] != "borrower")
        return Reply(said, end.get("reason"), end.get("text"))

    async def _send(self, name: str, data: dict[str, Any]) -> dict[str, Any]:
        end = self._inbox.expect(data["id"])
        await self._socket.emit(name, data)
        return await asyncio.wait_for(end, self._seconds)

    def _payload_of(self, wanted: str) -> str:
        offered = [button for message in reversed(self._inbox.messages) for button in _buttons(message)]
        for button in offered:
            if wanted in (button["title"], button["payload"]):
                return button["payload"]
        titles = ", ".join(button["title"] for button in offered) or "none"
        raise ChatFailed(f"There is no button {wanted!r}; offered: {titles}.\n{self._tail()}")

    def _tail(self) -> str:
        lines = (
            f"  {each['author']}: {each.get('text') or each.get('payload')}" for each in self.messages[-8:]
        )
        return "The conversation ended with:\n" + "\n".join(lines)

    def _run(self, work: Coroutine[Any, Any, Value]) -> Value:
        try:
            return asyncio.run_coroutine_threadsafe(work, self._loop).result()
        except socketio.exceptions.ConnectionError as error:
            self._stop()
            raise ChatFailed(f"The chat did not open: {error}") from error

    def _stop(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


def newest_code(base_url: str, phone: str | None = None, seconds: float = SECONDS) -> str:
    """The newest code on the demo phone, of those that went to `phone` if given. Raises LookupError."""
    answer = requests.get(f"{base_url}/chat/demo/outbox", timeout=seconds)
    answer.raise_for_status()
    codes = [each["code"] for each in answer.json() if phone in (None, each["phone"])]
    if not codes:
        raise LookupError("No code was sent.")
    return str(codes[0])


def _buttons(value: Any) -> Iterator[dict[str, str]]:
    """Every button anywhere in a message: quick replies and those of cards."""
    if isinstance(value, dict):
        if isinstance(value.get("payload"), str) and "title" in value:
            yield value
        for inner in value.values():
            yield from _buttons(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _buttons(inner)
