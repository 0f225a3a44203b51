"""One conversation at a stage of the way, and what must hold after every message in it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from sqlalchemy import String, cast, literal, select, union_all

from bot.nlu.normaliser import fold
from casestore.handoffs import DANGER
from casestore.models import (
    AgreementRow,
    ComplaintRow,
    ConsentRow,
    DataRequestRow,
    DisputeRow,
    HandoffRow,
    PaymentClaimRow,
    PlanRequestRow,
)
from tests.conversations import steps
from tests.conversations.people import Person
from tests.nlu.examples import LANGUAGES, training
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

# What the borrower hears of by its reference as soon as it is recorded; danger goes to a person without one.
SAID_BY_REFERENCE = (ComplaintRow, DataRequestRow, DisputeRow, HandoffRow, PaymentClaimRow, PlanRequestRow)

# What only a plain yes makes.
BINDING = {"agreements": "an agreement nobody has made", "consents": "a consent nobody has given"}

# A single character of nonsense may be a yes: 系 is one in Cantonese.
YES = {fold(each.text) for language in LANGUAGES for each in training(language) if each.intent == "affirm"}

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

        Every message is answered or refused in words, none makes an agreement, and what it records is said.
        """
        recorded = self._recorded()
        for text in nonsense:
            reply = self.chat.say(text)
            faults = list(_faults(text, reply))
            new, recorded = self._recorded() - recorded, self._recorded()
            faults += _not_said(new, reply.text)
            if fold(text) not in YES:
                faults += [BINDING[table] for table, _ in new if table in BINDING]
            if faults:
                yield f"{faults} after {text[:200]!r} ({len(text)} characters): {reply}"

    def _recorded(self) -> set[tuple[str, str]]:
        """The table and reference of everything that this conversation has recorded."""
        conversation = self.chat.conversation
        of_each = (
            select(literal(row.__tablename__), row.reference).where(
                row.session_id == conversation, *_told(row)
            )
            for row in (AgreementRow, *SAID_BY_REFERENCE)
        )
        consents = select(literal(ConsentRow.__tablename__), cast(ConsentRow.consent_id, String)).where(
            ConsentRow.session_id == conversation, ConsentRow.given
        )
        with self.stack.store.reading() as unit:
            rows = unit.session.execute(union_all(*of_each, consents))
            return {(table, reference) for table, reference in rows}


def _not_said(new: set[tuple[str, str]], heard: str) -> list[str]:
    """A payment to check or a complaint goes to a person too: its own reference stands for both."""
    said = {table for table, reference in new if reference in heard}
    return [
        f"recorded and not said: {table}"
        for table, _ in sorted(new)
        if table not in BINDING and table not in said and not (table == "handoffs" and said)
    ]


def _told(row: type) -> tuple[object, ...]:
    return (HandoffRow.reason != DANGER,) if row is HandoffRow else ()


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
