"""Rasa's memory of the flow: a turn without it is refused in words, never answered as if nothing was said."""

from __future__ import annotations

from typing import Any

from rasa.core.tracker_store import FailSafeTrackerStore
from rasa.shared.core.events import UserUttered
from sanic import Sanic


class Memory:
    """What Rasa remembers, once the server runs that `attach` was given."""

    def __init__(self) -> None:
        self._app: Sanic | None = None

    def attach(self, app: Sanic) -> None:
        """Let a failing tracker store fail the turn, once the server of `app` runs.

        Rasa would go on with an empty memory: a borrower who says yes would be greeted like a stranger.
        """
        self._app = app
        app.register_listener(self._watch, "after_server_start")

    async def holds(self, session_id: str, message_id: str) -> bool:
        """Whether Rasa has answered this message to the end: it remembers a turn only then."""
        store = self._store
        tracker = await store.retrieve(session_id) if store else None
        events = tracker.events if tracker else ()
        return any(isinstance(each, UserUttered) and each.message_id == message_id for each in events)

    async def _watch(self, *_: Any) -> None:
        store = self._store
        if isinstance(store, FailSafeTrackerStore):
            store._on_tracker_store_error = _fail

    @property
    def _store(self) -> Any:
        return getattr(getattr(self._app and self._app.ctx, "agent", None), "tracker_store", None)


def _fail(error: Exception) -> None:
    raise error
