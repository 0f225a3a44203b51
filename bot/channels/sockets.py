"""The Socket.IO events of the web channel: who is let in, and what each event of a client does."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from socketio import AsyncServer
from socketio.exceptions import ConnectionRefusedError

from bot.channels.audience import Audience
from bot.channels.danger import said_to
from bot.channels.limits import Limits, PersonLimit, RateLimits
from bot.channels.output import WebOutput
from bot.channels.protocol import (
    Said,
    event,
    read_after,
    read_id,
    read_language,
    read_say,
    without_command,
)
from bot.channels.record import Record
from bot.channels.stock import is_initial_payload, read_session_id, read_uttered
from bot.channels.tokens import SessionTokens, TokenRefused
from bot.channels.turns import Handler, Lanes, TooManyWaiting, answer, log_failure
from bot.nlu.care import is_danger

# Why something is refused -> the response that says so.
REFUSALS = {
    "too_long": "utter_refused_too_long",
    "too_fast": "utter_refused_too_fast",
    "expired": "utter_refused_expired",
    "invalid": "utter_refused_expired",
    "missing": "utter_refused_expired",
    "payload": "utter_refused_payload",
}


class Refused(Exception):
    """A message that is not taken. `reason` is a key of `REFUSALS`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass
class Link:
    """One open socket: the conversation its token opened, and the language to refuse in."""

    sid: str
    session_id: str
    token: str
    address: str
    expires_at: datetime
    language: str
    begun: bool = False


@dataclass(frozen=True)
class Stranger:
    """An open socket that is in no conversation yet: stock clients can't send a token on connecting."""

    address: str
    language: str


class Sockets:
    """Handles the events of all sockets; those of one conversation share a room and show the same."""

    def __init__(
        self,
        sio: AsyncServer,
        audience: Audience,
        handler: Handler,
        record: Record,
        tokens: SessionTokens,
        limits: Limits,
        rates: RateLimits,
    ) -> None:
        self._sio, self._audience, self._handler = sio, audience, handler
        self._record, self._tokens = record, tokens
        self._limits, self._rates, self._person = limits, rates, PersonLimit(record.store, limits)
        self._lanes = Lanes(limits.waiting_messages)
        self._links: dict[str, Link] = {}
        self._strangers: dict[str, Stranger] = {}

    def register(self) -> None:
        """Attach the handlers to the Socket.IO server."""
        self._sio.on("connect", self.connect)
        self._sio.on("disconnect", self.disconnect)
        for name in ("say", "start", "language", "resume", "session_request", "user_uttered"):
            self._sio.on(name, getattr(self, name))

    def is_open(self, session_id: str) -> bool:
        """Whether a page of this conversation is connected to this server."""
        return any(link.session_id == session_id for link in self._links.values())

    async def connect(self, sid: str, environ: dict[str, Any], auth: object = None) -> None:
        """Let the socket into the conversation that its token names. Nothing else the client says counts."""
        address, language = address_of(environ["sanic.request"]), read_language(auth)
        try:
            if not self._rates.allow_session(address):
                raise Refused("too_fast")
            if not auth:
                self._strangers[sid] = Stranger(address, language)
                return
            await self._let_in(sid, auth.get("token") if isinstance(auth, dict) else None, address, language)
        except (Refused, TokenRefused) as refusal:
            raise ConnectionRefusedError(refusal.reason, refusal_of(refusal.reason, language)) from None

    async def _let_in(self, sid: str, token: object, address: str, language: str) -> Link:
        """Raises `TokenRefused`."""
        claims = self._tokens.read(token)
        link = Link(sid, claims.subject, str(token), address, claims.expires_at, language)
        self._links[sid] = link
        await self._sio.enter_room(sid, claims.subject)
        return link

    async def disconnect(self, sid: str, _reason: object = None) -> None:
        """Forget the socket; the conversation stays."""
        self._links.pop(sid, None)
        self._strangers.pop(sid, None)
        self._audience.stock.leave(sid)

    async def session_request(self, sid: str, data: object = None, *_: object) -> None:
        """A stock client asks for its conversation.

        The session id it is told to keep is a token of ours. Any other id it brings is refused, and it gets
        a new conversation, or stays in the one where it is.
        """
        brought = read_session_id(data)
        link = self._links.get(sid) or await self._acquainted(sid, brought)
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
            if sid not in self._links:
                self._audience.stock.leave(sid)
                return
            await self._record.seen(link.session_id, told)
            await self._answer_left_open(link)

        await self._sio.emit("session_confirm", link.token, to=sid)
        await self._in_turn(sid, read_id(data), turn)

    async def _acquainted(self, sid: str, token: object) -> Link | None:
        stranger = self._strangers.pop(sid, None)
        if stranger is None:
            return None
        try:
            return await self._let_in(sid, token, stranger.address, stranger.language)
        except TokenRefused:
            return await self._let_in(sid, self._tokens.issue(), stranger.address, stranger.language)

    async def _answer_left_open(self, link: Link) -> None:
        """Answer what the server, going down, left without an answer: a stock client sends nothing again."""
        last = await self._record.last(link.session_id)
        if last is None or last.author != "borrower":
            return
        await self._begin(link)
        if await self._is_for_person(link, last.body, last.seq):
            return
        await self._answer(link, last.body.get("payload") or last.body["text"])

    async def user_uttered(self, sid: str, data: object = None, *_: object) -> None:
        """A message from the borrower, as Rasa's own channel takes it."""

        async def turn(link: Link) -> None:
            await self._begin(link)
            if is_initial_payload(said.text) and not await self._record.anything_after(link.session_id, 0):
                # Whatever it asks for, it says no more than that the page is there.
                await self._introduce(link, data.get("customData"))
            else:
                await self._say(link, said)

        said = read_uttered(data)
        await self._in_turn(sid, read_id(data), turn, self._objection(said), said.text if said else "")

    async def say(self, sid: str, data: object = None, *_: object) -> None:
        """A message from the borrower."""

        async def turn(link: Link) -> None:
            await self._begin(link)
            await self._say(link, said)

        said = read_say(data)
        await self._in_turn(sid, read_id(data), turn, self._objection(said), said.text if said else "")

    async def start(self, sid: str, data: object = None, *_: object) -> None:
        """The page is there: the bot introduces itself, once per conversation."""

        async def turn(link: Link) -> None:
            await self._begin(link)
            if not await self._record.anything_after(link.session_id, 0):
                await self._introduce(link, data)

        await self._in_turn(sid, read_id(data, "start"), turn)

    async def _introduce(self, link: Link, data: object) -> None:
        link.language = read_language(data, link.language)
        await self._record.remember_language(link.session_id, link.language)
        await self._answer(link, "/greet" + json.dumps({"language": link.language}))

    async def language(self, sid: str, data: object = None, *_: object) -> None:
        """The borrower chose a language on the page."""

        async def turn(link: Link) -> None:
            await self._begin(link)
            link.language = wanted = read_language(data, link.language)
            if await self._record.person_talks(link.session_id):
                await self._record.remember_language(link.session_id, wanted)
                return
            # `wanted_language` is the wish, `language` what this very turn is answered in.
            both = json.dumps({"wanted_language": wanted, "language": wanted})
            await self._answer(link, f"/change_language{both}")

        await self._in_turn(sid, read_id(data, "language"), turn)

    async def resume(self, sid: str, data: object = None, *_: object) -> None:
        """Send again whatever came after the last message the page has."""
        link = self._links.get(sid)
        if link is None:
            await self._turn_away(sid, None)
            return
        last = read_after(data)
        try:
            self._require_welcome(link)
            async for message in self._record.after(link.session_id, last):
                shown = event(message.seq, message.author, message.body, message.at)
                await self._sio.emit("message", shown, to=sid)
                last = message.seq
            await self._record.seen(link.session_id, last)
        except Refused as refusal:
            await self._refuse(link, None, refusal.reason)
        except Exception as error:
            log_failure("A history could not be shown", error)

    async def _in_turn(
        self,
        sid: str,
        turn_id: str | None,
        turn: Callable[[Link], Any],
        objection: str | None = None,
        told: str = "",
    ) -> None:
        """Run `turn` alone in its conversation and say when it is over; a refused one never begins.

        `told` is what the borrower wrote, for danger is answered even where nothing else is.
        """
        link = self._links.get(sid)
        if link is None:
            await self._turn_away(sid, turn_id)
            return
        try:
            self._require_welcome(link)
            if objection:
                raise Refused(objection)
            async with self._lanes.turn(link.session_id):
                await self._run(link, turn, told)
                await self._end(link, turn_id)
        except Refused as refusal:
            await self._refuse(link, turn_id, refusal.reason, told)
        except TooManyWaiting:
            await self._refuse(link, turn_id, "too_fast", told)

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

    async def _run(self, link: Link, turn: Callable[[Link], Any], told: str) -> None:
        try:
            await turn(link)
        except Refused:
            raise
        except Exception as error:
            log_failure("A message could not be taken", error)
            await self._output(link).apologise(link.session_id, told, stored=False)

    async def _begin(self, link: Link) -> None:
        if not link.begun:
            session = await self._record.begin(link.session_id)
            link.language, link.begun = session.language or link.language, True

    async def _say(self, link: Link, said: Said) -> None:
        if not await self._person.allows(link.session_id):
            raise Refused("too_fast")
        body = await self._admitted(link, said)
        stored = await self._record.append(link.session_id, "borrower", body, said.id)
        if stored.duplicate:
            # Sent again after a lost connection. One that was answered must not be answered twice.
            if await self._record.unanswered(link.session_id, stored.seq) is None:
                return
        else:
            shown = event(stored.seq, "borrower", body, self._record.store.clock())
            await self._audience.show(link.session_id, shown)
        if await self._is_for_person(link, body, stored.seq):
            return
        await self._answer(link, body.get("payload") or body["text"])

    async def _is_for_person(self, link: Link, body: Mapping[str, Any], seq: int) -> bool:
        """Whether a person answers this message. The bot keeps silent then, unless a life is in danger."""
        text = body.get("text", "")
        told = text or await self._record.title_of(link.session_id, body["payload"])
        return await self._record.tell_person(link.session_id, told, seq) and not is_danger(text)

    async def _admitted(self, link: Link, said: Said) -> dict[str, str]:
        """What is stored of the message. Raises `Refused` for a payload not issued to this conversation."""
        issued = said.payload or said.text
        is_command = said.payload is not None or issued.startswith("/")
        if is_command and await self._record.is_issued(link.session_id, issued):
            part = {"payload": issued}
        else:
            part = {"text": without_command(said.text)}
        if not any(part.values()):
            raise Refused("payload")
        return {**({"id": said.id} if said.id else {}), **part}

    async def _answer(self, link: Link, text: str) -> None:
        await self._sio.emit("typing", {}, room=link.session_id)
        output = self._output(link)
        await answer(self._handler, output, link.session_id, text, self._limits.turn_seconds)
        link.language = output.language

    async def _turn_away(self, sid: str, turn_id: str | None) -> None:
        """Refuse a socket that has not asked for its conversation; one that has left hears nothing."""
        stranger = self._strangers.get(sid)
        if stranger is not None:
            refusal = refusal_of("missing", stranger.language)
            await self._sio.emit("refused", {"id": turn_id, **refusal}, to=sid)
            await self._audience.stock.say(sid, refusal["text"], stranger.language)

    async def _refuse(self, link: Link, turn_id: str | None, reason: str, told: str = "") -> None:
        refusal = refusal_of(reason, link.language, told)
        await self._sio.emit("refused", {"id": turn_id, **refusal}, to=link.sid)
        if link.sid in self._audience.stock:
            await self._audience.stock.say(link.sid, refusal["text"], link.language)

    def _output(self, link: Link) -> WebOutput:
        return WebOutput(self._audience, self._record, link.language)


def refusal_of(reason: str, language: str, told: str = "") -> dict[str, str]:
    """A refusal as clients get it: a code, and the sentence for the borrower, who wrote `told`."""
    return {"reason": reason, "text": said_to(told, REFUSALS[reason], language), "lang": language}


def address_of(request: Any) -> str:
    """The client's address; behind a proxy only as far as Sanic is told to trust it."""
    return str(request.remote_addr or request.ip)
