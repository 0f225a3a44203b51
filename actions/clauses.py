"""The clauses of a message, each with what it would mean and answer by itself (`bot.nlu.clauses`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from actions.turn import QUESTION_MARKS, Turn

NONE = ("", 0.0)
# Letters: so near its beginning an English clause asks.
_FIRST_WORDS = 5
# From here on a clause means that, whatever stands beside it.
_SURELY = 0.8


@dataclass(frozen=True)
class Clause:
    """One clause: its place in the message, its likeliest meaning, and what it answers."""

    start: int
    end: int
    text: str
    intent: str
    confidence: float
    answers: Mapping[str, Any]
    asks: bool

    def answer(self, question: str) -> tuple[str, float]:
        """What it would mean as an answer to `question` and how surely; ("", 0.0) where it is none."""
        said = self.answers.get(question)
        return (str(said["value"]), float(said["score"])) if said else NONE

    def holds(self, entity: Mapping[str, Any]) -> bool:
        """Whether something found in the message begins in it."""
        return self.start <= int(entity.get("start", -1)) < self.end


def of(turn: Turn) -> list[Clause]:
    """The clauses of the latest message; one that is all of it where it was not divided."""
    read = turn.tracker.latest_message.get("clauses") or []
    whole = {
        "start": 0,
        "end": len(turn.text),
        "intent": turn.likeliest,
        "answers": turn.tracker.latest_message.get("answers") or {},
    }
    return [_clause(turn, each) for each in (read or [whole])]


def one_asks(turn: Turn, intent: str) -> bool:
    """Whether one of several clauses surely asks this: "how late am I, and who handles it now"."""
    found = of(turn)
    return len(found) > 1 and any(each.intent == intent and each.confidence >= _SURELY for each in found)


def _clause(turn: Turn, read: Mapping[str, Any]) -> Clause:
    start, end = int(read["start"]), int(read["end"])
    marked = turn.text[end : end + 1] in QUESTION_MARKS or turn.text[end - 1 : end] in QUESTION_MARKS
    # In English a word that asks stands first: "bills from when our son was born" asks nothing.
    last = min(end, start + _FIRST_WORDS) if turn.text[start:end].isascii() else end
    asked = any(start <= int(each.get("start", -1)) < last for each in turn.entities("question"))
    return Clause(
        start,
        end,
        turn.text[start:end],
        str(read.get("intent") or ""),
        float(read.get("confidence") or 0.0),
        read.get("answers") or {},
        marked or asked,
    )


def at(found: list[Clause], entity: Mapping[str, Any]) -> int:
    """The number of the clause in which something begins; the last one that begins before it."""
    place = int(entity.get("start", 0))
    return max((number for number, each in enumerate(found) if each.start <= place), default=0)
