"""Puts danger before every other meaning: the last word of the pipeline on a message."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.nlu.care import CareLevel, default_detector, detect
from bot.nlu.danger import DANGER, KINDS
from bot.nlu.small_questions import SMALL_QUESTION

DISTRESS = "express_distress"
FALLBACK = "nlu_fallback"
# Set where the intent model alone suspects danger: it may yet be an answer to an open question.
DOUBTFUL = "danger_is_doubtful"
# Set where no expression tells of the danger and the models alone hear it.
UNWORDED = "danger_is_unworded"

# Where these come together with distress, the distress is what is meant ("hello, I can't sleep any more").
COURTESIES = frozenset({"greet", "goodbye", "thank", "out_of_scope"})
# What people in danger say as well: it is no other matter.
BESIDE_DANGER = frozenset({FALLBACK, DISTRESS, "request_human", "pause_conversation"})
# Below every score of a question.
NO_QUESTION = float("-inf")


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class CareClassifier(GraphComponent, IntentClassifier):
    """Overrides the intent when the text signals danger; writes the level (not the words) as `care`."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Which level takes which intent (a level left out only sets `care`), and when the model is believed.

        `suspicion`: an intent of danger that the intent model finds at least this likely (0 to 1) counts as
        danger too, although no expression matched. But only if it is at least `nearness` times as likely as
        the likeliest: of a word or two the model knows little, and holds everything a little likely. And only
        if the model of danger scores at least `doubt`: unusual words look like danger to the intent model.
        `danger`: a message that the model of danger scores at least so high counts too, unless a figure of
        speech accounts for it and it scores below `certain`. Where the intent model holds another matter at
        least `another` likely and danger less than `hardly`, it has to score `against`.
        `unheard`: an expression is not believed where the model of danger scores below this and the intent
        model holds danger less than `faint` likely: "stop beating around the bush".
        Of which kind a danger is that no expression tells, the model of danger says. `turned`: from so much
        more threat than of what an expression tells in its ear, it is taken for the writer's own threat.
        `softness`: distress that the model finds at least this likely is marked beside the other meaning.
        `asked`: a message that asks a small question, scored at least so, is danger only where an expression
        says so: of 456 dangers by other hands one scores that high, and an expression tells that one.
        `asked_surely`: scored at least so, it is no distress either, unless an expression says so.
        """
        intents = {
            "self_harm": "express_self_harm",
            "threat": "express_self_harm",
            "abuse": "report_abuse",
        }
        return {
            "intents": intents,
            "suspicion": 0.15,
            "nearness": 0.7,
            "doubt": -0.6,
            "danger": 0.3,
            "certain": 0.8,
            "another": 0.7,
            "hardly": 0.1,
            "against": 1.0,
            "unheard": -0.8,
            "faint": 0.3,
            "turned": 1.0,
            "softness": 0.2,
            "asked": 0.5,
            "asked_surely": 1.2,
        }

    def __init__(self, config: dict[str, Any]) -> None:
        self._intents: dict[str, str] = config["intents"]
        self._suspicion: float = config["suspicion"]
        self._nearness: float = config["nearness"]
        self._doubt: float = config["doubt"]
        self._danger: float = config["danger"]
        self._certain: float = config["certain"]
        self._another: float = config["another"]
        self._hardly: float = config["hardly"]
        self._against: float = config["against"]
        self._unheard: float = config["unheard"]
        self._faint: float = config["faint"]
        self._turned: float = config["turned"]
        self._softness: float = config["softness"]
        self._asked: float = config["asked"]
        self._asked_surely: float = config["asked_surely"]
        self._detector = default_detector()

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> CareClassifier:
        """Create the component; Rasa calls this for training and for loading."""
        return cls(config)

    def process(self, messages: list[Message]) -> list[Message]:
        """Check each message that has a text."""
        for message in messages:
            text = message.get(TEXT) or ""
            level = detect(text)
            if level is not None and level.value in self._intents and self._is_unheard(message):
                level = None
            if level is None or level.value not in self._intents:
                asks = self._asks_something_else(message)
                felt = None if asks else self._suspected(message, text) or self._scored(message, text)
                if felt is not None:
                    message.set(DOUBTFUL, message.get(DANGER, 0.0) < self._danger, add_to_output=True)
                    message.set(UNWORDED, True, add_to_output=True)
                elif asks or self._is_harmless(message, text) or self._is_explained(message, text):
                    _forget(message, set(self._intents.values()))
                level = felt or level or self._softly(message)
            elif self._is_own_deed(message, level):
                level = CareLevel.THREAT
            if level is not None:
                self._mark(message, level)
        return messages

    def _softly(self, message: Message) -> CareLevel | None:
        """Return distress when the intent model finds it likely, be it beside another meaning.

        "I'm afraid I can't change it later" asks, and worries no more than anybody who asks.
        """
        if self._asks_surely(message):
            return None
        return CareLevel.DISTRESS if _chances(message).get(DISTRESS, 0.0) >= self._softness else None

    def _suspected(self, message: Message, text: str) -> CareLevel | None:
        """Return the danger that the intent model finds likely enough, the likeliest first."""
        if self._is_harmless(message, text):
            return None
        chances = _chances(message)
        least = max(self._suspicion, self._nearness * max(chances.values(), default=0.0))
        likely = [(chances.get(name, 0.0), CareLevel(level)) for level, name in self._intents.items()]
        for chance, level in sorted(likely, key=lambda pair: -pair[0]):
            if chance >= least and not self._detector.explains_away(text, level):
                return _kind(message) or level
        return None

    def _scored(self, message: Message, text: str) -> CareLevel | None:
        """Return danger that the model of danger hears."""
        score = message.get(DANGER)
        least = self._against if self._tells_another_matter(message) else self._danger
        if score is None or score < least:
            return None
        chances = _chances(message)
        likeliest = max(self._intents, key=lambda level: chances.get(self._intents[level], 0.0))
        level = _kind(message) or CareLevel(likeliest)
        explained = score < self._certain and self._detector.explains_away(text, level)
        return None if explained else level

    def _tells_another_matter(self, message: Message) -> bool:
        """Whether the intent model is sure of another matter: "I stood guarantor and my cousin ran away"."""
        chances = _chances(message)
        others = (chance for name, chance in chances.items() if self._is_a_matter(name))
        return self._fears(chances) < self._hardly and max(others, default=0.0) >= self._another

    def _is_a_matter(self, name: str) -> bool:
        """Whether a meaning is a topic that is told in plain words; danger is often told beside a goodbye."""
        return name not in {*self._intents.values(), *COURTESIES, *BESIDE_DANGER}

    def _is_unheard(self, message: Message) -> bool:
        """Whether neither model hears anything of the danger that an expression tells."""
        score = message.get(DANGER)
        return score is not None and score < self._unheard and self._fears(_chances(message)) < self._faint

    def _fears(self, chances: dict[str, float]) -> float:
        """How likely the intent model holds danger of whatever kind."""
        return max((chances.get(name, 0.0) for name in self._intents.values()), default=0.0)

    def _is_own_deed(self, message: Message, level: CareLevel) -> bool:
        """Whether the model of danger hears far more of a threat than of the `level` an expression tells."""
        kinds: dict[CareLevel, float] = message.get(KINDS) or {}
        return bool(kinds) and kinds[CareLevel.THREAT] >= kinds[level] + self._turned

    def _asks_something_else(self, message: Message) -> bool:
        """Whether a small question is surely what is asked: then only an expression tells of danger."""
        return _asking(message) >= self._asked

    def _asks_surely(self, message: Message) -> bool:
        """Whether hardly anything else than a small question can be meant."""
        return _asking(message) >= self._asked_surely

    def _is_harmless(self, message: Message, text: str) -> bool:
        """Whether the model of danger hears so little that the intent model alone is not believed.

        It is believed even less where something sounds like danger and is none.
        """
        score = message.get(DANGER)
        least = self._danger if self._detector.holds_harmless(text) else self._doubt
        return score is not None and score < least

    def _is_explained(self, message: Message, text: str) -> bool:
        """Whether a figure of speech accounts for the danger that the intent model alone puts first."""
        first = next((level for level, name in self._intents.items() if name == _intent(message)), None)
        unheard = message.get(DANGER, 0.0) < self._certain
        return first is not None and unheard and self._detector.explains_away(text, CareLevel(first))

    def _says_nothing_else(self, message: Message) -> bool:
        """Whether nothing is left to answer beside the distress: a courtesy, or a danger denied."""
        intent = _intent(message)
        return intent in COURTESIES or (intent == FALLBACK and self._detector.denies(message.get(TEXT) or ""))

    def _mark(self, message: Message, level: CareLevel) -> None:
        message.set("care", level.value, add_to_output=True)
        is_all = level is CareLevel.DISTRESS and self._says_nothing_else(message)
        name = DISTRESS if is_all else self._intents.get(level.value)
        if name is None:
            return
        intent = {"name": name, "confidence": 1.0}
        others = [item for item in message.get(INTENT_RANKING_KEY, []) if item["name"] != name]
        message.set(INTENT, intent, add_to_output=True)
        message.set(INTENT_RANKING_KEY, [intent, *others], add_to_output=True)


def _asking(message: Message) -> float:
    """How surely a small question is asked."""
    asked = message.get(SMALL_QUESTION)
    return float(asked["score"]) if asked is not None else NO_QUESTION


def _forget(message: Message, intents: set[str]) -> None:
    """Take `intents` out of what the message may mean; if one came first, it is not understood."""
    others = [item for item in message.get(INTENT_RANKING_KEY, []) if item["name"] not in intents]
    if _intent(message) in intents:
        fallback = {"name": FALLBACK, "confidence": 1 - _chances(message)[_intent(message)]}
        message.set(INTENT, fallback, add_to_output=True)
        others = [fallback, *others]
    message.set(INTENT_RANKING_KEY, others, add_to_output=True)


def _chances(message: Message) -> dict[str, float]:
    return {item["name"]: item["confidence"] for item in message.get(INTENT_RANKING_KEY, [])}


def _kind(message: Message) -> CareLevel | None:
    """Return the kind of danger that the model of danger finds likeliest, if there is such a model."""
    kinds: dict[CareLevel, float] = message.get(KINDS) or {}
    return max(kinds, key=lambda kind: kinds[kind], default=None)


def _intent(message: Message) -> str:
    return str((message.get(INTENT) or {}).get("name"))
