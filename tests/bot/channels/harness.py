"""The web channel on a real server with a played bot behind it, and a page that looks at what comes in."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from typing import Any

import socketio
from rasa.core.channels.channel import UserMessage
from rasa.core.tracker_store import InMemoryTrackerStore
from rasa.shared.core.domain import Domain

from bot.channels.sockets import Sockets
from bot.channels.tokens import SessionTokens
from bot.channels.web import Settings, WebChannel
from casestore.store import CaseStore
from tests.bot.channels.serving import serving
from tests.support import chat as _websockets_with_rasas_aiohttp  # noqa: F401

SECRET = "a secret of the tests, long enough for HS256"
SOON = 30.0
EVENTS = (
    "message",
    "turn",
    "typing",
    "refused",
    "disconnect",
    "connect_error",
    "bot_uttered",
    "session_confirm",
)


@dataclass
class Clock:
    """A clock that stands still until it is moved."""

    now: datetime = datetime(2026, 11, 24, 9, 0, tzinfo=timezone.utc)

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **by: int) -> None:
        """Moves on by `hours=…` and the like."""
        self.now += timedelta(**by)


@dataclass
class PlayedBot:
    """Stands in for Rasa: repeats what it hears, and offers a button when it greets."""

    heard: list[UserMessage] = field(default_factory=list)
    answer: Callable[[UserMessage], Awaitable[None]] | None = None

    @property
    def texts(self) -> list[str]:
        """What reached the bot, in order."""
        return [str(message.text) for message in self.heard]

    async def __call__(self, message: UserMessage) -> None:
        self.heard.append(message)
        if self.answer is not None:
            await self.answer(message)
        elif str(message.text).startswith("/greet"):
            await greet(message)
        else:
            await say(message, f"echo {message.text}")


async def say(message: UserMessage, text: str, **more: Any) -> None:
    """What Rasa does when it answers `message`."""
    await message.output_channel.send_response(message.sender_id, {"text": text, **more})


async def greet(message: UserMessage) -> None:
    """A first word with a button."""
    buttons = [{"title": "I lost my job", "payload": "/report_hardship"}]
    await say(message, "Hello, I am software.", buttons=buttons)


class RunningWeb:
    """A Sanic server with the channel registered as Rasa does it, in the test's own event loop."""

    def __init__(self, store: CaseStore, settings: Settings, clock: Clock) -> None:
        self.store, self.clock = store, clock
        self.bot, self.remembered = PlayedBot(), InMemoryTrackerStore(Domain.empty())
        self.tokens = SessionTokens(SECRET, clock)
        self.channel = WebChannel(store, self.tokens, settings)
        self._pages: list[Page] = []

    async def __aenter__(self) -> RunningWeb:
        self._serving = serving(self.channel, self.bot, self.remembered)
        self.base_url = await self._serving.__aenter__()
        return self

    async def __aexit__(self, *_: object) -> None:
        for page in self._pages:
            await page.close()
        await self.channel._sio.shutdown()
        await self._serving.__aexit__(None, None, None)

    async def open(self, token: object = None, **connect: Any) -> Page:
        """A page joins with `token`, or with a new one."""
        page = Page(str(token) if token else self.tokens.issue())
        await page.open(self.base_url, **connect)
        self._pages.append(page)
        return page

    async def until_left(self, page: Page) -> None:
        """Close a page, and wait until the server knows that none of its conversation is open."""
        await page.close()
        sockets: Sockets = self.channel._sio.handlers["/"]["connect"].__self__
        while sockets.links.is_open(self.tokens.read(page.token).subject):
            await asyncio.sleep(0.01)

    async def open_stock(self, session_id: object = None, **more: object) -> StockClient:
        """A client that knows only Rasa's own events connects and asks for its conversation."""
        client = await self.knock()
        await client.join(session_id, **more)
        return client

    async def knock(self, **connect: Any) -> StockClient:
        """Such a client connects, and asks for nothing yet."""
        client = StockClient("")
        await client.open(self.base_url, auth={}, **connect)
        self._pages.append(client)
        return client


class Page:
    """A socket of the chat page with the plainest client there is."""

    def __init__(self, token: str) -> None:
        self.token = token
        self.events: list[tuple[str, Any]] = []
        self._changed = asyncio.Condition()
        self._socket = socketio.AsyncClient(reconnection=False)
        for name in EVENTS:
            self._socket.on(name, self._listener(name))

    async def open(self, base_url: str, auth: object = None, **connect: Any) -> None:
        """Connect; raises socketio's ConnectionError when the server refuses."""
        connect.setdefault("transports", ["websocket"])
        # The client's own patience is one second: a busy machine may take longer to let it in.
        connect.setdefault("wait_timeout", int(SOON))
        await self._socket.connect(
            base_url,
            auth=auth if auth is not None else {"token": self.token},
            socketio_path="/chat/socket.io",
            **connect,
        )

    async def close(self) -> None:
        """Leave, without a word to the server's conversation."""
        await self._socket.disconnect()

    async def emit(self, name: str, data: object = None) -> None:
        """Send an event and wait for nothing."""
        await self._socket.emit(name, data)

    async def say(self, text: str, id: str = "m1") -> list[dict[str, Any]]:
        """Send a text and return the messages of its turn."""
        return await self._turn("say", {"id": id, "text": text}, id)

    async def press(self, payload: str, id: str = "p1") -> list[dict[str, Any]]:
        """Send a payload and return the messages of its turn."""
        return await self._turn("say", {"id": id, "payload": payload}, id)

    async def start(self, language: str = "en") -> list[dict[str, Any]]:
        """Tell the channel that the page is there and return the greeting."""
        return await self._turn("start", {"language": language}, "start")

    async def switch(self, language: str) -> list[dict[str, Any]]:
        """Choose a language on the page."""
        return await self._turn("language", {"language": language}, "language")

    async def resumed(self, after: int, until: int) -> list[dict[str, Any]]:
        """What the server sends again after number `after`, up to number `until`."""
        begin = len(self.events)
        await self.emit("resume", {"after": after})
        await self.until(lambda name, data: name == "message" and data["seq"] == until, begin)
        return self.messages(begin)

    async def refused(self, begin: int = 0) -> dict[str, Any]:
        """The next refusal after event number `begin`."""
        return await self.until(lambda name, _: name == "refused", begin)

    async def until(self, wanted: Callable[[str, Any], bool], begin: int = 0) -> Any:
        """Wait for an event that is `wanted` and return its data."""
        return await asyncio.wait_for(self._wait(wanted, begin), SOON)

    def messages(self, begin: int = 0) -> list[dict[str, Any]]:
        """The messages among the events from number `begin` on."""
        return [data for name, data in self.events[begin:] if name == "message"]

    async def _wait(self, wanted: Callable[[str, Any], bool], looked_at: int) -> Any:
        async with self._changed:
            while True:
                for name, data in self.events[looked_at:]:
                    looked_at += 1
                    if wanted(name, data):
                        return data
                await self._changed.wait()

    async def _turn(self, name: str, data: dict[str, Any], turn_id: str) -> list[dict[str, Any]]:
        begin = len(self.events)
        await self.emit(name, data)
        await self.until(lambda event, done: event == "turn" and done["id"] == turn_id, begin)
        return self.messages(begin)

    def _listener(self, name: str) -> Callable[..., Awaitable[None]]:
        async def listen(data: Any = None, *_: object) -> None:
            async with self._changed:
                self.events.append((name, data))
                self._changed.notify_all()

        return listen


class StockClient(Page):
    """A client that knows Rasa's own events; `about` holds what comes beside each `bot_uttered`."""

    def __init__(self, token: str) -> None:
        super().__init__(token)
        self.about: list[dict[str, Any]] = []
        self._socket.on("bot_uttered", self._uttered)

    async def join(self, session_id: object = None, **more: object) -> None:
        """Ask for the conversation `session_id`, and wait for what there is to hear; its id is `token`."""
        begin = len(self.events)
        await self.emit("session_request", {"session_id": session_id, "id": "join", **more})
        self.token = await self.until(lambda name, _: name == "session_confirm", begin)
        await self.until(lambda name, data: name == "turn" and data["id"] == "join", begin)

    async def utter(self, message: object, id: str = "m1", **more: object) -> list[dict[str, Any]]:
        """Send a message and return what the bot uttered in its turn."""
        begin = len(self.events)
        await self.emit("user_uttered", {"message": message, "session_id": self.token, "id": id, **more})
        await self.until(lambda name, data: name == "turn" and data["id"] == id, begin)
        return self.uttered(begin)

    def uttered(self, begin: int = 0) -> list[dict[str, Any]]:
        """The bot's messages among the events from number `begin` on."""
        return [data for name, data in self.events[begin:] if name == "bot_uttered"]

    async def _uttered(self, data: dict[str, Any], about: dict[str, Any]) -> None:
        self.about.append(about)
        await self._listener("bot_uttered")(data)
