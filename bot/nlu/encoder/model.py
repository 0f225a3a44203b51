"""A sentence encoder: texts in, one vector of length one for each out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.nlu.encoder.bert import BertNetwork
from bot.nlu.encoder.files import SAFETENSORS, TOKENIZER, EncoderError, EncoderFiles, locate
from bot.nlu.encoder.onnx import OnnxNetwork

_Floats = NDArray[np.float32]
_Network = Callable[[NDArray[np.int64], NDArray[np.int64]], _Floats]

# Texts of like length are encoded together: large enough to be quick, small enough for little memory.
_BATCH = 64


@dataclass(frozen=True)
class EncoderIdentity:
    """What a trained model must find again to read as it was trained."""

    source: str
    """A directory, or a name on a hub."""
    sha256: str
    prefix: str


class SentenceEncoder:
    """A network, its tokenizer and how they are used."""

    def __init__(self, identity: EncoderIdentity, tokenizer: Any, network: _Network, pooling: str) -> None:
        self.identity = identity
        self._tokenizer = tokenizer
        self._network = network
        self._pooling = pooling

    @classmethod
    def load(cls, source: str, prefix: str | None = None) -> SentenceEncoder:
        """Read the encoder `source`, a directory or hub name.

        `prefix` replaces what its makers put before every text. Raises `EncoderError`, saying why, when it
        can't be used.
        """
        files = locate(source)
        network: _Network = (
            BertNetwork(files.weights, files.config)
            if files.weights.name == SAFETENSORS
            else OnnxNetwork(files.weights)
        )
        identity = EncoderIdentity(
            source=files.source, sha256=files.sha256, prefix=files.prompt if prefix is None else prefix
        )
        return cls(identity, _tokenizer(files), network, files.pooling)

    @classmethod
    def load_again(cls, identity: EncoderIdentity, source: str | None = None) -> SentenceEncoder:
        """Read the encoder of a trained model from where it was, or from `source`.

        Raises `EncoderError` when it is missing or another one.
        """
        encoder = cls.load(source or identity.source, identity.prefix)
        if encoder.identity.sha256 != identity.sha256:
            raise EncoderError(
                f"{encoder.identity.source} is not the sentence encoder that this model was trained with "
                f"({identity.source}); give that one, or train again"
            )
        return encoder

    def encode(self, texts: Sequence[str]) -> _Floats:
        """Return one vector of length one for each text: (texts, dimensions). Needs at least one text."""
        read = self._tokenizer.encode_batch([self.identity.prefix + text for text in texts])
        order = sorted(range(len(read)), key=lambda place: len(read[place].ids))
        batches = [order[start : start + _BATCH] for start in range(0, len(order), _BATCH)]
        vectors = np.concatenate([self._batch([read[place] for place in batch]) for batch in batches])
        return vectors[np.argsort(order)]

    def _batch(self, read: Sequence[Any]) -> _Floats:
        width = max(len(each.ids) for each in read)
        mask = np.array([[1] * len(each.ids) + [0] * (width - len(each.ids)) for each in read])
        # What stands in the padding doesn't matter: it is outside the mask.
        tokens = np.array([each.ids + [0] * (width - len(each.ids)) for each in read])
        pooled = _pool(self._network(tokens, mask), mask, self._pooling)
        lengths = np.linalg.norm(pooled, axis=1, keepdims=True)
        return (pooled / np.maximum(lengths, 1e-12)).astype(np.float32)


def _pool(hidden: _Floats, mask: NDArray[np.int64], pooling: str) -> _Floats:
    """One vector a text, from one a token."""
    if hidden.ndim == 2:  # the network pools itself
        return hidden
    if pooling == "cls":
        return hidden[:, 0]
    inside = mask[:, :, np.newaxis].astype(np.float32)
    return (hidden * inside).sum(axis=1) / np.maximum(inside.sum(axis=1), 1)


def _tokenizer(files: EncoderFiles) -> Any:
    try:
        from tokenizers import Tokenizer
    except ImportError as error:
        raise EncoderError("tokenizers is not installed; `make train ENCODER=…` installs it") from error
    path = files.folder / TOKENIZER
    try:
        tokenizer = Tokenizer.from_file(str(path))
    except Exception as error:  # the library raises nothing narrower
        raise EncoderError(f"{path} can't be read: {error}") from error
    # Files may ask for padding to a fixed length; batches here are padded to their own longest text.
    tokenizer.no_padding()
    tokenizer.enable_truncation(max_length=files.longest)
    return tokenizer
