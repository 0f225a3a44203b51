"""What a sentence encoder adds to the features of the intent model."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from bot.nlu.encoder.model import SentenceEncoder

_Floats = NDArray[np.float32]

# How much the vector counts beside the blocks of words, pieces and meanings; measured in docs/nlu.md.
_WEIGHT = 2.0
# So many of the examples, evenly chosen, tell the middle of all.
_ENOUGH = 1000


class SentenceVectors:
    """One row of features for each text; rows without columns if there is no encoder.

    Some encoders (E5) put all texts into one narrow cone. What texts have in common says nothing about the
    intent, so the middle of the examples is taken away and the rest scaled to one length again.
    """

    def __init__(self, encoder: SentenceEncoder | None, middle: _Floats) -> None:
        self.encoder = encoder
        self.middle = middle

    @classmethod
    def learn(cls, encoder: SentenceEncoder | None, texts: Sequence[str]) -> SentenceVectors:
        """Find the middle of the examples `texts`."""
        if encoder is None:
            return cls(None, np.zeros(0, dtype=np.float32))
        some = texts[:: max(1, len(texts) // _ENOUGH)]
        return cls(encoder, encoder.encode(some).mean(axis=0))

    def rows(self, texts: Sequence[str]) -> _Floats:
        """Return the features of the texts: (texts, dimensions)."""
        if self.encoder is None:
            return np.zeros((len(texts), 0), dtype=np.float32)
        apart = self.encoder.encode(texts) - self.middle
        lengths = np.linalg.norm(apart, axis=1, keepdims=True)
        return _WEIGHT * apart / np.maximum(lengths, 1e-12)
