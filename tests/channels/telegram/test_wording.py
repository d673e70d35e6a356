"""A message as text: what is said in full, the figures of its card below, and who says it."""

import pytest

from bot.channels.telegram.wording import written
from respite.support.messages import Message, in_script
from tests.channels.telegram.look_alike import shown
from tests.web import samples

LANGUAGES = ("en", "zh-Hans", "zh-Hant")


def read(message: Message, language: str = "en", author: str = "bot") -> str:
    (page,) = written(in_script(message, language), author, language)
    return shown(page)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("card", [samples.bill, samples.schedule, samples.plans, samples.review])
def test_every_figure_of_a_card_is_in_the_text(card: object, language: str) -> None:
    made = card(language)  # type: ignore[operator]
    said = read(Message(text="…", card=made), language)
    figures = [line.value for line in getattr(made, "lines", ())]
    figures += [line.value for option in getattr(made, "options", ()) for line in option.lines]
    figures += [value for row in getattr(made, "rows", ()) for value in (row.due_date, row.amount, row.principal)]
    assert figures
    assert [figure for figure in figures if figure not in said] == []


def test_labels_are_in_the_borrowers_script() -> None:
    assert "Penalty interest: ¥19.69" in read(Message(text="…", card=samples.bill()))
    assert "罚息：¥19.69" in read(Message(text="…", card=samples.bill("zh-Hans")), "zh-Hans")
    assert "罰息：¥19.69" in read(Message(text="…", card=samples.bill("zh-Hans")), "zh-Hant")


def test_plans_are_numbered_as_their_buttons_are() -> None:
    said = read(Message(text="Three plans.", card=samples.plans()))
    assert said.index("1. Move this instalment by 14 days") < said.index("2. Spread over 12 instalments")


def test_an_overdue_instalment_says_so() -> None:
    assert "¥1,264.67 (¥1,166.67 + ¥98.00) · Overdue" in read(Message(text="…", card=samples.schedule()))


def test_markup_in_a_message_is_text() -> None:
    (page,) = written(Message(text="<a href='x'>pay</a> & <b>"), "bot", "en")
    assert page == "&lt;a href='x'&gt;pay&lt;/a&gt; &amp; &lt;b&gt;"


def test_a_person_is_told_apart_from_the_bot_and_from_what_happens_in_the_chat() -> None:
    message = Message(text="Hello.")
    assert written(message, "bot", "en") == ["Hello."]
    assert written(message, "staff:7", "en") == ["<b>A member of staff</b>\n\nHello."]
    assert written(message, "staff:7", "en", "Lin & Wei") == ["<b>Lin &amp; Wei</b>\n\nHello."]
    assert written(message, "system", "en") == ["<i>Hello.</i>"]
