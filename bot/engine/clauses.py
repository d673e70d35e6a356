"""The parts of a message that could each be a question or a request of their own."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.nlu.constants import TOKENS_NAMES
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.engine.component import PlainComponent
from bot.engine.language import HAN
from bot.engine.normalizer import NORMALISED_TEXT, Normalizer, normalise
from bot.engine.tokenizer import BilingualTokenizer

CLAUSES = "clauses"

_SENTENCE_END = r"[.?!;。？！；…\n]+(?=\s|$|[" + HAN + r"])|[?!？！；。]+"
_ENGLISH_CONNECTIVE = r"[,\s]+(?:and also|and then|and|also|plus|but|then|oh and|by the way|btw)\s+(?=\S)"
_CHINESE_CONNECTIVE = (
    r"[,，\s]*(?:另外|顺便|順便|还有就是|還有就是|还有|還有|还想|還想|然后|然後|同时|同時|以及|并且|並且|而且"
    r"|再问|再問|仲有|同埋)"
)
_CHINESE_COMMA = f"(?<=[{HAN}])" + r"[,，\s]+" + f"(?=[{HAN}])"
_BOUNDARY = re.compile(f"{_SENTENCE_END}|{_ENGLISH_CONNECTIVE}|{_CHINESE_CONNECTIVE}|{_CHINESE_COMMA}", re.IGNORECASE)
_SUBORDINATE = re.compile(
    r"\s*(?:(?:if|because|since|as|so|although|unless|until|after|before|while"
    r"|when(?! (?:is|are|was|do|does|did|will|can|must|should)\b))\b"
    r"|如果|要是|假如|因为|因為|由于|由於|虽然|雖然|既然|等)",
    re.IGNORECASE,
)
_FEWEST_TOKENS = 2
_MOST_CLAUSES = 4


def clauses(text: str) -> list[tuple[int, int]]:
    """Return the places of the clauses of `text` that stand on their own, in order; none where there is only one."""
    found = [place for place in _between_boundaries(text) if not _SUBORDINATE.match(text, *place)]
    return found if 1 < len(found) <= _MOST_CLAUSES else []


def with_clauses(messages: list[Message]) -> list[Message]:
    """Return the messages and, after them, their clauses."""
    return [*messages, *(clause for message in messages for clause in message.get(CLAUSES, []))]


def _between_boundaries(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for boundary in _BOUNDARY.finditer(text):
        if boundary.start() > start:
            yield start, boundary.start()
        start = boundary.end()
    if start < len(text):
        yield start, len(text)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class ClauseSplitter(PlainComponent):
    """Puts the clauses of a message beside it, each as a message of its own, for the classifier to look at."""

    @classmethod
    def required_components(cls) -> list[type]:
        """Return what must come earlier in the pipeline."""
        return [Normalizer, BilingualTokenizer]

    def process(self, messages: list[Message]) -> list[Message]:
        """Set the clauses of each message that has several of some length."""
        for message in messages:
            parts = [_clause(message, *place) for place in clauses(message.get(TEXT) or "")]
            parts = [part for part in parts if len(part.get(TOKENS_NAMES[TEXT])) >= _FEWEST_TOKENS]
            if len(parts) > 1:
                message.set(CLAUSES, parts)
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Leave the training examples whole."""
        return training_data


def _clause(message: Message, start: int, end: int) -> Message:
    text = message.get(TEXT)[start:end].strip()
    tokens = [token for token in message.get(TOKENS_NAMES[TEXT], []) if start <= token.start and token.end <= end]
    return Message({TEXT: text, NORMALISED_TEXT: normalise(text), TOKENS_NAMES[TEXT]: tokens})
