"""Mends characters that a pinyin keyboard or dictation got wrong: 换款 for 还款, 预期 for 逾期.

Pairs of neighbouring characters are learnt from the examples. A pair that no example holds, and that
sounds like one which many hold, is replaced when that makes its surroundings clearly more familiar.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from math import log1p

from bot.nlu.pinyin import sounds

_HAN_RUN = re.compile(r"[\u3400-\u9fff]{2,}")
_DRAWN_OUT = re.compile(r"(.)\1{2,}")
# A replacement must be in this many examples: rarer pairs are as likely another slip.
_FEWEST = 5
# What each changed character must gain in familiarity (sum of log counts of the pairs around it). On the
# development set 3.5 changed 1 % of the clean sentences and mended half of the slips; 2.5 mended more, but
# changed 5 %.
_PRICE = 3.5


class Homophones:
    """The pairs of characters of the examples, found by their sound."""

    def __init__(self, pairs: Mapping[str, int]) -> None:
        self.pairs = Counter(pairs)
        self._by_sound: dict[tuple[str, ...], list[str]] = defaultdict(list)
        for pair, count in self.pairs.items():
            if count >= _FEWEST:
                for sound in sounds(pair):
                    self._by_sound[sound].append(pair)

    @classmethod
    def learn(cls, folded: Iterable[str]) -> Homophones:
        """Count in how many runs of Chinese characters each pair of neighbours occurs."""
        pairs: Counter[str] = Counter()
        for text in folded:
            for run in _HAN_RUN.findall(text):
                pairs.update({run[at : at + 2] for at in range(len(run) - 1)})
        return cls(pairs)

    def mend(self, folded: str) -> str:
        """Return a folded text with drawn-out characters cut and wrong ones replaced."""
        return _HAN_RUN.sub(lambda run: self._mend_run(self._cut(run.group())), folded)

    def _cut(self, run: str) -> str:
        # 谢谢谢谢谢 is 谢谢, but 我我我 is 我.
        return _DRAWN_OUT.sub(lambda drawn: drawn[1] * (2 if self.pairs[drawn[1] * 2] else 1), run)

    def _mend_run(self, run: str) -> str:
        at = 0
        while at < len(run) - 1:
            gain, pair = self._best(run, at)
            # Of two overlapping replacements the better one is made.
            if gain > 0 and gain >= self._best(run, at + 1)[0]:
                run = run[:at] + pair + run[at + 2 :]
                at += 1
            at += 1
        return run

    def _best(self, run: str, at: int) -> tuple[float, str]:
        """Return the gain and the pair that would best replace the one at `at`; 0 when none is better."""
        written = run[at : at + 2]
        if len(written) < 2 or self.pairs[written]:
            return 0.0, written
        alike = {pair for sound in sounds(written) for pair in self._by_sound.get(sound, ())}
        return max([(0.0, written), *((self._gain(run, at, pair), pair) for pair in alike)])

    def _gain(self, run: str, at: int, pair: str) -> float:
        before, after = run[max(at - 1, 0) : at], run[at + 2 : at + 3]
        changed = sum(old != new for old, new in zip(run[at : at + 2], pair, strict=True))
        mended = self._familiarity(before + pair + after)
        return mended - self._familiarity(before + run[at : at + 2] + after) - _PRICE * changed

    def _familiarity(self, characters: str) -> float:
        return sum(log1p(self.pairs[characters[at : at + 2]]) for at in range(len(characters) - 1))
