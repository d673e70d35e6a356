"""A borrower who was away for long is signed out, and nobody sees what was said until they sign in again."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from respite.identity.challenges import State, status
from respite.identity.idle import is_idle, sign_out_idle
from respite.identity.verification import vouched_for
from respite.policies.load import policy
from respite.store.models import AuditEntry, Borrower, Conversation
from respite.support.case_files import conversation_file
from respite.support.conversations import recent_messages
from respite.support.outbox import add_line
from tests.unit.identity.conftest import NOW, OTHER_PHONE, Phone, add_borrower, sign_in

IDENTITY = policy().identity
IDLE = timedelta(minutes=IDENTITY.idle_minutes)
LATER = NOW + IDLE + timedelta(seconds=1)


@pytest.fixture
def talked(session: Session, chat: str, mei: Borrower, phone: Phone) -> Conversation:
    """A chat in which Mei signed in and was told something."""
    sign_in(session, chat, phone)
    conversation = session.get_one(Conversation, chat)
    add_line(session, conversation, "You owe 1,100.32.", NOW)
    return conversation


def seen(session: Session, chat: Conversation) -> list[str]:
    return [row.message for row in recent_messages(session, chat.id)]


def test_a_sign_in_ends_once_nothing_was_written_for_longer_than_the_policy_says(talked: Conversation) -> None:
    assert not is_idle(talked, IDENTITY, NOW + IDLE)
    assert is_idle(talked, IDENTITY, LATER)


def test_every_message_keeps_the_borrower_signed_in(talked: Conversation) -> None:
    talked.last_active_at = NOW + timedelta(minutes=20)
    assert not is_idle(talked, IDENTITY, LATER)


def test_whoever_has_just_signed_in_is_not_idle_because_of_what_was_before(talked: Conversation) -> None:
    talked.last_active_at, talked.verified_at = NOW, LATER
    assert not is_idle(talked, IDENTITY, LATER)


def test_a_stranger_is_not_signed_out(session: Session, chat: str) -> None:
    assert not is_idle(session.get_one(Conversation, chat), IDENTITY, LATER)


def test_who_waits_for_an_answer_of_staff_is_not_signed_out(talked: Conversation) -> None:
    talked.owner = "staff:7"
    assert not is_idle(talked, IDENTITY, LATER)


def test_an_idle_chat_shows_nothing_of_before_and_stays_the_borrowers(
    session: Session, talked: Conversation, mei: Borrower
) -> None:
    sign_out_idle(session, talked, LATER)
    assert seen(session, talked) == []
    assert session.get_one(Conversation, talked.id).signed_in_borrower is None
    assert talked.borrower_id == mei.id
    assert status(session, talked.id).state == State.NOT_BEGUN


def test_what_is_said_afterwards_is_shown(session: Session, talked: Conversation) -> None:
    sign_out_idle(session, talked, LATER)
    add_line(session, talked, "You are signed out.", LATER)
    assert ["You are signed out." in said for said in seen(session, talked)] == [True]


def test_the_same_borrower_sees_everything_again(session: Session, talked: Conversation, phone: Phone) -> None:
    sign_out_idle(session, talked, LATER)
    sign_in(session, talked.id, phone, LATER)
    assert "1,100.32" in seen(session, talked)[0]


def test_the_lenders_word_brings_it_back_as_well(session: Session, talked: Conversation, mei: Borrower) -> None:
    sign_out_idle(session, talked, LATER)
    vouched_for(session, talked.id, mei.id, LATER)
    assert "1,100.32" in seen(session, talked)[0]


def test_another_borrower_at_the_same_screen_sees_nothing(session: Session, talked: Conversation, phone: Phone) -> None:
    add_borrower(session, "B-LIN", OTHER_PHONE)
    sign_out_idle(session, talked, LATER)
    assert sign_in(session, talked.id, phone, LATER, number=OTHER_PHONE).state == State.OTHER_ACCOUNT
    assert seen(session, talked) == []


def test_staff_find_all_of_it_in_the_file(session: Session, talked: Conversation) -> None:
    sign_out_idle(session, talked, LATER)
    assert "1,100.32" in str(conversation_file(session, talked)["messages"])


def test_the_audit_trail_says_that_nobody_did_it(session: Session, talked: Conversation, mei: Borrower) -> None:
    sign_out_idle(session, talked, LATER)
    entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "idle_signed_out")).one()
    assert (entry.actor, entry.subject, entry.details) == (
        "system",
        f"conversation:{talked.id}",
        {"borrower_id": mei.id},
    )
