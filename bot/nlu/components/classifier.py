"""Logistic regression over n-grams, with long and short messages on one scale."""

from __future__ import annotations

from typing import Any

import numpy as np
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.logistic_regression_classifier import LogisticRegressionClassifier
from rasa.shared.nlu.training_data.message import Message
from scipy.sparse import csr_matrix
from sklearn.preprocessing import normalize


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class ScaledLogisticRegression(LogisticRegressionClassifier):
    """Rasa's classifier with each message's counts damped and scaled to length one.

    Raw counts make every long message look certain; `C` weighs fit against smoothness.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """The stock options, and `C` of scikit-learn's LogisticRegression."""
        return {**LogisticRegressionClassifier.get_default_config(), "C": 10.0}

    def __init__(
        self, config: dict[str, Any], name: str, model_storage: ModelStorage, resource: Resource
    ) -> None:
        super().__init__(config, name, model_storage, resource)
        self.clf.set_params(C=self.config["C"])

    def _create_X(self, messages: list[Message]) -> csr_matrix:
        counts = csr_matrix(super()._create_X(messages), dtype=float)
        counts.data = 1.0 + np.log(counts.data)
        return normalize(counts)
