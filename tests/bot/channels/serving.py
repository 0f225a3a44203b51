"""Rasa channels on a real server in the test's own event loop, registered as Rasa does it."""

from __future__ import annotations

import asyncio
import socket
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from rasa.core.channels.channel import InputChannel, UserMessage, register
from rasa.core.tracker_store import TrackerStore
from rasa.server import configure_cors
from sanic import Sanic

from bot.channels.refusals import REQUEST_REFUSALS
from bot.channels.wording import wording


@dataclass
class _Agent:
    handle_message: Callable[[UserMessage], Awaitable[Any]]
    tracker_store: TrackerStore | None = None

    def is_ready(self) -> bool:
        return True


@asynccontextmanager
async def serving(
    channel: InputChannel,
    bot: Callable[[UserMessage], Awaitable[Any]],
    remembered: TrackerStore | None = None,
) -> AsyncIterator[str]:
    """A server with `channel`, answered by `bot`; its address, without a slash at the end.

    `remembered` is what Rasa remembers of its conversations.
    """
    app = Sanic(f"channel_{uuid.uuid4().hex}", configure_logging=False)
    app.config.UVLOOP = False
    configure_cors(app, "")
    app.ctx.agent = _Agent(bot, remembered)
    # In a thread, because Telegram's channel announces its address with an event loop of its own.
    await asyncio.to_thread(register, [channel], app, "/webhooks/")
    listening = socket.create_server(("127.0.0.1", 0))
    server = await app.create_server(sock=listening, return_asyncio_server=True, access_log=False)
    await server.startup()
    await server.before_start()
    await server.after_start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        await server.before_stop()
        await server.close()


def refusal(reason: str) -> str:
    """The body that a request refused for this reason is answered with."""
    return "".join(f"{wording(REQUEST_REFUSALS[reason][1], language)}\n" for language in ("zh", "en"))
