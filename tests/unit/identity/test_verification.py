"""Signing in with a phone number and a one-time code."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from respite.identity.challenges import ATTEMPTS, State, VerificationStatus, status
from respite.identity.codes import CODE_MINUTES, OneTimeCode
from respite.identity.verification import begin, check_code, request_code, sign_out, take_interrupted_question
from respite.policies.load import policy
from respite.store.encryption import cipher
from respite.store.models import AuditEntry, Borrower, Conversation, Verification
from tests.unit.identity.conftest import NOW, PHONE

LOCK_MINUTES = 15
UNKNOWN_PHONE = "+8613900000009"
Code = str
Ask = Callable[..., Code]


def after(**span: float) -> datetime:
    return NOW + timedelta(**span)


@pytest.fixture
def ask(session: Session, chat: str) -> Ask:
    """Asks for a code and returns the one that arrived, or nothing."""

    def ask_for_code(phone: str = PHONE, now: datetime = NOW) -> Code:
        arrived: list[OneTimeCode] = []
        begin(session, chat, now)
        request_code(session, chat, phone, now, arrived.append)
        assert [(code.conversation_id, code.phone) for code in arrived] in ([], [(chat, phone)])
        return arrived[0].code if arrived else ""

    return ask_for_code


def wrong(code: Code) -> Code:
    return "000000" if code != "000000" else "000001"


def test_a_stranger_has_begun_nothing(session: Session, chat: str) -> None:
    assert status(session, chat) == VerificationStatus(State.NOT_BEGUN)


def test_the_right_code_signs_the_borrower_in(session: Session, chat: str, ask: Ask, mei: Borrower) -> None:
    outcome = check_code(session, chat, ask(), policy(), after(minutes=1))
    assert (outcome.state, outcome.borrower_id) == (State.VERIFIED, mei.id)
    assert session.get_one(Conversation, chat).signed_in_borrower is mei
    assert session.get_one(Conversation, chat).verified_at == after(minutes=1)


def test_a_code_has_six_digits_and_is_kept_as_a_hash_only(session: Session, chat: str, ask: Ask, mei: Borrower) -> None:
    code = ask()
    assert len(code) == 6
    assert code.isdigit()
    kept = session.get_one(Verification, chat).code_hash
    assert kept is not None
    assert code not in kept


def test_a_wrong_code_costs_an_attempt(session: Session, chat: str, ask: Ask, mei: Borrower) -> None:
    code = ask()
    outcome = check_code(session, chat, wrong(code), policy(), NOW)
    assert (outcome.state, outcome.attempts_left, outcome.code_is_open) == (State.FAILED, ATTEMPTS - 1, True)
    assert session.get_one(Conversation, chat).signed_in_borrower is None
    assert check_code(session, chat, code, policy(), NOW).state == State.VERIFIED


def test_a_code_works_once(session: Session, chat: str, ask: Ask, mei: Borrower) -> None:
    code = ask()
    check_code(session, chat, code, policy(), NOW)
    sign_out(session, chat, NOW)
    begin(session, chat, NOW)
    assert check_code(session, chat, code, policy(), NOW).state == State.FAILED
    assert session.get_one(Conversation, chat).signed_in_borrower is None


def test_another_conversations_code_is_wrong(session: Session, chat: str, ask: Ask, mei: Borrower) -> None:
    code = ask()
    other = Conversation(channel="web", chat_key="other", language="en", created_at=NOW)
    session.add(other)
    session.flush()
    begin(session, other.id, NOW)
    request_code(session, other.id, PHONE, NOW, lambda _: None)
    assert check_code(session, other.id, code, policy(), NOW).state == State.FAILED


def test_only_the_newest_code_works(session: Session, chat: str, ask: Ask, mei: Borrower) -> None:
    first, second = ask(), ask()
    while first == second:
        second = ask()
    assert check_code(session, chat, first, policy(), NOW).state == State.FAILED
    assert check_code(session, chat, second, policy(), NOW).state == State.VERIFIED


def test_a_code_is_too_old_after_five_minutes(session: Session, chat: str, ask: Ask, mei: Borrower) -> None:
    assert CODE_MINUTES == 5
    outcome = check_code(session, chat, ask(), policy(), after(minutes=5))
    assert (outcome.state, outcome.code_is_open) == (State.FAILED, False)
    assert outcome.attempts_left == ATTEMPTS, "an old code is no guess"


def test_a_code_works_until_just_before(session: Session, chat: str, ask: Ask, mei: Borrower) -> None:
    assert check_code(session, chat, ask(), policy(), after(minutes=4, seconds=59)).state == State.VERIFIED


def test_the_fifth_wrong_code_locks_even_the_right_one_out(
    session: Session, chat: str, ask: Ask, mei: Borrower
) -> None:
    code = ask()
    outcomes = [check_code(session, chat, wrong(code), policy(), NOW) for _ in range(5)]
    assert [outcome.attempts_left for outcome in outcomes] == [4, 3, 2, 1, 0]
    assert outcomes[-1].state == State.LOCKED
    assert outcomes[-1].locked_until == after(minutes=LOCK_MINUTES)
    assert check_code(session, chat, code, policy(), NOW).state == State.LOCKED
    assert session.get_one(Conversation, chat).signed_in_borrower is None


def test_a_new_code_gives_no_lost_attempts_back(session: Session, chat: str, ask: Ask, mei: Borrower) -> None:
    for lost in range(1, ATTEMPTS):
        assert check_code(session, chat, wrong(ask()), policy(), NOW).attempts_left == ATTEMPTS - lost
    assert check_code(session, chat, wrong(ask()), policy(), NOW).state == State.LOCKED


def test_no_code_is_sent_while_locked(session: Session, chat: str, ask: Ask, mei: Borrower) -> None:
    code = ask()
    for _ in range(ATTEMPTS):
        check_code(session, chat, wrong(code), policy(), NOW)
    assert ask(now=after(minutes=LOCK_MINUTES - 1)) == ""
    assert status(session, chat).state == State.LOCKED


def test_after_the_lock_one_may_try_again(session: Session, chat: str, ask: Ask, mei: Borrower) -> None:
    code = ask()
    for _ in range(ATTEMPTS):
        check_code(session, chat, wrong(code), policy(), NOW)
    later = after(minutes=LOCK_MINUTES)
    new_code = ask(now=later)
    assert status(session, chat).attempts_left == ATTEMPTS
    assert check_code(session, chat, new_code, policy(), later).state == State.VERIFIED


def test_after_the_lock_a_number_sent_at_once_is_taken(session: Session, chat: str, ask: Ask, mei: Borrower) -> None:
    code = ask()
    for _ in range(ATTEMPTS):
        check_code(session, chat, wrong(code), policy(), NOW)
    outcome = request_code(session, chat, PHONE, after(minutes=LOCK_MINUTES), lambda _: None)
    assert (outcome.state, outcome.attempts_left) == (State.AWAITING_CODE, ATTEMPTS)


def test_an_unknown_number_is_answered_like_a_known_one_and_sent_nothing(
    session: Session, chat: str, ask: Ask, mei: Borrower
) -> None:
    ask()
    known = status(session, chat)
    assert ask(UNKNOWN_PHONE) == ""
    assert status(session, chat) == known


def test_no_code_opens_an_unknown_number(
    session: Session, chat: str, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("respite.identity.challenges.secrets.randbelow", lambda _: 123456)
    ask(UNKNOWN_PHONE)
    assert check_code(session, chat, "123456", policy(), NOW).state == State.FAILED
    assert session.get_one(Conversation, chat).signed_in_borrower is None


def test_asking_again_keeps_a_code_that_is_still_open(session: Session, chat: str, ask: Ask, mei: Borrower) -> None:
    code = ask()
    assert begin(session, chat, NOW, question="and my due date?").state == State.AWAITING_CODE
    assert check_code(session, chat, code, policy(), NOW).state == State.VERIFIED
    assert take_interrupted_question(session, chat) == "and my due date?"


def test_the_interrupted_question_is_handed_out_once(session: Session, chat: str) -> None:
    begin(session, chat, NOW, question="what do I owe?")
    begin(session, chat, NOW)
    assert take_interrupted_question(session, chat) == "what do I owe?"
    assert take_interrupted_question(session, chat) is None


def test_signing_out_forgets_the_borrower(session: Session, chat: str, ask: Ask, mei: Borrower) -> None:
    check_code(session, chat, ask(), policy(), NOW)
    sign_out(session, chat, NOW)
    assert session.get_one(Conversation, chat).signed_in_borrower is None
    assert status(session, chat).state == State.NOT_BEGUN


def test_every_outcome_leaves_a_trace_without_personal_data(
    session: Session, chat: str, ask: Ask, mei: Borrower
) -> None:
    code = ask()
    check_code(session, chat, wrong(code), policy(), NOW)
    check_code(session, chat, code, policy(), NOW)
    sign_out(session, chat, NOW)
    code = ask(now=after(hours=1))
    check_code(session, chat, code, policy(), after(hours=2))
    code = ask(now=after(hours=3))
    for _ in range(ATTEMPTS):
        check_code(session, chat, wrong(code), policy(), after(hours=3))
    entries = session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
    assert [entry.action for entry in entries if entry.action != "verification_begun"] == [
        "code_requested",
        "code_refused",
        "risk_decided",
        "code_accepted",
        "signed_out",
        "code_requested",
        "code_too_old",
        "code_requested",
        *["code_refused"] * (ATTEMPTS - 1),
        "verification_locked",
    ]
    assert {entry.subject for entry in entries} == {f"conversation:{chat}"}
    assert PHONE not in str([entry.details for entry in entries])


def test_a_chat_stays_the_first_borrowers(session: Session, chat: str, ask: Ask, mei: Borrower) -> None:
    lin = Borrower(
        reference="B-LIN",
        name="Lin",
        phone=UNKNOWN_PHONE,
        phone_index=cipher().blind_index(UNKNOWN_PHONE),
        language="en",
    )
    session.add(lin)
    session.flush()
    check_code(session, chat, ask(), policy(), NOW)
    sign_out(session, chat, NOW)
    outcome = check_code(session, chat, ask(UNKNOWN_PHONE), policy(), NOW)
    assert (outcome.state, outcome.borrower_id) == (State.OTHER_ACCOUNT, None)
    assert session.get_one(Conversation, chat).signed_in_borrower is None
    assert check_code(session, chat, ask(), policy(), NOW).state == State.VERIFIED
