"""The hub's own words, in the three languages."""

import re

import pytest

from bot.flooding import FLOODING
from bot.inbox import (
    ENOUGH_FILES,
    FILE_IN_A_FLOOD,
    FILE_KEPT,
    FILE_OF_A_STRANGER,
    LONGEST_MESSAGE,
    STOPPED,
    TOO_LONG,
    UNREAD_SCRIPT,
)
from bot.incoming import REQUESTS
from bot.texts import translations
from bot.turns import AWAY, AWAY_IN_LINE, AWAY_UNSURE, GIVEN_UP
from bot.web import access, documents, explaining, files, page, rate_limit, telegram, transfers
from respite.languages import to_traditional
from respite.support.attachments import TooLargeError, UnknownKindError
from tests.channels.conftest import Borrowers
from tests.channels.servers import StandInRasa

REFUSED_FILES = [str(TooLargeError()), str(UnknownKindError())]
REFUSALS = [
    *(access.NOT_OUR_PAGE, access.NOT_OPEN, page.CHOOSE_ON_OUR_PAGE, explaining.NOTHING_HERE),
    *(documents.NOT_FOUND, documents.TERMS_CHANGED, files.NOT_FOUND, transfers.BUSY),
    *(telegram.UNREACHABLE, telegram.SIGN_IN_FIRST, rate_limit.WAIT),
]
OWN_TEXTS = [
    *(UNREAD_SCRIPT, AWAY, AWAY_UNSURE, AWAY_IN_LINE, GIVEN_UP, FLOODING, STOPPED, TOO_LONG),
    *(FILE_KEPT, FILE_OF_A_STRANGER, FILE_IN_A_FLOOD, ENOUGH_FILES),
    *REFUSED_FILES,
    *REFUSALS,
    *(request.words for request in REQUESTS.values()),
]
VALUES = re.compile(r"%\(\w+\)s|JPEG|PNG|WebP|PDF|MB|Telegram")


@pytest.mark.parametrize("text", OWN_TEXTS)
def test_what_the_hub_says_is_translated(text: str) -> None:
    assert translations("en").gettext(text) == text
    simplified = translations("zh-Hans").gettext(text)
    assert not re.search("[A-Za-z]", VALUES.sub("", simplified))
    assert translations("zh-Hant").gettext(text) == to_traditional(simplified)


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
