"""Whether to act on the likeliest intent or to ask."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.constants import DEFAULT_NLU_FALLBACK_INTENT_NAME
from rasa.shared.nlu.constants import INTENT, INTENT_NAME_KEY, INTENT_RANKING_KEY, PREDICTED_CONFIDENCE_KEY
from rasa.shared.nlu.training_data.message import Message

from bot.engine.distress import REPORT_DISTRESS

Prediction = dict[str, Any]


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class Decision(GraphComponent, IntentClassifier):
    """Sets the intent to `nlu_fallback` where the classifier is unsure, and to `report_distress` at its first sign.

    As with Rasa's FallbackClassifier, an unsure message has `nlu_fallback` in front of its ranking, so that
    `rasa test nlu` still sees what the classifier thought.
    """

    @classmethod
    def required_components(cls) -> list[type]:
        """Return what must come earlier in the pipeline."""
        return [IntentClassifier]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Return the options; each is a probability."""
        return {
            # Below this confidence the likeliest intent is not acted on.
            "threshold": 0.4,
            # Nor is it when the second likeliest comes as near as this.
            "ambiguity_margin": 0.1,
            # From this confidence on, distress wins over every other intent: a miss is worse than a false alarm.
            "distress_threshold": 0.15,
        }

    def __init__(self, config: dict[str, Any]) -> None:
        """Hold the options."""
        self._threshold = config["threshold"]
        self._margin = config["ambiguity_margin"]
        self._distress_threshold = config["distress_threshold"]

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> Decision:
        """Create the component."""
        return cls(config)

    def process(self, messages: list[Message]) -> list[Message]:
        """Settle the intent of each message."""
        for message in messages:
            ranking = self._distress_first(message.get(INTENT_RANKING_KEY))
            if self._is_unsure(ranking):
                ranking = [_fallback(self._threshold), *ranking]
            message.set(INTENT, ranking[0], add_to_output=True)
            message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)
        return messages

    def _distress_first(self, ranking: list[Prediction]) -> list[Prediction]:
        return sorted(ranking, key=self._is_distress, reverse=True)

    def _is_distress(self, prediction: Prediction) -> bool:
        return (
            prediction[INTENT_NAME_KEY] == REPORT_DISTRESS
            and prediction[PREDICTED_CONFIDENCE_KEY] >= self._distress_threshold
        )

    def _is_unsure(self, ranking: list[Prediction]) -> bool:
        best, *others = ranking
        if self._is_distress(best):
            return False
        confidence = best[PREDICTED_CONFIDENCE_KEY]
        runner_up = others[0][PREDICTED_CONFIDENCE_KEY] if others else 0.0
        return confidence < self._threshold or confidence - runner_up < self._margin


def _fallback(confidence: float) -> Prediction:
    return {INTENT_NAME_KEY: DEFAULT_NLU_FALLBACK_INTENT_NAME, PREDICTED_CONFIDENCE_KEY: confidence}
