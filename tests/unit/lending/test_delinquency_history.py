"""How late a loan was, day by day."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from respite.lending.charges import ChargeRules
from respite.lending.delinquency import BUCKETS, Pause, bucket, delinquent_days
from respite.lending.delinquency_history import LateDay, delinquency_by_day
from respite.lending.in_force import InForce
from respite.lending.instalments import Instalment, Schedule
from respite.lending.payments import Payment
from tests.unit.lending.courses import RATE, Course, courses, courses_without_plan

START, DUE = date(2026, 1, 5), date(2026, 2, 5)
SCHEDULE = Schedule((Instalment(1, DUE, Decimal(500)), Instalment(2, date(2026, 3, 5), Decimal(500))), START)
RULES = ChargeRules(Decimal("1.5"), 3, Decimal(0), Decimal(36))


def history(course: Course, first: date, last: date, *pauses: Pause) -> list[LateDay]:
    return list(delinquency_by_day(course.in_force, RATE, course.rules, first, last, pauses=pauses))


def days_late(*payments: Payment, last: date, pauses: tuple[Pause, ...] = ()) -> dict[date, tuple[int, int, str]]:
    days = delinquency_by_day([InForce(START, SCHEDULE, payments)], RATE, RULES, DUE, last, pauses=pauses)
    return {day.on: (day.days_past_due, day.delinquent_days, day.bucket) for day in days}


def test_days_past_due_run_on_while_grace_and_pauses_hold_delinquent_days_back() -> None:
    pause = Pause(date(2026, 2, 10), date(2026, 2, 15))
    found = days_late(last=date(2026, 3, 8), pauses=(pause,))
    assert found[DUE] == (0, 0, "M0")
    assert found[date(2026, 2, 8)] == (3, 0, "M1")
    assert found[date(2026, 2, 10)] == (5, 2, "M1")
    assert found[date(2026, 2, 15)] == (10, 2, "M1")
    assert found[date(2026, 3, 8)] == (31, 23, "M2")


def test_a_payment_cures_only_what_it_pays() -> None:
    paid_on = date(2026, 3, 10)
    found = days_late(Payment(paid_on, Decimal(520), "paid"), last=paid_on)
    assert [found[day][0] for day in (paid_on - timedelta(days=1), paid_on)] == [32, 5]


def test_a_payment_that_came_back_brings_back_the_days() -> None:
    back = date(2026, 2, 25)
    found = days_late(Payment(DUE, Decimal(500), "paid", reversed_on=back), last=back)
    assert [found[day][0] for day in (back - timedelta(days=1), back)] == [0, 20]


def test_days_before_the_loan_are_left_out() -> None:
    days = delinquency_by_day([InForce(START, SCHEDULE)], RATE, RULES, START - timedelta(days=9), START)
    assert [day.on for day in days] == [START]


@given(courses(), st.data())
def test_the_history_is_what_a_replay_says_of_every_day(course: Course, data: st.DataObject) -> None:
    first, last = sorted(data.draw(st.dates(course.first, course.last)) for _ in range(2))
    pause_start = data.draw(st.dates(course.first, course.last))
    pause = Pause(pause_start, pause_start + timedelta(days=20))
    found = history(course, first, last, pause)
    assert [day.on for day in found] == [first + timedelta(days=days) for days in range((last - first).days + 1)]
    for day in found:
        standing = course.position(day.on)
        oldest = day.on - timedelta(days=standing.days_past_due)
        assert day.days_past_due == standing.days_past_due
        assert day.delinquent_days == delinquent_days(oldest, day.on, course.rules.grace_days, [pause])
        assert day.bucket == bucket(standing.days_past_due, BUCKETS)


@given(courses_without_plan())
def test_days_past_due_never_shrink_without_a_payment(course: Course) -> None:
    received = {payment.received_on for each in course.in_force for payment in each.payments}
    for before, after in pairwise(history(course, course.first, course.last)):
        assert after.days_past_due >= before.days_past_due or after.on in received
