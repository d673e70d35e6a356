from sqlalchemy import func, select

from respite.clock import utc_now
from respite.store.models import Conversation
from respite.store.session import reading, transaction
from respite.support.conversations import open_conversation


def conversations(session):
    return session.scalar(select(func.count()).select_from(Conversation))


def test_a_reader_waits_for_nobody_who_writes_and_sees_what_is_committed(store_url):
    with transaction() as writer:
        open_conversation(writer, "web", "a chat", "en", utc_now())
        with reading() as reader:
            assert conversations(reader) == 0
    with reading() as reader:
        assert conversations(reader) == 1


def test_what_a_reader_adds_is_not_kept(store_url):
    with reading() as reader:
        open_conversation(reader, "web", "a chat", "en", utc_now())
    with reading() as reader:
        assert conversations(reader) == 0
