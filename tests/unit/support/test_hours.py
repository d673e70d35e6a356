"""Opening hours: when the desk is open, when it opens next, and deadlines that stand still while it is closed."""

from datetime import UTC, date, datetime, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

import pytest

from respite.policies.support import Opening, SupportPolicy, Weekday
from respite.support.hours import Desk
from tests.opening_hours import ALWAYS

SHANGHAI, LONDON = ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/London")
NINE_TO_NINE = [{"days": list(Weekday), "begin": "09:00", "end": "21:00"}]
WEEKDAYS = [{"days": list(Weekday)[:5], "begin": "09:00", "end": "17:00"}]


def open_on(hours: list[dict[str, object]], *holidays: date, zone: ZoneInfo = SHANGHAI) -> Desk:
    openings = tuple(Opening.model_validate(opening) for opening in hours)
    return Desk(SupportPolicy(opening_hours=openings, holidays=holidays), zone)


def local(day: int, hour: int, minute: int = 0, month: int = 11, zone: ZoneInfo = SHANGHAI) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=zone)


def test_the_desk_is_open_from_the_first_minute_up_to_the_last() -> None:
    desk = open_on(NINE_TO_NINE)
    assert not desk.is_open(local(23, 8, 59))
    assert desk.is_open(local(23, 9))
    assert desk.is_open(local(23, 20, 59))
    assert not desk.is_open(local(23, 21))


def test_hours_are_those_of_the_lenders_clock() -> None:
    assert open_on(NINE_TO_NINE).is_open(datetime(2026, 11, 23, 1, tzinfo=UTC))
    assert not open_on(NINE_TO_NINE, zone=LONDON).is_open(datetime(2026, 11, 23, 1, tzinfo=UTC))


def test_after_closing_it_opens_the_next_morning() -> None:
    assert open_on(NINE_TO_NINE).opens_at(local(23, 22)) == local(24, 9)


def test_while_it_is_open_it_opens_at_no_later_time() -> None:
    assert open_on(NINE_TO_NINE).opens_at(local(23, 12)) is None


def test_over_a_weekend_and_a_holiday_it_opens_on_the_next_working_day() -> None:
    assert open_on(WEEKDAYS, date(2026, 11, 30)).opens_at(local(27, 18)) == local(1, 9, month=12)


def test_hours_past_midnight_belong_to_the_day_on_which_they_begin() -> None:
    night = open_on([{"days": ["friday"], "begin": "22:00", "end": "02:00"}], date(2026, 12, 4))
    assert night.is_open(local(28, 1, 30))
    assert not night.is_open(local(28, 2))
    assert not night.is_open(local(5, 1, month=12)), "the friday before is a holiday"


def test_a_desk_that_never_closes_is_always_open() -> None:
    desk = open_on(ALWAYS)
    assert all(desk.is_open(local(23, 0) + timedelta(minutes=17 * step)) for step in range(200))
    assert desk.opens_at(local(23, 0)) is None


@pytest.mark.parametrize(
    ("start", "due"),
    [
        (local(23, 10), local(23, 11)),
        (local(23, 16, 30), local(24, 9, 30)),
        (local(23, 16), local(23, 17)),
        (local(23, 20), local(24, 10)),
        (local(27, 16, 30), local(30, 9, 30)),
        (local(28, 12), local(30, 10)),
    ],
)
def test_a_deadline_counts_the_minutes_in_which_the_desk_is_open(start: datetime, due: datetime) -> None:
    assert open_on(WEEKDAYS).deadline(start, 60) == due


def test_a_deadline_runs_through_hours_that_touch() -> None:
    desk = open_on(
        [{"days": list(Weekday), "begin": begin, "end": end} for begin, end in [("09:00", "12:00"), ("12:00", "13:00")]]
    )
    assert desk.deadline(local(23, 11, 30), 60) == local(23, 12, 30)


def test_a_deadline_over_the_change_of_the_clocks_counts_real_minutes() -> None:
    desk = open_on(ALWAYS, zone=LONDON)
    before = datetime(2026, 10, 25, 0, 30, tzinfo=LONDON)
    assert desk.deadline(before, 120).astimezone(UTC) - before.astimezone(UTC) == timedelta(hours=2)


def test_open_time_leaves_out_the_nights() -> None:
    assert open_on(NINE_TO_NINE).open_time(local(23, 20), local(24, 10)) == timedelta(hours=2)
    assert open_on(NINE_TO_NINE).open_time(local(23, 22), local(24, 8)) == timedelta(0)


def test_calls_are_offered_in_whole_spans_after_now() -> None:
    windows = islice(open_on(WEEKDAYS).windows(local(23, 14), 180), 3)
    assert [window.begin for window in windows] == [local(24, 9), local(24, 12), local(25, 9)]
