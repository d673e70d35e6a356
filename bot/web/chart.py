"""The shape of a chart of schedules, such as before and after a plan: rows of bars over one axis of time."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain, pairwise
from statistics import median_high

from respite.support.messages import ChartPoint

WIDTH = 640
HEIGHT = 120
HEADROOM = 4
WIDEST_BAR = 36
SHORTEST_BAR = 3
DAYS_OF_A_SINGLE_BAR = 30


@dataclass(frozen=True)
class Bar:
    """One instalment, in units of the drawing."""

    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True)
class Panel:
    """One schedule: its bars, the height of its largest instalment, and how its ends are called."""

    bars: tuple[Bar, ...]
    guide: int
    largest: str
    first: str
    last: str


@dataclass(frozen=True)
class Chart:
    """All schedules on the same scales, so that a longer plan is longer and a smaller instalment smaller."""

    panels: tuple[Panel, ...]
    first: str
    last: str
    width: int = WIDTH
    height: int = HEIGHT

    @property
    def before(self) -> Panel:
        return self.panels[0]

    @property
    def after(self) -> Panel:
        return self.panels[1]


@dataclass(frozen=True)
class Scale:
    """From dates and amounts in minor units to units of the drawing.

    `step` is the usual time between two instalments, in days. Where two of them are closer than usual, as a moved one
    and the next, all bars are slim enough for a second one in the same slot.
    """

    start: int
    days: int
    step: int
    has_close_ones: bool
    tallest: int

    @property
    def bar_width(self) -> int:
        slot = WIDTH * self.step // self.days
        return max(2, min(WIDEST_BAR, slot // 3 - 1 if self.has_close_ones else slot * 2 // 3))

    def bar(self, point: ChartPoint, beyond: int) -> Bar:
        """The bar of an instalment, not further left than `beyond`."""
        slot = WIDTH * self.step // self.days
        left = WIDTH * (point.due_on.toordinal() - self.start) // self.days
        height = max(SHORTEST_BAR, (HEIGHT - HEADROOM) * point.amount_minor // self.tallest)
        return Bar(max(beyond, left + (slot - self.bar_width) // 2), HEIGHT - height, self.bar_width, height)


def before_and_after(before: Sequence[ChartPoint], after: Sequence[ChartPoint]) -> Chart:
    """The chart of two schedules that each have at least one instalment."""
    return side_by_side(before, after)


def side_by_side(*schedules: Sequence[ChartPoint]) -> Chart:
    """The chart of schedules that each have at least one instalment."""
    points = sorted(chain(*schedules), key=lambda point: point.due_on)
    scale = _scale(schedules)
    return Chart(tuple(_panel(schedule, scale) for schedule in schedules), points[0].due_date, points[-1].due_date)


def _scale(schedules: Sequence[Sequence[ChartPoint]]) -> Scale:
    points = list(chain(*schedules))
    days = [point.due_on.toordinal() for point in points]
    gaps = list(chain(*map(_gaps, schedules))) or [DAYS_OF_A_SINGLE_BAR]
    step = median_high(gaps)
    return Scale(
        start=min(days),
        days=max(days) - min(days) + step,
        step=step,
        has_close_ones=min(gaps) * 3 < step * 2,
        tallest=max(point.amount_minor for point in points),
    )


def _gaps(points: Sequence[ChartPoint]) -> list[int]:
    days = sorted({point.due_on.toordinal() for point in points})
    return [later - earlier for earlier, later in pairwise(days)]


def _panel(points: Sequence[ChartPoint], scale: Scale) -> Panel:
    bars: list[Bar] = []
    for point in sorted(points, key=lambda point: point.due_on):
        bars.append(scale.bar(point, beyond=bars[-1].x + bars[-1].width + 1 if bars else 0))
    largest = max(points, key=lambda point: point.amount_minor)
    return Panel(
        tuple(bars),
        guide=min(bar.y for bar in bars),
        largest=largest.amount,
        first=min(points, key=lambda point: point.due_on).due_date,
        last=max(points, key=lambda point: point.due_on).due_date,
    )
