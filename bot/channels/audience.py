"""Whoever has a conversation open on the web: our own pages, and clients that know Rasa's events only."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from socketio import AsyncServer

from bot.channels.record import Record
from bot.channels.stock import StockSockets


class Audience:
    """Shows each message to all sockets of its conversation, to each kind in its own event."""

    def __init__(self, sio: AsyncServer, record: Record) -> None:
        self._sio = sio
        self.stock = StockSockets(sio, record)

    async def show(self, session_id: str, shown: Mapping[str, Any]) -> None:
        """Send a `message` event to the conversation's pages, and what it says to its stock clients."""
        await self._sio.emit("message", shown, room=session_id)
        await self.stock.show(session_id, shown)
