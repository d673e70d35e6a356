"""What is kept about a borrower: handed out whole, erased up to what must be kept, forgotten in time."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.turns import count_failure, finish, next_turn, say_away
from respite.identity.verification import begin, request_code, vouched_for
from respite.policies.load import policy
from respite.privacy.erasing import Erasure, erase
from respite.privacy.personal_data import personal_data
from respite.privacy.retention import forget_old_messages
from respite.store import processes
from respite.store.encryption import cipher
from respite.store.models import (
    Attachment,
    AuditEntry,
    Borrower,
    Conversation,
    InboxMessage,
    Loan,
    OutboxMessage,
    Payment,
    Plan,
    Quote,
    SupportCase,
    TurnResults,
    Verification,
)
from respite.store.session import transaction
from respite.support.attachments import keep
from respite.support.cases import open_case
from respite.support.messages import Message
from respite.support.outbox import add_said
from tests.unit.plans import desk

SAID = "my salary is late and my daughter is ill"
YEAR = timedelta(days=365)
PNG = b"\x89PNG\r\n\x1a\n" + bytes(32)

pytestmark = pytest.mark.usefixtures("store_url")


@pytest.fixture
def talked() -> str:
    """The reference of a borrower with a loan who has said something."""
    return talk(desk.lend("due_soon"))


def talk(loan_id: int) -> str:
    with transaction() as session:
        borrower = session.get_one(Loan, loan_id).borrower
        conversation = desk.converse(session, None)
        begin(session, conversation.id, desk.NOW)
        request_code(session, conversation.id, borrower.phone, desk.NOW, lambda _: None)
        vouched_for(session, conversation.id, borrower.id, desk.NOW)
        inbox = InboxMessage(
            conversation_id=conversation.id,
            channel="web",
            external_id=conversation.id,
            content=SAID,
            received_at=desk.NOW,
            state="answered",
        )
        session.add(inbox)
        session.flush()
        add_said(session, conversation, inbox, Message(text=SAID), desk.NOW)
        return borrower.reference


def find(session: Session, reference: str) -> Borrower:
    return session.scalars(select(Borrower).where(Borrower.reference == reference)).one()


def erased(reference: str, years_later: int = 0) -> Erasure:
    with transaction() as session:
        now = desk.NOW + years_later * YEAR
        return erase(session, find(session, reference), policy(), now.date(), "staff:ann", now)


def send_file() -> None:
    with transaction() as session:
        keep(session, session.scalars(select(Conversation.id)).one(), "payslip.png", PNG, desk.NOW)


def remember(table: type, **values: object) -> None:
    """Keep a row of the only conversation."""
    with transaction() as session:
        session.add(table(conversation_id=session.scalars(select(Conversation.id)).one(), **values))


def count(table: type) -> int:
    with transaction() as session:
        return session.scalars(select(func.count()).select_from(table)).one()


def settle(loan_id: int) -> None:
    with desk.account(loan_id) as loan:
        owed = loan.position.total_remaining
    desk.pay(loan_id, owed, desk.NOW)


class TestExport:
    def test_it_holds_who_they_are_what_they_owe_and_what_was_said(self, talked: str) -> None:
        with transaction() as session:
            data = personal_data(session, find(session, talked))
        assert data["borrower"]["name"] == "Conversation Tester"
        assert data["loans"][0]["schedules"][0]["instalments"]
        assert [message["text"] for message in data["conversations"][0]["messages"]] == [SAID]
        json.dumps(data)

    def test_it_holds_nothing_of_anybody_else(self, talked: str) -> None:
        other = talk(desk.lend("due_soon"))
        with transaction() as session:
            data = json.dumps(personal_data(session, find(session, talked)))
            assert other not in data
            assert find(session, other).phone not in data


class TestErasing:
    def test_what_was_said_is_gone(self, talked: str) -> None:
        assert len(erased(talked).conversations) == 1
        assert count(OutboxMessage) == count(InboxMessage) == 0

    def test_so_is_every_file_that_was_sent(self, talked: str) -> None:
        send_file()
        erased(talked)
        assert count(Attachment) == 0

    def test_a_conversation_in_which_the_bot_is_answering_waits_until_it_has(self, talked: str) -> None:
        with transaction() as session:
            conversation, inbox = (
                session.scalars(select(Conversation)).one(),
                session.scalars(select(InboxMessage)).one(),
            )
            conversation.claimed_by, inbox.state = processes.begin(session, desk.NOW), "pending"
        assert "is being answered" in erased(talked).kept[0].why
        assert count(OutboxMessage) == 1

    def test_an_answer_to_what_was_erased_meanwhile_is_not_written(self, talked: str) -> None:
        with transaction() as session:
            inbox = session.scalars(select(InboxMessage)).one()
            inbox.state = "pending"
            turn = next_turn(session, inbox.conversation_id, "a process that seems dead", desk.NOW)
            assert turn is not None
        erased(talked)
        with transaction() as session:
            finish(session, turn, [Message(text=f"You said: {SAID}")], desk.NOW)
            say_away(session, turn, "away", desk.NOW + YEAR)
            count_failure(session, turn, "failed", desk.NOW, has_died=False)
        assert count(OutboxMessage) == count(InboxMessage) == 0

    def test_name_and_number_stay_while_a_loan_is_not_settled(self, talked: str) -> None:
        (kept,) = erased(talked).kept
        assert "is not settled" in kept.why
        with transaction() as session:
            assert find(session, talked).name == "Conversation Tester"

    def test_after_settlement_they_stay_for_as_long_as_records_are_kept(self) -> None:
        loan_id = desk.lend("due_soon")
        talked = talk(loan_id)
        settle(loan_id)
        (kept,) = erased(talked).kept
        assert kept.until == desk.TODAY.replace(year=desk.TODAY.year + policy().records.keep_years)

    def test_afterwards_nobody_can_be_recognised(self) -> None:
        loan_id = desk.lend("due_soon")
        talked = talk(loan_id)
        settle(loan_id)
        with transaction() as session:
            phone = find(session, talked).phone
        assert erased(talked, years_later=6).kept == ()
        with transaction() as session:
            borrower = find(session, talked)
            assert (borrower.name, borrower.phone) == ("", "")
            assert borrower.phone_index != cipher().blind_index(phone)
        assert count(Payment) > 0, "the lender's books still add up"

    def test_a_consent_and_its_plan_stay(self) -> None:
        loan_id = desk.lend("due_soon")
        desk.consent(desk.quote_deferral(loan_id))
        with transaction() as session:
            reference = session.get_one(Loan, loan_id).borrower.reference
        erased(reference)
        assert (count(Plan), count(Quote)) == (1, 1)

    def test_a_quote_that_led_to_nothing_goes(self) -> None:
        loan_id = desk.lend("due_soon")
        desk.quote_deferral(loan_id)
        with transaction() as session:
            reference = session.get_one(Loan, loan_id).borrower.reference
        erased(reference)
        assert count(Quote) == 0

    def test_a_conversation_with_an_open_dispute_waits_for_it(self, talked: str) -> None:
        with transaction() as session:
            conversation = session.scalars(select(Conversation)).one()
            reference = open_case(session, conversation.id, "dispute", SAID, desk.NOW).reference
        assert reference in erased(talked).kept[0].why
        assert count(OutboxMessage) == 1

    def test_the_words_of_a_closed_dispute_go(self, talked: str) -> None:
        with transaction() as session:
            conversation = session.scalars(select(Conversation)).one()
            open_case(session, conversation.id, "dispute", SAID, desk.NOW).state = "closed"
        erased(talked)
        with transaction() as session:
            assert session.scalars(select(SupportCase.statement)).all() == [""]

    def test_it_leaves_a_trace_without_personal_data(self, talked: str) -> None:
        erased(talked)
        with transaction() as session:
            entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "borrower_erased")).one()
        assert (entry.actor, entry.subject) == ("staff:ann", f"borrower:{talked}")
        assert "Tester" not in str(entry.details)


class TestRetention:
    def forget(self, days_later: int) -> int:
        with transaction() as session:
            return forget_old_messages(session, policy(), desk.NOW + timedelta(days=days_later))

    def test_messages_are_forgotten_once_they_were_kept_long_enough(self, talked: str) -> None:
        kept_for = policy().records.message_days
        assert self.forget(kept_for) == 0
        assert self.forget(kept_for + 1) == 1
        assert count(OutboxMessage) == count(InboxMessage) == 0

    def test_so_are_files_and_what_waits_for_a_next_turn(self, talked: str) -> None:
        send_file()
        remember(TurnResults, turn_id="1.0", results=SAID)
        with transaction() as session:
            session.scalars(select(Verification)).one().interrupted_question = SAID
        kept_for = policy().records.message_days
        self.forget(kept_for)
        assert count(Attachment) == count(TurnResults) == 1
        self.forget(kept_for + 1)
        assert count(Attachment) == count(TurnResults) == 0
        with transaction() as session:
            assert session.scalars(select(Verification.interrupted_question)).all() == [None]

    def test_the_last_answers_of_a_conversation_that_goes_on_are_kept(self, talked: str) -> None:
        remember(TurnResults, turn_id="1.0", results=SAID)
        kept_for = policy().records.message_days
        with transaction() as session:
            session.scalars(select(Conversation)).one().last_active_at = desk.NOW + timedelta(days=kept_for)
        self.forget(kept_for + 1)
        assert count(TurnResults) == 1

    def test_those_of_an_open_dispute_are_not(self, talked: str) -> None:
        with transaction() as session:
            conversation = session.scalars(select(Conversation)).one()
            open_case(session, conversation.id, "dispute", SAID, desk.NOW)
        assert self.forget(policy().records.message_days + 1) == 0
