"""How late is late."""

from datetime import date

import pytest

from respite.lending.delinquency import Pause, bucket, days_past_due, delinquent_days

DUE = date(2026, 3, 1)


def test_the_due_date_itself_is_not_late() -> None:
    assert [days_past_due(DUE, date(2026, 3, day)) for day in (1, 2)] == [0, 1]
    assert days_past_due(DUE, date(2026, 2, 1)) == 0


@pytest.mark.parametrize(
    ("days", "label"),
    [(0, "M0"), (1, "M1"), (30, "M1"), (31, "M2"), (60, "M2"), (61, "M3"), (90, "M3"), (91, "M3+")],
)
def test_buckets(days: int, label: str) -> None:
    assert bucket(days) == label


def test_pauses_that_overlap_count_once() -> None:
    pauses = [Pause(date(2026, 3, 5), date(2026, 3, 15)), Pause(date(2026, 3, 10), date(2026, 3, 20))]
    assert delinquent_days(DUE, date(2026, 3, 31), pauses=pauses) == 30 - 15
    assert delinquent_days(DUE, date(2026, 3, 31), pauses=reversed(pauses)) == 30 - 15


def test_a_pause_before_the_due_date_takes_nothing_away() -> None:
    pauses = [Pause(date(2026, 2, 1), date(2026, 3, 6))]
    assert delinquent_days(DUE, date(2026, 3, 11), grace_days=2, pauses=pauses) == 10 - 2 - 5
