"""One spelling for the many ways a sentence can be typed."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.engine.component import PlainComponent
from bot.engine.language import HAN, to_simplified
from bot.engine.regional import to_mainland

NORMALISED_TEXT = "normalised_text"

_EMOJI_ANSWERS = {
    "👍": "ok",
    "👌": "ok",
    "✅": "ok",
    "👎": "no",
    "❌": "no",
    "👋": "hello",
    "🙏": "thanks",
    "❤": "thanks",
}
_APOSTROPHES = str.maketrans("’‘`´", "''''")
_STRETCHED_LETTER = re.compile(r"([a-z])\1{2,}")
_STRETCHED_HAN = re.compile(f"([{HAN}])\\1{{2,}}")
_LEADING_SLASHES = re.compile(r"^(?:[\s/／⁄∕]|[\u200b-\u200f\u2060-\u2064\ufeff\x00-\x1f])+")
_REPEATED_MARK = re.compile(r"([^\w\s])(?:\s*\1)+")


@lru_cache(maxsize=4096)
def normalise(text: str) -> str:
    """Return `text` in half-width, Simplified, lower-case form without emoji, stretched letters or leading slashes."""
    compatible = as_typed(unicodedata.normalize("NFKC", text.translate(_APOSTROPHES)))
    plain = "".join(_without_symbols(character) for character in compatible)
    simplified = to_mainland(to_simplified(plain.lower()))
    squeezed = _STRETCHED_LETTER.sub(r"\1", simplified)
    squeezed = _STRETCHED_HAN.sub(r"\1\1", squeezed)
    squeezed = _REPEATED_MARK.sub(r"\1", squeezed)
    return " ".join(squeezed.split()) or _emoji_answer(compatible)


def as_typed(text: str) -> str:
    """Return a borrower's words so that Rasa cannot take them for a command: without slashes in front."""
    return _LEADING_SLASHES.sub("", text)


def _without_symbols(character: str) -> str:
    category = unicodedata.category(character)
    if category in ("Cf", "Mn"):
        return ""
    return " " if category in ("So", "Sk", "Cc", "Cs", "Co", "Cn") else character


def _emoji_answer(text: str) -> str:
    return next((_EMOJI_ANSWERS[character] for character in text if character in _EMOJI_ANSWERS), "")


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class Normalizer(PlainComponent):
    """Puts the normalised text beside the typed one, which stays as it is for the places of entities."""

    def process(self, messages: list[Message]) -> list[Message]:
        """Set the normalised text of each message."""
        for message in messages:
            message.set(NORMALISED_TEXT, normalise(message.get(TEXT) or ""))
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Normalise the training examples as borrowers' messages will be."""
        self.process(training_data.training_examples)
        return training_data
