"""Reads the borrower's intent, and how much it sounds like danger, with the project's own models."""

from __future__ import annotations

import os
import random
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.exceptions import InvalidConfigException
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.answers import ANSWERS, AnswerModel, answers
from bot.nlu.care import CareLevel, default_detector
from bot.nlu.clauses import CLAUSES, as_read, spans
from bot.nlu.danger import BLOCKS as DANGER_BLOCKS
from bot.nlu.danger import DANGER, KINDS, DangerModel, dangers, look_alikes
from bot.nlu.encoder.files import EncoderError
from bot.nlu.encoder.model import SentenceEncoder
from bot.nlu.features import BLOCKS as INTENT_BLOCKS
from bot.nlu.features import read
from bot.nlu.hardship_stories import settled
from bot.nlu.intents import IntentModel
from bot.nlu.small_questions import SMALL_QUESTION, SmallQuestionModel, questions
from bot.nlu.spelling import Spelling
from bot.nlu.vocabulary import Read

# Variables and not settings of the pipeline: where an encoder lies differs from machine to machine.
ENCODER = "RESPITE_ENCODER"
PREFIX = "RESPITE_ENCODER_PREFIX"

# What the model of danger learns as danger among the examples.
INTENTS_OF_DANGER = {"express_self_harm": CareLevel.SELF_HARM, "report_abuse": CareLevel.ABUSE}

# What answers a question by itself, and says nothing about what is no answer to one.
REPLIES = frozenset({"affirm", "deny", "dont_know"})
# So many messages of other meanings tell the readers of answers what is none, and so many what is no small
# question (docs/nlu.md, "Answers" and "Small questions").
OTHERS = 1500
NO_SMALL_QUESTIONS = 15000

# What is heard where nothing was said.
NOTHING: list[tuple[str | None, float]] = [(None, 0.0)]


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class MeaningClassifier(GraphComponent, IntentClassifier):
    """Ranks the intents of a message, and tells how much it sounds like danger."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`strictness` is how hard training examples pull (C); `ranking_length` how many intents are told.

        `sure` is the threshold of the fallback, above which a meaning stands by itself.
        """
        return {"strictness": 1.5, "random_state": 20261124, "ranking_length": 10, "sure": 0.65}

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        model: IntentModel | None = None,
        danger: DangerModel | None = None,
        answers_model: AnswerModel | None = None,
        small_questions: SmallQuestionModel | None = None,
    ) -> None:
        self._config = config
        self._model_storage = model_storage
        self._resource = resource
        self._model = model
        self._danger = danger
        self._answers = answers_model
        self._small_questions = small_questions

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> MeaningClassifier:
        """Create the component for training."""
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> MeaningClassifier:
        """Create the component with the model that `train` kept.

        Raises `InvalidConfigException` if that was trained with a sentence encoder that isn't there any more.
        """
        with model_storage.read_from(resource) as folder:
            try:
                model = IntentModel.load(folder, os.environ.get(ENCODER) or None)
                danger = DangerModel.load(folder)
                answers_model = AnswerModel.load(folder)
                small_questions = SmallQuestionModel.load(folder)
            except EncoderError as error:
                raise InvalidConfigException(str(error)) from error
        return cls(config, model_storage, resource, model, danger, answers_model, small_questions)

    def train(self, training_data: TrainingData) -> Resource:
        """Fit the model on every example that has an intent and a text, and keep it.

        With `RESPITE_ENCODER` it also learns from that sentence encoder. Raises `InvalidConfigException` if
        that can't be used.
        """
        examples = [example for example in training_data.intent_examples if example.get(TEXT)]
        texts, intents = ([str(each.get(key)) for each in examples] for key in (TEXT, INTENT))
        spelling, seed = Spelling.learn(texts), self._config["random_state"]
        read_texts = _read_for_danger(spelling, texts)
        self._model = IntentModel.fit(
            spelling,
            texts,
            [blocks[: len(INTENT_BLOCKS)] for blocks in read_texts],
            intents,
            strictness=self._config["strictness"],
            seed=seed,
            encoder=_chosen_encoder(),
        )
        self._answers = _learn_answers(spelling, read_texts, intents, seed)
        # What answers a question or asks a small one is no danger, however short and bare it is.
        known, feared = [*(each.text for each in answers()), *(text for _, text in questions())], dangers()
        more = [*look_alikes(), *feared, *known]
        read_more = _read_for_danger(spelling, more)
        self._small_questions = _learn_small_questions(
            read_texts, dict(zip(more, read_more, strict=True)), seed
        )
        kinds = [*(INTENTS_OF_DANGER.get(intent) for intent in intents), *map(feared.get, more)]
        self._danger = DangerModel.train([*read_texts, *read_more], kinds, seed)
        with self._model_storage.write_to(self._resource) as folder:
            self._model.save(folder)
            self._danger.save(folder)
            self._answers.save(folder)
            self._small_questions.save(folder)
        return self._resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Leave the examples as they are: no later component learns from this one."""
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Set intent and ranking on each message that has a text."""
        for message in messages:
            text = message.get(TEXT)
            if self._model is not None and isinstance(text, str):
                # Of blanks alone Rasa leaves nothing, and its fallback needs an intent to look at.
                ranked: Sequence[tuple[str | None, float]] = (
                    self._model.rank(text) if text.strip() else NOTHING
                )
                self._tell(message, settled(ranked, self._config["sure"])[: self._config["ranking_length"]])
                if text.strip():
                    self._listen_further(message, text, self._model.spelling)
        return messages

    def _listen_further(self, message: Message, text: str, spelling: Spelling) -> None:
        """Tell how much it sounds like danger, of which kind, and what it would answer."""
        mended = spelling.mend(text)
        if self._danger is not None:
            heard = self._danger.hear(mended)
            rest = default_detector().without_harmless(text)
            if rest != text:
                heard = min(heard, self._danger.hear(spelling.mend(rest)), key=lambda each: each.score)
            message.set(DANGER, heard.score)
            message.set(KINDS, heard.kinds)
        if self._answers is not None:
            message.set(ANSWERS, self._answers.read(mended), add_to_output=True)
        message.set(CLAUSES, self._read_clauses(text, spelling), add_to_output=True)
        if self._small_questions is not None:
            message.set(SMALL_QUESTION, asdict(self._small_questions.hear(mended)), add_to_output=True)

    def _read_clauses(self, text: str, spelling: Spelling) -> list[dict[str, Any]]:
        """What each clause would mean and answer by itself; of a message of one clause nothing more."""
        places = spans(text)
        if self._model is None or self._answers is None or len(places) < 2:
            return []
        return [
            as_read(
                start,
                end,
                self._model.rank(text[start:end])[:1],
                self._answers.read(spelling.mend(text[start:end])),
            )
            for start, end in places
        ]

    @staticmethod
    def _tell(message: Message, ranked: Sequence[tuple[str | None, float]]) -> None:
        ranking = [{"name": name, "confidence": chance} for name, chance in ranked]
        message.set(INTENT, ranking[0], add_to_output=True)
        message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)


def _read_for_danger(spelling: Spelling, texts: Sequence[str]) -> list[Read]:
    return [read(spelling.mend(text), DANGER_BLOCKS) for text in texts]


def _learn_answers(
    spelling: Spelling, read_texts: Sequence[Read], intents: Sequence[str], seed: int
) -> AnswerModel:
    """Learn the answers to questions; what is told apart from them are examples of other meanings."""
    examples = answers()
    told_apart = [blocks for blocks, intent in zip(read_texts, intents, strict=True) if intent not in REPLIES]
    others = random.Random(seed).sample(told_apart, min(OTHERS, len(told_apart)))
    read_examples = [read(spelling.mend(answer.text)) for answer in examples]
    return AnswerModel.train(examples, read_examples, [each[: len(INTENT_BLOCKS)] for each in others], seed)


def _learn_small_questions(
    read_texts: Sequence[Read], read_more: Mapping[str, Read], seed: int
) -> SmallQuestionModel:
    """Learn the small questions; what is told apart from them are all other examples, danger among them."""
    asked = {text: topic for topic, text in questions()}
    others = random.Random(seed).sample(read_texts, min(NO_SMALL_QUESTIONS, len(read_texts)))
    others += [blocks for text, blocks in read_more.items() if text not in asked]
    in_brief = len(INTENT_BLOCKS)
    return SmallQuestionModel.train(
        list(asked.values()),
        [read_more[text][:in_brief] for text in asked],
        [each[:in_brief] for each in others],
        seed,
    )


def _chosen_encoder() -> SentenceEncoder | None:
    source = os.environ.get(ENCODER)
    if not source:
        return None
    try:
        return SentenceEncoder.load(source, os.environ.get(PREFIX) or None)
    except EncoderError as error:
        raise InvalidConfigException(str(error)) from error
