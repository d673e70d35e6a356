"""What a transaction announces is told once it is committed, and to whoever shows it."""

import pytest

from respite.clock import utc_now
from respite.store.announcements import announce, listen_here
from respite.store.session import transaction
from respite.support.conversations import open_conversation
from tests.databases import ON_SQLITE


@pytest.fixture
def heard():
    news = []
    leave_off = listen_here(lambda channel, conversation_id: news.append((channel, conversation_id)))
    yield news
    leave_off()


@ON_SQLITE  # PostgreSQL tells it by itself
@pytest.mark.usefixtures("store_url")
def test_what_was_announced_before_a_step_that_was_taken_back_is_told(heard):
    with transaction() as session:
        conversation = open_conversation(session, "web", "a chat", "en", utc_now())
        announce(session, conversation)
        with session.begin_nested() as step:
            step.rollback()
        assert heard == []
    assert heard == [("web", conversation.id)]


@ON_SQLITE  # PostgreSQL tells it by itself
@pytest.mark.usefixtures("store_url")
def test_nothing_is_told_of_a_transaction_that_was_taken_back(heard):
    with transaction() as session:
        conversation = open_conversation(session, "web", "a chat", "en", utc_now())
        announce(session, conversation)
        session.rollback()
    assert heard == []
