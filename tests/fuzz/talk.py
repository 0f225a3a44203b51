"""One conversation at a stage of the way, and what must hold after every message in it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from sqlalchemy import func, select

from casestore.models import AgreementRow
from tests.conversations import steps
from tests.conversations.people import Person
from tests.support.chat import Chat, Reply
from tests.support.stack import Stack

Reach = Callable[[Chat, Person, steps.Words], object]

STAGES: dict[str, Reach] = {
    "at the start": lambda chat, person, words: None,
    "asked who they are": lambda chat, person, words: (chat.say(words.lost_job), chat.say(words.agree)),
    "asked for the income": steps.reach_the_statement,
    "with offers": steps.reach_the_offers,
    "at the read-back of an offer": steps.reach_the_acceptance,
    "with an agreement": steps.reach_the_agreement,
}

# Of another borrower, of a program, or of a person who is not there.
LEAK = re.compile(r"Traceback|sqlalchemy|KeyError|\{[a-z_]+\}|utter_|action_|None\b|-----BEGIN")


@dataclass
class Talk:
    """A borrower who has come to a stage and now says nonsense."""

    stack: Stack
    chat: Chat
    language: str

    def reach(self, stage: str, person: Person) -> None:
        """Go on to the stage."""
        STAGES[stage](self.chat, person, steps.WORDS[self.language])

    def say_all(self, nonsense: Iterable[str]) -> Iterator[str]:
        """Say it all, and tell what went wrong after which message: nothing, if all is well.

        Every message is answered or refused in words, and none makes an agreement.
        """
        agreements = self._agreements()
        for text in nonsense:
            reply = self.chat.say(text)
            faults = list(_faults(text, reply))
            made, agreements = self._agreements() - agreements, self._agreements()
            if made:
                faults.append("an agreement nobody has made")
            if faults:
                yield f"{faults} after {text[:200]!r} ({len(text)} characters): {reply}"

    def _agreements(self) -> int:
        own = AgreementRow.session_id == self.chat.conversation
        with self.stack.store.reading() as unit:
            return int(unit.session.scalar(select(func.count()).select_from(AgreementRow).where(own)))


def _faults(said: str, reply: Reply) -> list[str]:
    faults = []
    if not reply.text.strip():
        faults.append("silence")
    if reply.notices:
        faults.append(f"a notice: {reply.notices}")
    # What was said may be repeated; what it holds is then no leak.
    if any(found not in said for found in LEAK.findall(reply.text)):
        faults.append("a leak")
    return faults
