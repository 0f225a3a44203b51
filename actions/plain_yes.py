"""What counts as a yes where a yes binds the borrower: to an agreement, or to the use of their data."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from pathlib import Path

import yaml

from actions.cancelling import says_only_a_value
from actions.turn import Turn

# A yes is said in words and little else: the longest one in our examples has 137 characters,
# and nobody says yes more often than this in one breath: 好的好的好的.
LONGEST_YES = 160
MOST_OFTEN = 3
LONE_YES = Path(__file__).resolve().parents[1] / "data" / "lone_yes.yml"
# Letters and figures grown together are no word of anybody's.
_GROWN_TOGETHER = re.compile(r"[a-z]\d|\d[a-z]", re.IGNORECASE)


def is_plain_yes(text: str) -> bool:
    """Whether what reads as a yes may bind anybody.

    Faces, figures, endless repetition and a lone letter or character, which a slip of the finger writes, may
    not; nor what is no writing of ours: other alphabets, or figures in the middle of words.
    """
    text = unicodedata.normalize("NFKC", text)
    words = text.casefold().split()
    letters = [character for character in text if character.isalpha()]
    slip = len(letters) == 1 and letters[0] not in _lone_yes()
    is_pressed = text.startswith("/")
    garbled = not is_pressed and (bool(_GROWN_TOGETHER.search(text)) or not all(map(_is_ours, letters)))
    runs_on = len(letters) > 2 * MOST_OFTEN and len(set(letters)) <= 2
    repeated = max((words.count(word) for word in set(words)), default=0)
    endless = len(text) > LONGEST_YES or repeated > MOST_OFTEN or runs_on
    return bool(letters) and not slip and not garbled and not endless


@lru_cache(maxsize=1)
def _lone_yes() -> frozenset[str]:
    return frozenset(yaml.safe_load(LONE_YES.read_text(encoding="utf-8"))["lone_yes"])


def _is_ours(letter: str) -> bool:
    return unicodedata.name(letter, "").startswith(("LATIN ", "CJK "))


def consent(turn: Turn) -> bool | None:
    """Whether the borrower consents, or None where neither a plain yes nor a no was said.

    "方案1" and "temporary" answer other questions, whatever meaning so short a text is taken for.
    """
    if turn.entities("option_number") or says_only_a_value(turn):
        return None
    if turn.intent == "deny":
        return False
    return True if said_yes(turn) else None


def said_yes(turn: Turn) -> bool:
    """Whether the message is a yes, and a plain one."""
    return turn.intent in ("affirm", "accept_offer") and is_plain_yes(turn.text)
