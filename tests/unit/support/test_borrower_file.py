"""The file that opens at a takeover: everything to decide by, live, told in a paragraph, and seen to be opened."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest

from respite.contact.pauses import pause_outreach
from respite.loan_books import LoanBookUnreachableError
from respite.plans.promises import record_promise
from respite.plans.refusals import Refusal
from respite.plans.refused import note_refused
from respite.policies.authority import Role
from respite.policies.load import policy
from respite.store.audit import record
from respite.store.loan_book import account_of
from respite.store.models import Borrower, Conversation, InboxMessage, Loan, OutboxMessage, RiskDecision, StaffMember
from respite.store.session import reading, transaction
from respite.support.borrower_file import BorrowerFile, Refused, begin_to_read, read_file, summary, version_of
from respite.support.cases import open_case
from respite.support.circumstances import Circumstances
from respite.support.notes import add_note
from respite.support.vulnerability import Vulnerability, raise_flag
from tests.unit.plans import desk
from tests.unit.support import crew
from tests.unit.support.crew import NOW

pytestmark = pytest.mark.usefixtures("store_url")

GIVEN = Circumstances(policy(), desk.TODAY, NOW)


class SilentBook:
    """A book of record that cannot be reached."""

    def statement(self, loan_id: str) -> None:
        raise LoanBookUnreachableError


def file_of(conversation_id: str) -> BorrowerFile:
    with reading() as session:
        return read_file(session, conversation_id, GIVEN)


def version(conversation_id: str) -> str:
    with reading() as session:
        return version_of(session, conversation_id, GIVEN)


def loan_of(conversation_id: str) -> Loan:
    with transaction() as session:
        borrower = session.get_one(Conversation, conversation_id).borrower
        assert borrower
        return borrower.loans[0]


@pytest.fixture
def lin() -> StaffMember:
    return crew.hire()


@pytest.fixture
def late(lin: StaffMember) -> str:
    """The id of a conversation with a borrower who is late, in which everything has happened."""
    conversation_id = crew.taken(lin, profile="late")
    loan = loan_of(conversation_id)
    with transaction() as session:
        record(
            session,
            actor="visitor",
            action="code_accepted",
            subject=f"conversation:{conversation_id}",
            details={},
            at=NOW,
        )
        refusal = Refusal("authority", {}, limit="deferral_too_long", granted_by=Role.AGENT)
        note_refused(session, conversation_id, loan.reference, refusal, NOW)
        open_case(session, conversation_id, "dispute", "I paid twice.", NOW)
        add_note(session, conversation_id, lin, "Works nights.", NOW)
        raise_flag(session, loan.borrower_id, Vulnerability.HEALTH, actor="staff:1", policy=policy(), now=NOW)
        pause_outreach(session, loan.borrower_id, "opted_out", NOW)
    with transaction() as session:
        account = account_of(session.get_one(Loan, loan.id), policy(), desk.TODAY)
        promised = desk.TODAY + timedelta(days=4)
        record_promise(session, account, promised, Decimal(500), business_date=desk.TODAY, now=NOW)
    crew.write(conversation_id, "Can I have until February?")
    return conversation_id


class TestContents:
    def test_it_says_who_they_are_and_how_that_was_shown(self, late: str) -> None:
        file = file_of(late)
        assert file.borrower
        assert file.borrower.name == "Conversation Tester"
        assert file.verified
        assert (file.verified.how, file.verified.at) == ("code", NOW)

    def test_it_says_what_is_owed_as_the_core_does(self, late: str) -> None:
        [account] = file_of(late).loans
        assert account.position.days_past_due == 20
        with desk.account(account.loan.id) as known:
            position = known.position
        assert account.position == position

    def test_it_holds_what_was_asked_and_refused_and_promised(self, late: str) -> None:
        file, loan = file_of(late), loan_of(late)
        assert file.refused == [Refused(NOW, loan.reference, "authority", "deferral_too_long", "agent")]
        assert [promise.amount_minor for promise in file.promises] == [50_000]
        assert [case.kind for case in file.cases] == ["dispute"]
        assert [note.text for note in file.notes] == ["Works nights."]
        assert [flag.reason for flag in file.flags] == ["health"]
        assert sorted(pause.reason for pause in file.pauses) == ["dispute", "opted_out"]
        assert file.last_words == "Can I have until February?"

    def test_consent_is_shown_with_the_authority_it_was_given_under(self, lin: StaffMember) -> None:
        loan_id = desk.lend("late")
        booked = desk.consent(desk.quote_deferral(loan_id, 14))
        with transaction() as session:
            borrower_id = session.get_one(Loan, loan_id).borrower_id
            conversation_id = desk.converse(session, borrower_id).id
        file = file_of(conversation_id)
        [consent] = file.consents
        assert (consent.plan, consent.authority) == (booked.plan.reference, "bot")
        assert consent.terms_hash == booked.plan.terms_hash
        assert [plan.state for plan in file.plans] == ["active"]
        assert [chat.id != conversation_id for chat in file.earlier] == [True]

    def test_it_tells_of_messages_that_went_wrong(self, late: str) -> None:
        with transaction() as session:
            session.add_all(
                [
                    InboxMessage(
                        conversation_id=late,
                        channel="web",
                        external_id="dead",
                        content="hello",
                        received_at=NOW,
                        state="dead",
                        error="Rasa did not answer",
                    ),
                    OutboxMessage(
                        conversation_id=late,
                        author="bot",
                        message='{"text": "Hello"}',
                        owner_version=1,
                        state="unknown",
                        error="timed out",
                        created_at=NOW,
                    ),
                ]
            )
        assert [(trouble.state, trouble.error) for trouble in file_of(late).troubles] == [
            ("dead", "Rasa did not answer"),
            ("unknown", "timed out"),
        ]

    def test_it_holds_what_risk_control_decided(self, late: str) -> None:
        borrower_id = loan_of(late).borrower_id
        with transaction() as session:
            session.add(
                RiskDecision(
                    at=NOW,
                    occasion="consent",
                    conversation_id=late,
                    borrower_id=borrower_id,
                    policy_version="cn",
                    facts={},
                    signals={"new_chat": 10},
                    score=10,
                    outcome="allow",
                )
            )
        assert [decision.signals for decision in file_of(late).risk_decisions] == [{"new_chat": 10}]

    def test_a_strangers_file_holds_nothing_of_an_account(self, lin: StaffMember) -> None:
        file = file_of(crew.taken(lin))
        assert file.borrower is file.verified is None
        assert [*file.loans, *file.plans, *file.promises, *file.earlier] == []

    def test_of_somebody_who_signed_out_it_says_so(self, late: str) -> None:
        with transaction() as session:
            session.get_one(Conversation, late).verified_at = None
        file = file_of(late)
        assert file.borrower
        assert file.verified is None


class TestOpening:
    def test_each_opening_leaves_one_entry_for_each_member(self, late: str, lin: StaffMember) -> None:
        grace = crew.hire("Grace")
        for by, opening in ((lin, "a"), (lin, "a"), (lin, "b"), (grace, "a")):
            with transaction() as session:
                begin_to_read(session, late, by, opening, GIVEN)
        assert len(crew.trail("file_opened")) == 3

    def test_a_book_of_record_that_does_not_answer_makes_it_stale(self, late: str, lin: StaffMember) -> None:
        loan_id = loan_of(late).id
        with transaction() as session:
            session.get_one(Loan, loan_id).external_id = "7"
        away = Circumstances(policy(), desk.TODAY, NOW, SilentBook())  # type: ignore[arg-type]
        with transaction() as session:
            answered = begin_to_read(session, late, lin, "a", away)
            file = read_file(session, late, away, is_stale=not answered)
        assert file.is_stale
        assert file.loans
        assert "The book of record does not answer" in summary(file, "en")


class TestVersion:
    def test_it_stays_the_same_while_nothing_happens(self, late: str) -> None:
        assert version(late) == version(late) == file_of(late).version

    def test_a_payment_that_arrives_changes_it(self, late: str) -> None:
        before = version(late)
        desk.pay(loan_of(late).id, Decimal(100), NOW)
        assert version(late) != before

    def test_so_does_a_plan_a_note_a_case_a_word_and_a_new_day(self, late: str, lin: StaffMember) -> None:
        versions = [version(late)]
        with transaction() as session:
            add_note(session, late, lin, "Called.", NOW)
        versions.append(version(late))
        crew.write(late, "hello?")
        versions.append(version(late))
        with transaction() as session:
            open_case(session, late, "complaint", "rude", NOW)
        versions.append(version(late))
        crew.give_back(late, lin)
        versions.append(version(late))
        with reading() as session:
            versions.append(version_of(session, late, Circumstances(policy(), desk.TODAY + desk.DAY, NOW)))
        assert len(set(versions)) == len(versions)

    def test_what_happens_elsewhere_does_not(self, late: str, lin: StaffMember) -> None:
        before = version(late)
        crew.taken(lin, profile="late")
        assert version(late) == before


class TestSummary:
    def test_it_says_in_one_paragraph_who_what_is_owed_and_where_it_got_stuck(self, late: str) -> None:
        told = summary(file_of(late), "en")
        loan = loan_of(late).reference
        assert re.sub(r"C-\w{6}", "C-…", told).replace(borrower_of(late).reference, "T-1").replace(loan, "L-1") == (
            "Conversation Tester (T-1) is signed in, verified by a one-time code on 23 November 2026. "
            "Particular care is needed: health. "
            "Cash loan (L-1) is 20 days past due: CN¥1,110.94 is overdue, CN¥10.62 of it late charges. "
            "A person was called because the borrower asked for one. Open: dispute C-…. "
            "Refused: L-1: a later day than allowed (a member of staff may grant it). "
            "Promised: CN¥500.00 by 26 November 2026 (L-1). "
            "Last written: “Can I have until February?”"
        )

    def test_it_says_the_same_in_chinese(self, late: str) -> None:
        told = summary(file_of(late), "zh-Hans")
        for fact in ("验证码", "逾期20天", "¥1,110.94", "健康状况", "异议C-", "延期超过上限", "2026年11月26日"):
            assert fact in told

    def test_traditional_readers_get_their_script(self, late: str) -> None:
        assert "驗證碼" in summary(file_of(late), "zh-Hant")

    def test_offers_that_wait_are_named(self, lin: StaffMember) -> None:
        quote_id = desk.quote_deferral(desk.lend("late"), 14)
        with transaction() as session:
            quote = desk.quote_of(session, quote_id)
            quote.state, conversation_id = "shown", quote.conversation_id
        told = summary(file_of(conversation_id), "en")
        assert "Offered: Instalment 5 moved to 6 December 2026." in told
        assert "It stands at an offer that waits for an answer: Instalment 5 moved to 6 December 2026." in told

    def test_of_a_stranger_it_says_only_that(self, lin: StaffMember) -> None:
        told = summary(file_of(crew.taken(lin)), "en")
        assert told == (
            "Nobody is signed in; who this is has not been shown. "
            "A person was called because the borrower asked for one."
        )

    def test_what_nobody_owes_is_said(self, lin: StaffMember) -> None:
        assert "Nothing is owed." in summary(file_of(crew.taken(lin, profile="settled")), "en")


def borrower_of(conversation_id: str) -> Borrower:
    with transaction() as session:
        borrower = session.get_one(Conversation, conversation_id).borrower
        assert borrower
        return borrower
