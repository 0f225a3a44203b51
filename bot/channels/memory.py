"""Rasa's memory of the flow: a turn without it is refused in words, never answered as if nothing was said."""

from __future__ import annotations

from typing import Any

from rasa.core.tracker_store import FailSafeTrackerStore
from sanic import Sanic


def require_memory(app: Sanic) -> None:
    """Let a failing tracker store fail the turn, once the server of `app` runs.

    Rasa would go on with an empty memory: a borrower who says yes would be greeted like a stranger.
    """

    async def watch(*_: Any) -> None:
        store = getattr(getattr(app.ctx, "agent", None), "tracker_store", None)
        if isinstance(store, FailSafeTrackerStore):
            store._on_tracker_store_error = _fail

    app.register_listener(watch, "after_server_start")


def _fail(error: Exception) -> None:
    raise error
