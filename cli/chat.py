"""One conversation over the web channel, as the chat page has it: Socket.IO with a signed session token.

The connection lives in a thread of its own, so that the terminal can wait for the keyboard meanwhile.
"""

from __future__ import annotations

import asyncio
import threading
import uuid
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

import requests
import socketio

SOCKET_PATH = "/chat/socket.io"
SECONDS = 30.0

Message = dict[str, Any]
Value = TypeVar("Value")


class ChatEnded(Exception):
    """The bot can't be reached, or has let go of the conversation. The message says so in one line."""


class Chat:
    """A context manager: connects at its beginning, disconnects at its end.

    `hear` is called from the connection's thread with every message that the borrower did not write, in the
    order they come, and with every refusal as a message of the bot's.
    """

    def __init__(self, base_url: str, hear: Callable[[Message], None]) -> None:
        self._base_url = base_url
        self._hear = hear
        self._over = threading.Event()
        self._turn: str | None = None
        self._connected = False
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    def __enter__(self) -> Chat:
        self._thread.start()
        try:
            self._socket = self._run(self._connect(self._token()))
        except (requests.RequestException, socketio.exceptions.ConnectionError) as error:
            self._stop()
            raise ChatEnded("the bot does not take conversations; see var/log/shell/bot.log") from error
        return self

    def __exit__(self, *_: object) -> None:
        self._connected = False
        self._run(self._socket.disconnect())
        self._stop()

    def start(self, language: str) -> None:
        """Let the bot say the first word, in this language. Raises ChatEnded, as do all that wait for it."""
        self._take_turn("start", {"language": language})

    def say(self, text: str) -> None:
        """Type `text`; returns when the bot has answered."""
        self._take_turn("say", {"text": text})

    def press(self, payload: str) -> None:
        """Press the button with this payload; returns when the bot has answered."""
        self._take_turn("say", {"payload": payload})

    def _take_turn(self, event: str, data: dict[str, str]) -> None:
        self._over.clear()
        self._turn = uuid.uuid4().hex
        try:
            if not self._connected:
                raise ChatEnded("the bot has ended the conversation; see var/log/shell/bot.log")
            self._run(self._socket.emit(event, {**data, "id": self._turn}))
            self._over.wait()
            if not self._connected:
                raise ChatEnded("the bot has ended the conversation; see var/log/shell/bot.log")
        finally:
            self._turn = None

    def _token(self) -> str:
        answer = requests.post(f"{self._base_url}/chat/session", timeout=SECONDS)
        answer.raise_for_status()
        return str(answer.json()["token"])

    async def _connect(self, token: str) -> socketio.AsyncClient:
        socket = socketio.AsyncClient(reconnection=False, handle_sigint=False)
        socket.on("message", self._on_message)
        socket.on("turn", self._on_end)
        socket.on("refused", self._on_refused)
        socket.on("disconnect", self._on_disconnect)
        # By polling: for a WebSocket the client needs a newer aiohttp than Rasa allows.
        await socket.connect(
            self._base_url,
            auth={"token": token},
            socketio_path=SOCKET_PATH,
            transports=["polling"],
            wait_timeout=SECONDS,  # the client's own patience is one second
        )
        self._connected = True
        return socket

    async def _on_message(self, message: Message) -> None:
        if message.get("author") != "borrower":
            self._hear(message)

    async def _on_end(self, turn: Message) -> None:
        if turn.get("id") == self._turn:
            self._over.set()

    async def _on_refused(self, refusal: Message) -> None:
        self._hear({"author": "bot", "text": refusal.get("text")})
        await self._on_end(refusal)

    async def _on_disconnect(self, *_: object) -> None:
        self._connected = False
        self._over.set()

    def _run(self, work: Coroutine[Any, Any, Value]) -> Value:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()

    def _stop(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()
