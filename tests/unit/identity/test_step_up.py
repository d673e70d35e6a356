"""A fresh code before something that matters: limits as for signing in, and nobody else is signed in by it."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from respite.identity import answers, step_up
from respite.identity.challenges import ATTEMPTS, Purpose, State, status
from respite.identity.limits import CODES_AN_HOUR_BY_CHAT
from respite.identity.risk.signals import Outcome
from respite.identity.verification import begin, request_code, sign_out, take_interrupted_question, vouched_for
from respite.policies.load import policy
from respite.store.models import AuditEntry, Borrower, Conversation, Verification
from tests.unit.identity.conftest import NOW, OTHER_PHONE, PHONE, Phone, add_borrower, new_chat, sign_in

CONSENT = '/affirm{"quote_reference": "q"}'
FRESH = timedelta(minutes=policy().identity.fresh_code_minutes)


def is_needed(session: Session, chat: str, now: datetime, outcome: Outcome = Outcome.ALLOW) -> bool:
    return step_up.is_needed(session, chat, outcome, policy().identity, now)


def ask(session: Session, chat: str, phone: Phone, now: datetime = NOW) -> State:
    return step_up.begin(session, chat, Purpose.STEP_UP, now, phone, then=CONSENT).state


def type_code(session: Session, chat: str, code: str, now: datetime = NOW) -> State:
    answers.take_code(session, chat, code, policy(), now)
    return status(session, chat).state


@pytest.fixture
def signed_in(session: Session, chat: str, mei: Borrower) -> str:
    """A chat to which Mei came from the lender's own app, without a code."""
    vouched_for(session, chat, mei.id, NOW)
    return chat


def test_the_code_of_a_sign_in_is_fresh_for_as_long_as_the_policy_says(
    session: Session, chat: str, mei: Borrower, phone: Phone
) -> None:
    sign_in(session, chat, phone)
    assert not is_needed(session, chat, NOW + FRESH)
    assert is_needed(session, chat, NOW + FRESH + timedelta(seconds=1))


def test_the_lenders_word_is_no_code(session: Session, signed_in: str) -> None:
    assert is_needed(session, signed_in, NOW)


def test_where_risk_control_asks_for_one_the_code_of_the_sign_in_does_not_do(
    session: Session, chat: str, mei: Borrower, phone: Phone
) -> None:
    sign_in(session, chat, phone)
    assert is_needed(session, chat, NOW, Outcome.STEP_UP)
    ask(session, chat, phone)
    type_code(session, chat, phone.code)
    assert not is_needed(session, chat, NOW, Outcome.STEP_UP)


def test_the_right_code_is_fresh_and_brings_back_what_it_was_asked_for(
    session: Session, signed_in: str, phone: Phone
) -> None:
    assert ask(session, signed_in, phone) == State.AWAITING_CODE
    assert phone.arrived[-1].phone == PHONE
    assert type_code(session, signed_in, phone.code) == State.VERIFIED
    assert not is_needed(session, signed_in, NOW + FRESH)
    assert take_interrupted_question(session, signed_in) == CONSENT


def test_a_wrong_code_costs_an_attempt_and_the_right_one_still_works(
    session: Session, signed_in: str, mei: Borrower, phone: Phone
) -> None:
    ask(session, signed_in, phone)
    assert type_code(session, signed_in, phone.wrong_code) == State.FAILED
    assert status(session, signed_in).attempts_left == ATTEMPTS - 1
    assert session.get_one(Conversation, signed_in).signed_in_borrower is mei, "they stay signed in to look"
    assert is_needed(session, signed_in, NOW)
    assert type_code(session, signed_in, phone.code) == State.VERIFIED


def test_after_too_many_wrong_codes_not_even_the_right_one_works_until_the_lock_is_over(
    session: Session, signed_in: str, phone: Phone
) -> None:
    ask(session, signed_in, phone)
    for _ in range(ATTEMPTS):
        type_code(session, signed_in, phone.wrong_code)
    assert type_code(session, signed_in, phone.code) == State.LOCKED
    assert ask(session, signed_in, phone, NOW + timedelta(minutes=14)) == State.LOCKED
    later = NOW + timedelta(minutes=15)
    assert ask(session, signed_in, phone, later) == State.AWAITING_CODE
    assert type_code(session, signed_in, phone.code, later) == State.VERIFIED


def test_leaving_and_asking_anew_gives_no_lost_attempt_back(session: Session, signed_in: str, phone: Phone) -> None:
    for lost in range(1, ATTEMPTS):
        ask(session, signed_in, phone)
        type_code(session, signed_in, phone.wrong_code)
        assert status(session, signed_in).attempts_left == ATTEMPTS - lost
        step_up.leave(session, signed_in, NOW)
    ask(session, signed_in, phone)
    assert type_code(session, signed_in, phone.wrong_code) == State.LOCKED


def test_leaving_does_not_end_a_lock(session: Session, signed_in: str, phone: Phone) -> None:
    ask(session, signed_in, phone)
    for _ in range(ATTEMPTS):
        type_code(session, signed_in, phone.wrong_code)
    step_up.leave(session, signed_in, NOW)
    assert ask(session, signed_in, phone) == State.LOCKED


def test_codes_are_asked_for_as_seldom_as_for_a_sign_in(session: Session, signed_in: str, phone: Phone) -> None:
    for _ in range(CODES_AN_HOUR_BY_CHAT):
        assert ask(session, signed_in, phone) == State.AWAITING_CODE
    assert ask(session, signed_in, phone) == State.LOCKED
    assert len(phone.arrived) == CODES_AN_HOUR_BY_CHAT


def test_what_is_left_is_not_done_by_the_code_that_comes_later(session: Session, signed_in: str, phone: Phone) -> None:
    ask(session, signed_in, phone)
    step_up.leave(session, signed_in, NOW)
    assert status(session, signed_in).state == State.VERIFIED
    assert take_interrupted_question(session, signed_in) is None
    assert type_code(session, signed_in, phone.code) != State.VERIFIED
    assert is_needed(session, signed_in, NOW)


def test_nothing_is_left_where_nothing_is_awaited(session: Session, chat: str, mei: Borrower, phone: Phone) -> None:
    step_up.leave(session, chat, NOW)
    begin(session, chat, NOW)
    step_up.leave(session, chat, NOW)
    assert status(session, chat).state == State.AWAITING_PHONE, "a sign-in goes on whatever is said meanwhile"
    sign_in(session, chat, phone)
    step_up.leave(session, chat, NOW)
    assert not is_needed(session, chat, NOW)


def test_a_code_for_a_step_up_signs_nobody_in_anywhere_else(session: Session, signed_in: str, phone: Phone) -> None:
    ask(session, signed_in, phone)
    elsewhere = new_chat(session)
    begin(session, elsewhere, NOW)
    request_code(session, elsewhere, PHONE, NOW, lambda _: None)
    assert type_code(session, elsewhere, phone.code) == State.FAILED
    assert session.get_one(Conversation, elsewhere).signed_in_borrower is None


def test_another_number_typed_instead_of_the_code_gets_nothing(
    session: Session, signed_in: str, mei: Borrower, phone: Phone
) -> None:
    add_borrower(session, "B-LIN", OTHER_PHONE)
    ask(session, signed_in, phone)
    answers.take_number(session, signed_in, OTHER_PHONE, policy(), NOW, phone)
    assert [code.phone for code in phone.arrived] == [PHONE, PHONE]
    type_code(session, signed_in, phone.code)
    assert session.get_one(Conversation, signed_in).signed_in_borrower is mei


def test_whoever_comes_anew_from_the_lenders_app_leaves_it(
    session: Session, signed_in: str, mei: Borrower, phone: Phone
) -> None:
    ask(session, signed_in, phone)
    vouched_for(session, signed_in, mei.id, NOW)
    assert take_interrupted_question(session, signed_in) is None
    assert type_code(session, signed_in, phone.code) != State.VERIFIED


def test_whoever_signs_out_leaves_no_fresh_code_behind(
    session: Session, chat: str, mei: Borrower, phone: Phone
) -> None:
    sign_in(session, chat, phone)
    sign_out(session, chat, NOW)
    vouched_for(session, chat, mei.id, NOW)
    assert is_needed(session, chat, NOW)


def test_no_code_is_kept_in_clear_and_every_outcome_leaves_a_trace(
    session: Session, signed_in: str, phone: Phone
) -> None:
    ask(session, signed_in, phone)
    assert phone.code not in str(session.get_one(Verification, signed_in).code_hash)
    type_code(session, signed_in, phone.wrong_code)
    type_code(session, signed_in, phone.code)
    entries = session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
    assert [entry.action for entry in entries] == ["lender_vouched", "code_requested", "code_refused", "stepped_up"]
    assert entries[-1].details["purpose"] == "step_up"
    assert PHONE not in str([entry.details for entry in entries])
