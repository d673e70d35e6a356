"""A borrower who says what happened is answered as somebody to whom it happened."""

import pytest

from tests.databases import ON_SQLITE
from tests.unit.actions.talk import chat_as

pytestmark = [ON_SQLITE, pytest.mark.usefixtures("open_store")]


@pytest.mark.parametrize(
    ("reason", "language", "words"),
    [
        (None, "en", "I'm sorry it is hard right now."),
        ("job_loss", "en", "I'm sorry to hear about the job."),
        ("illness", "en", "I'm sorry you have been unwell."),
        (None, "zh", "我理解现在不容易。"),
        ("family_emergency", "zh", "家里遇到这样的事，您辛苦了。"),
    ],
)
def test_plans_are_offered_with_a_word_about_what_happened(reason: str | None, language: str, words: str) -> None:
    chat = chat_as("late")
    chat.slots["language"] = language
    said = {"hardship_reason": reason} if reason else {}
    [reply] = chat.run("action_offer_plans", intent="report_hardship", **said)
    assert reply.text.startswith(words)


def test_the_last_plan_of_the_list_can_be_chosen() -> None:
    chat = chat_as("late")
    [offered] = chat.run("action_offer_plans", intent="report_hardship")
    [last] = chat.run("action_inform", intent="inform", instalment_reference={"ordinal": -1})
    assert last.response.startswith("utter_review_")
    assert offered.card is not None
    assert last.card is not None
    assert last.card["title"] == offered.card["options"][-1]["title"]


def test_no_plan_on_the_screen_is_no_last_one() -> None:
    chat = chat_as("late")
    assert chat.said("action_inform", intent="inform", instalment_reference={"ordinal": -1})
