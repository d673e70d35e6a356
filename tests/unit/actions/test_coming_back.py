"""Coming back to what was under way: after a question in the middle, after two at once, after hours."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from rasa_sdk.executor import CollectingDispatcher
from sqlalchemy import select, update

from actions.domain import domain
from respite.clock import utc_now
from respite.store.models import Quote
from respite.store.session import transaction
from tests.databases import ON_SQLITE
from tests.unit.actions.talk import Chat, Reply, actions, chat_as

pytestmark = [ON_SQLITE, pytest.mark.usefixtures("open_store")]


def plan_under_review(profile: str = "due_soon") -> Chat:
    chat = chat_as(profile)
    chat.slots["deferral_until"] = {"days": 14, "until": None}
    assert chat.said("action_quote_deferral") == ["utter_review_deferral"]
    return chat


def hours_pass() -> None:
    with transaction() as session:
        session.execute(update(Quote).values(expires_at=utc_now() - timedelta(hours=3)))


def quotes_in_state(state: str) -> int:
    with transaction() as session:
        return len(session.scalars(select(Quote).where(Quote.state == state)).all())


def quote_again(chat: Chat, reply: Reply) -> list[str]:
    [button] = reply.buttons
    reference = button["payload"].split('"')[3]
    return chat.said("action_inform", text=button["payload"], quote_reference=reference)


def test_a_question_in_the_middle_leads_back_to_the_plan() -> None:
    assert plan_under_review().said("action_query_payoff") == ["utter_payoff", "utter_plan_still_open"]


def test_a_plan_whose_time_is_over_is_said_to_have_expired_once_and_is_quoted_again_on_wish() -> None:
    chat = plan_under_review()
    hours_pass()
    _, expired = chat.run("action_query_payoff")
    assert expired.response == "utter_plan_expired"
    assert quotes_in_state("shown") == 0
    assert chat.said("action_query_payoff") == ["utter_payoff"]
    assert quote_again(chat, expired) == ["utter_stale_expired", "utter_review_deferral"]
    assert quotes_in_state("shown") == 1


def test_a_card_of_plans_from_hours_ago_is_quoted_anew_when_one_is_chosen() -> None:
    chat = chat_as("late")
    [offered] = chat.run("action_offer_plans")
    assert offered.card is not None
    hours_pass()
    payload = offered.card["options"][0]["choose"]["payload"]
    said = chat.said("action_inform", text=payload, quote_reference=payload.split('"')[3])
    assert said[0] == "utter_stale_expired"
    assert said[1].startswith("utter_review_")


def test_between_two_answers_to_one_message_nothing_is_taken_up_again() -> None:
    chat = plan_under_review()
    chat.part_of_message = "first"
    assert chat.said("action_query_bill") == ["utter_bill_due", "utter_bill_next"]
    chat.part_of_message = "second"
    assert chat.said("action_query_payoff") == ["utter_payoff", "utter_plan_still_open"]


def test_a_form_asks_again_only_after_the_second_of_two_answers() -> None:
    chat = chat_as("due_soon")
    chat.form = "deferral_form"
    for chat.part_of_message in ("first", "second"):
        chat.run("action_query_due_date")
    assert [event["name"] for event in chat.events if event["event"] == "followup"] == [
        "action_listen",
        "deferral_form",
    ]


def test_two_questions_of_a_stranger_ask_once_who_they_are() -> None:
    chat = chat_as(None)
    chat.part_of_message = "first"
    assert chat.said("action_query_bill", text="what do I owe, and can I settle early") == ["utter_verify_ask_phone"]
    chat.part_of_message = "second"
    assert chat.said("action_query_payoff", text="what do I owe, and can I settle early") == []
    chat.part_of_message = None
    assert chat.said("action_query_payoff") == ["utter_verify_ask_phone"]


def test_where_no_rule_helps_there_is_still_one_answer() -> None:
    chat = chat_as("due_soon")
    chat.events.append({"event": "user"})
    assert chat.said("action_go_on") == ["utter_please_rephrase"]
    assert chat.said("action_go_on") == []
    chat.events.append({"event": "user"})
    chat.form = "deferral_form"
    assert chat.said("action_go_on") == []
    assert [event["name"] for event in chat.events if event["event"] == "followup"][-1] == "deferral_form"


def test_what_was_said_last_is_said_again() -> None:
    chat = chat_as("due_soon")
    assert chat.said("action_repeat") == ["utter_ask_capabilities"]
    chat.run("action_query_due_date")
    chat.run("action_small_talk", intent="thank")
    assert chat.said("action_repeat") == ["utter_due_date"]


def test_the_plan_under_review_is_shown_again_unless_something_else_was_asked_since() -> None:
    chat = plan_under_review()
    assert chat.said("action_repeat") == ["utter_review_deferral"]
    chat.run("action_query_due_date")
    assert chat.said("action_repeat") == ["utter_due_date", "utter_plan_still_open"]


def test_a_new_session_keeps_the_language_and_the_loan_and_no_question() -> None:
    chat = chat_as("just_planned")
    chat.run("action_cancel_arrangement")
    chat.slots |= {"loan_reference": "L-234567", "language": "zh"}
    assert chat.slots["confirmation_asked"] == "cancel_plan"
    events: list[dict[str, Any]] = asyncio.run(
        actions()["action_session_start"](CollectingDispatcher(), chat.tracker("", "", (), {}), domain())
    )
    kept = {event["name"]: event["value"] for event in events if event["event"] == "slot"}
    assert kept == {"language": "zh", "loan_reference": "L-234567"}
    assert [event["event"] for event in (events[0], events[-1])] == ["session_started", "action"]
