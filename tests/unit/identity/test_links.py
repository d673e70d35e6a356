"""The chats in which a borrower is signed in, and how they are ended."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from respite.identity.links import close, links, revoke
from respite.identity.verification import vouched_for
from respite.store.models import AuditEntry, Borrower, Conversation
from respite.support.conversations import address_key, find_conversation, open_conversation
from respite.support.outbox import add_line
from tests.unit.identity.conftest import NOW


@pytest.fixture
def phone_and_laptop(session: Session, mei: Borrower) -> tuple[Conversation, Conversation]:
    """Two chats in which Mei is signed in, the laptop's the later one."""
    chats = (
        open_conversation(session, "web", "phone", "en", NOW),
        open_conversation(session, "web", "laptop", "en", NOW),
    )
    for minutes, chat in enumerate(chats):
        vouched_for(session, chat.id, mei.id, NOW + timedelta(minutes=minutes))
    return chats


Chats = tuple[Conversation, Conversation]


def test_links_are_listed_with_the_newest_first(session: Session, mei: Borrower, phone_and_laptop: Chats) -> None:
    phone, laptop = phone_and_laptop
    assert links(session, mei.id) == [laptop, phone]


def test_a_revoked_chat_is_found_no_more_by_who_held_it(
    session: Session, mei: Borrower, phone_and_laptop: Chats
) -> None:
    phone, laptop = phone_and_laptop
    revoke(session, phone, "staff:ann", NOW)
    assert links(session, mei.id) == [laptop]
    assert find_conversation(session, "web", "phone") is None


def test_nothing_that_waits_for_a_revoked_chat_is_sent_to_it(session: Session, mei: Borrower) -> None:
    chat = open_conversation(session, "telegram", address_key("telegram", "71"), "en", NOW)
    chat.address = "71"
    vouched_for(session, chat.id, mei.id, NOW)
    waiting = add_line(session, chat, "Your plan is booked.", NOW)
    sent = add_line(session, chat, "Hello.", NOW)
    sent.state = "sent"
    revoke(session, chat, "staff:ann", NOW)
    session.flush()
    session.expire_all()
    assert (chat.address, waiting.state, sent.state) == (None, "withheld", "sent")
    assert add_line(session, chat, "Your payment is late.", NOW).state == "withheld"


def test_a_revocation_names_who_did_it(session: Session, phone_and_laptop: Chats) -> None:
    phone, _ = phone_and_laptop
    revoke(session, phone, "staff:ann", NOW)
    entry = session.query(AuditEntry).filter_by(action="signed_out").one()
    assert (entry.actor, entry.subject) == ("staff:ann", f"conversation:{phone.id}")


def test_leaving_one_chat_leaves_the_others(session: Session, mei: Borrower, phone_and_laptop: Chats) -> None:
    phone, laptop = phone_and_laptop
    close(session, phone.id, everywhere=False, now=NOW)
    assert links(session, mei.id) == [laptop]


def test_leaving_everywhere_leaves_no_chat(session: Session, mei: Borrower, phone_and_laptop: Chats) -> None:
    phone, _ = phone_and_laptop
    close(session, phone.id, everywhere=True, now=NOW)
    assert links(session, mei.id) == []


def test_a_stranger_who_leaves_everywhere_ends_nobody_elses_chat(
    session: Session, mei: Borrower, phone_and_laptop: Chats, chat: str
) -> None:
    close(session, chat, everywhere=True, now=NOW)
    assert len(links(session, mei.id)) == 2
