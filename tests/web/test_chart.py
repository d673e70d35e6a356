"""The chart keeps its promises: nothing leaves the drawing, and both schedules share one scale."""

import itertools
from datetime import date, timedelta

import pytest

from bot.web.chart import HEIGHT, WIDEST_BAR, WIDTH, Bar, before_and_after
from tests.web.samples import points


def everything(*panels: tuple[Bar, ...]) -> list[Bar]:
    return [bar for panel in panels for bar in panel]


@pytest.mark.parametrize(("before", "after"), [(1, 1), (1, 36), (36, 1), (36, 36), (6, 12), (3, 60)])
def test_every_bar_lies_inside_the_drawing_and_stands_on_its_ground(before: int, after: int) -> None:
    chart = before_and_after(points(before, 126467), points(after, 50000, first=date(2026, 12, 5)))

    for bar in everything(chart.before.bars, chart.after.bars):
        assert bar.x >= 0
        assert bar.x + bar.width <= WIDTH
        assert bar.y >= 0
        assert bar.y + bar.height == HEIGHT
    assert (len(chart.before.bars), len(chart.after.bars)) == (before, after)


@pytest.mark.parametrize("count", [2, 12, 36, 60])
def test_bars_of_one_schedule_do_not_touch(count: int) -> None:
    bars = before_and_after(points(count, 100), points(count, 100)).before.bars

    assert all(left.x + left.width < right.x for left, right in itertools.pairwise(bars))


@pytest.mark.parametrize("count", [2, 6, 12, 36])
@pytest.mark.parametrize("days_before_the_next", [1, 2, 10])
def test_a_moved_instalment_stands_beside_the_next_and_all_bars_can_still_be_seen(
    count: int, days_before_the_next: int
) -> None:
    before = points(count, 100)
    moved = points(1, 100, first=before[1].due_on - timedelta(days=days_before_the_next))
    chart = before_and_after(before, (*moved, *before[1:]))

    for bars in (chart.before.bars, chart.after.bars):
        assert all(left.x + left.width < right.x for left, right in itertools.pairwise(bars))
        assert all(bar.width >= min(WIDEST_BAR, WIDTH // (count + 2) // 4) for bar in bars)
        assert bars[-1].x + bars[-1].width <= WIDTH


def test_a_single_instalment_is_one_bar_in_the_middle_and_not_a_wall() -> None:
    (bar,) = before_and_after(points(1, 100), points(1, 100)).before.bars

    assert bar.width == WIDEST_BAR
    assert abs(bar.x + bar.width / 2 - WIDTH / 2) <= 1


def test_half_the_amount_is_half_the_height() -> None:
    chart = before_and_after(points(3, 100_000), points(6, 50_000))

    assert chart.after.bars[0].height == chart.before.bars[0].height // 2


def test_a_later_date_lies_further_right_on_both_rows() -> None:
    chart = before_and_after(points(3, 100), points(3, 100, first=date(2026, 11, 19)))

    assert chart.after.bars[0].x > chart.before.bars[0].x
    assert points(3, 100)[0].due_date == chart.first


def test_a_tiny_instalment_can_still_be_seen() -> None:
    chart = before_and_after(points(1, 10_000_000), points(1, 1))

    assert chart.after.bars[0].height >= 3


def test_the_largest_instalment_and_the_ends_are_named() -> None:
    chart = before_and_after((*points(2, 100), *points(1, 900, first=date(2027, 1, 5))), points(1, 100))

    assert chart.before.largest == "¥9.00"
    assert (chart.before.first, chart.before.last) == ("5 Nov 2026", "5 Jan 2027")
