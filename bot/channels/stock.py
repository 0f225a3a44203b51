"""Rasa's own Socket.IO events, `user_uttered` and `bot_uttered`, for clients that know no others.

Such a client can't say what it has, so each of its sockets is told by reading the record on: whatever is
stored next goes out next, in order and once.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from socketio import AsyncServer

from bot.channels.protocol import Said, clean, event, read_id, without_command
from bot.channels.record import Record

# What clients of conversations that nobody has open now were told; the oldest are forgotten first.
MOST_REMEMBERED = 10_000


def read_uttered(data: object) -> Said | None:
    """The message in a `user_uttered` event, None when it is malformed.

    Its `session_id` counts for nothing: the socket is in the conversation of its token already.
    """
    message = data.get("message") if isinstance(data, Mapping) else None
    if not isinstance(message, str) or not message.strip():
        return None
    if data.get("id") is not None and read_id(data) is None:  # type: ignore[attr-defined]
        return None
    return Said(read_id(data), clean(message), None)


def read_session_id(data: object) -> object:
    """The session id a `session_request` event brings along, whatever it is."""
    return data.get("session_id") if isinstance(data, Mapping) else None


def is_initial_payload(text: str) -> bool:
    """Whether a first message is one that a client is set to send by itself, such as /get_started."""
    return text.startswith("/") and bool(without_command(text))


def uttered(shown: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]] | None:
    """A `message` event as the arguments of `bot_uttered`; None for the borrower's own words.

    rasa-webchat shows a message only if it has no other keys than these, so its number comes beside it.
    """
    if shown["author"] == "borrower":
        return None
    buttons = list(_buttons([shown.get("buttons"), shown.get("card")]))
    text = str(shown.get("text") or "")
    if not text and not buttons:
        return None
    replies = [{"content_type": "text", **button} for button in buttons]
    message = {"text": text, **({"quick_replies": replies} if replies else {})}
    return message, {name: shown.get(name) for name in ("seq", "author", "lang", "at")}


@dataclass
class StockSocket:
    """One socket of a stock client: its conversation, and the number of the last message it was told."""

    sid: str
    session_id: str
    told: int
    telling: asyncio.Lock = field(default_factory=asyncio.Lock)


class StockSockets:
    """The open sockets of stock clients."""

    def __init__(self, sio: AsyncServer, record: Record) -> None:
        self._sio, self._record = sio, record
        self._sockets: dict[str, StockSocket] = {}
        self._told: OrderedDict[str, int] = OrderedDict()

    def __contains__(self, sid: str) -> bool:
        return sid in self._sockets

    async def join(self, sid: str, session_id: str, after: int | None) -> int:
        """Tell the socket what came after number `after`, and from now on whatever comes; the last number.

        Without a number: what came since a client of this conversation was last here. If that was before
        this server's start, the last answer is told again.
        """
        if after is None:
            after = self._told_to(session_id)
        if after is None:
            after = await self._last_of_borrower(session_id)
        joined = self._sockets[sid] = StockSocket(sid, session_id, after)
        await self._tell(joined)
        return joined.told

    def leave(self, sid: str) -> None:
        """Forget the socket, and remember for its return what it was told."""
        left = self._sockets.pop(sid, None)
        if left is None:
            return
        self._told[left.session_id] = left.told
        self._told.move_to_end(left.session_id)
        if len(self._told) > MOST_REMEMBERED:
            self._told.popitem(last=False)

    async def show(self, session_id: str, shown: Mapping[str, Any]) -> None:
        """Tell all sockets of the conversation what is new; one that could not be stored is told as it is."""
        for socket in [each for each in self._sockets.values() if each.session_id == session_id]:
            if shown["seq"] is None:
                await self._send(socket, shown)
            else:
                await self._tell(socket)

    async def say(self, sid: str, text: str, language: str) -> None:
        """Tell one socket something that belongs to no record, such as a refusal."""
        about = {"seq": None, "author": "bot", "lang": language, "at": None}
        await self._sio.emit("bot_uttered", ({"text": text}, about), to=sid)

    async def _tell(self, socket: StockSocket) -> None:
        async with socket.telling:
            async for message in self._record.after(socket.session_id, socket.told):
                await self._send(socket, event(message.seq, message.author, message.body, message.at))
                socket.told = message.seq

    async def _send(self, socket: StockSocket, shown: Mapping[str, Any]) -> None:
        arguments = uttered(shown)
        if arguments is not None:
            await self._sio.emit("bot_uttered", arguments, to=socket.sid)

    def _told_to(self, session_id: str) -> int | None:
        open_ones = [each.told for each in self._sockets.values() if each.session_id == session_id]
        return max(open_ones, default=self._told.get(session_id))

    async def _last_of_borrower(self, session_id: str) -> int:
        own = [each.seq async for each in self._record.after(session_id, 0) if each.author == "borrower"]
        return max(own, default=0)


def _buttons(value: Any) -> Iterator[dict[str, str]]:
    """Every button in a message or a card."""
    if isinstance(value, dict):
        if isinstance(value.get("payload"), str) and isinstance(value.get("title"), str):
            yield {"title": value["title"], "payload": value["payload"]}
            return
        value = list(value.values())
    if isinstance(value, list):
        for inner in value:
            yield from _buttons(inner)
