"""Runs a sentence encoder from its ONNX file."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.nlu.encoder.files import EncoderError

_INPUTS = {"input_ids", "attention_mask", "token_type_ids"}


class OnnxNetwork:
    """The network of one ONNX file. Calling it returns its first output."""

    def __init__(self, weights: Path) -> None:
        """Read the graph. Raises `EncoderError` if it can't be read or asks for other inputs than text."""
        try:
            import onnxruntime
        except ImportError as error:
            raise EncoderError("onnxruntime is not installed; `make train ENCODER=…` installs it") from error
        options = onnxruntime.SessionOptions()
        # 0 leaves the number to the library, which doesn't look at this variable itself.
        options.intra_op_num_threads = int(os.environ.get("OMP_NUM_THREADS", "0"))
        try:
            self._session = onnxruntime.InferenceSession(
                str(weights), options, providers=["CPUExecutionProvider"]
            )
        except Exception as error:  # the library has no common class for what it raises
            raise EncoderError(f"{weights} can't be read: {error}") from error
        self._inputs = {each.name for each in self._session.get_inputs()}
        if self._inputs - _INPUTS:
            raise EncoderError(f"{weights} asks for inputs other than {', '.join(sorted(_INPUTS))}")

    def __call__(self, tokens: NDArray[np.int64], mask: NDArray[np.int64]) -> NDArray[np.float32]:
        """Return the network's first output for token numbers (texts, tokens): one vector a token."""
        given = {"input_ids": tokens, "attention_mask": mask, "token_type_ids": np.zeros_like(tokens)}
        return self._session.run(None, {name: given[name] for name in self._inputs})[0]
