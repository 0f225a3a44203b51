"""Makes a sentence encoder small enough for tests: real files in the layout that hubs use, random weights.

The same network is written as safetensors and as ONNX, so that the two ways of running it can be compared.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import numpy_helper, parser
from safetensors.numpy import save_file
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.normalizers import BertNormalizer
from tokenizers.pre_tokenizers import BertPreTokenizer
from tokenizers.processors import TemplateProcessing

DIMENSIONS = 8
HEADS = 2
LAYERS = 2
POSITIONS = 16
_SPECIAL = ("[PAD]", "[CLS]", "[SEP]", "[UNK]")

_Tensors = dict[str, NDArray[np.float32]]


def make_encoder(
    folder: Path, words: str, weights: str = "model.onnx", family: str = "bert", seed: int = 1
) -> Path:
    """Write an encoder that knows the words (characters in Chinese) of `words` to `folder`, and return it."""
    vocabulary = {word: number for number, word in enumerate((*_SPECIAL, *dict.fromkeys(_split(words))))}
    tensors = _tensors(len(vocabulary), seed)
    (folder / weights).parent.mkdir(parents=True, exist_ok=True)
    _tokenizer(vocabulary).save(str(folder / "tokenizer.json"))
    write_json(folder / "config.json", config(family))
    if weights.endswith(".onnx"):
        onnx.save(_graph(tensors, config(family)), str(folder / weights))
    else:
        save_file(
            {f"{family.split('-')[-1]}.{name}": tensor for name, tensor in tensors.items()}, folder / weights
        )
    return folder


def config(family: str = "bert") -> dict[str, object]:
    """The `config.json` of the network."""
    return {
        "model_type": family,
        "hidden_act": "gelu",
        "hidden_size": DIMENSIONS,
        "num_attention_heads": HEADS,
        "num_hidden_layers": LAYERS,
        "layer_norm_eps": 1e-5,
        "max_position_embeddings": POSITIONS,
        "pad_token_id": 0,
    }


def write_json(path: Path, content: object) -> None:
    """Write one of an encoder's descriptions."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content), encoding="utf-8")


def _split(words: str) -> list[str]:
    normal = BertNormalizer(lowercase=True).normalize_str(words)
    return [word for word, _ in BertPreTokenizer().pre_tokenize_str(normal)]


def _tokenizer(vocabulary: dict[str, int]) -> Tokenizer:
    tokenizer = Tokenizer(WordLevel(vocabulary, unk_token="[UNK]"))
    tokenizer.normalizer = BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = BertPreTokenizer()
    tokenizer.post_processor = TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 1), ("[SEP]", 2)]
    )
    # As published files often do; an encoder of ours must not let short texts grow to it.
    tokenizer.enable_padding(length=POSITIONS)
    return tokenizer


def _tensors(words: int, seed: int) -> _Tensors:
    draw = np.random.default_rng(seed)

    def tensor(name: str, shape: tuple[int, ...]) -> NDArray[np.float32]:
        # As in trained networks: scales near one and small offsets, or every text would get the same vector.
        middle, spread = (1.0 if name.endswith("LayerNorm.weight") else 0.0), 0.5 if len(shape) > 1 else 0.1
        return draw.normal(middle, spread, shape).astype(np.float32)

    wide = 2 * DIMENSIONS
    shapes: dict[str, tuple[int, ...]] = {
        "embeddings.word_embeddings.weight": (words, DIMENSIONS),
        "embeddings.position_embeddings.weight": (POSITIONS, DIMENSIONS),
        "embeddings.token_type_embeddings.weight": (2, DIMENSIONS),
    }
    norms = ["embeddings.LayerNorm"]
    for layer in (f"encoder.layer.{number}" for number in range(LAYERS)):
        for part in ("self.query", "self.key", "self.value", "output.dense"):
            shapes[f"{layer}.attention.{part}.weight"] = (DIMENSIONS, DIMENSIONS)
            shapes[f"{layer}.attention.{part}.bias"] = (DIMENSIONS,)
        shapes[f"{layer}.intermediate.dense.weight"] = (wide, DIMENSIONS)
        shapes[f"{layer}.intermediate.dense.bias"] = (wide,)
        shapes[f"{layer}.output.dense.weight"] = (DIMENSIONS, wide)
        shapes[f"{layer}.output.dense.bias"] = (DIMENSIONS,)
        norms += [f"{layer}.attention.output.LayerNorm", f"{layer}.output.LayerNorm"]
    shapes.update({f"{norm}.{part}": (DIMENSIONS,) for norm in norms for part in ("weight", "bias")})
    return {name: tensor(name, shape) for name, shape in shapes.items()}


def _graph(tensors: _Tensors, described: dict[str, object]) -> onnx.ModelProto:
    """The network as the operators of ONNX, written from the definition of BERT."""
    first = 1 if "roberta" in str(described["model_type"]) else 0
    lines = [
        # Attention sees no padding: what the mask leaves out gets a score far below all others.
        "shown = Cast<to=1>(attention_mask)",
        "far = Sub(shown, one)",
        "further = Mul(far, large)",
        "outside = Unsqueeze(further, axes)",
        "shape = Shape(input_ids)",
        "width = Gather(shape, index)",
        "end = Add(width, first)",
        "places = Range(first, end, step)",
        "word = Gather(embeddings.word_embeddings.weight, input_ids)",
        "place = Gather(embeddings.position_embeddings.weight, places)",
        "kind = Gather(embeddings.token_type_embeddings.weight, token_type_ids)",
        "placed = Add(word, place)",
        "summed = Add(placed, kind)",
        _norm("embeddings.LayerNorm", "summed", "hidden0"),
    ]
    for number in range(LAYERS):
        lines += _layer(number)
    lines.append(f"last_hidden_state = Identity(hidden{LAYERS})")
    body = "\n".join(line.replace(".", "_") for block in lines for line in block.split("\n"))
    model = parser.parse_model(
        f"""<ir_version: 9, opset_import: ["" : 20]>
        tiny (int64[texts, tokens] input_ids, int64[texts, tokens] attention_mask,
              int64[texts, tokens] token_type_ids)
        => (float[texts, tokens, {DIMENSIONS}] last_hidden_state) {{ {body} }}"""
    )
    constants = {
        "one": np.float32(1),
        "large": np.float32(1e9),
        "scale": np.float32(np.sqrt(DIMENSIONS // HEADS)),
        "axes": np.array([1, 2]),
        "index": np.int64(1),
        "first": np.int64(first),
        "step": np.int64(1),
        "heads": np.array([0, 0, HEADS, DIMENSIONS // HEADS]),
        "whole": np.array([0, 0, DIMENSIONS]),
    }
    # The weights of linear layers are kept the other way round than MatMul takes them.
    turned = {
        name: value.T if ".dense." in name or ".self." in name else value for name, value in tensors.items()
    }
    for name, value in {**constants, **turned}.items():
        model.graph.initializer.append(numpy_helper.from_array(np.asarray(value), name.replace(".", "_")))
    onnx.checker.check_model(model)
    return model


def _layer(number: int) -> list[str]:
    layer, own = f"encoder.layer.{number}", f"l{number}"
    split = [
        line
        for part, turn in (("query", "0, 2, 1, 3"), ("key", "0, 2, 3, 1"), ("value", "0, 2, 1, 3"))
        for line in (
            _linear(f"{layer}.attention.self.{part}", f"hidden{number}", f"{own}{part}"),
            f"{own}{part}_split = Reshape({own}{part}, heads)",
            f"{own}{part}_turned = Transpose<perm=[{turn}]>({own}{part}_split)",
        )
    ]
    return [
        *split,
        f"{own}raw = MatMul({own}query_turned, {own}key_turned)",
        f"{own}scaled = Div({own}raw, scale)",
        f"{own}scores = Add({own}scaled, outside)",
        f"{own}shares = Softmax<axis=-1>({own}scores)",
        f"{own}mixed = MatMul({own}shares, {own}value_turned)",
        f"{own}together = Transpose<perm=[0, 2, 1, 3]>({own}mixed)",
        f"{own}joined = Reshape({own}together, whole)",
        _linear(f"{layer}.attention.output.dense", f"{own}joined", f"{own}attended"),
        f"{own}more = Add(hidden{number}, {own}attended)",
        _norm(f"{layer}.attention.output.LayerNorm", f"{own}more", f"{own}middle"),
        _linear(f"{layer}.intermediate.dense", f"{own}middle", f"{own}wide"),
        f"{own}bent = Gelu({own}wide)",
        _linear(f"{layer}.output.dense", f"{own}bent", f"{own}narrow"),
        f"{own}last = Add({own}middle, {own}narrow)",
        _norm(f"{layer}.output.LayerNorm", f"{own}last", f"hidden{number + 1}"),
    ]


def _linear(name: str, taken: str, made: str) -> str:
    return f"{made}_raw = MatMul({taken}, {name}.weight)\n{made} = Add({made}_raw, {name}.bias)"


def _norm(name: str, taken: str, made: str) -> str:
    return f"{made} = LayerNormalization<axis=-1>({taken}, {name}.weight, {name}.bias)"
