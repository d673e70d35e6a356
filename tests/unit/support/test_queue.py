"""The queue: by deadline, with an honest place and wait, and calls at a time that the borrower chose."""

from datetime import UTC, datetime, timedelta

import pytest

from respite.policies.load import policy
from respite.store.models import Handoff
from respite.store.session import transaction
from respite.support.callbacks import callback_windows, wish_callback
from respite.support.queue import Standing, standing, waiting_handoffs
from respite.support.takeover import claim
from tests.unit.support import crew
from tests.unit.support.crew import HOUR, MINUTE, NOW

pytestmark = pytest.mark.usefixtures("store_url")

NIGHT = datetime(2026, 11, 23, 15, tzinfo=UTC)


def where(conversation_id: str, now: datetime = NOW) -> Standing:
    with transaction() as session:
        return standing(session, crew.handoff(conversation_id), policy(), now)


def in_line(now: datetime = NOW) -> list[str]:
    with transaction() as session:
        return [handoff.conversation_id for handoff in waiting_handoffs(session, now)]


def wish(conversation_id: str, begin: datetime, now: datetime = NOW) -> Handoff | None:
    with transaction() as session:
        return wish_callback(session, conversation_id, begin, policy(), now)


def take_some(count: int, every: timedelta) -> None:
    """Staff took `count` conversations lately, one after the other."""
    lin = crew.hire(capacity=50)
    for number in range(1, count + 1):
        conversation_id = crew.waiting(now=NOW - 2 * HOUR)
        with transaction() as session:
            claim(session, conversation_id, lin, NOW - number * every)


def test_those_due_first_are_first_whatever_came_first() -> None:
    asked, disputed, distressed = crew.waiting(), crew.waiting("dispute"), crew.waiting("distress", NOW + 10 * MINUTE)
    assert in_line() == [distressed, asked, disputed]
    assert [where(conversation_id).place for conversation_id in (distressed, asked, disputed)] == [1, 2, 3]


def test_of_two_due_at_once_the_first_to_ask_is_first() -> None:
    first, second = crew.waiting(), crew.waiting()
    assert in_line() == [first, second]
    assert where(second).place == 2


def test_a_wait_is_told_from_the_pace_of_the_last_hours() -> None:
    take_some(6, every=10 * MINUTE)
    first, second = crew.waiting(), crew.waiting()
    assert where(first).wait == 20 * MINUTE
    assert where(second).wait == 40 * MINUTE


def test_a_wait_longer_than_what_it_is_told_from_is_not_promised() -> None:
    take_some(6, every=10 * MINUTE)
    waiting = [crew.waiting() for _ in range(7)]
    assert [where(each).wait for each in waiting[-2:]] == [2 * HOUR, None]


def test_with_too_little_to_go_by_no_wait_is_promised() -> None:
    take_some(4, every=10 * MINUTE)
    assert where(crew.waiting()).wait is None


def test_with_nobody_there_no_wait_is_promised() -> None:
    take_some(6, every=10 * MINUTE)
    assert where(crew.waiting(), NOW + HOUR).wait is None


def test_while_the_desk_is_closed_its_opening_is_told_instead() -> None:
    take_some(6, every=10 * MINUTE)
    told = where(crew.waiting(now=NIGHT), NIGHT)
    assert told.wait is None
    assert told.opens_at == datetime(2026, 11, 24, 1, tzinfo=UTC)


class TestCallback:
    def test_times_are_offered_within_the_opening_hours(self) -> None:
        windows = callback_windows(policy(), NIGHT)
        assert [window.begin.strftime("%d %H:%M") for window in windows] == ["24 09:00", "24 11:00", "24 13:00"]

    def test_a_wish_is_kept_and_waits_for_its_time(self) -> None:
        conversation_id, other = crew.waiting(now=NIGHT), crew.waiting(now=NIGHT)
        begin = callback_windows(policy(), NIGHT)[1].begin
        handoff = wish(conversation_id, begin, NIGHT)
        assert handoff
        assert (handoff.callback_at, handoff.due_at) == (begin, begin + 2 * HOUR)
        assert in_line(begin - MINUTE) == [other]
        assert conversation_id in in_line(begin)
        assert crew.trail("callback_wished") == ["callback_wished"]

    def test_a_time_that_is_over_is_no_wish(self) -> None:
        conversation_id = crew.waiting()
        assert wish(conversation_id, NOW - MINUTE) is None
        assert crew.handoff(conversation_id).callback_at is None

    def test_nobody_is_called_whom_a_person_has_already(self) -> None:
        assert wish(crew.taken(crew.hire()), NOW + HOUR) is None

    def test_distress_does_not_wait_for_it(self) -> None:
        conversation_id = crew.waiting()
        wish(conversation_id, NOW + 5 * HOUR)
        crew.ask(conversation_id, "distress")
        assert in_line() == [conversation_id]
