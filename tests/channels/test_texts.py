"""The hub's own words, in the three languages."""

import re

import pytest

from bot.hub import APOLOGIES
from bot.inbox import LONGEST_MESSAGE, REQUESTS, UNREAD_SCRIPT
from bot.texts import translate, translations
from respite.languages import to_traditional
from tests.channels.conftest import Borrowers
from tests.channels.servers import StandInRasa

OWN_TEXTS = [UNREAD_SCRIPT, *APOLOGIES.values(), *(request.words for request in REQUESTS.values())]


@pytest.mark.parametrize("text", OWN_TEXTS)
def test_what_the_hub_says_is_translated(text: str) -> None:
    assert translate("en", text) == text
    simplified = translate("zh-Hans", text)
    assert not re.search("[A-Za-z]", simplified)
    assert translate("zh-Hant", text) == to_traditional(simplified)


async def test_what_the_hub_refuses_it_refuses_in_the_borrowers_language(
    borrowers: Borrowers, rasa: StandInRasa
) -> None:
    chat = borrowers.join("zh-Hans")
    rasa.answer = lambda told: [{"text": "好的", "buttons": [{"title": "好", "payload": "/affirm"}]}]
    await borrowers.say(chat, "你好")
    message = (await borrowers.see(chat))[-1].message
    assert message is not None
    for reference in (message.buttons[0].reference, message.buttons[0].reference, "unknown"):
        await borrowers.press(chat, reference)
    await borrowers.say(chat, "长" * (LONGEST_MESSAGE + 1))
    answers = await borrowers.answers(chat)
    assert len(answers) == 5
    assert not re.search("[A-Za-z]", "".join(answers))


def test_english_needs_no_catalogue() -> None:
    assert translations("en").gettext("Anything at all") == "Anything at all"
