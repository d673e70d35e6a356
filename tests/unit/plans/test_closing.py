"""The close of a business day: what it decides is written once, with its trace, and a broken plan gives way."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select, update

from respite.plans import closing
from respite.plans.closing import ClosedDay, end_of_day
from respite.plans.keeping import PlanOutcome, PromiseOutcome
from respite.plans.promises import record_promise
from respite.policies.load import policy
from respite.store.loan_book import account_of
from respite.store.models import AuditEntry, Loan, Plan, PromiseToPay, Schedule
from respite.store.session import store, transaction
from tests.unit.plans import desk

LATER = desk.TODAY + timedelta(days=60)


def close(day: date, minutes: int = 0) -> ClosedDay:
    with store()() as session:
        return end_of_day(session, policy(), day, desk.NOW + minutes * desk.MINUTE)


def plan_on(loan_id: int) -> Plan:
    with transaction() as session:
        return session.scalars(select(Plan).where(Plan.loan_id == loan_id)).one()


def last_entry() -> AuditEntry:
    with transaction() as session:
        return session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc()).limit(1)).one()


def states(table: type[Plan | PromiseToPay]) -> dict[int, str]:
    with transaction() as session:
        return {each.id: each.state for each in session.scalars(select(table))}


def version(loan_id: int) -> int:
    with transaction() as session:
        return session.get_one(Loan, loan_id).version


def promise(loan_id: int, day: date, amount: int) -> None:
    with transaction() as session:
        loan = account_of(session.get_one(Loan, loan_id), policy(), desk.TODAY)
        record_promise(session, loan, day, Decimal(amount), business_date=desk.TODAY, now=desk.NOW)


def settle(loan_id: int, day: date) -> None:
    with desk.account(loan_id, day) as loan:
        owed = loan.position.total_remaining
    desk.pay(loan_id, owed, desk.NOW + (day - desk.TODAY))


@pytest.mark.usefixtures("store_url")
class TestBrokenPlan:
    @pytest.fixture
    def loan_id(self) -> int:
        loan_id = desk.lend("late")
        desk.consent(desk.quote_restructuring(loan_id))
        return loan_id

    def test_the_contract_is_in_force_again_with_its_days_past_due(self, loan_id: int) -> None:
        with transaction() as session:
            contract = session.scalars(select(Schedule).where(Schedule.replaces_id.is_(None))).one().id
        close(LATER)
        with transaction() as session:
            assert session.scalars(select(Schedule.id).where(Schedule.active)).all() == [contract]
        with desk.account(loan_id, LATER) as loan:
            assert loan.active_plan is None
            assert loan.position.days_past_due == 20 + 60

    def test_it_is_marked_with_the_time_and_leaves_a_trace(self, loan_id: int) -> None:
        with desk.account(loan_id) as loan:
            first_due = loan.schedule[0].due
        before = version(loan_id)
        closed = close(LATER, minutes=7)
        plan, entry = plan_on(loan_id), last_entry()
        assert [each.outcome for each in closed.plans] == [PlanOutcome.BROKEN]
        assert (plan.state, plan.ended_at) == ("broken", desk.NOW + 7 * desk.MINUTE)
        assert version(loan_id) == before + 1
        assert (entry.actor, entry.action, entry.subject) == ("system", "plan_broken", f"plan:{plan.reference}")
        assert entry.details["business_date"] == LATER.isoformat()
        assert entry.details["missed_due"] == first_due.isoformat()

    def test_closing_the_day_again_changes_nothing(self, loan_id: int) -> None:
        close(LATER)
        after_the_first = (version(loan_id), last_entry().id, plan_on(loan_id).ended_at)
        assert close(LATER, minutes=9) == ClosedDay((), ())
        assert close(LATER + desk.DAY, minutes=9) == ClosedDay((), ())
        assert (version(loan_id), last_entry().id, plan_on(loan_id).ended_at) == after_the_first

    def test_two_schedulers_at_once_break_it_once(self, loan_id: int) -> None:
        before = version(loan_id)
        with ThreadPoolExecutor(4) as threads:
            decided = [plan for closed in threads.map(close, [LATER] * 4) for plan in closed.plans]
        assert len(decided) == 1
        assert version(loan_id) == before + 1

    def test_a_plan_that_was_cancelled_is_left_alone(self, loan_id: int) -> None:
        desk.undo(loan_id)
        assert close(LATER) == ClosedDay((), ())
        assert plan_on(loan_id).state == "cancelled"

    def test_the_borrower_may_have_another_plan(self, loan_id: int) -> None:
        day = desk.TODAY + timedelta(days=30)
        close(day)
        again = desk.consent(desk.quote_restructuring(loan_id, today=day), today=day)
        assert again.newly_booked

    def test_a_power_cut_leaves_the_others_closed_and_the_next_run_finishes(
        self, loan_id: int, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        other = desk.lend("late")
        desk.consent(desk.quote_restructuring(other))
        before = version(other)
        with monkeypatch.context() as patch:
            patch.setattr(closing, "restore_schedule", PowerCut(after=1))
            with pytest.raises(ConnectionError):
                close(LATER)
        assert {plan_on(loan_id).state, plan_on(other).state} == {"broken", "active"}
        assert len(close(LATER).plans) == 1
        assert {plan_on(loan_id).state, plan_on(other).state} == {"broken"}
        assert version(other) == before + 1


def test_a_plan_whose_policy_was_never_kept_is_left_to_people(store_url: str) -> None:
    loan_id = desk.lend("late")
    desk.consent(desk.quote_restructuring(loan_id))
    with transaction() as session:
        session.execute(update(Plan).values(policy_version="of another time"))
    (left,) = close(LATER).undecided
    assert "of another time, which was never kept" in left.reason
    assert plan_on(loan_id).state == PlanOutcome.ACTIVE


@pytest.mark.usefixtures("store_url")
class TestKeptPlan:
    def test_it_is_marked_and_its_schedule_stays(self) -> None:
        loan_id = desk.lend("late")
        desk.consent(desk.quote_restructuring(loan_id))
        settle(loan_id, desk.TODAY + desk.DAY)
        before = version(loan_id)
        assert [each.outcome for each in close(desk.TODAY + desk.DAY).plans] == [PlanOutcome.KEPT]
        assert (plan_on(loan_id).state, version(loan_id)) == ("kept", before)
        assert last_entry().action == "plan_kept"
        with desk.account(loan_id, LATER) as loan:
            assert loan.position.is_settled

    def test_a_plan_under_way_is_left_alone(self) -> None:
        loan_id = desk.lend("late")
        desk.consent(desk.quote_restructuring(loan_id))
        assert close(desk.TODAY) == ClosedDay((), ())
        assert plan_on(loan_id).state == "active"


@pytest.mark.usefixtures("store_url")
class TestPromises:
    @pytest.mark.parametrize(
        ("paid", "outcome"),
        [(500, PromiseOutcome.KEPT), (120, PromiseOutcome.PARTLY_KEPT), (0, PromiseOutcome.BROKEN)],
    )
    def test_a_promise_is_judged_once_its_day_is_over(self, paid: int, outcome: PromiseOutcome) -> None:
        loan_id, day = desk.lend("late"), desk.TODAY + timedelta(days=5)
        promise(loan_id, day, 500)
        if paid:
            desk.pay(loan_id, Decimal(paid), desk.NOW + desk.DAY)
        assert [each.outcome for each in close(day + desk.DAY).promises] == [outcome]
        assert close(day + 2 * desk.DAY) == ClosedDay((), ())
        entry = last_entry()
        assert (entry.actor, entry.action) == ("system", f"promise_{outcome}")
        assert (entry.details["amount_minor"], entry.details["paid_minor"]) == (500_00, paid * 100)

    def test_on_its_day_a_promise_is_still_open(self) -> None:
        loan_id, day = desk.lend("late"), desk.TODAY + timedelta(days=5)
        promise(loan_id, day, 500)
        assert close(day) == ClosedDay((), ())

    def test_a_promise_changes_nothing_that_is_owed(self) -> None:
        loan_id = desk.lend("late")
        promise(loan_id, desk.TODAY, 500)
        before = version(loan_id)
        close(LATER)
        assert version(loan_id) == before

    def test_after_a_broken_promise_another_can_be_given(self) -> None:
        loan_id = desk.lend("late")
        promise(loan_id, desk.TODAY, 500)
        close(desk.TODAY + desk.DAY)
        promise(loan_id, LATER, 300)
        assert sorted(states(PromiseToPay).values()) == ["broken", "open"]


@pytest.mark.usefixtures("demo_store_url")
class TestDemoLoanBook:
    def test_its_plans_are_as_they_are_told(self) -> None:
        told = states(Plan)
        close(desk.TODAY)
        assert states(Plan) == told

    def test_its_promises_are_as_they_are_told(self) -> None:
        told = states(PromiseToPay)
        with transaction() as session:
            session.execute(update(PromiseToPay).values(state="open"))
        close(desk.TODAY)
        assert states(PromiseToPay) == told
        assert set(told.values()) == {"open", "kept", "partly_kept", "broken"}


class PowerCut:
    """Puts schedules back a few times, and then fails."""

    def __init__(self, after: int) -> None:
        self._left = after
        self._restore = closing.restore_schedule

    def __call__(self, *arguments: object) -> None:
        if not self._left:
            raise ConnectionError("The power went out.")
        self._left -= 1
        self._restore(*arguments)  # type: ignore[arg-type]
