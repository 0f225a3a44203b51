"""Finds the files of a sentence encoder and reads what they say about its use.

The layout is the one that hubs use: `tokenizer.json`, weights as ONNX or safetensors, `config.json`, and the
files of the sentence-transformers library (`modules.json`, `1_Pooling/config.json` …) where they exist.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

TOKENIZER = "tokenizer.json"
# In order of preference: ONNX runs any network and faster.
ONNX = ("model.onnx", "onnx/model.onnx")
SAFETENSORS = "model.safetensors"
_DESCRIPTIONS = (
    "config.json",
    "modules.json",
    "1_Pooling/config.json",
    "sentence_bert_config.json",
    "config_sentence_transformers.json",
)
# Large ONNX weights are a second file beside the graph.
_BESIDE_ONNX = "_data"

# A message to the bot is short; longer inputs cost time quadratically and are cut.
LONGEST = 256
_HUB_NAME = re.compile(r"[\w-][\w.-]*/[\w.-]+")
_POOLING = {"pooling_mode_mean_tokens": "mean", "pooling_mode_cls_token": "cls"}


class EncoderError(Exception):
    """The sentence encoder can't be used. The message says why and what to do."""


@dataclass(frozen=True)
class EncoderFiles:
    """Where an encoder is, and how its makers say it is used."""

    source: str
    """The directory, or the name on a hub, by which it is found again."""
    folder: Path
    weights: Path
    config: dict[str, Any]
    pooling: str
    """`mean` over the tokens, or `cls`: the first token."""
    prompt: str
    """What the makers put before every text, or nothing."""
    longest: int
    """Tokens read of a text."""

    @property
    def sha256(self) -> str:
        """One hash over every file that decides what the encoder says."""
        digest = hashlib.sha256(self.pooling.encode())
        weights = str(self.weights.relative_to(self.folder))
        for name in (TOKENIZER, *_DESCRIPTIONS, weights, weights + _BESIDE_ONNX):
            path = self.folder / name
            if path.exists():
                digest.update(f"{name}\0".encode())
                digest.update(_sha256(path))
        return digest.hexdigest()


def locate(source: str) -> EncoderFiles:
    """Find the encoder `source`: a directory, or a name on the Hugging Face hub such as `owner/model`.

    A hub name is looked for on this machine first and downloaded only if it isn't there.
    Raises `EncoderError` when a file is missing or asks for what is not supported.
    """
    if Path(source).is_dir():
        folder = Path(source).resolve()
        return _describe(str(folder), folder)
    if _HUB_NAME.fullmatch(source):
        return _describe(source, _from_hub(source))
    raise EncoderError(f"no sentence encoder at {source}: neither a directory nor a hub name (owner/model)")


def first_position(config: dict[str, Any]) -> int:
    """Return the number of a text's first position: 0 for BERT, after the padding's number for RoBERTa."""
    return int(config.get("pad_token_id", 1)) + 1 if "roberta" in config.get("model_type", "") else 0


def _describe(source: str, folder: Path) -> EncoderFiles:
    if not (folder / TOKENIZER).exists():
        raise EncoderError(f"{folder} holds no {TOKENIZER}, so it is no sentence encoder that can be read")
    config = _json(folder / "config.json")
    return EncoderFiles(
        source=source,
        folder=folder,
        weights=_weights(folder),
        config=config,
        pooling=_pooling(folder),
        prompt=_prompt(folder),
        longest=_longest(folder, config),
    )


def _weights(folder: Path) -> Path:
    for name in (*ONNX, SAFETENSORS):
        if (folder / name).exists():
            return folder / name
    raise EncoderError(f"{folder} holds no weights: one of {', '.join((*ONNX, SAFETENSORS))} is needed")


def _pooling(folder: Path) -> str:
    modules = _json(folder / "modules.json") or [{"type": "Pooling", "path": "1_Pooling"}]
    kinds = {module["type"].rpartition(".")[2]: module["path"] for module in modules}
    unknown = set(kinds) - {"Transformer", "Pooling", "Normalize"}
    if unknown:
        raise EncoderError(f"{folder} has layers that are not supported: {', '.join(sorted(unknown))}")
    described = _json(folder / kinds.get("Pooling", "1_Pooling") / "config.json")
    # Newer files name the mode; older ones switch one of several on.
    named = described.get("pooling_mode")
    chosen = [named] if named else [mode for mode, on in described.items() if on is True and "mode" in mode]
    modes = [_POOLING.get(mode, mode) for mode in chosen] or ["mean"]
    if modes not in (["mean"], ["cls"]):
        raise EncoderError(f"{folder} pools by {', '.join(modes)}; mean and cls are supported")
    return str(modes[0])


def _prompt(folder: Path) -> str:
    described = _json(folder / "config_sentence_transformers.json")
    return str((described.get("prompts") or {}).get(described.get("default_prompt_name"), ""))


def _longest(folder: Path, config: dict[str, Any]) -> int:
    said = _json(folder / "sentence_bert_config.json").get("max_seq_length")
    positions = config.get("max_position_embeddings")
    return min(LONGEST, said or LONGEST, positions - first_position(config) if positions else LONGEST)


def _json(path: Path) -> Any:
    if not path.exists():
        return {}
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise EncoderError(f"{path} is not JSON: {error}") from error


def _from_hub(name: str) -> Path:
    """Return the local copy of a hub's encoder, downloading it if there is none."""
    try:
        from huggingface_hub.errors import LocalEntryNotFoundError
    except ImportError as error:
        raise EncoderError(f"{name} is a hub name, and huggingface-hub is not installed") from error
    try:
        return _snapshot(name, local_files_only=True)
    except LocalEntryNotFoundError:
        pass
    try:
        return _snapshot(name, local_files_only=False)
    except Exception as error:  # every failure of the network or the hub has a class of its own
        raise EncoderError(
            f"{name} is not on this machine and can't be downloaded ({type(error).__name__}); "
            "fetch it where there is internet and give its directory instead"
        ) from error


def _snapshot(name: str, local_files_only: bool) -> Path:
    """Return a snapshot with the small files and the first kind of weights that the hub's encoder has."""
    from huggingface_hub import snapshot_download

    for weights in (*ONNX, SAFETENSORS):
        wanted = [TOKENIZER, *_DESCRIPTIONS, weights, weights + _BESIDE_ONNX]
        folder = Path(snapshot_download(name, allow_patterns=wanted, local_files_only=local_files_only))
        if (folder / weights).exists():
            break
    return folder


def _sha256(path: Path) -> bytes:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        for piece in iter(lambda: file.read(1 << 20), b""):
            digest.update(piece)
    return digest.digest()
