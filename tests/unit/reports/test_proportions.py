"""Intervals of shares, against the published figures of Newcombe (1998)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from respite.reports.proportions import Proportion, difference


@pytest.mark.parametrize(
    ("events", "total", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilsons_interval(events: int, total: int, low: float, high: float) -> None:
    interval = Proportion(events, total).interval()

    assert interval
    assert (interval.low, interval.high) == pytest.approx((low, high), abs=5e-5)


@pytest.mark.parametrize(
    ("later", "earlier", "low", "high"),
    [
        ((56, 70), (48, 80), 0.0524, 0.3339),
        ((9, 10), (3, 10), 0.1705, 0.8090),
        ((6, 7), (2, 7), 0.0582, 0.8062),
        ((5, 56), (0, 29), -0.0381, 0.1926),
        ((0, 10), (0, 20), -0.1611, 0.2775),
        ((10, 10), (0, 20), 0.6791, 1.0),
    ],
)
def test_newcombes_interval_for_a_difference(
    later: tuple[int, int], earlier: tuple[int, int], low: float, high: float
) -> None:
    change = difference(Proportion(*earlier), Proportion(*later))

    assert change
    assert (change.interval.low, change.interval.high) == pytest.approx((low, high), abs=6e-5)


def test_a_share_of_nothing_is_not_known() -> None:
    nothing, something = Proportion(0, 0), Proportion(1, 2)

    assert nothing.share is None
    assert nothing.interval() is None
    assert difference(nothing, something) is None
    assert difference(something, nothing) is None


def test_a_change_is_beyond_chance_where_its_interval_leaves_out_none() -> None:
    clear = difference(Proportion(48, 80), Proportion(56, 70))
    unclear = difference(Proportion(0, 29), Proportion(5, 56))

    assert clear
    assert unclear
    assert clear.is_beyond_chance
    assert not unclear.is_beyond_chance


@given(st.integers(1, 500).flatmap(lambda total: st.tuples(st.integers(0, total), st.just(total))))
def test_a_share_lies_in_its_interval_which_lies_between_nothing_and_all(counts: tuple[int, int]) -> None:
    share = Proportion(*counts)
    interval = share.interval()

    assert interval
    assert share.share is not None
    assert 0 <= interval.low <= share.share + 1e-12
    assert share.share - 1e-12 <= interval.high <= 1
