"""The open sockets of the web channel, and which conversation each was let into."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from socketio import AsyncServer

from bot.channels.danger import InTime
from bot.channels.tokens import SessionTokens, TokenRefused


@dataclass
class Link:
    """One open socket: the conversation its token opened, the language to refuse in, who watches its turn."""

    sid: str
    session_id: str
    token: str
    address: str
    expires_at: datetime
    language: str
    begun: bool = False
    in_time: InTime | None = None


@dataclass(frozen=True)
class Stranger:
    """An open socket that is in no conversation yet: stock clients can't send a token on connecting."""

    address: str
    language: str


class Links:
    """Lets sockets into the conversation that their token names; nothing else a client says counts."""

    def __init__(self, sio: AsyncServer, tokens: SessionTokens) -> None:
        self._sio, self._tokens = sio, tokens
        self._links: dict[str, Link] = {}
        self._strangers: dict[str, Stranger] = {}

    def of(self, sid: str) -> Link | None:
        """The conversation of this socket."""
        return self._links.get(sid)

    def stranger(self, sid: str) -> Stranger | None:
        """This socket, if it has not asked for its conversation yet."""
        return self._strangers.get(sid)

    def is_open(self, session_id: str) -> bool:
        """Whether a page of this conversation is connected to this server."""
        return any(link.session_id == session_id for link in self._links.values())

    def wait_outside(self, sid: str, address: str, language: str) -> None:
        """The socket is open, and will say later which conversation it wants."""
        self._strangers[sid] = Stranger(address, language)

    async def let_in(self, sid: str, token: object, address: str, language: str) -> Link:
        """The socket joins those of its conversation. Raises `TokenRefused`."""
        claims = self._tokens.read(token)
        link = Link(sid, claims.subject, str(token), address, claims.expires_at, language)
        self._links[sid] = link
        await self._sio.enter_room(sid, claims.subject)
        return link

    async def acquainted(self, sid: str, token: object) -> Link | None:
        """The conversation of a socket that asks for it, a new one for a token that opens none.

        None for a socket that has left.
        """
        stranger = self._strangers.pop(sid, None)
        if sid in self._links or stranger is None:
            return self.of(sid)
        try:
            return await self.let_in(sid, token, stranger.address, stranger.language)
        except TokenRefused:
            return await self.let_in(sid, self._tokens.issue(), stranger.address, stranger.language)

    def leave(self, sid: str) -> None:
        """Forget the socket; the conversation stays."""
        self._links.pop(sid, None)
        self._strangers.pop(sid, None)


def address_of(request: Any) -> str:
    """The client's address; behind a proxy only as far as Sanic is told to trust it."""
    return str(request.remote_addr or request.ip)
