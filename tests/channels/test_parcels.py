"""Channels that are sent to: in order, under the owner of the moment, never twice, and honest about what is unknown."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy.orm import Session, sessionmaker

from bot.delivery import BlockedError, Parcel, RefusedError, TryLaterError, UnknownOutcomeError
from bot.parcels import (
    LONGEST_ERROR,
    LOST,
    MOST_ATTEMPTS,
    begin_sending,
    next_parcel,
    note_problem,
    note_sent,
    undelivered_conversations,
)
from respite.identity.links import revoke
from respite.store import audit, processes
from respite.store.models import Conversation, InboxMessage, OutboxMessage
from respite.store.processes import ALIVE_FOR
from respite.support.conversations import open_conversation
from respite.support.deliveries import AlreadySettledError, reconcile, troubles
from respite.support.messages import Message
from respite.support.outbox import add_answer, add_from_staff, add_line

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)


class PostOffice:
    """One process that sends, on a store with one or more Telegram chats."""

    def __init__(self, session_factory: sessionmaker[Session]) -> None:
        self.sessions = session_factory
        self.now = NOW
        self.process = self.begin()

    def begin(self) -> str:
        with self.sessions.begin() as session:
            return processes.begin(session, self.now)

    def chat(self) -> str:
        with self.sessions.begin() as session:
            conversation = open_conversation(session, "telegram", uuid4().hex, "en", NOW)
            conversation.address = "12345"
            return conversation.id

    def write(self, chat: str, *texts: str) -> list[int]:
        with self.sessions.begin() as session:
            conversation = session.get_one(Conversation, chat)
            return [add_line(session, conversation, text, NOW).id for text in texts]

    def say(self, chat: str, text: str) -> int:
        """Have the bot write a message that waits to be sent."""
        with self.sessions.begin() as session:
            said = OutboxMessage(
                conversation_id=chat,
                author="bot",
                message=Message(text=text).model_dump_json(),
                owner_version=session.get_one(Conversation, chat).owner_version,
                state="pending",
                created_at=NOW,
            )
            session.add(said)
            session.flush()
            return said.id

    def take_over(self, chat: str, greeting: str) -> None:
        """Have a member of staff take a conversation from the bot."""
        with self.sessions.begin() as session:
            conversation = session.get_one(Conversation, chat)
            conversation.owner, conversation.owner_version = "staff:7", conversation.owner_version + 1
            add_from_staff(session, conversation, "staff:7", Message(text=greeting), NOW)

    def make_ready(self, chat: str, process: str | None = None) -> Parcel | None:
        """The message that is to be sent next, of which nothing has left yet."""
        with self.sessions.begin() as session:
            return next_parcel(session, chat, process or self.process, self.now)

    def may_go(self, parcel: Parcel, process: str | None = None) -> bool:
        with self.sessions.begin() as session:
            return begin_sending(session, parcel, process or self.process)

    def take(self, chat: str, process: str | None = None) -> Parcel | None:
        parcel = self.make_ready(chat, process)
        assert parcel is None or self.may_go(parcel, process)
        return parcel

    def take_one(self, chat: str) -> Parcel:
        parcel = self.take(chat)
        assert parcel is not None
        return parcel

    def sent(self, parcel: Parcel) -> None:
        with self.sessions.begin() as session:
            note_sent(session, parcel, "message 7")

    def went_wrong(self, parcel: Parcel, problem: TryLaterError | RefusedError | UnknownOutcomeError) -> None:
        with self.sessions.begin() as session:
            note_problem(session, parcel, problem, self.now)

    def state(self, outbox_id: int) -> tuple[str, str | None]:
        with self.sessions() as session:
            row = session.get_one(OutboxMessage, outbox_id)
            return row.state, row.error


@pytest.fixture
def office(session_factory: sessionmaker[Session]) -> PostOffice:
    return PostOffice(session_factory)


def test_messages_go_out_one_after_the_other_in_their_order(office: PostOffice) -> None:
    chat = office.chat()
    office.write(chat, "first", "second")
    first = office.take_one(chat)
    assert (first.message.text, first.address) == ("first", "12345")
    assert office.take(chat, office.begin()) is None, "another process waits until the first is sent"
    office.sent(first)
    assert office.take_one(chat).message.text == "second"


def test_a_chat_that_must_wait_holds_up_no_other(office: PostOffice) -> None:
    waiting, other = office.chat(), office.chat()
    office.write(waiting, "first", "second")
    office.write(other, "hello")
    office.went_wrong(office.take_one(waiting), TryLaterError("too many requests", seconds=30))
    assert office.take(waiting) is None, "the second does not overtake the first"
    assert office.take_one(other).message.text == "hello"
    office.now += timedelta(seconds=30)
    assert office.take_one(waiting).message.text == "first"


def test_a_message_that_is_not_taken_is_tried_for_a_while_and_then_left_to_staff(office: PostOffice) -> None:
    chat = office.chat()
    [message] = office.write(chat, "hello")
    for _ in range(MOST_ATTEMPTS):
        office.went_wrong(office.take_one(chat), TryLaterError("no connection"))
        office.now += timedelta(minutes=6)
    assert office.state(message) == ("failed", "no connection")


def test_what_a_dead_process_was_sending_is_unknown_and_not_sent_again(office: PostOffice) -> None:
    chat = office.chat()
    [lost, following] = office.write(chat, "lost", "following")
    office.take_one(chat)
    office.now += ALIVE_FOR + timedelta(seconds=1)
    parcel = office.take(chat, office.begin())
    assert office.state(lost) == ("unknown", LOST)
    assert parcel is not None
    assert parcel.outbox_id == following


def test_what_a_dead_process_was_making_ready_never_left_and_is_sent(office: PostOffice) -> None:
    chat = office.chat()
    [message] = office.write(chat, "hello")
    late = office.make_ready(chat)
    assert late is not None
    other = office.begin()
    assert office.make_ready(chat, other) is None, "another process leaves it alone"
    office.now += ALIVE_FOR + timedelta(seconds=1)
    other = office.begin()
    parcel = office.make_ready(chat, other)
    assert parcel is not None
    assert not office.may_go(late), "one that was only thought dead does not send it, too"
    assert office.may_go(parcel, other)
    assert office.state(message) == ("sending", None)


def test_what_was_ready_when_staff_took_over_does_not_go(office: PostOffice) -> None:
    chat = office.chat()
    stale = office.say(chat, "stale")
    parcel = office.make_ready(chat)
    assert parcel is not None
    office.take_over(chat, "Hello, I am Lin.")
    assert not office.may_go(parcel)
    assert office.take_one(chat).message.text == "Hello, I am Lin."
    assert office.state(stale)[0] == "withheld"


def test_what_waited_while_staff_took_over_is_withheld_if_it_is_the_bots(office: PostOffice) -> None:
    chat = office.chat()
    office.say(chat, "stale")
    office.take_over(chat, "Hello, I am Lin.")
    parcel = office.take_one(chat)
    assert parcel.message.text == "Hello, I am Lin."
    with office.sessions() as session:
        states = [row.state for row in session.query(OutboxMessage).order_by(OutboxMessage.id)]
    assert states == ["withheld", "sending"]


def test_what_became_of_a_consent_is_sent_though_staff_took_over_before_it_was(office: PostOffice) -> None:
    chat = office.chat()
    with office.sessions.begin() as session:
        conversation = session.get_one(Conversation, chat)
        consent = InboxMessage(
            conversation_id=chat,
            channel="telegram",
            external_id=uuid4().hex,
            content="I agree",
            is_borrowers_own=True,
            received_at=NOW,
            state="answered",
        )
        session.add(consent)
        session.flush()
        booked = Message(text="Your plan is booked.")
        add_answer(session, conversation, consent, booked, conversation.owner_version, NOW)
        conversation.owner, conversation.owner_version = "staff:7", conversation.owner_version + 1
    assert office.take_one(chat).message.text == "Your plan is booked."


def test_what_could_not_be_sent_before_a_chat_was_left_is_withheld(office: PostOffice) -> None:
    chat = office.chat()
    [message] = office.write(chat, "hello")
    parcel = office.take_one(chat)
    with office.sessions.begin() as session:
        revoke(session, session.get_one(Conversation, chat), "visitor", NOW)
    office.went_wrong(parcel, TryLaterError("no connection", seconds=0))
    assert office.take(chat) is None
    assert office.state(message)[0] == "withheld"
    with office.sessions() as session:
        assert undelivered_conversations(session, office.now) == []


def test_what_the_bot_wrote_before_a_takeover_is_not_sent_again(office: PostOffice) -> None:
    chat = office.chat()
    stale = office.say(chat, "stale")
    office.went_wrong(office.take_one(chat), UnknownOutcomeError("no answer"))
    office.take_over(chat, "Hello, I am Lin.")
    with office.sessions.begin() as session:
        assert reconcile(session, stale, arrived=False, actor="staff:7", now=NOW) == "withheld"
    assert office.state(stale) == ("withheld", None)


def test_a_long_reason_is_kept_as_far_as_there_is_room(office: PostOffice) -> None:
    chat = office.chat()
    [message] = office.write(chat, "hello")
    reason = "Telegram does not take this message: " + "x" * LONGEST_ERROR
    office.went_wrong(office.take_one(chat), RefusedError(reason))
    assert office.state(message) == ("failed", reason[:LONGEST_ERROR])


def test_a_borrower_who_blocked_us_is_remembered_and_sent_nothing_more(office: PostOffice) -> None:
    chat = office.chat()
    messages = office.write(chat, "first", "second")
    office.went_wrong(office.take_one(chat), BlockedError("blocked"))
    assert office.take(chat) is None
    assert [office.state(message)[0] for message in messages] == ["failed", "failed"]
    with office.sessions() as session:
        assert session.get_one(Conversation, chat).blocked_at == NOW
        assert undelivered_conversations(session, office.now) == []


@pytest.mark.parametrize("arrived", [True, False])
def test_staff_settle_an_unknown_outcome_once(office: PostOffice, arrived: bool) -> None:
    chat = office.chat()
    [message] = office.write(chat, "hello")
    office.went_wrong(office.take_one(chat), UnknownOutcomeError("no answer"))
    with office.sessions.begin() as session:
        assert [(trouble.id, trouble.state) for trouble in troubles(session)] == [(message, "unknown")]
        reconcile(session, message, arrived=arrived, actor="staff:7", now=NOW)
    assert office.state(message)[0] == ("sent" if arrived else "pending")
    with office.sessions.begin() as session, pytest.raises(AlreadySettledError):
        reconcile(session, message, arrived=arrived, actor="staff:7", now=NOW)
    with office.sessions() as session:
        assert list(audit.flaws(session)) == []
