"""Work that goes on beside the server's requests, from its start to its end."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

from sanic import Sanic


def run_beside(app: Sanic, work: Callable[[], Awaitable[None]]) -> None:
    """Run `work` from when the server of `app` has started until it stops; it is cancelled then."""
    tasks: list[asyncio.Task[None]] = []

    async def start(*_: Any) -> None:
        tasks.append(asyncio.ensure_future(work()))  # type: ignore[arg-type]

    async def stop(*_: Any) -> None:
        for task in tasks:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    app.register_listener(start, "after_server_start")
    app.register_listener(stop, "before_server_stop")
