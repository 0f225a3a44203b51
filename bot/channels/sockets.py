"""The Socket.IO events of the web channel: what each event of a client does, if the client may send it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from socketio import AsyncServer
from socketio.exceptions import ConnectionRefusedError

from bot.channels.audience import Audience
from bot.channels.limits import Limits, RateLimits
from bot.channels.links import Link, Links, address_of
from bot.channels.protocol import Said, event, read_after, read_id, read_language, read_say
from bot.channels.record import Record
from bot.channels.refusals import Refused, refusal_of
from bot.channels.stock import is_initial_payload, read_session_id, read_uttered
from bot.channels.tokens import SessionTokens, TokenRefused
from bot.channels.turns import Lanes, TooManyWaiting, log_failure
from bot.channels.web_turns import WebTurns

Turn = Callable[[Link], Awaitable[None]]


class Sockets:
    """Handles the events of all sockets; those of one conversation share a room and show the same."""

    def __init__(
        self,
        sio: AsyncServer,
        audience: Audience,
        turns: WebTurns,
        record: Record,
        tokens: SessionTokens,
        limits: Limits,
        rates: RateLimits,
    ) -> None:
        self._sio, self._audience, self._turns, self._record = sio, audience, turns, record
        self._tokens, self._limits, self._rates = tokens, limits, rates
        self._lanes = Lanes(limits.waiting_messages)
        self.links = Links(sio, tokens)

    def register(self) -> None:
        """Attach the handlers to the Socket.IO server."""
        self._sio.on("connect", self.connect)
        self._sio.on("disconnect", self.disconnect)
        for name in ("say", "start", "language", "resume", "session_request", "user_uttered"):
            self._sio.on(name, getattr(self, name))

    async def connect(self, sid: str, environ: dict[str, Any], auth: object = None) -> None:
        """Let the socket into the conversation that its token names. Nothing else the client says counts."""
        address, language = address_of(environ["sanic.request"]), read_language(auth)
        try:
            if not self._rates.allow_session(address):
                raise Refused("too_fast")
            if not auth:
                self.links.wait_outside(sid, address, language)
                return
            await self.links.let_in(
                sid, auth.get("token") if isinstance(auth, dict) else None, address, language
            )
        except (Refused, TokenRefused) as refusal:
            raise ConnectionRefusedError(refusal.reason, refusal_of(refusal.reason, language)) from None

    async def disconnect(self, sid: str, _reason: object = None) -> None:
        """Forget the socket; the conversation stays."""
        self.links.leave(sid)
        self._audience.stock.leave(sid)

    async def session_request(self, sid: str, data: object = None, *_: object) -> None:
        """A stock client asks for its conversation.

        The session id it is told to keep is a token of ours. Any other id it brings is refused, and it gets
        a new conversation, or stays in the one where it is.
        """
        brought = read_session_id(data)
        link = await self.links.acquainted(sid, brought)
        if link is None:
            return
        if brought and brought != link.token:
            # Not said as a message: by the new id a stock client knows that the old conversation is over.
            refusal = refusal_of("invalid", link.language)
            await self._sio.emit("refused", {"id": read_id(data), **refusal}, to=sid)
        after = read_after(data) if isinstance(data, Mapping) and "after" in data else None

        async def turn(link: Link) -> None:
            await self._sio.leave_room(sid, link.session_id)
            told = await self._audience.stock.join(sid, link.session_id, after)
            if self.links.of(sid) is None:
                self._audience.stock.leave(sid)
                return
            await self._record.seen(link.session_id, told)
            await self._turns.take_up(link)

        await self._sio.emit("session_confirm", link.token, to=sid)
        await self._in_turn(sid, read_id(data), turn)

    async def user_uttered(self, sid: str, data: object = None, *_: object) -> None:
        """A message from the borrower, as Rasa's own channel takes it."""

        async def turn(link: Link) -> None:
            await self._turns.begin(link)
            if is_initial_payload(said.text) and not await self._turns.has_begun(link):
                # Whatever it asks for, it says no more than that the page is there.
                await self._turns.introduce(link, data.get("customData"))
            else:
                await self._turns.say(link, said)

        said = read_uttered(data)
        await self._in_turn(sid, read_id(data), turn, self._objection(said), said.text if said else "")

    async def say(self, sid: str, data: object = None, *_: object) -> None:
        """A message from the borrower."""

        async def turn(link: Link) -> None:
            await self._turns.begin(link)
            await self._turns.say(link, said)

        said = read_say(data)
        await self._in_turn(sid, read_id(data), turn, self._objection(said), said.text if said else "")

    async def start(self, sid: str, data: object = None, *_: object) -> None:
        """The page is there: the bot introduces itself, once per conversation."""

        async def turn(link: Link) -> None:
            await self._turns.begin(link)
            has_begun = await self._turns.has_begun(link)
            if not has_begun or await self._turns.is_left_half_introduced(link):
                await self._turns.introduce(link, data)

        await self._in_turn(sid, read_id(data, "start"), turn)

    async def language(self, sid: str, data: object = None, *_: object) -> None:
        """The borrower chose a language on the page."""

        async def turn(link: Link) -> None:
            await self._turns.begin(link)
            await self._turns.switch(link, data)

        await self._in_turn(sid, read_id(data, "language"), turn)

    async def resume(self, sid: str, data: object = None, *_: object) -> None:
        """Send again whatever came after the last message the page has, and answer what was left open."""
        link = self.links.of(sid)
        if link is None:
            await self._turn_away(sid, None)
            return
        last = read_after(data)
        try:
            self._require_welcome(link)
            # Asked first, or an answer that comes meanwhile would be in neither.
            is_owed = await self._owes_an_answer(link)
            async for message in self._record.after(link.session_id, last):
                shown = event(message.seq, message.author, message.body, message.at)
                await self._sio.emit("message", shown, to=sid)
                last = message.seq
            await self._record.seen(link.session_id, last)
            if is_owed:
                await self._alone(link, None, self._turns.take_up, "")
        except Refused as refusal:
            await self._refuse(link, None, refusal.reason)
        except Exception as error:
            log_failure("A history could not be shown", error)

    async def _in_turn(
        self,
        sid: str,
        turn_id: str | None,
        turn: Turn,
        objection: str | None = None,
        told: str = "",
    ) -> None:
        """Run `turn` alone in its conversation and say when it is over; a refused one never begins.

        `told` is what the borrower wrote, for danger is answered even where nothing else is.
        """
        link = self.links.of(sid)
        if link is None:
            await self._turn_away(sid, turn_id)
            return
        try:
            self._require_welcome(link)
            if objection:
                raise Refused(objection)
            await self._alone(link, turn_id, turn, told)
        except Refused as refusal:
            await self._refuse(link, turn_id, refusal.reason, told)
        except TooManyWaiting:
            await self._refuse(link, turn_id, "too_fast", told)

    async def _owes_an_answer(self, link: Link) -> bool:
        """Whether a page that was loaded anew, and sends nothing again, waits for what nobody here does."""
        return not self._lanes.is_busy(link.session_id) and await self._turns.is_left_open(link)

    async def _alone(self, link: Link, turn_id: str | None, turn: Turn, told: str) -> None:
        """Raises `Refused` or `TooManyWaiting`."""
        async with self._turns.in_time(link, told) as in_time, self._lanes.turn(link.session_id):
            link.in_time = in_time
            await self._run(link, turn, told)
            await self._end(link, turn_id)

    async def _end(self, link: Link, turn_id: str | None) -> None:
        end = {"id": turn_id, "done": True}
        await self._sio.emit("turn", end, room=link.session_id)
        if link.sid in self._audience.stock:
            await self._sio.emit("turn", end, to=link.sid)

    def _require_welcome(self, link: Link) -> None:
        if link.expires_at <= self._tokens.clock():
            raise Refused("expired")
        if not self._rates.allow_message(link.session_id, link.address):
            raise Refused("too_fast")

    def _objection(self, said: Said | None) -> str | None:
        """What is wrong with a message by itself."""
        if said is None:
            return "payload"
        length = max(len(said.text), len(said.payload or ""))
        return "too_long" if length > self._limits.message_characters else None

    async def _run(self, link: Link, turn: Turn, told: str) -> None:
        try:
            await turn(link)
        except Refused:
            raise
        except Exception as error:
            log_failure("A message could not be taken", error)
            await self._turns.apologise(link, told)

    async def _turn_away(self, sid: str, turn_id: str | None) -> None:
        """Refuse a socket that has not asked for its conversation; one that has left hears nothing."""
        stranger = self.links.stranger(sid)
        if stranger is not None:
            refusal = refusal_of("missing", stranger.language)
            await self._sio.emit("refused", {"id": turn_id, **refusal}, to=sid)
            await self._audience.stock.say(sid, refusal["text"], stranger.language)

    async def _refuse(self, link: Link, turn_id: str | None, reason: str, told: str = "") -> None:
        refusal = refusal_of(reason, link.language, told)
        await self._sio.emit("refused", {"id": turn_id, **refusal}, to=link.sid)
        if link.sid in self._audience.stock:
            await self._audience.stock.say(link.sid, refusal["text"], link.language)
