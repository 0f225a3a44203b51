"""Counts the features of messages and weighs them: what every linear model of ours learns from.

Term frequency is damped, rare features are heavier, and each block of features is scaled to its own length,
so that long messages don't look more certain than short ones.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from bot.nlu.features import Block

Floats = NDArray[np.float32]
# The features of one message, a list for each block.
Read = list[list[str]]


@dataclass(frozen=True)
class Messages:
    """Read messages: how often each holds each feature, and its row from the encoder (empty without one).

    `counts` has a matrix for each block: a row per message, a column per feature of the vocabulary.
    """

    blocks: Sequence[Block]
    counts: list[csr_matrix]
    vectors: Floats

    def part(self, places: Sequence[int]) -> Messages:
        """Return only the messages at these places."""
        return Messages(self.blocks, [counts[places] for counts in self.counts], self.vectors[places])

    def rarity(self) -> Floats:
        """Return for each feature how few of the messages hold it, and 0 for what none of them holds."""
        holding = np.asarray((sum(self.counts[1:], self.counts[0]) > 0).sum(axis=0)).ravel()
        rarity = np.log((1 + self.vectors.shape[0]) / (1 + holding)) + 1
        return np.where(holding > 0, rarity, 0).astype(np.float32)

    def weighed(self, rarity: Floats) -> csr_matrix:
        """Return one row per message: what `Vocabulary.vector` gives for each of them."""
        blocks = zip(self.counts, self.blocks, strict=True)
        return sum(_scaled(counts, rarity, block.weight) for counts, block in blocks)


def _scaled(counts: csr_matrix, rarity: Floats, weight: float) -> csr_matrix:
    """Damp the counts, weigh them by rarity and scale each row to length `weight`."""
    values = (1 + np.log(counts.data)) * rarity[counts.indices]
    rows = csr_matrix((values, counts.indices, counts.indptr), shape=counts.shape)
    lengths = np.sqrt(np.asarray(rows.multiply(rows).sum(axis=1)).ravel())
    rows.data *= np.repeat(weight / np.where(lengths > 0, lengths, 1), np.diff(rows.indptr))
    return rows


class Vocabulary:
    """Turns a text into feature numbers and weights (term frequency damped, rare features heavier)."""

    def __init__(self, blocks: Sequence[Block], index: dict[str, int], rarity: Floats) -> None:
        self.blocks = blocks
        self.index = index
        self.rarity = rarity

    @classmethod
    def learn(
        cls, blocks: Sequence[Block], messages: Sequence[Read], vectors: Floats, held_by: int = 1
    ) -> tuple[Vocabulary, Messages]:
        """Number every feature of the messages read by `blocks`, and weigh it by how few of them hold it.

        `vectors`, a row of the sentence encoder for each message, comes back beside the counted features.
        Features that fewer than `held_by` messages hold are left out.
        """
        held = Counter(name for message in messages for block in message for name in dict.fromkeys(block))
        names = [name for name, times in held.items() if times >= held_by]
        index = {name: number for number, name in enumerate(names)}
        counts = [_counts(index, messages, place) for place in range(len(blocks))]
        counted = Messages(blocks, counts, vectors)
        return cls(blocks, index, counted.rarity()), counted

    def vector(self, message: Read) -> tuple[NDArray[np.int64], Floats]:
        """Return the numbers and weights of the known features of a read message."""
        parts = [self._block(names, block.weight) for names, block in zip(message, self.blocks, strict=True)]
        return np.concatenate([numbers for numbers, _ in parts]), np.concatenate([w for _, w in parts])

    def _block(self, names: list[str], weight: float) -> tuple[NDArray[np.int64], Floats]:
        counts = Counter(map(self.index.get, names))
        del counts[None]  # what no example holds
        numbers = np.fromiter(counts.keys(), dtype=np.int64, count=len(counts))
        often = np.fromiter(counts.values(), dtype=np.float32, count=len(counts))
        weights = (1 + np.log(often)) * self.rarity[numbers]
        return numbers, weight * weights / (np.linalg.norm(weights) or 1.0)


def _counts(index: dict[str, int], messages: Sequence[Read], block: int) -> csr_matrix:
    """Return how often each message holds each feature of the block at this place."""
    held = [Counter(index[name] for name in message[block] if name in index) for message in messages]
    starts = np.cumsum([0] + [len(counts) for counts in held])
    numbers = np.fromiter(chain.from_iterable(held), dtype=np.int64, count=starts[-1])
    often = np.fromiter(chain.from_iterable(c.values() for c in held), dtype=np.float32, count=starts[-1])
    return csr_matrix((often, numbers, starts), shape=(len(messages), len(index)))
