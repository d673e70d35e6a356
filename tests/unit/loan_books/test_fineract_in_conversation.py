"""The same actions with the loan in the lender's own system: read there, booked there once, honest when it fails."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from actions import offering
from respite.lending.schedule import Schedule
from respite.loan_books.load import loan_book
from respite.plans.booking import book
from respite.plans.closing import end_of_day
from respite.plans.offers import restructuring_offer
from respite.plans.terms import PlanTerms
from respite.policies.load import policy
from respite.settings import settings
from respite.store.models import AuditEntry, Loan, Payment, Plan, Quote
from respite.store.models import Schedule as StoredSchedule
from respite.store.session import store, transaction
from tests.unit.actions.talk import Chat
from tests.unit.loan_books.conftest import LOAN
from tests.unit.loan_books.look_alike import CoreBanking
from tests.unit.plans import desk
from tests.unit.store.lender_files import respite

TWELVE = {"count": 12, "monthly_payment": None}


def version() -> int:
    with transaction() as session:
        return session.scalars(select(Loan.version)).one()


def plans() -> list[Plan]:
    with transaction() as session:
        return list(session.scalars(select(Plan)))


def written() -> dict[str, object]:
    """Everything that a turn could have changed, in figures."""
    with transaction() as session:
        tables = (AuditEntry, Payment, Plan, Quote, StoredSchedule)
        counts = {table.__name__: session.scalar(select(func.count(table.id))) for table in tables}
        return counts | {"versions": session.scalars(select(Loan.version)).all()}


def agree(core: CoreBanking, chat: Chat) -> None:
    """Let the core's figures be those that Respite would offer."""
    chat.run("action_query_bill")
    with transaction() as session:
        loan_id = session.scalars(select(Loan.id)).one()
    with desk.account(loan_id) as account:
        core.would_re_age_to = restructuring_offer(account, 12).schedule


def review_twelve(chat: Chat) -> list[str]:
    chat.slots["restructuring_size"] = TWELVE
    return chat.said("action_quote_restructuring")


def say_yes(chat: Chat) -> list[str]:
    return chat.said("action_affirm", text="/affirm")


class TestReading:
    def test_a_bill_is_made_from_what_the_core_says(self, chat: Chat, core: CoreBanking) -> None:
        with transaction() as session:
            assert session.scalar(select(func.count(Payment.id))) == 0
        [overdue, *_] = chat.run("action_query_overdue")
        assert overdue.response.startswith("utter_overdue")
        with transaction() as session:
            stored = set(session.scalars(select(Payment.reference)))
        assert stored == {f"fineract-{each['id']}" for each in core.loans[LOAN].transactions}

    def test_the_loan_changes_only_when_the_core_does(self, chat: Chat, core: CoreBanking) -> None:
        chat.run("action_query_bill")
        before = written()
        chat.run("action_query_bill")
        assert written() == before
        core.loans[LOAN].pay(501, desk.TODAY, Decimal("10.00"))
        chat.run("action_query_bill")
        assert version() == 3

    def test_a_payment_that_the_core_takes_back_is_taken_back_here(self, chat: Chat, core: CoreBanking) -> None:
        core.loans[LOAN].pay(501, desk.TODAY, Decimal("10.00"))
        chat.run("action_query_bill")
        core.loans[LOAN].reverse(501, desk.TODAY)
        chat.run("action_query_bill")
        with transaction() as session:
            payment = session.scalars(select(Payment).where(Payment.reference == "fineract-501")).one()
            assert payment.reversed_on == desk.TODAY
        assert version() == 3

    def test_a_contract_that_the_core_changed_is_the_contract(self, chat: Chat, core: CoreBanking) -> None:
        chat.run("action_query_bill")
        loan = core.loans[LOAN]
        shorter = loan.contract.instalments[:-1]
        loan.contract = Schedule(shorter, loan.contract.start)
        chat.run("action_query_schedule")
        with transaction() as session:
            [stored] = session.scalars(select(Loan))
            assert (stored.count, stored.version) == (len(shorter), 3)
        with desk.account(stored.id) as account:
            assert account.schedule == loan.contract

    def test_what_respite_cannot_follow_is_left_to_a_person(self, chat: Chat, core: CoreBanking) -> None:
        core.loans[LOAN].pay(777, desk.TODAY, Decimal(50), kind="chargeback")
        assert chat.said("action_query_bill") == ["utter_loan_book_refused"]


class TestUnreachable:
    @pytest.mark.parametrize("language", ["en", "zh"])
    def test_nothing_changes_and_the_borrower_is_told_so(self, chat: Chat, core: CoreBanking, language: str) -> None:
        before, chat.language = written(), language
        core.server.stop()
        [reply] = chat.run("action_query_bill")
        assert reply.text.startswith({"en": "I cannot reach your account", "zh": "我暂时连不上您的账户"}[language])
        assert (reply.card, reply.facts, written()) == (None, (), before)
        core.server.start()

    @pytest.mark.parametrize("trouble", [{"broken": True}, {"answers_after": 1.5}], ids=["broken", "too slow"])
    def test_so_it_is_with_a_core_in_trouble(self, chat: Chat, core: CoreBanking, trouble: dict[str, float]) -> None:
        before = written()
        vars(core).update(trouble)
        assert chat.said("action_query_bill") == ["utter_action_failed"]
        assert written() == before

    @pytest.mark.parametrize("form", ["deferral", "restructuring"])
    def test_a_form_asks_for_nothing_and_what_is_behind_it_says_why(
        self, chat: Chat, core: CoreBanking, form: str
    ) -> None:
        core.broken, chat.form = True, f"{form}_form"
        assert chat.run(f"validate_{form}_form", intent=f"request_{form}", text="Later, please.") == []
        assert chat.slots["requested_slot"] is None
        assert chat.said(f"action_quote_{form}") == ["utter_action_failed"]

    def test_a_plan_is_neither_booked_nor_lost_meanwhile(self, chat: Chat, core: CoreBanking) -> None:
        agree(core, chat)
        review_twelve(chat)
        core.broken = True
        assert say_yes(chat) == ["utter_action_failed"]
        core.broken = False
        assert (plans(), core.re_ageings(LOAN)) == ([], [])
        assert say_yes(chat) == ["utter_plan_booked"]


class TestBooking:
    @pytest.fixture(autouse=True)
    def agreed(self, chat: Chat, core: CoreBanking) -> None:
        agree(core, chat)

    def test_a_plan_is_in_force_here_and_there(self, chat: Chat, core: CoreBanking) -> None:
        assert review_twelve(chat) == ["utter_review_restructuring"]
        assert say_yes(chat) == ["utter_plan_booked"]
        [plan], [re_ageing] = plans(), core.re_ageings(LOAN)
        assert plan.external_id == str(re_ageing["id"])
        assert re_ageing["externalId"] == f"respite-{plan.quote_id}"
        with desk.account(plan.loan_id) as account:
            assert account.schedule == core.would_re_age_to

    def test_afterwards_the_plan_is_read_as_it_was_booked(self, chat: Chat, core: CoreBanking) -> None:
        review_twelve(chat)
        say_yes(chat)
        before = version()
        assert chat.said("action_query_plan") == ["utter_plan_active_restructuring"]
        assert version() == before
        core.loans[LOAN].pay(501, desk.TODAY, Decimal("10.00"))
        chat.run("action_query_plan")
        with desk.account(plans()[0].loan_id) as account:
            assert account.position.total_remaining == account.schedule.total - 10

    def test_a_lost_answer_is_asked_for_again_and_books_once(self, chat: Chat, core: CoreBanking) -> None:
        review_twelve(chat)
        core.lost_answers = 2
        assert say_yes(chat) == ["utter_plan_booked"]
        assert len(plans()) == len(core.re_ageings(LOAN)) == 1

    def test_where_no_answer_comes_it_is_found_out_later(self, chat: Chat, core: CoreBanking) -> None:
        review_twelve(chat)
        core.lost_answers = 9
        assert say_yes(chat) == ["utter_loan_book_silent"]
        assert plans() == []
        core.lost_answers = 0
        assert chat.said("action_query_plan") == ["utter_plan_active_restructuring"]
        assert len(plans()) == len(core.re_ageings(LOAN)) == 1

    def test_a_crash_after_the_core_booked_it_books_it_once(
        self, chat: Chat, core: CoreBanking, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        review_twelve(chat)
        monkeypatch.setattr(offering, "review_card", crash)
        assert say_yes(chat) == ["utter_action_failed"]
        monkeypatch.undo()
        assert (plans(), len(core.re_ageings(LOAN))) == ([], 1)
        assert say_yes(chat) == ["utter_plan_booked"]
        assert say_yes(chat) == ["utter_plan_booked"]
        assert len(plans()) == len(core.re_ageings(LOAN)) == 1

    def test_five_consents_at_once_book_once(self, chat: Chat, core: CoreBanking) -> None:
        review_twelve(chat)
        with transaction() as session:
            quote_id = session.scalars(select(Quote.id)).one()

        def consent(_: int) -> bool:
            with transaction() as session:
                now = datetime.now(UTC)
                booking = book(
                    session, quote_id, policy=policy(), business_date=desk.TODAY, now=now, loan_book=loan_book()
                )
                return booking.newly_booked

        with ThreadPoolExecutor(5) as threads:
            assert sorted(threads.map(consent, range(5))) == [False] * 4 + [True]
        assert len(plans()) == len(core.re_ageings(LOAN)) == core.asked.count(f"POST /loans/{LOAN}/transactions") == 1

    def test_a_payment_in_the_core_after_the_quote_makes_it_stale(self, chat: Chat, core: CoreBanking) -> None:
        review_twelve(chat)
        core.loans[LOAN].pay(501, desk.TODAY, Decimal("10.00"))
        assert say_yes(chat)[0] == "utter_stale_loan_changed"
        assert (plans(), core.re_ageings(LOAN)) == ([], [])

    def test_a_plan_that_the_core_would_make_otherwise_is_not_put_before_the_borrower(
        self, chat: Chat, core: CoreBanking
    ) -> None:
        agreed = core.would_re_age_to
        assert agreed is not None
        core.would_re_age_to = Schedule(agreed.instalments[:-1], agreed.start)
        assert review_twelve(chat) == ["utter_loan_book_refused"]
        assert say_yes(chat) != ["utter_plan_booked"]
        assert (plans(), core.re_ageings(LOAN)) == ([], [])

    def test_nor_is_one_that_would_leave_something_due_before_it_begins(self, chat: Chat, core: CoreBanking) -> None:
        core.would_leave_due = Decimal("12.00")
        assert review_twelve(chat) == ["utter_loan_book_refused"]

    def test_a_deferral_is_left_to_a_person(self, chat: Chat, core: CoreBanking) -> None:
        chat.slots["deferral_until"] = {"days": 20, "until": None}
        assert chat.said("action_quote_deferral") == ["utter_loan_book_refused"]


class TestEnding:
    @pytest.fixture
    def planned(self, chat: Chat, core: CoreBanking) -> PlanTerms:
        agree(core, chat)
        review_twelve(chat)
        say_yes(chat)
        [plan] = plans()
        return PlanTerms.from_json(plan.terms)

    def test_a_plan_cancelled_here_is_undone_there(self, chat: Chat, core: CoreBanking, planned: PlanTerms) -> None:
        assert chat.said("action_confirm_cancel_arrangement") == ["utter_plan_cancelled"]
        assert (plans()[0].state, core.re_ageings(LOAN)) == ("cancelled", [])
        with desk.account(plans()[0].loan_id) as account:
            assert account.schedule == core.loans[LOAN].contract

    def test_a_cancellation_whose_answer_is_lost_holds(self, chat: Chat, core: CoreBanking, planned: PlanTerms) -> None:
        core.lost_answers = 9
        assert chat.said("action_confirm_cancel_arrangement") == ["utter_loan_book_silent"]
        assert chat.said("action_query_plan") == ["utter_plan_none"]
        assert plans()[0].state == "cancelled"

    def test_a_plan_undone_there_is_undone_here(self, chat: Chat, core: CoreBanking, planned: PlanTerms) -> None:
        core.re_ageings(LOAN)[0]["manuallyReversed"] = True
        assert chat.said("action_query_plan") == ["utter_plan_none"]
        assert plans()[0].state == "cancelled"

    def test_a_broken_plan_is_undone_there(self, core: CoreBanking, planned: PlanTerms) -> None:
        with store()() as session:
            closed = end_of_day(session, policy(), planned.schedule.last_due, desk.NOW, loan_book())
        assert [each.outcome for each in closed.plans] == ["broken"]
        assert core.re_ageings(LOAN) == []

    def test_one_that_the_core_will_not_undo_is_left_and_told_to_staff(
        self, core: CoreBanking, planned: PlanTerms, own_settings: pytest.MonkeyPatch
    ) -> None:
        core.loans[LOAN].pay(9_999, planned.schedule[0].due, Decimal("10.00"))
        own_settings.setenv("RESPITE_BUSINESS_DATE", planned.schedule.last_due.isoformat())
        settings.cache_clear()
        closed = respite("close-day")
        assert closed.exit_code == 1
        assert f"Loan {planned.loan_reference} is left as it is" in closed.stderr
        assert "repayment afterwards" in closed.stderr
        assert (plans()[0].state, len(core.re_ageings(LOAN))) == ("active", 1)

    def test_a_promise_is_judged_by_what_the_core_received(self, chat: Chat, core: CoreBanking) -> None:
        chat.slots["promise_date"] = desk.TODAY.isoformat()
        assert chat.said("action_record_promise")[0].startswith("utter_promise_recorded")
        core.loans[LOAN].pay(501, desk.TODAY, Decimal(5_000))
        with store()() as session:
            closed = end_of_day(session, policy(), desk.TODAY, desk.NOW, loan_book())
        assert [each.outcome for each in closed.promises] == ["kept"]

    def test_a_day_is_not_closed_while_the_core_is_silent(self, core: CoreBanking, planned: PlanTerms) -> None:
        core.broken = True
        closed = respite("close-day")
        assert closed.exit_code == 1
        assert "The loan book does not answer" in closed.stderr
        assert "Run this again later" in closed.stderr
        assert plans()[0].state == "active"


def crash(*_: object, **__: object) -> None:
    raise ConnectionError("The process died.")
