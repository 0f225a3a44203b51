"""Skill hardship: what answers the open question in a message that also asks something of its own.

"I'll be back at work by spring. Will this show on my credit record?": the question is answered by its rule,
and what was told is kept, so that it is not asked for again.
"""

from __future__ import annotations

import re
from typing import Any

from actions.situation import LASTING
from actions.statement import record
from actions.turn import Turn

# Where a sentence ends; between Chinese words a blank is as good as a full stop.
_END = re.compile(r"[.!?\n\uff01\uff1f\u3002]|(?<=[\u4e00-\u9fff])\s+(?=[\u4e00-\u9fff])")
_ASKS = "?\uff1f"
# What each question is answered by in so many words.
_PHRASE = {"hardship_duration": "duration", "hardship_purpose": "purpose"}


def keep(turn: Turn, question: str) -> bool:
    """Record the one answer that a sentence without a question tells; say whether there was one."""
    phrases = [each for each in turn.entities(_PHRASE.get(question, "")) if "start" in each]
    values = {str(each["value"]) for each in phrases if not _is_asked(turn, each)}
    if len(values) != 1:
        return False
    (value,) = values
    if question == "hardship_duration":
        record(turn, "lasting", LASTING.get(value, True))
    else:
        record(turn, "business", value == "business")
    return True


def _is_asked(turn: Turn, said: dict[str, Any]) -> bool:
    start, end = _sentence(turn.text, said["start"])
    words = (each for each in turn.entities("question") if "start" in each)
    return turn.text[end : end + 1] in tuple(_ASKS) or any(start <= each["start"] < end for each in words)


def _sentence(text: str, place: int) -> tuple[int, int]:
    """From where to where the sentence goes that holds the letter at `place`, without its last mark."""
    before = [match.end() for match in _END.finditer(text, 0, place)]
    after = _END.search(text, place)
    return before[-1] if before else 0, after.start() if after else len(text)
