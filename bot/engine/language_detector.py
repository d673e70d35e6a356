"""Tells the dialogue which language each message is in."""

from __future__ import annotations

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import (
    ENTITIES,
    ENTITY_ATTRIBUTE_END,
    ENTITY_ATTRIBUTE_START,
    ENTITY_ATTRIBUTE_TYPE,
    ENTITY_ATTRIBUTE_VALUE,
    METADATA,
    TEXT,
)
from rasa.shared.nlu.training_data.message import Message

from bot.engine.component import PlainComponent
from bot.engine.language import detect_language

LANGUAGE = "language"
PREVIOUS_LANGUAGE = "previous_language"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class LanguageDetector(PlainComponent, EntityExtractorMixin):
    """Adds the entity `language` (`en` or `zh`) and the message's `language` tag, where there is evidence.

    A `language` in the message's metadata was chosen by the borrower and overrules the text; a `previous_language`
    settles what could be said in either language.
    """

    def process(self, messages: list[Message]) -> list[Message]:
        """Set the language of each message that shows one."""
        for message in messages:
            metadata = message.get(METADATA) or {}
            text = message.get(TEXT) or ""
            language = metadata.get(LANGUAGE) or detect_language(text, metadata.get(PREVIOUS_LANGUAGE))
            if language:
                message.set(LANGUAGE, language, add_to_output=True)
                entity = {
                    ENTITY_ATTRIBUTE_TYPE: LANGUAGE,
                    ENTITY_ATTRIBUTE_VALUE: language.split("-")[0],
                    ENTITY_ATTRIBUTE_START: 0,
                    ENTITY_ATTRIBUTE_END: len(text),
                }
                found = self.add_extractor_name([entity])
                message.set(ENTITIES, message.get(ENTITIES, []) + found, add_to_output=True)
        return messages
