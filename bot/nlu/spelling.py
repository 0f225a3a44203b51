"""What a message says once its shorthand is written out and its slips are mended: for features only."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

from bot.nlu.homophones import Homophones
from bot.nlu.mistyping import Mistyping
from bot.nlu.normaliser import fold
from bot.nlu.shorthand import default_shorthand

_FILE = "spelling.json"


class Spelling:
    """The words and the pairs of characters that the examples hold."""

    def __init__(self, homophones: Homophones, mistyping: Mistyping) -> None:
        self._homophones = homophones
        self._mistyping = mistyping

    @classmethod
    def learn(cls, texts: Iterable[str]) -> Spelling:
        """Learn from the texts of the examples."""
        expanded = [_expanded(text) for text in texts]
        return cls(Homophones.learn(expanded), Mistyping.learn(expanded))

    def mend(self, text: str) -> str:
        """Return `text` folded, written out and mended; positions are those of a new text."""
        return self._homophones.mend(self._mistyping.mend(_expanded(text)))

    def save(self, folder: Path) -> None:
        """Write `spelling.json` in `folder`."""
        learnt = {"words": self._mistyping.words, "pairs": self._homophones.pairs}
        (folder / _FILE).write_text(json.dumps(learnt, ensure_ascii=False), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> Spelling:
        """Read what `save` wrote. Raises `FileNotFoundError` when nothing was saved."""
        learnt = json.loads((folder / _FILE).read_text(encoding="utf-8"))
        return cls(Homophones(learnt["pairs"]), Mistyping(learnt["words"]))


def _expanded(text: str) -> str:
    return default_shorthand().expand(fold(text))
