"""The shape of the chart of a schedule before and after a plan: two rows of bars over one axis of time."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

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
    """Both schedules on the same scales, so that a longer plan is longer and a smaller instalment smaller."""

    before: Panel
    after: Panel
    first: str
    last: str
    width: int = WIDTH
    height: int = HEIGHT


@dataclass(frozen=True)
class Scale:
    """From dates and amounts in minor units to units of the drawing."""

    start: int
    days: int
    step: int
    tallest: int

    @property
    def bar_width(self) -> int:
        return max(2, min(WIDEST_BAR, WIDTH * self.step * 2 // (self.days * 3)))

    def bar(self, point: ChartPoint) -> Bar:
        slot = WIDTH * self.step // self.days
        left = WIDTH * (point.due_on.toordinal() - self.start) // self.days
        height = max(SHORTEST_BAR, (HEIGHT - HEADROOM) * point.amount_minor // self.tallest)
        return Bar(left + (slot - self.bar_width) // 2, HEIGHT - height, self.bar_width, height)


def before_and_after(before: Sequence[ChartPoint], after: Sequence[ChartPoint]) -> Chart:
    """The chart of two schedules that each have at least one instalment."""
    points = sorted((*before, *after), key=lambda point: point.due_on)
    scale = _scale(before, after)
    return Chart(_panel(before, scale), _panel(after, scale), points[0].due_date, points[-1].due_date)


def _scale(before: Sequence[ChartPoint], after: Sequence[ChartPoint]) -> Scale:
    days = [point.due_on.toordinal() for point in (*before, *after)]
    step = min((*_gaps(before), *_gaps(after)), default=DAYS_OF_A_SINGLE_BAR)
    tallest = max(point.amount_minor for point in (*before, *after))
    return Scale(start=min(days), days=max(days) - min(days) + step, step=step, tallest=tallest)


def _gaps(points: Sequence[ChartPoint]) -> list[int]:
    days = sorted({point.due_on.toordinal() for point in points})
    return [later - earlier for earlier, later in pairwise(days)]


def _panel(points: Sequence[ChartPoint], scale: Scale) -> Panel:
    bars = tuple(scale.bar(point) for point in points)
    largest = max(points, key=lambda point: point.amount_minor)
    return Panel(
        bars,
        guide=min(bar.y for bar in bars),
        largest=largest.amount,
        first=min(points, key=lambda point: point.due_on).due_date,
        last=max(points, key=lambda point: point.due_on).due_date,
    )
