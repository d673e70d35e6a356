"""Chats: opened once, in order, and seen by nobody else."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from respite.store.models import Conversation, OutboxMessage
from respite.support.conversations import (
    messages_above,
    open_conversation,
    recent_messages,
    request_language,
)

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)


def test_a_chat_keeps_its_conversation(session: Session) -> None:
    first = open_conversation(session, "web", "key", "en", NOW)
    again = open_conversation(session, "web", "key", "zh-Hans", NOW)
    assert again is first
    assert again.language == "en"
    assert open_conversation(session, "telegram", "key", "en", NOW) is not first


def test_a_new_conversation_belongs_to_the_bot_and_to_nobody_verified(session: Session) -> None:
    conversation = open_conversation(session, "web", "key", "en", NOW)
    assert conversation.owner == "bot"
    assert session.get_one(Conversation, conversation.id).signed_in_borrower is None


def test_a_chat_that_is_opened_twenty_times_at_once_is_one_conversation(
    session_factory: sessionmaker[Session],
) -> None:
    def opened(_: int) -> str:
        with session_factory.begin() as session:
            return open_conversation(session, "web", "key", "en", NOW).id

    with ThreadPoolExecutor(8) as threads:
        assert len(set(threads.map(opened, range(20)))) == 1
    with session_factory() as session:
        assert session.scalar(select(func.count()).select_from(Conversation)) == 1


def test_the_language_asked_for_is_remembered(session: Session) -> None:
    conversation = open_conversation(session, "web", "key", "en", NOW)
    assert conversation.requested_language is None
    request_language(session, conversation.id, "zh-Hant")
    assert (conversation.language, conversation.requested_language) == ("zh-Hant", "zh-Hant")


def test_messages_are_the_last_ones_or_those_above_a_cursor_in_order_without_withheld_ones(session: Session) -> None:
    conversation = open_conversation(session, "web", "key", "en", NOW)
    other = open_conversation(session, "web", "other", "en", NOW)
    for text, chat, state in [
        ("1", conversation, "sent"),
        ("2", conversation, "withheld"),
        ("3", conversation, "sent"),
        ("x", other, "sent"),
        ("4", conversation, "sent"),
    ]:
        session.add(
            OutboxMessage(
                conversation_id=chat.id,
                author="bot",
                message=text,
                owner_version=1,
                state=state,
                created_at=NOW,
            )
        )
        session.flush()
    messages = recent_messages(session, conversation.id)
    assert [row.message for row in messages] == ["1", "3", "4"]
    assert [row.message for row in recent_messages(session, conversation.id, limit=1)] == ["4"]
    first = messages[0].id
    assert [row.message for row in messages_above(session, conversation.id, first, limit=2)] == ["3", "4"]
    assert [row.message for row in messages_above(session, conversation.id, first, limit=1)] == ["3"]
