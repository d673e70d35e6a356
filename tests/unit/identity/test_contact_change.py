"""A borrower's new phone number: a code to the old one, a code to the new one, and nothing learnt about others."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from respite.identity import answers, contact_change, step_up
from respite.identity.challenges import ATTEMPTS, Purpose, State, VerificationStatus, status
from respite.identity.verification import begin, request_code, vouched_for
from respite.policies.load import policy
from respite.policies.model import Policy
from respite.store.encryption import cipher
from respite.store.models import AuditEntry, Borrower, Conversation, Handoff, RiskDecision, Verification
from respite.support.conversations import open_conversation, recent_messages
from tests.unit.identity.conftest import NOW, OTHER_PHONE, PHONE, Phone, add_borrower, new_chat, sign_in
from tests.unit.plans.desk import rules

NEW_PHONE = "+8613800000077"


@pytest.fixture
def signed_in(session: Session, chat: str, mei: Borrower, phone: Phone) -> str:
    """A chat in which Mei has just typed a code."""
    sign_in(session, chat, phone)
    return chat


class Change:
    """A change of number in one chat, step by step."""

    def __init__(self, session: Session, chat: str, phone: Phone) -> None:
        self.session, self.chat, self.phone = session, chat, phone

    def begin(self, now: datetime = NOW) -> VerificationStatus:
        return contact_change.begin(self.session, self.chat, now, self.phone)

    def code(self, code: str = "", now: datetime = NOW) -> VerificationStatus:
        answers.take_code(self.session, self.chat, code or self.phone.code, policy(), now)
        return status(self.session, self.chat)

    def number(self, number: str = NEW_PHONE, now: datetime = NOW, rules: Policy | None = None) -> VerificationStatus:
        answers.take_number(self.session, self.chat, number, rules or policy(), now, self.phone)
        return status(self.session, self.chat)


@pytest.fixture
def change(session: Session, signed_in: str, phone: Phone) -> Change:
    return Change(session, signed_in, phone)


def test_a_number_is_changed_by_a_code_to_the_old_and_a_code_to_the_new_one(
    session: Session, change: Change, mei: Borrower, phone: Phone
) -> None:
    assert change.begin().state == State.AWAITING_CODE, "however fresh the code of the sign-in is"
    confirmed = change.code()
    assert (confirmed.purpose, confirmed.state) == (Purpose.NEW_NUMBER, State.AWAITING_PHONE)
    assert change.number().state == State.AWAITING_CODE
    assert [code.phone for code in phone.arrived[-2:]] == [PHONE, NEW_PHONE]
    assert mei.phone == PHONE, "nothing is changed before the last code"
    assert change.code().state == State.VERIFIED
    session.expire_all()
    assert (mei.phone, mei.phone_index) == (NEW_PHONE, cipher().blind_index(NEW_PHONE))


def test_the_new_number_signs_in_and_the_old_one_no_more(session: Session, change: Change, phone: Phone) -> None:
    change.begin(), change.code(), change.number(), change.code()
    elsewhere = new_chat(session)
    assert sign_in(session, elsewhere, phone, number=NEW_PHONE).state == State.VERIFIED
    begin(session, new_chat(session), NOW)
    sent = len(phone.arrived)
    stranger = new_chat(session)
    begin(session, stranger, NOW)
    request_code(session, stranger, PHONE, NOW, phone)
    assert len(phone.arrived) == sent


def test_the_code_to_the_old_number_cannot_be_skipped(session: Session, change: Change, phone: Phone) -> None:
    change.begin()
    change.number(NEW_PHONE)
    assert {code.phone for code in phone.arrived} == {PHONE}, "only the number on file is sent a code"


def test_the_code_to_the_old_number_does_not_do_for_the_new_one(change: Change, mei: Borrower, phone: Phone) -> None:
    change.begin()
    old = phone.code
    change.code(old)
    change.number()
    if phone.code != old:
        assert change.code(old).state == State.FAILED
    assert mei.phone == PHONE


def test_a_number_of_somebody_else_is_answered_alike_sent_nothing_and_never_changed(
    session: Session, change: Change, mei: Borrower, phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_borrower(session, "B-LIN", OTHER_PHONE)
    change.begin(), change.code()
    free = change.number(NEW_PHONE)
    monkeypatch.setattr("respite.identity.challenges.secrets.randbelow", lambda _: 123456)
    sent = len(phone.arrived)
    taken = change.number(OTHER_PHONE)
    assert taken == free
    assert len(phone.arrived) == sent
    assert change.code("123456").state == State.FAILED
    assert change.code("123456").attempts_left == ATTEMPTS - 2
    assert mei.phone == PHONE


def test_a_number_that_became_somebody_elses_meanwhile_is_not_taken_from_them(
    session: Session, change: Change, mei: Borrower
) -> None:
    change.begin(), change.code(), change.number()
    lin = add_borrower(session, "B-LIN", NEW_PHONE)
    assert change.code().state == State.FAILED
    assert (mei.phone, lin.phone) == (PHONE, NEW_PHONE)


def test_a_mistyped_number_is_corrected_by_typing_another(change: Change, mei: Borrower) -> None:
    change.begin(), change.code(), change.number("+8613800000078"), change.number(NEW_PHONE)
    assert change.code().state == State.VERIFIED
    assert mei.phone == NEW_PHONE


def test_too_many_wrong_codes_lock_the_change(change: Change, mei: Borrower, phone: Phone) -> None:
    change.begin(), change.code(), change.number()
    for _ in range(ATTEMPTS):
        change.code(phone.wrong_code)
    assert change.code().state == State.LOCKED
    assert mei.phone == PHONE


def test_whoever_lets_the_old_code_grow_old_is_asked_for_another(change: Change, phone: Phone) -> None:
    change.begin(), change.code()
    later = NOW + timedelta(minutes=policy().identity.fresh_code_minutes, seconds=1)
    again = change.number(now=later)
    assert (again.purpose, again.state) == (Purpose.CONTACT_CHANGE, State.AWAITING_CODE)
    assert phone.arrived[-1].phone == PHONE


def test_what_was_left_is_forgotten_with_the_number_that_was_typed(session: Session, change: Change) -> None:
    change.begin(), change.code(), change.number()
    step_up.leave(session, change.chat, NOW)
    row = session.get_one(Verification, change.chat)
    assert (row.state, row.new_phone, row.code_hash) == (State.VERIFIED, None, None)


def test_the_new_number_is_nowhere_in_clear(session: Session, change: Change) -> None:
    change.begin(), change.code(), change.number()
    kept = session.connection().exec_driver_sql("SELECT new_phone FROM verifications").scalar()
    assert NEW_PHONE.encode() not in bytes(kept)
    change.code()
    assert NEW_PHONE not in str(session.scalars(select(AuditEntry.details)).all())
    assert NEW_PHONE not in str(session.scalars(select(RiskDecision.facts)).all())


def test_a_change_is_in_the_audit_trail_and_said_in_the_borrowers_other_chats(
    session: Session, change: Change, mei: Borrower
) -> None:
    other = open_conversation(session, "web", "another", "zh-Hant", NOW).id
    vouched_for(session, other, mei.id, NOW)
    change.begin(), change.code(), change.number(), change.code()
    entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "phone_changed")).one()
    assert (entry.actor, entry.subject) == (f"borrower:{mei.id}", "borrower:B-MEI")
    [line] = recent_messages(session, other)
    assert line.author == "system"
    assert "本帳戶的手機號已更換" in line.message
    assert policy().lender.support_phone in line.message
    assert recent_messages(session, change.chat) == [], "here the bot answers"


def test_risk_control_may_want_a_person_to_look_first(
    session: Session, change: Change, mei: Borrower, phone: Phone
) -> None:
    strict = rules(identity__risk__signals__country_change__weight=80)
    change.begin(), change.code()
    sent = len(phone.arrived)
    assert change.number("+447700900123", rules=strict).state == State.REFUSED
    assert len(phone.arrived) == sent
    assert mei.phone == PHONE
    assert session.scalars(select(Handoff.reason)).one() == "identity"
    decision = session.scalars(select(RiskDecision).where(RiskDecision.occasion == "contact_change")).one()
    assert "country_change" in decision.signals
    assert session.get_one(Conversation, change.chat).signed_in_borrower is mei
