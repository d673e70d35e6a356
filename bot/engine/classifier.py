"""The intent of a message, with an honest confidence."""

from __future__ import annotations

from typing import Any

import numpy as np
import scipy.sparse
from rasa.engine.graph import ExecutionContext
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.exceptions import InvalidConfigException
from rasa.shared.nlu.constants import INTENT, INTENT_NAME_KEY, INTENT_RANKING_KEY, PREDICTED_CONFIDENCE_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from threadpoolctl import threadpool_limits

from bot.engine.clauses import with_clauses
from bot.engine.component import LearningComponent
from bot.engine.ngrams import NGramFeaturizer
from bot.engine.softmax_regression import Features, fit


def features_of(messages: list[Message], dense_weight: float) -> Features:
    """Return what the n-grams and the encoder found in the messages, the sentence vectors weighted."""
    sparse = [message.get_sparse_features(TEXT)[1].features for message in messages]
    dense = [message.get_dense_features(TEXT)[1] for message in messages]
    vectors = [vector.features[0] if vector else np.empty(0, dtype=np.float32) for vector in dense]
    return Features(scipy.sparse.vstack(sparse, format="csr"), np.array(vectors) * np.float32(dense_weight))


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class LinearIntentClassifier(LearningComponent, IntentClassifier):
    """Classifies by softmax regression over n-grams and, where there is an encoder, the sentence vector.

    Sets `intent`, and `intent_ranking` of all intents; the confidence is calibrated on held-out examples.
    """

    @classmethod
    def required_components(cls) -> list[type]:
        """Return what must come earlier in the pipeline."""
        return [NGramFeaturizer]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Return the options."""
        return {
            # How closely to follow the examples: larger is closer (C of logistic regression).
            "inverse_regularisation": 50.0,
            # What the sentence vector counts against the n-grams.
            "dense_weight": 1.0,
            # What share of the examples to hold out first, to calibrate the confidence on.
            "held_out_share": 0.2,
            # Seeds the choice of that share.
            "seed": 7,
        }

    def train(self, training_data: TrainingData) -> Resource:
        """Learn the intents from their examples."""
        examples = training_data.intent_examples
        intents = [example.get(INTENT) for example in examples]
        if len(set(intents)) < 2:
            raise InvalidConfigException("The classifier needs examples of at least two intents in data/nlu.")
        self._learned = fit(
            features_of(examples, self._config["dense_weight"]),
            intents,
            self._config["inverse_regularisation"],
            self._config["held_out_share"],
            self._config["seed"],
        )
        self.persist()
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Set the intent and the ranking of each message and of its clauses."""
        all_of_them = with_clauses(messages)
        for message, each in zip(all_of_them, self._probabilities(all_of_them), strict=True):
            ranking = [
                {INTENT_NAME_KEY: str(self._learned.labels[place]), PREDICTED_CONFIDENCE_KEY: float(each[place])}
                for place in np.argsort(-each, kind="stable")
            ]
            message.set(INTENT, ranking[0], add_to_output=True)
            message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)
        return messages

    def _probabilities(self, messages: list[Message]) -> np.ndarray:
        return (
            self._learned.probabilities(features_of(messages, self._config["dense_weight"]))
            if messages
            else np.empty((0, 0))
        )

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> LinearIntentClassifier:
        """Load the trained component."""
        # One sentence is too small to share: threads that wait for each other cost more than the product itself.
        threadpool_limits(limits=1, user_api="blas")
        return super().load(config, model_storage, resource, execution_context)
