"""Passes and tickets of our own: for one conversation, for a while, and a ticket for one document, once."""

from datetime import UTC, datetime, timedelta

import jwt
import pytest
from sqlalchemy.orm import Session

from respite.identity.passes import (
    CHAT_PASS_LIFE,
    TICKET_LIFE,
    chat_pass,
    conversation_of_pass,
    redeem_ticket,
    ticket,
)
from respite.store.models import UsedToken

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
PATH = "/files/1"


def test_a_pass_opens_its_conversation_until_it_is_too_old(session: Session) -> None:
    shown = chat_pass("a-conversation", NOW)
    last = NOW + CHAT_PASS_LIFE - timedelta(seconds=1)

    assert conversation_of_pass(shown, last) == "a-conversation"
    assert conversation_of_pass(shown, NOW + CHAT_PASS_LIFE) is None


@pytest.mark.parametrize("forged", ["", "nonsense", "a.b.c"])
def test_nonsense_opens_nothing(session: Session, forged: str) -> None:
    assert conversation_of_pass(forged, NOW) is None
    assert redeem_ticket(session, forged, PATH, NOW) is None


def test_a_pass_that_another_key_or_none_has_signed_opens_nothing(session: Session) -> None:
    claims = jwt.decode(chat_pass("a-conversation", NOW), options={"verify_signature": False})

    assert conversation_of_pass(jwt.encode(claims, "another key of thirty-two bytes!", "HS256"), NOW) is None
    assert conversation_of_pass(jwt.encode(claims, None, "none"), NOW) is None


def test_a_ticket_fetches_its_document_once(session: Session) -> None:
    shown = ticket("a-conversation", PATH, NOW)

    assert redeem_ticket(session, shown, PATH, NOW) == "a-conversation"
    assert redeem_ticket(session, shown, PATH, NOW) is None


def test_a_ticket_for_another_document_or_time_fetches_nothing_and_is_not_used_up(session: Session) -> None:
    shown = ticket("a-conversation", PATH, NOW)

    assert redeem_ticket(session, shown, "/files/2", NOW) is None
    assert redeem_ticket(session, shown, PATH, NOW + TICKET_LIFE) is None
    assert session.query(UsedToken).count() == 0


def test_neither_is_taken_for_the_other(session: Session) -> None:
    assert conversation_of_pass(ticket("a-conversation", PATH, NOW), NOW) is None
    assert redeem_ticket(session, chat_pass("a-conversation", NOW), PATH, NOW) is None
