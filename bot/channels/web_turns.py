"""What happens in one turn of a conversation on the web: what is said is stored, shown and answered."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from socketio import AsyncServer

from bot.channels.answering import Answering
from bot.channels.audience import Audience
from bot.channels.danger import InTime
from bot.channels.limits import Limits, PersonLimit
from bot.channels.links import Link
from bot.channels.output import WebOutput
from bot.channels.protocol import Said, event, read_language, without_command
from bot.channels.record import Record
from bot.channels.refusals import Refused
from bot.channels.turns import Handler, answer
from bot.nlu.care import is_danger
from casestore.answering import ABANDONED, Body, Claim, Heard

# The name of the turn in which the bot introduces itself.
GREETING = "greeting"


class WebTurns:
    """The turns of all conversations; each runs while no other of its conversation does in this process."""

    def __init__(
        self,
        sio: AsyncServer,
        audience: Audience,
        handler: Handler,
        record: Record,
        answering: Answering,
        limits: Limits,
    ) -> None:
        self._sio, self._audience, self._handler = sio, audience, handler
        self._record, self._answering = record, answering
        self._seconds, self._person = limits.turn_seconds, PersonLimit(record.store, limits)

    async def begin(self, link: Link) -> None:
        """Begin the conversation, if it is new."""
        if not link.begun:
            session = await self._record.begin(link.session_id)
            link.language, link.begun = session.language or link.language, True

    async def has_begun(self, link: Link) -> bool:
        """Whether anything was said in this conversation."""
        return await self._record.anything_after(link.session_id, 0)

    async def is_left_half_introduced(self, link: Link) -> bool:
        """Whether a server went down while the bot introduced itself, and nothing was said since."""
        told = [message async for message in self._record.after(link.session_id, 0)]
        if not told or any(each.author != "bot" for each in told):
            return False
        # So long another server may still be at it.
        if told[-1].at > self._record.store.clock() - ABANDONED:
            return False
        return not await self._answering.has_ended(link.session_id, GREETING)

    async def introduce(self, link: Link, data: object) -> None:
        """The bot introduces itself in the language of the page, without what of it was said before."""
        said = [message.body async for message in self._record.after(link.session_id, 0)]
        link.language = read_language(data, link.language)
        await self._record.remember_language(link.session_id, link.language)
        await self._command(link, "/greet" + json.dumps({"language": link.language}), GREETING, said)

    async def switch(self, link: Link, data: object) -> None:
        """The borrower chose a language on the page."""
        link.language = wanted = read_language(data, link.language)
        if await self._record.person_talks(link.session_id):
            await self._record.remember_language(link.session_id, wanted)
            return
        # `wanted_language` is the wish, `language` what this very turn is answered in.
        both = json.dumps({"wanted_language": wanted, "language": wanted})
        await self._command(link, f"/change_language{both}")

    async def say(self, link: Link, said: Said) -> None:
        """The borrower says something, or again what may have been lost. Raises `Refused`."""
        if not await self._person.allows(link.session_id):
            raise Refused("too_fast")
        body = await self._admitted(link, said)
        heard = await self._answering.hear(link.session_id, body, said.id)
        if heard.is_new:
            shown = event(heard.seq, "borrower", body, self._record.store.clock())
            await self._audience.show(link.session_id, shown)
        await self._respond(link, heard)

    async def is_left_open(self, link: Link) -> bool:
        """Whether the borrower's last message is not answered to the end."""
        return await self._answering.is_left_open(link.session_id)

    async def take_up(self, link: Link) -> None:
        """Answer what a server, going down, left without an answer."""
        heard = await self._answering.take_up(link.session_id)
        if heard is not None:
            await self.begin(link)
            await self._respond(link, heard)

    async def apologise(self, link: Link, told: str) -> None:
        """Say to somebody who wrote `told` that it went wrong on our side, when nothing can be stored."""
        await self._output(link).apologise(link.session_id, told, stored=False)

    def in_time(self, link: Link, told: str) -> InTime:
        """Danger is not kept waiting by a store, or by the turns before."""
        alone = WebOutput(self._audience, self._record.store, link.language)
        return InTime(told, lambda: alone.apologise(link.session_id, told, stored=False))

    async def _respond(self, link: Link, heard: Heard) -> None:
        if heard.claim is None:
            # Perhaps another worker has just answered it; a page tells a repeat by its number.
            async for message in self._record.after(link.session_id, heard.seq):
                shown = event(message.seq, message.author, message.body, message.at)
                await self._audience.show(link.session_id, shown)
        else:
            await self._answer(link, heard.claim)

    async def _answer(self, link: Link, claim: Claim) -> None:
        async with self._answering.turn(claim):
            if await self._is_for_person(claim):
                return
            await self._sio.emit("typing", {}, room=link.session_id)
            output = self._output(link, claim)
            await self._answering.answer(claim, output, claim.body.get("payload") or claim.body["text"])
            link.language = output.language

    async def _is_for_person(self, claim: Claim) -> bool:
        """Whether a person answers this message. The bot keeps silent then, unless a life is in danger."""
        text = claim.body.get("text", "")
        told = text or await self._record.title_of(claim.session_id, claim.body["payload"])
        return await self._record.tell_person(claim.session_id, told, claim.seq) and not is_danger(text)

    async def _admitted(self, link: Link, said: Said) -> Mapping[str, str]:
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

    async def _command(
        self, link: Link, command: str, name: str | None = None, said: Sequence[Body] = ()
    ) -> None:
        await self._sio.emit("typing", {}, room=link.session_id)
        output = self._output(link, said=said)
        await answer(self._handler, output, link.session_id, command, self._seconds, name)
        link.language = output.language

    def _output(self, link: Link, claim: Claim | None = None, said: Sequence[Body] = ()) -> WebOutput:
        return WebOutput(self._audience, self._record.store, link.language, claim, link.in_time, said)
