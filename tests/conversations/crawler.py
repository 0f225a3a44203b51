"""A borrower who says anything: random sentences, buttons and answers, the same ones for the same seed."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from functools import lru_cache

from actions.turn import DANGERS
from bot.nlu.language import detect
from tests.conversations import steps, ways
from tests.conversations.people import Person
from tests.nlu import examples
from tests.support.chat import Chat, Reply
from tests.support.stack import Stack

# Of ten turns so many press a button that is offered, and so many give an answer of the usual kind.
PRESSED, ANSWERED = 2, 2

# The same text in so many replies running is a loop. Whom to call is told as often as need be.
LOOP = 3
SAFETY_LINES = re.compile(r"12356|96110")

# How the servers' logs tell that something went wrong. The event loop's own complaints are of sockets that
# another conversation has closed.
FAILURE = re.compile(r"action_failed|Traceback|\bERROR\s+(?!asyncio\b)|\[error")

# A button that offers the other language is titled in it.
SWITCHES = frozenset({"English", "中文"})

# A word, or a Chinese character. Fewer in a line don't show its language: "PDF", "Respite".
LINK, WORD, FEW_WORDS = re.compile(r"https?://\S+"), re.compile(r"[A-Za-z]{2,}|[\u3400-\u9fff]"), 3

TURNS_TOLD = 6


@dataclass(frozen=True)
class Said:
    """One turn: what the borrower did, and what came back."""

    did: str
    reply: Reply

    def __str__(self) -> str:
        buttons = " | ".join(button["title"] for button in self.reply.buttons)
        answer = [*self.reply.text.splitlines(), *([f"[{buttons}]"] if buttons else [])]
        return "\n".join([f"  > {self.did}", *(f"      {line}" for line in answer)])


@dataclass
class Walk:
    """One conversation, walked through at random; every reply is checked. Raises `AssertionError`."""

    stack: Stack
    chat: Chat
    language: str
    name: str
    seed: int
    said: list[Said] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._random = random.Random(f"{self.seed} {self.language} {self.name}")
        self._failures = len(self._logged_failures())

    def wander(self, turns: int) -> None:
        """So many random turns."""
        for _ in range(turns):
            dice = self._random.randrange(10)
            offered = self.said[-1].reply.buttons if self.said else []
            if dice < PRESSED and offered:
                self._press(self._random.choice(offered))
            elif dice < PRESSED + ANSWERED:
                self.say(self._random.choice(_answers(self.language)))
            else:
                self._say_anything()

    def say(self, text: str, meaning: str = "an answer") -> Reply:
        """Type something; `meaning` is what its writer meant, for the report."""
        return self._did(f"{text}   ({meaning})", self.chat.say(text))

    def guide(self, person: Person, form: str, question: str) -> bool:
        """Answer what is open until `question` of `form` is; False when the talk is past it or elsewhere."""
        earlier = ways.questions_before(form, question)
        at = ways.open_question(self.stack, self.chat)
        while at in earlier:
            earlier.remove(at)
            self.say(ways.answer(at[1], self.chat, person, self.language))
            at = ways.open_question(self.stack, self.chat)
        return at == (form, question)

    def report(self, fault: str) -> str:
        """What is needed to see the fault and to walk the same way again."""
        told = "\n".join(str(each) for each in self.said[-TURNS_TOLD:])
        where = f"seed {self.seed}, {self.name}, {self.language}, turn {len(self.said)}"
        return f"{fault}\n{where}; the last turns:\n{told}"

    def _press(self, button: dict[str, str]) -> None:
        self._did(f"[{button['title']}]", self.chat.press(button["payload"]))

    def _say_anything(self) -> None:
        sentences = _sentences(self.language)
        meaning = self._random.choice(sorted(sentences))
        text = self._random.choice(sentences[meaning])
        if meaning != "change_language":
            self.say(text, meaning)
            return
        # Whichever language that asks for, the switch on the page leads back to the one of the walk.
        self.said.append(Said(f"{text}   ({meaning})", self.chat.say(text)))
        self._did(f"<page in {self.language}>", self.chat.switch(self.language))

    def _did(self, did: str, reply: Reply) -> Reply:
        self.said.append(Said(did, reply))
        faults = list(self._faults(reply))
        assert not faults, self.report("; ".join(faults))
        return reply

    def _faults(self, reply: Reply) -> Iterator[str]:
        if reply.refused or not any(text.strip() for text in reply.texts):
            yield f"silence ({reply.refused or 'no text'})"
        if reply.notices:
            yield f"a notice: {', '.join(reply.notices)}"
        for line in self._new_failures():
            yield f"a failure in the logs: {line}"
        for line in self._foreign(reply):
            yield f"the other language: {line!r}"
        for text in self._repeated():
            yield f"the same text {LOOP} times running: {text!r}"

    def _new_failures(self) -> list[str]:
        logged = self._logged_failures()
        new, self._failures = logged[self._failures :], len(logged)
        return new

    def _logged_failures(self) -> list[str]:
        return [line for line in self.stack.logs().splitlines() if FAILURE.search(line)]

    def _foreign(self, reply: Reply) -> list[str]:
        lines = [line for text in reply.texts for line in text.splitlines()]
        lines += [button["title"] for button in reply.buttons if button["title"] not in SWITCHES]
        return [line for line in lines if _language_of(line) not in (None, self.language)]

    def _repeated(self) -> set[str]:
        latest = [set(each.reply.texts) for each in self.said[-LOOP:]]
        repeated = set.intersection(*latest) if len(latest) == LOOP else set()
        return {text for text in repeated if not SAFETY_LINES.search(text)}


def _language_of(line: str) -> str | None:
    """What a line is written in, None when it is too short to tell, such as a name and a link."""
    return detect(line) if len(WORD.findall(LINK.sub("", line))) >= FEW_WORDS else None


@lru_cache
def _sentences(language: str) -> dict[str, list[str]]:
    """Training sentences that are plainly in this language, by what they mean."""
    found: dict[str, list[str]] = {}
    for each in examples.training(language):
        # Danger stops all talk of money and closes the form; that is tested on its own.
        if each.intent not in DANGERS and detect(each.text) in (None, language):
            found.setdefault(each.intent, []).append(each.text)
    return found


@lru_cache
def _answers(language: str) -> list[str]:
    return sorted(asdict(steps.WORDS[language]).values())
