"""Waits, handling, deadlines and ratings: counted on the day of the request, in opening hours."""

from datetime import timedelta

from sqlalchemy.orm import Session

from respite.policies.model import Policy
from respite.reports.queue import queue_now
from respite.reports.service import Service, service
from respite.reports.spans import Spans
from respite.staff import accounts
from respite.staff.accounts import Profile
from respite.staff.roles import StaffRole
from respite.support import presence
from tests.unit.reports.conftest import MINUTE, MONDAY, NOW, WEEK, Ask

DAY = timedelta(days=1)


def total(session: Session, rules: Policy) -> Service:
    return service(session, rules, WEEK, NOW).total


def test_the_middle_and_the_ninth_of_ten() -> None:
    assert Spans.of(number * MINUTE for number in range(1, 12)) == Spans(11, 6 * MINUTE, 10 * MINUTE)
    assert Spans.of([MINUTE]) == Spans(1, MINUTE, MINUTE)
    assert Spans.of([]) == Spans(0, None, None)


def test_a_wait_ends_when_a_person_takes_it_and_handling_when_it_is_closed(
    session: Session, rules: Policy, ask: Ask
) -> None:
    ask(taken=4, closed=24)
    ask(taken=10, closed=20)

    found = total(session, rules)
    assert (found.requests, found.taken) == (2, 2)
    assert found.wait.median == 7 * MINUTE
    assert found.handling.median == 15 * MINUTE


def test_a_night_in_between_is_no_wait(session: Session, rules: Policy, ask: Ask) -> None:
    half_past_four = MONDAY + timedelta(hours=6, minutes=30)
    half_past_nine = timedelta(hours=17)
    ask(half_past_four, taken=half_past_nine / MINUTE)

    assert total(session, rules).wait.median == 60 * MINUTE


def test_a_request_counts_on_the_day_it_was_made_on_the_lenders_clock(
    session: Session, rules: Policy, ask: Ask
) -> None:
    ask(MONDAY + timedelta(hours=13, minutes=59))
    ask(MONDAY + timedelta(hours=14, minutes=1))
    ask(MONDAY - DAY)

    by_day = service(session, rules, WEEK, NOW).by_day
    assert [by_day[WEEK.first].requests, by_day[WEEK.first + DAY].requests] == [1, 1]
    assert sum(each.requests for each in by_day.values()) == 2, "Sunday is another week"
    assert list(by_day) == list(WEEK.dates())


def test_in_time_is_answered_by_the_deadline_and_undecided_ones_do_not_count(
    session: Session, rules: Policy, ask: Ask
) -> None:
    ask(taken=29)
    ask(taken=31)
    ask()
    ask(due=10_080)

    met = total(session, rules).met
    assert (met.events, met.total) == (1, 3)


def test_requests_that_were_taken_back_waited_for_nobody(session: Session, rules: Policy, ask: Ask) -> None:
    ask(state="closed", outcome="cancelled", closed_at=MONDAY + MINUTE)

    found = total(session, rules)
    assert (found.cancelled, found.taken, found.wait.count, found.handling.count) == (1, 0, 0, 0)


def test_reasons_come_with_the_most_frequent_first(session: Session, rules: Policy, ask: Ask) -> None:
    ask(reason="dispute")
    for _ in range(2):
        ask(reason="distress")

    by_reason = service(session, rules, WEEK, NOW).by_reason
    assert [(reason, each.requests) for reason, each in by_reason.items()] == [("distress", 2), ("dispute", 1)]


def test_satisfaction_is_the_mean_of_those_who_said(session: Session, rules: Policy, ask: Ask) -> None:
    for rating in (5, 4, None):
        ask(taken=1, closed=5, rating=rating)

    found = total(session, rules)
    assert (found.ratings, found.rating) == (2, 4.5)


def test_nothing_in_a_period_is_nothing_and_not_an_error(session: Session, rules: Policy) -> None:
    found = total(session, rules)

    assert (found.requests, found.wait.median, found.met.share, found.rating) == (0, None, None, None)


def test_the_queue_now_counts_who_waits_and_who_is_there(session: Session, ask: Ask) -> None:
    lin = accounts.add(session, "lin", Profile("Lin", StaffRole.AGENT, capacity=3), "system", NOW)
    presence.stay_present(session, lin, NOW)
    ask(NOW - 20 * MINUTE, reason="dispute", due=10)
    ask(NOW - 5 * MINUTE)
    ask(NOW - MINUTE, callback_at=NOW + 60 * MINUTE)
    ask(NOW - 50 * MINUTE, taken=1, staff_id=lin.id)

    now = queue_now(session, NOW)
    assert (now.waiting, now.overdue, now.oldest_wait) == (2, 1, 20 * MINUTE)
    assert (now.taken, now.callbacks, now.present, now.room) == (1, 1, 1, 2)
    assert now.by_reason == {"dispute": 1, "asked": 1}


def test_an_empty_queue_has_no_oldest(session: Session) -> None:
    now = queue_now(session, NOW)

    assert (now.waiting, now.oldest_wait, now.present) == (0, None, 0)
