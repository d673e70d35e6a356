"""Words of English and characters of Chinese, in one sentence."""

from __future__ import annotations

from typing import Any

import spacy
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.nlu.tokenizers.tokenizer import Token, Tokenizer
from rasa.shared.nlu.training_data.message import Message
from spacy.util import compile_infix_regex, compile_prefix_regex, compile_suffix_regex

from bot.engine.language import HAN
from bot.engine.normalizer import normalise


def blank_pipeline() -> spacy.language.Language:
    """Return spaCy's English tokenizer, taught that every Chinese character stands alone."""
    nlp = spacy.blank("en")
    han = [f"[{HAN}]"]
    nlp.tokenizer.prefix_search = compile_prefix_regex([*nlp.Defaults.prefixes, *han]).search
    nlp.tokenizer.suffix_search = compile_suffix_regex([*nlp.Defaults.suffixes, *han]).search
    nlp.tokenizer.infix_finditer = compile_infix_regex([*nlp.Defaults.infixes, *han]).finditer
    return nlp


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_TOKENIZER, is_trainable=False)
class BilingualTokenizer(Tokenizer):
    """Splits mixed English and Chinese text with spaCy; each token's lemma is its normalised form."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Return Rasa's options for splitting intent names; Respite does not split them."""
        return {"intent_tokenization_flag": False, "intent_split_symbol": "_"}

    @staticmethod
    def required_packages() -> list[str]:
        """Return the packages to be installed."""
        return ["spacy"]

    def __init__(self, config: dict[str, Any]) -> None:
        """Build the tokenizer."""
        super().__init__(config)
        self._tokenize = blank_pipeline().tokenizer

    def tokenize(self, message: Message, attribute: str) -> list[Token]:
        """Return the tokens of one attribute of `message`; only white space is left out."""
        return [
            Token(token.text, token.idx, lemma=normalise(token.text))
            for token in self._tokenize(message.get(attribute))
            if not token.is_space
        ]
