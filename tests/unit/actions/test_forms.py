"""What a form asks for in which situation, and what it takes for an answer."""

import asyncio
from datetime import date
from typing import Any

import pytest
from rasa_sdk.executor import CollectingDispatcher

from actions.domain import domain
from actions.forms import LoanForm, ValidateDeferralForm, ValidatePromiseForm, ValidateRestructuringForm
from respite.store.models import Conversation
from respite.store.session import transaction
from tests.databases import ON_SQLITE
from tests.unit.actions.talk import TODAY, Chat, chat_as

pytestmark = [ON_SQLITE, pytest.mark.usefixtures("open_store")]

DEFERRAL, RESTRUCTURING, PROMISE = ValidateDeferralForm(), ValidateRestructuringForm(), ValidatePromiseForm()


def asked(form: LoanForm, chat: Chat, text: str = "", **entities: Any) -> list[str]:
    """The slots that a form needs after a message."""
    tracker = chat.tracker("inform", text, (), entities)
    return asyncio.run(form.required_slots([], CollectingDispatcher(), tracker, domain()))


def taken(form: LoanForm, chat: Chat, intent: str = "inform", text: str = "", **entities: Any) -> dict[str, Any]:
    """What a form takes from a message for its own slot."""
    extract = getattr(form, f"extract_{form.slot}")
    found = asyncio.run(extract(CollectingDispatcher(), chat.tracker(intent, text, (), entities), domain()))
    return dict(found)


def named(form: LoanForm, chat: Chat, text: str = "", **entities: Any) -> str | None:
    """The loan that a form takes from a message."""
    tracker = chat.tracker("inform", text, (), entities)
    return asyncio.run(form.extract_loan_reference(CollectingDispatcher(), tracker, domain())).get("loan_reference")


@pytest.mark.parametrize(
    ("profile", "deferral", "restructuring", "promise"),
    [
        ("due_soon", True, True, True),
        ("late", True, True, True),
        ("late_in_second_month", False, True, True),
        ("very_late", False, False, True),
        ("on_a_plan", False, False, True),
        ("almost_settled", True, False, True),
        ("newly_lent", False, False, True),
        ("settled", False, False, False),
        (None, False, False, False),
    ],
)
def test_a_form_asks_only_where_there_is_something_to_ask(
    profile: str | None, deferral: bool, restructuring: bool, promise: bool
) -> None:
    chat = chat_as(profile)
    assert asked(DEFERRAL, chat) == ["deferral_until"] * deferral
    assert asked(RESTRUCTURING, chat) == ["restructuring_size"] * restructuring
    assert asked(PROMISE, chat) == ["promise_date"] * promise


def test_with_two_loans_it_asks_which_one_first() -> None:
    chat = chat_as("two_loans")
    assert asked(DEFERRAL, chat) == ["loan_reference", "deferral_until"]


def test_a_loan_that_was_named_is_not_asked_for() -> None:
    chat = chat_as("two_loans")
    with transaction() as session:
        loans = session.get_one(Conversation, chat.conversation_id).borrower
        assert loans is not None
        reference = loans.loans[1].reference
    assert named(DEFERRAL, chat, loan_reference=reference) == reference
    assert named(DEFERRAL, chat, text="the shopping instalments") == reference
    assert named(DEFERRAL, chat, text="购物那笔") == reference
    assert named(DEFERRAL, chat, text="the other loan") == reference
    assert named(DEFERRAL, chat, text="until 5 December") is None


def test_a_loan_that_may_have_no_such_plan_is_asked_nothing_more() -> None:
    chat = chat_as("two_loans")
    with transaction() as session:
        conversation = session.get_one(Conversation, chat.conversation_id)
        assert conversation.borrower is not None
        conversation.borrower.loans[0].started_on = TODAY
        reference = conversation.borrower.loans[0].reference
    assert asked(DEFERRAL, chat, loan_reference=reference) == ["loan_reference"]


def test_the_place_in_the_list_answers_which_loan() -> None:
    chat = chat_as("two_loans")
    chat.slots["requested_slot"] = "loan_reference"
    with transaction() as session:
        borrower = session.get_one(Conversation, chat.conversation_id).borrower
        assert borrower is not None
        references = [loan.reference for loan in borrower.loans]
    found = [named(DEFERRAL, chat, instalment_reference={"ordinal": place}) for place in (1, 2, 3)]
    assert found == [*references, None]


def test_a_loan_that_is_unknown_is_left_to_the_action_behind_the_form() -> None:
    assert asked(DEFERRAL, chat_as("two_loans"), loan_reference="L-999999") == []


@pytest.mark.parametrize(
    ("entities", "slot"),
    [
        ({"date": "2026-12-12"}, {"days": None, "until": "2026-12-12"}),
        ({"duration": {"days": 10}}, {"days": 10, "until": None}),
        ({"duration": {"months": 1}}, {"days": 30, "until": None}),
    ],
)
def test_a_deferral_is_told_by_a_day_or_a_span(entities: dict[str, Any], slot: dict[str, Any]) -> None:
    assert taken(DEFERRAL, chat_as("late"), **entities) == {"deferral_until": slot}


def test_next_month_is_the_day_of_the_instalment_in_the_month_after() -> None:
    chat = chat_as("due_soon")
    slot = {"deferral_until": {"days": None, "until": None}}
    for text in ("make it next month", "改成下个月"):
        assert taken(DEFERRAL, chat, text=text) == slot
    chat.slots |= slot
    [reply] = chat.run("action_quote_deferral")
    assert "27 December 2026" in reply.text


@pytest.mark.parametrize("form", [DEFERRAL, RESTRUCTURING])
def test_an_amount_on_a_day_is_a_payment_to_plan_for(form: LoanForm) -> None:
    said = {"date": "2026-12-12", "amount_of_money": 500}
    assert taken(form, chat_as("late"), **said) == {form.slot: {"amount": "500", "day": "2026-12-12"}}


@pytest.mark.parametrize(
    ("entities", "slot"),
    [
        ({"instalment_count": 12}, {"count": 12, "monthly_payment": None}),
        ({"duration": {"months": 18}}, {"count": 18, "monthly_payment": None}),
        ({"amount_of_money": 500}, {"count": None, "monthly_payment": "500"}),
    ],
)
def test_a_restructuring_is_told_by_a_count_or_an_amount(entities: dict[str, Any], slot: dict[str, Any]) -> None:
    assert taken(RESTRUCTURING, chat_as("late"), **entities) == {"restructuring_size": slot}


def test_a_promise_is_told_by_a_day() -> None:
    day = date(2026, 12, 1).isoformat()
    assert taken(PROMISE, chat_as("late"), date=day) == {"promise_date": day}


@pytest.mark.parametrize("form", [DEFERRAL, RESTRUCTURING, PROMISE])
def test_a_question_in_the_middle_is_not_taken_for_an_answer(form: LoanForm) -> None:
    said = {"date": "2026-12-12", "amount_of_money": 500, "instalment_count": 12}
    assert taken(form, chat_as("late"), intent="ask_overdue_consequences", **said) == {}


@pytest.mark.parametrize("form", [DEFERRAL, RESTRUCTURING, PROMISE])
def test_words_without_a_day_or_an_amount_answer_nothing(form: LoanForm) -> None:
    assert taken(form, chat_as("late")) == {}
