"""What a sentence is made of: weighted n-grams of its characters and words."""

from __future__ import annotations

from typing import Any

import numpy as np
import scipy.sparse
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.constants import TOKENS_NAMES
from rasa.nlu.featurizers.sparse_featurizer.sparse_featurizer import SparseFeaturizer
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from sklearn.feature_extraction.text import TfidfVectorizer

from bot.engine.clauses import with_clauses
from bot.engine.component import LearningComponent
from bot.engine.normalizer import NORMALISED_TEXT, Normalizer
from bot.engine.tokenizer import BilingualTokenizer


def _words(message: Message) -> list[str]:
    return [_spelt(token.lemma) for token in message.get(TOKENS_NAMES[TEXT], []) if token.lemma]


def _characters(message: Message) -> str:
    return _spelt(message.get(NORMALISED_TEXT))


def _spelt(text: str) -> str:
    """Return `text` as most people type it: without apostrophes."""
    return text.replace("'", "")


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=True)
class NGramFeaturizer(LearningComponent, SparseFeaturizer):
    """Adds TF-IDF weights of character and word n-grams."""

    @classmethod
    def required_components(cls) -> list[type]:
        """Return what must come earlier in the pipeline."""
        return [Normalizer, BilingualTokenizer]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Return the options."""
        return {
            **SparseFeaturizer.get_default_config(),
            # The shortest and the longest n-gram of characters, and of words.
            "character_ngrams": [1, 5],
            "word_ngrams": [1, 2],
            # In how many training examples an n-gram must occur to count.
            "min_examples": 2,
        }

    @classmethod
    def validate_config(cls, config: dict[str, Any]) -> None:
        """Accept any option; scikit-learn says what is wrong with one."""

    def __init__(self, config: dict[str, Any], name: str, model_storage: ModelStorage, resource: Resource) -> None:
        """Hold the options; what is learned are the vectorizers of characters and of words."""
        LearningComponent.__init__(self, config, name, model_storage, resource)
        SparseFeaturizer.__init__(self, name, config)

    def train(self, training_data: TrainingData) -> Resource:
        """Learn which n-grams there are and how rare each is."""
        common = {"min_df": self._config["min_examples"], "sublinear_tf": True, "dtype": np.float32}
        self._learned = [
            TfidfVectorizer(
                analyzer="char_wb",
                preprocessor=_characters,
                ngram_range=tuple(self._config["character_ngrams"]),
                **common,
            ),
            TfidfVectorizer(
                tokenizer=_words,
                preprocessor=_unchanged,
                token_pattern=None,
                ngram_range=tuple(self._config["word_ngrams"]),
                **common,
            ),
        ]
        examples = training_data.intent_examples
        for vectorizer in self._learned:
            vectorizer.fit(examples)
        self.persist()
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Add the n-gram weights of each message and of its clauses."""
        all_of_them = with_clauses(messages)
        if all_of_them:
            weights = scipy.sparse.hstack([each.transform(all_of_them) for each in self._learned], format="csr")
            for message, row in zip(all_of_them, weights, strict=True):
                message.add_features(Features(row, FEATURE_TYPE_SENTENCE, TEXT, self._identifier))
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Add the n-gram weights of the training examples."""
        self.process(training_data.training_examples)
        return training_data


def _unchanged(message: Message) -> Message:
    return message
