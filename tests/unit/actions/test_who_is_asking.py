"""Who is speaking is in the database: nothing that a borrower types, names or presses makes them somebody else."""

import re
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from respite.identity.challenges import State, status
from respite.identity.links import revoke
from respite.plans.offers import restructuring_offers
from respite.plans.quotes import write_quote
from respite.policies.load import policy
from respite.store.loan_book import accounts_of
from respite.store.models import Borrower, Conversation, Loan, OutreachPause, Plan, PromiseToPay, Quote, SupportCase
from respite.store.session import transaction
from tests.databases import ON_SQLITE
from tests.unit.actions.talk import TODAY, Chat, actions, chat_as, chat_with
from tests.unit.plans.desk import NOW

pytestmark = [ON_SQLITE, pytest.mark.usefixtures("open_store")]

NEED_AN_INTENT = {"action_small_talk": "greet", "action_explain_topic": "ask_privacy"}
FORMS = {name for name in actions() if name.startswith("validate_")}
PUBLIC = {
    "action_ask_credit_impact",
    "action_ask_legal_action",
    "action_explain_topic",
    "action_request_human",
    "action_report_distress",
    "action_make_complaint",
}
"""Actions that tell anybody the lender's own rules, phone numbers and references."""


def borrower_of(chat: Chat) -> int:
    with transaction() as session:
        found = session.get_one(Conversation, chat.conversation_id).borrower_id
        assert found is not None
        return found


def loans_of(chat: Chat) -> list[str]:
    with transaction() as session:
        query = select(Loan.reference).where(Loan.borrower_id == borrower_of(chat)).order_by(Loan.id)
        return list(session.scalars(query))


def quotes_shown_to(chat: Chat) -> list[str]:
    """Quotes as after `action_offer_plans`; returns their ids."""
    chat.run("action_offer_plans")
    with transaction() as session:
        query = select(Quote.id).where(Quote.conversation_id == chat.conversation_id)
        return list(session.scalars(query))


def test_a_chat_that_was_left_is_answered_no_more() -> None:
    chat = chat_as("late")
    with transaction() as session:
        revoke(session, session.get_one(Conversation, chat.conversation_id), "visitor", NOW)
    assert chat.run("action_make_complaint", text="somebody called me at night") == []
    assert count(SupportCase) == 0


def count(table: type[Any]) -> int:
    with transaction() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def everything_said(chat: Chat, action: str, **message: Any) -> str:
    return "\n".join(words for reply in chat.run(action, **message) for words in reply.words)


@pytest.fixture
def victim() -> Chat:
    """A conversation of somebody who owes money and has plans on the screen."""
    return chat_as("late")


@pytest.mark.parametrize("action", sorted(set(actions()) - FORMS))
def test_a_stranger_gets_no_number_from_any_action(victim: Chat, action: str) -> None:
    [quote_id, *_] = quotes_shown_to(victim)
    [loan] = loans_of(victim)
    stranger = chat_as(None)
    stranger.slots |= {
        "loan_reference": loan,
        "deferral_until": {"days": 7, "until": None},
        "restructuring_size": {"count": 12, "monthly_payment": None},
        "promise_date": (TODAY + timedelta(days=3)).isoformat(),
    }
    said = everything_said(
        stranger,
        action,
        intent=NEED_AN_INTENT.get(action, ""),
        text="/affirm",
        loan_reference=loan,
        quote_reference=quote_id,
    )
    assert loan not in said
    if action not in PUBLIC:
        assert not re.search(r"\d", said), said
    assert "¥" not in said
    assert (count(Plan), count(PromiseToPay)) == (0, 0)


def test_a_strangers_question_waits_for_the_sign_in() -> None:
    stranger = chat_as(None)
    assert stranger.said("action_query_bill", text="what do I owe?") == ["utter_verify_ask_phone"]
    with transaction() as session:
        assert status(session, stranger.conversation_id).state == State.AWAITING_PHONE


def test_a_slot_called_borrower_changes_nothing(victim: Chat) -> None:
    stranger = chat_as(None)
    stranger.slots |= {
        "borrower": borrower_of(victim),
        "borrower_id": borrower_of(victim),
        "is_verified": True,
    }
    assert stranger.said("action_query_bill") == ["utter_verify_ask_phone"]


@pytest.mark.parametrize(
    "action",
    [
        "action_query_bill",
        "action_query_schedule",
        "action_query_payoff",
        "action_ask_overdue_consequences",
        "action_offer_plans",
        "action_quote_restructuring",
        "action_record_promise",
    ],
)
def test_the_loan_of_somebody_else_is_unknown_and_gives_nothing_away(victim: Chat, action: str) -> None:
    [theirs] = loans_of(victim)
    chat = chat_as("two_loans")
    chat.slots |= {
        "restructuring_size": {"count": 12, "monthly_payment": None},
        "promise_date": (TODAY + timedelta(days=3)).isoformat(),
    }
    [reply] = chat.run(action, loan_reference=theirs)
    assert reply.response == "utter_loan_unknown"
    assert set(reply.facts) <= {theirs, *loans_of(chat), "Phone instalments", "Shopping instalments"}
    assert (count(Quote), count(PromiseToPay)) == (0, 0)


def test_a_remembered_loan_of_somebody_else_is_not_asked_about(victim: Chat) -> None:
    [theirs] = loans_of(victim)
    chat = chat_as("due_soon")
    chat.slots["loan_reference"] = theirs
    said = everything_said(chat, "action_query_schedule")
    assert theirs not in said
    assert loans_of(chat)[0] in said


def test_a_settled_loan_and_a_loan_that_is_nowhere_are_unknown_alike() -> None:
    chat = chat_as("due_soon")
    assert chat.said("action_query_bill", loan_reference="L-999999") == ["utter_loan_unknown"]


@pytest.mark.parametrize("is_their_own_loan", [True, False])
def test_a_quote_of_another_conversation_can_be_neither_seen_nor_booked(victim: Chat, is_their_own_loan: bool) -> None:
    [quote_id, *_] = quotes_shown_to(victim)
    chat = chat_with(borrower_of(victim)) if is_their_own_loan else chat_as("late")
    [reply] = chat.run("action_inform", quote_reference=quote_id)
    assert reply.response in ("utter_plan_gone", "utter_inform_out_of_context")
    assert reply.facts == ()
    assert chat.said("action_affirm", text="/affirm") == ["utter_affirm_nothing"]
    assert count(Plan) == 0
    with transaction() as session:
        assert session.get_one(Quote, quote_id).state == "offered"


def test_a_quote_that_never_was_is_no_quote() -> None:
    chat = chat_as("late")
    assert chat.said("action_inform", quote_reference="0" * 32) == ["utter_inform_out_of_context"]


def test_whoever_signs_in_next_neither_sees_nor_books_what_was_on_the_screen(victim: Chat) -> None:
    quote_ids = quotes_shown_to(victim)
    victim.run("action_inform", quote_reference=quote_ids[0])
    next_borrower = borrower_of(chat_as("due_soon"))
    with transaction() as session:
        session.get_one(Conversation, victim.conversation_id).borrower_id = next_borrower
    assert victim.said("action_affirm", text="/affirm") == ["utter_affirm_nothing"]
    [reply] = victim.run("action_inform", quote_reference=quote_ids[1])
    assert reply.facts == ()
    assert count(Plan) == 0


def test_a_refusal_or_a_stop_of_a_stranger_pauses_nobodys_outreach() -> None:
    stranger = chat_as(None)
    for action in ("action_stop_contact", "action_report_distress", "action_make_complaint"):
        stranger.run(action)
    assert count(OutreachPause) == 0


def test_two_borrowers_get_their_own_figures() -> None:
    first, second = chat_as("due_soon"), chat_as("late")
    for chat in (first, second):
        own, other = loans_of(chat), loans_of(second if chat is first else first)
        said = everything_said(chat, "action_query_bill")
        assert own[0] in said
        assert other[0] not in said


def test_a_quote_made_before_the_borrower_was_known_elsewhere_stays_where_it_is() -> None:
    """A quote is bound to its conversation even when both conversations are the same borrower's."""
    here = chat_as("late")
    borrower_id = borrower_of(here)
    there = chat_with(borrower_id)
    with transaction() as session:
        account = accounts_of(session, borrower_id, policy(), TODAY)[0]
        for offer in restructuring_offers(account):
            write_quote(session, offer, conversation_id=there.conversation_id, language="en", now=NOW)
    assert here.said("action_affirm", text="/affirm") == ["utter_affirm_nothing"]
    assert there.said("action_affirm", text="/affirm") == ["utter_choose_which"]


def test_a_borrower_may_have_one_conversation_on_each_channel_and_books_once() -> None:
    here = chat_as("late")
    there = chat_with(borrower_of(here))
    for chat in (here, there):
        chat.slots["restructuring_size"] = {"count": 12, "monthly_payment": None}
        assert chat.said("action_quote_restructuring") == ["utter_review_restructuring"]
    assert here.said("action_affirm", text="/affirm") == ["utter_plan_booked"]
    said = there.said("action_affirm", text="/affirm")
    assert said == ["utter_stale_loan_changed", "utter_refused_active_plan"]
    assert count(Plan) == 1
    assert count(Borrower) == 1
