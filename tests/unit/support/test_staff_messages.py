"""What staff write: only the owner sends, once each, in the borrower's script, and a failed message again just once."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from respite.staff.accounts import actor_of
from respite.store.models import Conversation, OutboxMessage, StaffMember
from respite.store.session import reading, transaction
from respite.support.attachments import keep
from respite.support.conversations import messages_above
from respite.support.notes import add_note, notes_of
from respite.support.ownership import NotOwnerError
from respite.support.staff_messages import Entry, send, send_again, thread
from tests.unit.support import crew
from tests.unit.support.crew import MINUTE, NOW

pytestmark = pytest.mark.usefixtures("store_url")

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360000002000001e221bc330000000049454e44ae426082"
)


def write(conversation_id: str, by: StaffMember, text: str = "Hello", client_id: str = "1") -> int:
    with transaction() as session:
        return send(session, conversation_id, by, text, client_id=client_id, now=NOW).id


def entries(conversation_id: str) -> list[Entry]:
    with transaction() as session:
        return list(thread(session, conversation_id))


def on_telegram(by: StaffMember) -> str:
    """The id of a conversation of somebody's, on a channel that has to be sent to."""
    conversation_id = crew.taken(by)
    with transaction() as session:
        session.get_one(Conversation, conversation_id).address = "4711"
    return conversation_id


def settle(message_id: int, state: str, error: str | None = None) -> None:
    """What became of a message that the channel was given."""
    with transaction() as session:
        row = session.get_one(OutboxMessage, message_id)
        row.state, row.error, row.attempts = state, error, 12


def test_the_borrower_reads_it_as_said_by_that_person() -> None:
    lin = crew.hire()
    conversation_id = crew.taken(lin)
    write(conversation_id, lin, "I can move it to the 12th.")
    assert crew.said(conversation_id, actor_of(lin)) == ["I can move it to the 12th."]
    assert crew.handoff(conversation_id).answered_at == NOW
    assert crew.trail("message_sent") == ["message_sent"]


@pytest.mark.parametrize("owner", ["bot", "somebody else"])
def test_only_the_owner_sends(owner: str) -> None:
    lin, conversation_id = crew.hire(), crew.waiting()
    if owner == "somebody else":
        crew.claim_it(conversation_id, crew.hire("Grace"))
    with pytest.raises(NotOwnerError, match="not yours"):
        write(conversation_id, lin)
    assert crew.said(conversation_id, actor_of(lin)) == []


def test_the_same_send_ten_times_at_once_is_one_message() -> None:
    lin = crew.hire()
    conversation_id = crew.taken(lin)
    with ThreadPoolExecutor(10) as threads:
        ids = set(threads.map(lambda _: write(conversation_id, lin), range(10)))
    assert len(ids) == 1
    assert crew.said(conversation_id, actor_of(lin)) == ["Hello"]


def test_the_same_client_id_in_another_conversation_is_another_message() -> None:
    lin = crew.hire()
    assert write(crew.taken(lin), lin) != write(crew.taken(lin), lin)


def test_a_reply_in_simplified_goes_out_in_traditional_and_the_original_is_kept() -> None:
    lin = crew.hire()
    conversation_id = crew.taken(lin, language="zh-Hant")
    write(conversation_id, lin, "您的账单已经还清。")
    [entry] = [entry for entry in entries(conversation_id) if entry.author == actor_of(lin)]
    assert entry.message.text == "您的帳單已經還清。"
    assert entry.original == "您的账单已经还清。"


@pytest.mark.parametrize("language", ["en", "zh-Hans"])
def test_other_readers_get_what_was_typed(language: str) -> None:
    lin = crew.hire()
    conversation_id = crew.taken(lin, language=language)
    write(conversation_id, lin, "您的账单已经还清。")
    assert [entry.original for entry in entries(conversation_id)] == [None, None]


def test_a_file_goes_with_a_message() -> None:
    lin = crew.hire()
    conversation_id = crew.taken(lin)
    with transaction() as session:
        file = keep(session, conversation_id, "form.png", PNG, NOW)
        send(session, conversation_id, lin, "Please sign this.", client_id="1", files=(file,), now=NOW)
    assert [entry.message.files for entry in entries(conversation_id)][-1] == (file,)


def test_a_private_note_is_in_no_outbox() -> None:
    lin = crew.hire()
    conversation_id = crew.taken(lin)
    with transaction() as session:
        add_note(session, conversation_id, lin, "  Sounds tired.  ", NOW)
        assert add_note(session, conversation_id, lin, "  ", NOW) is None
    with transaction() as session:
        assert [note.text for note in notes_of(session, conversation_id)] == ["Sounds tired."]
        assert session.scalar(select(func.count(OutboxMessage.id)).where(OutboxMessage.author == actor_of(lin))) == 0
    assert crew.trail("note_added") == ["note_added"]


class TestDelivery:
    def test_a_page_has_it_at_once_and_a_channel_is_sent_it(self) -> None:
        lin = crew.hire()
        on_the_page, to_be_sent = crew.taken(lin), on_telegram(lin)
        for conversation_id in (on_the_page, to_be_sent):
            write(conversation_id, lin)
        assert [entries(each)[-1].state for each in (on_the_page, to_be_sent)] == ["sent", "pending"]

    def test_a_failed_message_is_sent_once_more_however_often_that_is_asked(self) -> None:
        lin = crew.hire()
        conversation_id = on_telegram(lin)
        message_id = write(conversation_id, lin)
        settle(message_id, "failed", "The channel refused it.")

        def again(_: int) -> bool:
            with transaction() as session:
                return send_again(session, message_id, lin, NOW + MINUTE)

        with ThreadPoolExecutor(8) as threads:
            assert sum(threads.map(again, range(8))) == 1
        entry = entries(conversation_id)[-1]
        assert (entry.state, entry.error) == ("pending", None)
        assert crew.trail("message_sent_again") == ["message_sent_again"]

    @pytest.mark.parametrize("state", ["unknown", "sent", "sending", "pending"])
    def test_what_has_not_failed_is_not_sent_again(self, state: str) -> None:
        lin = crew.hire()
        message_id = write(on_telegram(lin), lin)
        settle(message_id, state)
        with transaction() as session:
            assert not send_again(session, message_id, lin, NOW)
            assert session.get_one(OutboxMessage, message_id).state == state

    def test_only_the_owner_sends_it_again(self) -> None:
        lin, grace = crew.hire(), crew.hire("Grace")
        message_id = write(on_telegram(lin), lin)
        settle(message_id, "failed")
        with transaction() as session, pytest.raises(NotOwnerError):
            send_again(session, message_id, grace, NOW)


class TestThread:
    def test_both_sides_follow_the_servers_sequence_while_shuffled_writers_write(self) -> None:
        lin, is_written = crew.hire(), Event()
        conversation_id = crew.taken(lin)

        def followed(read: Callable[[Session, str, int, int], Sequence[Entry | OutboxMessage]]) -> list[int]:
            """What somebody has seen who reads on from the last message they saw."""
            seen: list[int] = []
            is_over = False
            while not is_over:
                is_over = is_written.is_set()
                with reading() as session:
                    seen += [each.id for each in read(session, conversation_id, max(seen, default=0), 200)]
            return seen

        def spoken(number: int) -> None:
            if number % 2:
                crew.write(conversation_id, f"borrower {number}")
            else:
                write(conversation_id, lin, f"staff {number}", client_id=str(number))

        with ThreadPoolExecutor(2) as readers, ThreadPoolExecutor(4) as writers:
            by_borrower, by_staff = readers.submit(followed, messages_above), readers.submit(followed, thread)
            try:
                list(writers.map(spoken, range(100)))
            finally:
                is_written.set()
        shown = entries(conversation_id)
        assert by_borrower.result() == by_staff.result() == [entry.id for entry in shown]
        assert len({entry.message.text for entry in shown if entry.author != "system"}) == 100

    def test_it_goes_on_from_the_last_one_seen(self) -> None:
        lin = crew.hire()
        conversation_id = crew.taken(lin)
        seen = entries(conversation_id)[-1].id
        write(conversation_id, lin)
        with transaction() as session:
            assert [entry.message.text for entry in thread(session, conversation_id, after=seen)] == ["Hello"]

    def test_staff_see_what_was_withheld_from_the_borrower(self) -> None:
        conversation_id = crew.taken(crew.hire())
        with transaction() as session:
            session.add(
                OutboxMessage(
                    conversation_id=conversation_id,
                    author="bot",
                    message='{"text": "Your plan is booked."}',
                    owner_version=1,
                    state="withheld",
                    created_at=NOW,
                )
            )
        assert [entry.state for entry in entries(conversation_id)] == ["sent", "withheld"]
