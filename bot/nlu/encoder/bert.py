"""Runs a BERT-like encoder from its safetensors weights, in plain arrays: no deep-learning library is needed.

For where there is no ONNX file. It covers what small multilingual encoders are: BERT and XLM-RoBERTa.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import erf

from bot.nlu.encoder.files import EncoderError, first_position

_Floats = NDArray[np.float32]

_FAMILIES = ("bert", "roberta", "xlm-roberta")
_OUTSIDE = np.float32(-1e9)


class BertNetwork:
    """The network of one weights file. Calling it returns a vector for every token."""

    def __init__(self, weights: Path, config: dict[str, Any]) -> None:
        """Read the weights. Raises `EncoderError` for a network of another build."""
        _require_bert(weights, config)
        self._tensors = _tensors(weights)
        self._heads = int(config["num_attention_heads"])
        self._layers = int(config["num_hidden_layers"])
        self._epsilon = float(config["layer_norm_eps"])
        self._first_position = first_position(config)

    def __call__(self, tokens: NDArray[np.int64], mask: NDArray[np.int64]) -> _Floats:
        """Return the last layer, (texts, tokens, dimensions), of token numbers (texts, tokens)."""
        hidden = self._embed(tokens)
        outside = np.where(mask[:, np.newaxis, np.newaxis, :] > 0, np.float32(0), _OUTSIDE)
        for layer in range(self._layers):
            hidden = self._layer(f"encoder.layer.{layer}", hidden, outside)
        return hidden

    def _embed(self, tokens: NDArray[np.int64]) -> _Floats:
        positions = np.arange(tokens.shape[1]) + self._first_position
        embedded = (
            self._tensors["embeddings.word_embeddings.weight"][tokens]
            + self._tensors["embeddings.position_embeddings.weight"][positions]
            + self._tensors["embeddings.token_type_embeddings.weight"][0]
        )
        return self._norm("embeddings.LayerNorm", embedded)

    def _layer(self, name: str, hidden: _Floats, outside: _Floats) -> _Floats:
        attended = self._linear(f"{name}.attention.output.dense", self._attend(name, hidden, outside))
        hidden = self._norm(f"{name}.attention.output.LayerNorm", hidden + attended)
        wide = _gelu(self._linear(f"{name}.intermediate.dense", hidden))
        return self._norm(f"{name}.output.LayerNorm", hidden + self._linear(f"{name}.output.dense", wide))

    def _attend(self, name: str, hidden: _Floats, outside: _Floats) -> _Floats:
        query, key, value = (
            self._split(self._linear(f"{name}.attention.self.{part}", hidden))
            for part in ("query", "key", "value")
        )
        scores = query @ key.swapaxes(-1, -2) / np.float32(np.sqrt(query.shape[-1])) + outside
        shares = np.exp(scores - scores.max(axis=-1, keepdims=True))
        mixed = (shares / shares.sum(axis=-1, keepdims=True)) @ value
        return mixed.swapaxes(1, 2).reshape(hidden.shape)

    def _split(self, hidden: _Floats) -> _Floats:
        """(texts, tokens, dimensions) to (texts, heads, tokens, dimensions of a head)."""
        texts, tokens, _ = hidden.shape
        return hidden.reshape(texts, tokens, self._heads, -1).swapaxes(1, 2)

    def _linear(self, name: str, hidden: _Floats) -> _Floats:
        return hidden @ self._tensors[f"{name}.weight"].T + self._tensors[f"{name}.bias"]

    def _norm(self, name: str, hidden: _Floats) -> _Floats:
        centred = hidden - hidden.mean(axis=-1, keepdims=True)
        spread = np.sqrt((centred**2).mean(axis=-1, keepdims=True) + np.float32(self._epsilon))
        return centred / spread * self._tensors[f"{name}.weight"] + self._tensors[f"{name}.bias"]


def _gelu(hidden: _Floats) -> _Floats:
    return hidden * np.float32(0.5) * (1 + erf(hidden / np.float32(np.sqrt(2))))


def _require_bert(weights: Path, config: dict[str, Any]) -> None:
    """Raise `EncoderError` unless `config.json` describes a network that this module computes exactly."""
    family, activation = config.get("model_type"), config.get("hidden_act")
    positions = config.get("position_embedding_type", "absolute")
    if family not in _FAMILIES or activation != "gelu" or positions != "absolute":
        raise EncoderError(
            f"{weights} is a network of another build ({family}, {activation}, {positions} positions); "
            f"{', '.join(_FAMILIES)} with gelu can be read; others need their ONNX file"
        )


def _tensors(weights: Path) -> dict[str, _Floats]:
    try:
        from safetensors.numpy import load_file
    except ImportError as error:
        raise EncoderError("safetensors is not installed; `make train ENCODER=…` installs it") from error
    try:
        read = load_file(weights)
    except Exception as error:  # the library has no common class for what it raises
        raise EncoderError(f"{weights} can't be read: {error}") from error
    # Some files name the whole network before every tensor: bert.embeddings.…, roberta.encoder.…
    return {_short(name): tensor.astype(np.float32, copy=False) for name, tensor in read.items()}


def _short(name: str) -> str:
    return name.split(".", 1)[1] if name.startswith(("bert.", "roberta.")) else name
