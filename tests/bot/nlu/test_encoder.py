"""A sentence encoder: found, read and run as published ones are, and as features of the intent model."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.nlu.classifiers.fallback_classifier import FallbackClassifier
from rasa.shared.exceptions import InvalidConfigException
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.components.intents import MeaningClassifier
from bot.nlu.encoder.features import SentenceVectors
from bot.nlu.encoder.files import EncoderError, locate
from bot.nlu.encoder.model import SentenceEncoder
from bot.nlu.intents import IntentModel
from tests.bot.nlu.test_intents import EXAMPLES
from tests.support.tiny_encoder import POSITIONS, config, make_encoder, write_json

WORDS = " ".join(text for texts in EXAMPLES.values() for text in texts)
TEXTS = ["我失业了", "I lost my job last month", "yes", "生病了没法上班", "my son needs surgery"]
RESOURCE = Resource("intents")
CONTEXT = ExecutionContext(GraphSchema({}))
CONFIG = MeaningClassifier.get_default_config()
WEIGHTS = ("model.onnx", "onnx/model.onnx", "model.safetensors")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An encoder with ONNX weights."""
    return make_encoder(tmp_path / "tiny", WORDS)


@pytest.fixture
def encoder(folder: Path) -> SentenceEncoder:
    return SentenceEncoder.load(str(folder))


@pytest.mark.parametrize("weights", WEIGHTS)
def test_every_text_becomes_a_vector_of_length_one(tmp_path: Path, weights: str) -> None:
    vectors = SentenceEncoder.load(str(make_encoder(tmp_path, WORDS, weights))).encode(TEXTS)
    assert len(vectors) == len(TEXTS)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, rtol=1e-5)


@pytest.mark.parametrize("family", ["bert", "xlm-roberta"])
def test_safetensors_and_onnx_of_one_network_say_the_same(tmp_path: Path, family: str) -> None:
    vectors = [
        SentenceEncoder.load(str(make_encoder(tmp_path / weights, WORDS, weights, family))).encode(TEXTS)
        for weights in ("model.onnx", "model.safetensors")
    ]
    np.testing.assert_allclose(vectors[0], vectors[1], atol=1e-5)


@pytest.mark.parametrize("weights", WEIGHTS)
def test_a_text_says_the_same_alone_and_among_longer_ones(tmp_path: Path, weights: str) -> None:
    encoder = SentenceEncoder.load(str(make_encoder(tmp_path, WORDS, weights)))
    together = encoder.encode(TEXTS)
    for text, vector in zip(TEXTS, together, strict=True):
        np.testing.assert_allclose(encoder.encode([text])[0], vector, atol=1e-5)


def test_many_texts_come_back_in_their_order(encoder: SentenceEncoder) -> None:
    many = encoder.encode(TEXTS * 30)
    np.testing.assert_allclose(many, np.tile(encoder.encode(TEXTS), (30, 1)), atol=1e-5)


def test_other_texts_are_told_apart(encoder: SentenceEncoder) -> None:
    likeness = encoder.encode(TEXTS) @ encoder.encode(TEXTS).T
    assert (likeness - np.eye(len(TEXTS))).max() < 0.999


@pytest.mark.parametrize("text", ["", "Не могу платить", "🦆"])
def test_what_the_encoder_does_not_know_still_has_a_vector(encoder: SentenceEncoder, text: str) -> None:
    vector = encoder.encode([text])[0]
    assert np.linalg.norm(vector) == pytest.approx(1, rel=1e-5)


@pytest.mark.parametrize("weights", WEIGHTS)
@pytest.mark.parametrize("family", ["bert", "xlm-roberta"])
def test_a_text_longer_than_the_network_is_cut(tmp_path: Path, weights: str, family: str) -> None:
    encoder = SentenceEncoder.load(str(make_encoder(tmp_path, WORDS, weights, family)))
    longer, longest = encoder.encode(["job " * POSITIONS, "job " * POSITIONS * 9])
    np.testing.assert_allclose(longer, longest, atol=1e-6)


def test_pooling_by_the_first_token_is_obeyed(folder: Path, encoder: SentenceEncoder) -> None:
    write_json(folder / "1_Pooling" / "config.json", {"pooling_mode_cls_token": True})
    by_first = SentenceEncoder.load(str(folder))
    assert not np.allclose(by_first.encode(TEXTS), encoder.encode(TEXTS), atol=1e-3)


@pytest.mark.parametrize(
    ("described", "pooling"),
    [
        ({"pooling_mode_mean_tokens": True, "pooling_mode_cls_token": False}, "mean"),
        ({"pooling_mode_mean_tokens": False, "pooling_mode_cls_token": True}, "cls"),
        ({"pooling_mode": "cls"}, "cls"),
        ({"word_embedding_dimension": 8}, "mean"),
    ],
)
def test_both_ways_of_naming_the_pooling_are_read(
    folder: Path, described: dict[str, object], pooling: str
) -> None:
    modules = [
        {"type": "sentence_transformers.models.Transformer", "path": ""},
        {"type": "sentence_transformers.models.Pooling", "path": "pool"},
        {"type": "sentence_transformers.models.Normalize", "path": "2_Normalize"},
    ]
    write_json(folder / "modules.json", modules)
    write_json(folder / "pool" / "config.json", described)
    assert locate(str(folder)).pooling == pooling


def test_the_makers_prompt_stands_before_every_text_unless_another_is_given(
    folder: Path, encoder: SentenceEncoder
) -> None:
    described = {"prompts": {"query": "my "}, "default_prompt_name": "query"}
    write_json(folder / "config_sentence_transformers.json", described)
    prompted, plain = SentenceEncoder.load(str(folder)), SentenceEncoder.load(str(folder), prefix="")
    np.testing.assert_allclose(prompted.encode(["job"]), encoder.encode(["my job"]), atol=1e-6)
    np.testing.assert_allclose(plain.encode(["job"]), encoder.encode(["job"]), atol=1e-6)


# What can't be used says so, and what to do.


@pytest.mark.parametrize("missing", ["tokenizer.json", "model.onnx"])
def test_a_missing_file_is_named(folder: Path, missing: str) -> None:
    (folder / missing).unlink()
    with pytest.raises(EncoderError, match=missing):
        SentenceEncoder.load(str(folder))


@pytest.mark.parametrize("weights", WEIGHTS)
def test_weights_that_are_damaged_are_named(tmp_path: Path, weights: str) -> None:
    (make_encoder(tmp_path, WORDS, weights) / weights).write_bytes(b"version https://git-lfs")
    with pytest.raises(EncoderError, match=f"{weights} can't be read"):
        SentenceEncoder.load(str(tmp_path))


def test_a_damaged_tokenizer_is_named(folder: Path) -> None:
    (folder / "tokenizer.json").write_text("{}")
    with pytest.raises(EncoderError, match="tokenizer.json can't be read"):
        SentenceEncoder.load(str(folder))


def test_a_damaged_description_is_named(folder: Path) -> None:
    (folder / "config.json").write_text("{")
    with pytest.raises(EncoderError, match="config.json is not JSON"):
        SentenceEncoder.load(str(folder))


@pytest.mark.parametrize(
    "different",
    [{"model_type": "mpnet"}, {"hidden_act": "relu"}, {"position_embedding_type": "relative_key"}],
)
def test_safetensors_of_another_network_ask_for_onnx(tmp_path: Path, different: dict[str, str]) -> None:
    make_encoder(tmp_path, WORDS, "model.safetensors")
    write_json(tmp_path / "config.json", {**config(), **different})
    with pytest.raises(EncoderError, match="need their ONNX file"):
        SentenceEncoder.load(str(tmp_path))


def test_a_layer_after_the_pooling_is_refused_rather_than_left_out(folder: Path) -> None:
    write_json(folder / "modules.json", [{"type": "sentence_transformers.models.Dense", "path": "2_Dense"}])
    with pytest.raises(EncoderError, match="Dense"):
        SentenceEncoder.load(str(folder))


def test_another_pooling_is_refused(folder: Path) -> None:
    write_json(folder / "1_Pooling" / "config.json", {"pooling_mode_max_tokens": True})
    with pytest.raises(EncoderError, match="pooling_mode_max_tokens"):
        SentenceEncoder.load(str(folder))


@pytest.mark.parametrize(
    ("library", "weights"),
    [("onnxruntime", "model.onnx"), ("safetensors.numpy", "model.safetensors"), ("tokenizers", "model.onnx")],
)
def test_a_library_that_is_not_installed_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, library: str, weights: str
) -> None:
    make_encoder(tmp_path, WORDS, weights)
    monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(EncoderError, match=f"{library.split('.')[0]} is not installed"):
        SentenceEncoder.load(str(tmp_path))


def test_a_directory_that_is_not_there_is_named() -> None:
    with pytest.raises(EncoderError, match="neither a directory nor a hub name"):
        SentenceEncoder.load("/nowhere/at/all")


def test_a_hub_name_without_internet_says_what_to_do(hub: Path) -> None:
    with pytest.raises(EncoderError, match="fetch it where there is internet and give its directory"):
        SentenceEncoder.load("respite/tiny")


def test_a_hub_name_that_was_fetched_before_needs_no_internet(hub: Path) -> None:
    snapshot = "0" * 40
    (hub / "models--respite--tiny" / "refs").mkdir(parents=True)
    (hub / "models--respite--tiny" / "refs" / "main").write_text(snapshot)
    make_encoder(hub / "models--respite--tiny" / "snapshots" / snapshot, WORDS, "model.safetensors")
    encoder = SentenceEncoder.load("respite/tiny")
    assert encoder.identity.source == "respite/tiny"
    assert len(encoder.encode(TEXTS)) == len(TEXTS)


@pytest.fixture
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The hub library's own folder, empty, and a hub that nobody answers for."""
    import huggingface_hub.constants as constants

    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path))
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    return tmp_path


# As features of the intent model.


def _learn(encoder: SentenceEncoder | None) -> IntentModel:
    pairs = [(text, intent) for intent, texts in EXAMPLES.items() for text in texts]
    return IntentModel.train(
        [text for text, _ in pairs], [intent for _, intent in pairs], 0.7, seed=1, encoder=encoder
    )


@pytest.mark.parametrize("weights", WEIGHTS)
def test_a_kept_model_answers_as_before_with_its_encoder(tmp_path: Path, weights: str) -> None:
    model = _learn(SentenceEncoder.load(str(make_encoder(tmp_path / "tiny", WORDS, weights))))
    model.save(tmp_path)
    assert IntentModel.load(tmp_path).rank("被裁了怎么办") == model.rank("被裁了怎么办")
    assert model.rank("老板把我辞退了")[0][0] == "hardship_job_loss"


def test_what_all_examples_have_in_common_is_taken_away(encoder: SentenceEncoder) -> None:
    vectors = SentenceVectors.learn(encoder, TEXTS)
    rows = vectors.rows(TEXTS)
    apart, before = rows / np.linalg.norm(rows, axis=1, keepdims=True), encoder.encode(TEXTS)
    assert (apart @ apart.T).mean() < (before @ before.T).mean()


def test_the_encoder_has_a_say_in_the_answer(encoder: SentenceEncoder) -> None:
    assert dict(_learn(encoder).rank("I was fired")) != dict(_learn(None).rank("I was fired"))


def test_without_an_encoder_none_of_its_libraries_is_touched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for library in ("onnxruntime", "tokenizers", "safetensors", "huggingface_hub"):
        monkeypatch.setitem(sys.modules, library, None)
    _learn(None).save(tmp_path)
    assert IntentModel.load(tmp_path).rank("yes")[0][0] == "affirm"
    assert "encoder" not in (tmp_path / "intents.json").read_text(encoding="utf-8")


def test_a_model_refuses_another_encoder(tmp_path: Path, encoder: SentenceEncoder) -> None:
    _learn(encoder).save(tmp_path)
    other = make_encoder(tmp_path / "other", WORDS, seed=2)
    with pytest.raises(EncoderError, match="not the sentence encoder that this model was trained with"):
        IntentModel.load(tmp_path, str(other))


def test_a_model_refuses_its_encoder_after_a_change(
    tmp_path: Path, folder: Path, encoder: SentenceEncoder
) -> None:
    _learn(encoder).save(tmp_path)
    write_json(folder / "1_Pooling" / "config.json", {"pooling_mode_cls_token": True})
    with pytest.raises(EncoderError, match="train again"):
        IntentModel.load(tmp_path)


def test_a_model_says_that_its_encoder_is_gone(
    tmp_path: Path, folder: Path, encoder: SentenceEncoder
) -> None:
    _learn(encoder).save(tmp_path)
    folder.rename(tmp_path / "moved")
    with pytest.raises(EncoderError, match=str(folder)):
        IntentModel.load(tmp_path)


def test_a_moved_encoder_is_found_by_its_new_place(
    tmp_path: Path, folder: Path, encoder: SentenceEncoder
) -> None:
    model = _learn(encoder)
    model.save(tmp_path)
    moved = folder.rename(tmp_path / "moved")
    assert IntentModel.load(tmp_path, str(moved)).rank("yes") == model.rank("yes")


# Through the component of the pipeline.


@pytest.fixture
def storage(tmp_path: Path) -> LocalModelStorage:
    (tmp_path / "storage").mkdir()
    return LocalModelStorage(tmp_path / "storage")


def _component_learns(storage: LocalModelStorage) -> None:
    component = MeaningClassifier.create(CONFIG, storage, RESOURCE, CONTEXT)
    component.train(
        TrainingData(
            [Message({TEXT: text, INTENT: intent}) for intent, own in EXAMPLES.items() for text in own]
        )
    )


def _component_reads(storage: LocalModelStorage, text: str) -> Message:
    component = MeaningClassifier.load(CONFIG, storage, RESOURCE, CONTEXT)
    return component.process([Message({TEXT: text})])[0]


@pytest.mark.parametrize("text", ["", "  ", "\n\u2002"])
def test_of_blanks_nothing_is_heard_and_the_fallback_asks(
    storage: LocalModelStorage, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("RESPITE_ENCODER", raising=False)
    _component_learns(storage)
    fallback = FallbackClassifier({"threshold": 0.65, "ambiguity_threshold": 0.05})
    message = fallback.process([_component_reads(storage, text)])[0]
    assert message.get(INTENT)["name"] == "nlu_fallback"


def test_the_pipeline_takes_the_encoder_from_its_variable(
    storage: LocalModelStorage, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RESPITE_ENCODER", str(folder))
    monkeypatch.setenv("RESPITE_ENCODER_PREFIX", "my ")
    _component_learns(storage)
    # The trained model knows its encoder and prefix by itself.
    monkeypatch.delenv("RESPITE_ENCODER")
    monkeypatch.delenv("RESPITE_ENCODER_PREFIX")
    assert _component_reads(storage, "yes").get(INTENT)["name"] == "affirm"
    folder.rename(folder.parent / "moved")
    with pytest.raises(InvalidConfigException, match="tiny"):
        _component_reads(storage, "yes")


def test_the_pipeline_does_not_train_with_an_encoder_that_is_not_there(
    storage: LocalModelStorage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RESPITE_ENCODER", "/nowhere/at/all")
    with pytest.raises(InvalidConfigException, match="/nowhere/at/all"):
        _component_learns(storage)


@pytest.mark.parametrize("unset", [None, ""])
def test_the_pipeline_without_the_variable_uses_no_encoder(
    storage: LocalModelStorage, monkeypatch: pytest.MonkeyPatch, unset: str | None
) -> None:
    if unset is None:
        monkeypatch.delenv("RESPITE_ENCODER", raising=False)
    else:
        monkeypatch.setenv("RESPITE_ENCODER", unset)
    monkeypatch.setitem(sys.modules, "tokenizers", None)
    _component_learns(storage)
    assert _component_reads(storage, "yes").get(INTENT)["name"] == "affirm"
