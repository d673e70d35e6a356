"""Every word of the console is there in Chinese."""

import re
from collections.abc import Iterator
from functools import cache
from types import ModuleType

from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from bot.channels.telegram.connection import REJECTED_TOKEN
from bot.parcels import BLOCKED, LOST
from bot.texts import CATALOGUES
from bot.web.staff import names as handoff_names
from bot.web.staff import shell, words
from bot.web.staff.pages.conversation import items
from bot.web.staff.pages.conversation.plans import form
from bot.web.staff.pages.queue import table
from bot.web.staff.pages.reports import SIDES
from bot.web.staff.texts import translate
from tests.lints.project import ROOT

SAYING = {"say": None, "translate": (2,), "staff_page": (2,), "Section": (1,)}
REFUSING = dict.fromkeys(("AccountError", "WeakPasswordError", "WrongCodeError", "NotAdmittedError"))
TAKING_OVER = ("TakeoverRefusedError", "ApprovalRefusedError", "CaseRefusedError", "CannedReplyError", "__init__")
SENDING = dict.fromkeys(("TryLaterError", "RefusedError", "BlockedError", "UnknownOutcomeError"))
PLACEHOLDER = re.compile(r"%\(\w+\)s|%%")


@cache
def catalogue() -> dict[str, str]:
    with (CATALOGUES / "staff.po").open("rb") as file:
        return {str(message.id): str(message.string) for message in read_po(file) if message.id}


def said() -> set[str]:
    """What the code says by itself, and what it looks up by name."""
    return {*_extracted(), *_named()}


def _extracted() -> Iterator[str]:
    for folder, files, kind, keywords in (
        ("bot/web/staff", "**.py", "python", SAYING),
        ("bot/channels", "**.py", "python", SENDING),
        ("respite/staff", "**.py", "python", REFUSING),
        ("respite/support", "**.py", "python", dict.fromkeys(TAKING_OVER)),
        ("bot/web/templates/staff", "**", "jinja2", {"_": None}),
    ):
        for _, _, words_said, _, _ in extract_from_dir(str(ROOT / folder), [(files, kind)], keywords=keywords):
            yield str(words_said)


def _named() -> Iterator[str]:
    for names in (words.ROLE_NAMES, words.LANGUAGE_NAMES, words.STATE_NAMES, words.REASON_NAMES, words.PLAN_NAMES):
        yield from names.values()
    yield from (*words.SKILL_NAMES.values(), *words.CAUSES.values())
    yield from (LOST, BLOCKED, REJECTED_TOKEN)
    for taken_over in (table.VIEWS, items.SPEAKERS, items.STATES, form.KINDS, *_plain(handoff_names)):
        yield from taken_over.values()
    for marked in _marked(handoff_names):
        yield from (text for text, _ in marked.values())
    yield from shell.THEME_NAMES.values()
    yield from SIDES.values()


def _plain(module: ModuleType) -> Iterator[dict[str, str]]:
    """The dictionaries of a module from a word to its name."""
    yield from (each for each in vars(module).values() if isinstance(each, dict) and _values(each) == {str})


def _marked(module: ModuleType) -> Iterator[dict[str, tuple[str, str]]]:
    """Those from a word to its name and tone."""
    yield from (each for each in vars(module).values() if isinstance(each, dict) and _values(each) == {tuple})


def _values(found: dict[str, object]) -> set[type]:
    return {type(value) for value in found.values()}


def test_every_text_is_translated() -> None:
    assert sorted(text for text in said() if not catalogue().get(text)) == []


def test_a_translation_has_the_values_of_its_text() -> None:
    differing = {
        text
        for text, chinese in catalogue().items()
        if chinese and sorted(PLACEHOLDER.findall(chinese)) != sorted(PLACEHOLDER.findall(text))
    }

    assert differing == set()


def test_traditional_chinese_is_made_from_the_simplified() -> None:
    assert translate("zh-Hant", "Sign in") == "登入"
