"""Consent and a change of number need a fresh code; the code is asked for, and nothing is done before it came."""

from datetime import timedelta
from pathlib import Path

import pytest
import structlog
from sqlalchemy import select

from actions import base, codes
from respite.clock import utc_now
from respite.identity import answers
from respite.identity.challenges import State, status
from respite.identity.codes import OneTimeCode
from respite.identity.verification import take_interrupted_question
from respite.policies.load import policy
from respite.policies.model import Policy
from respite.settings import settings
from respite.store.models import Borrower, Conversation, Handoff, Plan, Quote, RiskDecision, Verification
from respite.store.session import transaction
from tests.databases import ON_SQLITE
from tests.unit.actions.talk import Chat, chat_as
from tests.unit.plans.desk import rules

pytestmark = [ON_SQLITE, pytest.mark.usefixtures("open_store")]

PHONE = "+8613800000077"


@pytest.fixture
def arrived(monkeypatch: pytest.MonkeyPatch) -> list[OneTimeCode]:
    """The codes that actions have had sent."""
    codes_sent: list[OneTimeCode] = []
    monkeypatch.setattr(base, "send_beside", codes_sent.extend)
    return codes_sent


@pytest.fixture
def reviewing(arrived: list[OneTimeCode]) -> Chat:
    """A chat with a plan under review, an hour after the code of its sign-in."""
    chat = chat_as("due_soon")
    chat.slots["deferral_until"] = {"days": 14, "until": None}
    chat.run("action_quote_deferral")
    code_ages(chat)
    return chat


def code_ages(chat: Chat) -> None:
    with transaction() as session:
        session.get_one(Verification, chat.conversation_id).code_accepted_at = utc_now() - timedelta(hours=1)


def obey(monkeypatch: pytest.MonkeyPatch, changed: Policy) -> None:
    """Let the actions go by another policy."""
    monkeypatch.setattr(base, "policy", lambda: changed)
    with transaction() as session:
        for quote in session.scalars(select(Quote)):
            quote.policy_version = changed.version


def type_code(chat: Chat, code: str) -> State:
    """What the hub does when a code is typed."""
    with transaction() as session:
        answers.take_code(session, chat.conversation_id, code, policy(), utc_now())
        return status(session, chat.conversation_id).state


def told_again(chat: Chat) -> list[str]:
    """What follows when the hub tells Rasa again what the code was asked for."""
    with transaction() as session:
        payload = take_interrupted_question(session, chat.conversation_id)
        [shown] = session.scalars(select(Quote.id).where(Quote.state.in_(("shown", "withdrawn"))))
    assert payload == f'/affirm{{"quote_reference": "{shown}"}}'
    return chat.said("action_affirm", text=payload, quote_reference=shown)


def plans() -> int:
    with transaction() as session:
        return session.query(Plan).count()


def yes(chat: Chat) -> list[str]:
    return chat.said("action_affirm", intent="affirm", text="yes")


def test_a_yes_right_after_a_code_books_the_plan(arrived: list[OneTimeCode]) -> None:
    chat = chat_as("due_soon")
    chat.slots["deferral_until"] = {"days": 14, "until": None}
    chat.run("action_quote_deferral")
    assert yes(chat) == ["utter_plan_booked"]
    assert arrived == []


def test_a_yes_long_after_the_code_asks_for_another_and_books_nothing(
    reviewing: Chat, arrived: list[OneTimeCode]
) -> None:
    assert yes(reviewing) == ["utter_step_up_code"]
    with transaction() as session:
        assert [code.phone for code in arrived] == [session.scalars(select(Borrower.phone)).one()]
    assert plans() == 0


def test_the_button_asks_for_a_code_as_well(reviewing: Chat) -> None:
    assert reviewing.said("action_affirm", text="/affirm") == ["utter_step_up_code"]
    assert plans() == 0


def test_the_right_code_books_the_plan_without_another_yes(reviewing: Chat, arrived: list[OneTimeCode]) -> None:
    yes(reviewing)
    assert type_code(reviewing, arrived[0].code) == State.VERIFIED
    assert reviewing.said("action_verify_identity") == ["utter_step_up_done"]
    assert told_again(reviewing) == ["utter_plan_booked"]
    assert plans() == 1


def test_a_wrong_code_books_nothing(reviewing: Chat, arrived: list[OneTimeCode]) -> None:
    yes(reviewing)
    wrong = "000000" if arrived[0].code != "000000" else "000001"
    assert type_code(reviewing, wrong) == State.FAILED
    assert reviewing.said("action_verify_identity") == ["utter_verify_failed"]
    assert plans() == 0


def test_a_yes_to_one_plan_is_none_to_the_plan_that_took_its_place(reviewing: Chat, arrived: list[OneTimeCode]) -> None:
    yes(reviewing)
    with transaction() as session:
        [first] = session.scalars(select(Quote.id).where(Quote.state == "shown"))
    reviewing.slots["deferral_until"] = {"days": 7, "until": None}
    reviewing.run("action_quote_deferral")
    type_code(reviewing, arrived[0].code)
    assert reviewing.said("action_affirm", text="/affirm", quote_reference=first) == ["utter_plan_still_open"]
    assert plans() == 0


def test_a_plan_that_went_stale_meanwhile_is_quoted_again(reviewing: Chat, arrived: list[OneTimeCode]) -> None:
    yes(reviewing)
    with transaction() as session:
        session.scalars(select(Quote).where(Quote.state == "shown")).one().loan.version += 1
        payload_of = session.get_one(Verification, reviewing.conversation_id).interrupted_question
    type_code(reviewing, arrived[0].code)
    with transaction() as session:
        [quote_id] = session.scalars(select(Quote.id).where(Quote.state == "shown"))
    assert payload_of is not None
    said = reviewing.said("action_affirm", text=payload_of, quote_reference=quote_id)
    assert said == ["utter_stale_loan_changed", "utter_review_deferral"]
    assert plans() == 0


def test_where_risk_control_is_in_doubt_even_a_yes_right_after_the_sign_in_needs_a_code(
    arrived: list[OneTimeCode], monkeypatch: pytest.MonkeyPatch
) -> None:
    chat = chat_as("due_soon")
    chat.slots["deferral_until"] = {"days": 14, "until": None}
    chat.run("action_quote_deferral")
    obey(monkeypatch, rules(identity__risk__step_up_from=5))
    assert yes(chat) == ["utter_step_up_code"]
    type_code(chat, arrived[0].code)
    assert told_again(chat) == ["utter_plan_booked"]


def test_a_yes_that_risk_control_refuses_books_nothing_and_calls_a_person(
    arrived: list[OneTimeCode], monkeypatch: pytest.MonkeyPatch
) -> None:
    chat = chat_as("due_soon")
    chat.slots["deferral_until"] = {"days": 14, "until": None}
    chat.run("action_quote_deferral")
    obey(monkeypatch, rules(identity__risk__signals__large_amount={"weight": 80, "at_least": 1}))
    [reply] = chat.run("action_affirm", intent="affirm", text="yes")
    assert reply.response == "utter_identity_refused"
    assert policy().lender.support_phone in reply.text
    assert plans() == 0
    assert arrived == []
    with transaction() as session:
        handoff = session.scalars(select(Handoff)).one()
        assert (handoff.reason, handoff.reference in reply.text) == ("identity", True)
        decision = session.scalars(select(RiskDecision).where(RiskDecision.occasion == "consent")).one()
        assert decision.signals["large_amount"] == 80
        assert decision.facts["amount"] is not None
    assert yes(chat) == ["utter_affirm_nothing"], "what was refused waits for no further yes"


def test_a_change_of_number_is_offered_and_begins_with_a_yes(arrived: list[OneTimeCode]) -> None:
    chat = chat_as("due_soon")
    [offered] = chat.run("action_change_contact", intent="change_contact")
    assert offered.response == "utter_change_contact_offered"
    assert yes(chat) == ["utter_new_number_code_to_old"]
    assert len(arrived) == 1


def test_a_change_of_number_begins_at_once_where_a_number_is_named(arrived: list[OneTimeCode]) -> None:
    assert chat_as("due_soon").said("action_change_contact", phone_number="new") == ["utter_new_number_code_to_old"]


def test_a_stranger_is_told_who_changes_a_number(arrived: list[OneTimeCode]) -> None:
    stranger = chat_as(None)
    assert stranger.said("action_change_contact") == ["utter_change_contact"]
    assert stranger.said("action_change_contact", phone_number="new") == ["utter_change_contact"]
    assert stranger.said("action_change_number") == ["utter_verify_ask_phone"]
    assert arrived == []


def test_each_step_of_a_change_of_number_is_said(arrived: list[OneTimeCode]) -> None:
    chat = chat_as("due_soon")
    chat.run("action_change_number")
    type_code(chat, arrived[0].code)
    assert chat.said("action_verify_identity") == ["utter_new_number_which"]
    with transaction() as session:
        answers.take_number(session, chat.conversation_id, PHONE, policy(), utc_now(), arrived.append)
    assert chat.said("action_verify_identity") == ["utter_new_number_code"]
    type_code(chat, arrived[1].code)
    assert chat.said("action_verify_identity") == ["utter_new_number_recorded"]
    with transaction() as session:
        borrower = session.get_one(Conversation, chat.conversation_id).signed_in_borrower
        assert borrower is not None
        assert borrower.phone == PHONE


def test_no_code_is_sent_for_a_turn_that_fails(arrived: list[OneTimeCode], monkeypatch: pytest.MonkeyPatch) -> None:
    chat = chat_as("due_soon")
    monkeypatch.setattr("actions.identity.leave_form", lambda turn: 1 / 0)
    assert chat.said("action_change_number") == ["utter_action_failed"]
    assert arrived == []
    with transaction() as session:
        assert status(session, chat.conversation_id).state == State.VERIFIED


def test_a_code_is_sent_as_this_installation_sends_codes(
    own_settings: pytest.MonkeyPatch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own_settings.setenv("RESPITE_DEMO", "1")
    settings.cache_clear()
    codes.sender.cache_clear()
    code = OneTimeCode("c" * 32, PHONE, "123456", "en", made_at=utc_now())
    codes._send(code)
    assert (tmp_path / "demo-codes.txt").read_text().endswith("123456\n")
    codes.sender.cache_clear()


def test_a_sender_that_fails_is_logged_without_number_and_code(own_settings: pytest.MonkeyPatch) -> None:
    codes.sender.cache_clear()
    with structlog.testing.capture_logs() as logs:
        codes._send(OneTimeCode("c" * 32, PHONE, "123456", "en", made_at=utc_now()))
    assert [(entry["event"], entry["reason"]) for entry in logs] == [("one-time code not sent", "CodeSenderError")]
    assert PHONE not in str(logs)
    assert "123456" not in str(logs)
    codes.sender.cache_clear()
