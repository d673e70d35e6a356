"""A question that only yes or no answers holds for one turn: a later yes is not taken for its answer."""

import pytest
from sqlalchemy import func, select

from respite.store.models import Handoff, Plan
from respite.store.session import transaction
from tests.databases import ON_SQLITE
from tests.unit.actions.talk import Chat, chat_as

pytestmark = [ON_SQLITE, pytest.mark.usefixtures("open_store", "is_open")]


def handoffs() -> int:
    with transaction() as session:
        return session.scalar(select(func.count(Handoff.id))) or 0


def states_of_plans() -> list[str]:
    with transaction() as session:
        return list(session.scalars(select(Plan.state)))


def test_yes_right_after_the_question_answers_it() -> None:
    chat = chat_as("late")
    assert chat.said("action_request_waiver") == ["utter_waiver"]
    assert chat.slots["confirmation_asked"] == "human"
    assert chat.said("action_affirm", text="/affirm") == ["utter_human_requested"]
    assert chat.slots["confirmation_asked"] is None
    assert handoffs() == 1


@pytest.mark.parametrize("between", ["action_query_bill", "action_small_talk", "action_ask_credit_impact"])
def test_yes_after_something_else_does_not(between: str) -> None:
    chat = chat_as("late")
    assert chat.said("action_request_waiver") == ["utter_waiver"]
    chat.run(between, intent="greet")
    assert chat.slots["confirmation_asked"] is None
    assert chat.said("action_affirm", text="/affirm") == ["utter_affirm_nothing"]
    assert handoffs() == 0


def test_undoing_a_plan_needs_its_own_yes() -> None:
    chat = chat_as("just_planned")
    assert chat.said("action_cancel_arrangement") == ["utter_cancel_plan_confirm"]
    chat.run("action_query_bill")
    assert chat.said("action_affirm", text="/affirm") == ["utter_affirm_nothing"]
    assert states_of_plans() == ["active"]
    chat.run("action_cancel_arrangement")
    assert chat.said("action_affirm", text="/affirm") == ["utter_plan_cancelled"]
    assert states_of_plans() == ["cancelled"]


def test_no_keeps_the_plan() -> None:
    chat = chat_as("just_planned")
    chat.run("action_cancel_arrangement")
    assert chat.said("action_deny") == ["utter_deny"]
    assert chat.said("action_affirm", text="/affirm") == ["utter_affirm_nothing"]
    assert states_of_plans() == ["active"]


def test_a_plan_past_its_days_cannot_be_undone() -> None:
    assert chat_as("on_a_plan").said("action_cancel_arrangement") == ["utter_cancel_plan_too_late"]
    assert chat_as("on_a_plan").said("action_confirm_cancel_arrangement") == ["utter_cancel_plan_too_late"]
    assert states_of_plans() == ["active", "active"]


def test_misunderstanding_is_counted_in_a_row() -> None:
    chat = chat_as("late")
    ranking = ("nlu_fallback", "query_bill", "affirm", "query_payoff", "query_plan")
    assert clarified(chat, ranking) == ("utter_which_did_you_mean", ["/query_bill", "/query_payoff"])
    chat.run("action_query_bill")
    assert clarified(chat, ranking)[0] == "utter_which_did_you_mean"
    assert handoffs() == 0


@pytest.mark.parametrize("text", ["???", "。。。", "😭", "\u200b", ""])
def test_marks_alone_are_no_reason_to_guess(text: str) -> None:
    ranking = ("nlu_fallback", "query_bill", "query_payoff")
    assert clarified(chat_as("late"), ranking, text)[0] == "utter_please_rephrase"


def clarified(chat: Chat, ranking: tuple[str, ...], text: str = "you know what") -> tuple[str, list[str]]:
    [reply] = chat.run("action_ask_to_clarify", text=text, ranking=ranking)
    return reply.response, [button["payload"] for button in reply.buttons]
