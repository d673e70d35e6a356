"""Whether to act on the likeliest intent or to ask."""

from __future__ import annotations

import re
from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.nlu.classifiers import LABEL_RANKING_LENGTH
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.constants import DEFAULT_NLU_FALLBACK_INTENT_NAME
from rasa.shared.nlu.constants import INTENT, INTENT_NAME_KEY, INTENT_RANKING_KEY, PREDICTED_CONFIDENCE_KEY
from rasa.shared.nlu.training_data.message import Message

from bot.engine.clauses import CLAUSES
from bot.engine.component import ConfiguredComponent
from bot.engine.distress import REPORT_DISTRESS
from bot.engine.language import HAN
from bot.engine.normalizer import NORMALISED_TEXT

OUT_OF_SCOPE = "out_of_scope"

Prediction = dict[str, Any]

_READABLE = re.compile(f"[a-z0-9{HAN}]")


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class Decision(ConfiguredComponent, IntentClassifier):
    """Sets the intent to `nlu_fallback` where the classifier is unsure, and to `report_distress` at its first sign.

    What has no words in it, or is in a script that nobody taught the classifier, is out of scope and asked about.
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
            # The same for one clause of a message, which says less and is more easily mistaken.
            "clause_distress_threshold": 0.8,
        }

    def process(self, messages: list[Message]) -> list[Message]:
        """Settle the intent of each message."""
        for message in messages:
            ranking = self._settled(message)
            message.set(INTENT, ranking[0], add_to_output=True)
            message.set(INTENT_RANKING_KEY, ranking[:LABEL_RANKING_LENGTH], add_to_output=True)
        return messages

    def _settled(self, message: Message) -> list[Prediction]:
        ranking = message.get(INTENT_RANKING_KEY)
        if not _is_readable(message.get(NORMALISED_TEXT)):
            return [_fallback(1.0), *_put_first(OUT_OF_SCOPE, 1.0, ranking)]
        if self._is_distress(ranking) or self._has_clause_of_distress(message):
            return _put_first(REPORT_DISTRESS, _confidence(REPORT_DISTRESS, ranking), ranking)
        return [_fallback(self._config["threshold"]), *ranking] if self._is_unsure(ranking) else ranking

    def _is_distress(self, ranking: list[Prediction]) -> bool:
        return _confidence(REPORT_DISTRESS, ranking) >= self._config["distress_threshold"]

    def _has_clause_of_distress(self, message: Message) -> bool:
        return any(
            _confidence(REPORT_DISTRESS, clause.get(INTENT_RANKING_KEY)) >= self._config["clause_distress_threshold"]
            for clause in message.get(CLAUSES, [])
        )

    def _is_unsure(self, ranking: list[Prediction]) -> bool:
        best, *others = ranking
        confidence = best[PREDICTED_CONFIDENCE_KEY]
        runner_up = others[0][PREDICTED_CONFIDENCE_KEY] if others else 0.0
        return confidence < self._config["threshold"] or confidence - runner_up < self._config["ambiguity_margin"]


def _is_readable(text: str) -> bool:
    readable = len(_READABLE.findall(text))
    return readable > sum(character.isalpha() for character in text) - readable


def _confidence(name: str, ranking: list[Prediction]) -> float:
    return next((each[PREDICTED_CONFIDENCE_KEY] for each in ranking if each[INTENT_NAME_KEY] == name), 0.0)


def _put_first(name: str, confidence: float, ranking: list[Prediction]) -> list[Prediction]:
    first = {INTENT_NAME_KEY: name, PREDICTED_CONFIDENCE_KEY: confidence}
    return [first, *(each for each in ranking if each[INTENT_NAME_KEY] != name)]


def _fallback(confidence: float) -> Prediction:
    return {INTENT_NAME_KEY: DEFAULT_NLU_FALLBACK_INTENT_NAME, PREDICTED_CONFIDENCE_KEY: confidence}
