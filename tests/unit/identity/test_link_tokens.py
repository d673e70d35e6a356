"""Links that bring a borrower into a chat on Telegram: one token, one borrower, once, within minutes."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from respite.identity import link_tokens
from respite.identity.link_tokens import WORKS_FOR, ChatOfAnotherError, LinkTokenError
from respite.identity.verification import vouched_for
from respite.store.encryption import cipher
from respite.store.models import AuditEntry, Borrower, Conversation, LinkToken
from respite.support.conversations import open_conversation
from tests.unit.identity.conftest import NOW, PHONE


def chat_on_telegram(session: Session) -> str:
    return open_conversation(session, "telegram", uuid4().hex, "en", NOW).id


def test_a_link_signs_its_borrower_in(session: Session, mei: Borrower) -> None:
    chat = chat_on_telegram(session)
    link_tokens.redeem(session, link_tokens.make(session, mei.id, "system", NOW).token, chat, NOW)
    assert session.get_one(Conversation, chat).signed_in_borrower is mei


def test_a_token_is_long_and_fits_into_a_link_and_is_nowhere_in_the_store(session: Session, mei: Borrower) -> None:
    token = link_tokens.make(session, mei.id, "system", NOW).token
    assert 22 <= len(token) <= 64
    assert set(token) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-")
    assert token not in str(session.execute(select(LinkToken.__table__)).all())
    assert token not in repr(link_tokens.make(session, mei.id, "system", NOW))


def test_a_token_works_once(session: Session, mei: Borrower) -> None:
    token = link_tokens.make(session, mei.id, "system", NOW).token
    link_tokens.redeem(session, token, chat_on_telegram(session), NOW)
    other = chat_on_telegram(session)
    with pytest.raises(LinkTokenError):
        link_tokens.redeem(session, token, other, NOW)
    assert session.get_one(Conversation, other).signed_in_borrower is None


@pytest.mark.parametrize("forged", ["", "x", "a" * 32, "'; DROP TABLE link_tokens; --", "\0"])
def test_a_forged_token_signs_nobody_in(session: Session, mei: Borrower, forged: str) -> None:
    link_tokens.make(session, mei.id, "system", NOW)
    with pytest.raises(LinkTokenError):
        link_tokens.redeem(session, forged, chat_on_telegram(session), NOW)


def test_a_token_works_for_minutes(session: Session, mei: Borrower) -> None:
    link = link_tokens.make(session, mei.id, "system", NOW)
    assert link.expires_at == NOW + WORKS_FOR
    with pytest.raises(LinkTokenError):
        link_tokens.redeem(session, link.token, chat_on_telegram(session), link.expires_at)
    link_tokens.redeem(session, link.token, chat_on_telegram(session), link.expires_at - timedelta(seconds=1))


def test_a_chat_that_is_anothers_stays_theirs_and_the_token_is_still_good(
    session_factory: sessionmaker[Session],
) -> None:
    with session_factory.begin() as session:
        mei, bo = _borrower("B-MEI", "+8613800000001"), _borrower("B-BO", "+8613800000002")
        session.add_all([mei, bo])
        session.flush()
        chat = chat_on_telegram(session)
        vouched_for(session, chat, bo.id, NOW)
        token = link_tokens.make(session, mei.id, "system", NOW).token
    with pytest.raises(ChatOfAnotherError), session_factory.begin() as session:
        link_tokens.redeem(session, token, chat, NOW)
    with session_factory.begin() as session:
        assert session.get_one(Conversation, chat).signed_in_borrower.reference == "B-BO"  # type: ignore[union-attr]
        link_tokens.redeem(session, token, chat_on_telegram(session), NOW)


def test_a_token_raced_for_in_many_chats_signs_one_in(session_factory: sessionmaker[Session]) -> None:
    with session_factory.begin() as session:
        session.add(mei := _borrower("B-MEI", PHONE))
        session.flush()
        token = link_tokens.make(session, mei.id, "system", NOW).token

    def use(_: int) -> bool:
        try:
            with session_factory.begin() as session:
                link_tokens.redeem(session, token, chat_on_telegram(session), NOW)
        except LinkTokenError:
            return False
        return True

    with ThreadPoolExecutor(6) as threads:
        assert sum(threads.map(use, range(12))) == 1


def test_who_made_a_link_and_where_it_was_used_is_on_the_audit_trail(session: Session, mei: Borrower) -> None:
    chat = chat_on_telegram(session)
    link_tokens.redeem(session, link_tokens.make(session, mei.id, "staff:ann", NOW).token, chat, NOW)
    made, used, *_ = session.scalars(select(AuditEntry).order_by(AuditEntry.id))
    assert (made.actor, made.action, made.subject) == ("staff:ann", "chat_link_made", f"borrower:{mei.id}")
    assert (used.actor, used.action, used.subject) == (f"borrower:{mei.id}", "chat_link_used", f"conversation:{chat}")


def test_tokens_are_forgotten_once_they_are_too_old(session: Session, mei: Borrower) -> None:
    for minutes in (0, 11):
        link_tokens.make(session, mei.id, "system", NOW + timedelta(minutes=minutes))
    assert len(session.scalars(select(LinkToken)).all()) == 1


def _borrower(reference: str, phone: str) -> Borrower:
    index = cipher().blind_index(phone)
    return Borrower(reference=reference, name="Somebody", phone=phone, phone_index=index, language="en")
