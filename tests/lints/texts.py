"""Every text that a borrower may read, and where it stands: in replies, on the page, in policies, from staff."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import yaml
from babel.messages.pofile import read_po

from bot.texts import CATALOGUE
from respite.plans.confirmation import wording as confirmation
from respite.support import canned_replies, words
from tests.lints.project import CHINESE, ROOT, responses

OF_THE_CORE = {"confirmation": confirmation.TEXTS, "support": words.TEXTS, "canned_replies": canned_replies.SHIPPED}


@dataclass(frozen=True)
class Text:
    """Words, and where they stand: `utter_greet`, `page`, `cn.yml/lender/name`."""

    where: str
    words: str

    @property
    def language(self) -> str:
        return "zh" if CHINESE.search(self.words) else "en"

    def __str__(self) -> str:
        return f"{self.where}: {self.words}"


@cache
def texts() -> tuple[Text, ...]:
    return (*_replies(), *_of_the_page(), *_of_policies(), *_of_the_core())


def _replies() -> Iterator[Text]:
    for name, variants in responses().items():
        for variant in variants:
            yield Text(name, variant["text"])
            yield from (Text(name, button["title"]) for button in variant.get("buttons", ()))


def _of_the_page() -> Iterator[Text]:
    with CATALOGUE.open("rb") as file:
        for message in read_po(file):
            if message.id:
                yield from (Text("page", words) for words in (message.id, message.string))


def _of_policies() -> Iterator[Text]:
    for file in sorted((ROOT / "respite/policies").glob("*.yml")):
        yield from _in_two_languages(file.name, yaml.safe_load(file.read_text(encoding="utf-8")))


def _of_the_core() -> Iterator[Text]:
    for where, file in OF_THE_CORE.items():
        yield from _in_two_languages(where, yaml.safe_load(file.read_text(encoding="utf-8")))


def _in_two_languages(where: str, content: Any) -> Iterator[Text]:
    """Every `{en: …, zh: …}` in the content of a file."""
    match content:
        case {"en": str(english), "zh": str(chinese)}:
            yield from (Text(where, english), Text(where, chinese))
        case dict():
            for name, value in content.items():
                yield from _in_two_languages(f"{where}/{name}", value)
        case list():
            for value in content:
                yield from _in_two_languages(where, value)
