"""Shares and how sure one can be of them: Wilson's score interval, and Newcombe's for the difference of two."""

from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist

CONFIDENCE = 0.95


@dataclass(frozen=True)
class Interval:
    low: float
    high: float


@dataclass(frozen=True)
class Proportion:
    """`events` of `total`; a share of nothing is None."""

    events: int
    total: int

    @property
    def share(self) -> float | None:
        return self.events / self.total if self.total else None

    def interval(self, confidence: float = CONFIDENCE) -> Interval | None:
        """Wilson's score interval; None where there is nothing to tell from.

        Source: E. B. Wilson, Probable inference, the law of succession, and statistical inference, Journal of the
        American Statistical Association 22 (1927).
        """
        if self.share is None:
            return None
        z, n, p = _z(confidence), self.total, self.share
        centre = p + z * z / (2 * n)
        margin = z * sqrt(p * (1 - p) / n + z * z / (4 * n * n))
        scale = 1 + z * z / n
        return Interval(max((centre - margin) / scale, 0.0), min((centre + margin) / scale, 1.0))


@dataclass(frozen=True)
class Difference:
    """How much larger the later share is, in parts of 1, and between what that lies."""

    change: float
    interval: Interval

    @property
    def is_beyond_chance(self) -> bool:
        """Whether the interval leaves out that nothing changed."""
        return not self.interval.low <= 0 <= self.interval.high


def difference(before: Proportion, after: Proportion, confidence: float = CONFIDENCE) -> Difference | None:
    """The difference of two independent shares with its interval; None where one of them is a share of nothing.

    Source: R. G. Newcombe, Interval estimation for the difference between independent proportions: comparison of
    eleven methods, Statistics in Medicine 17 (1998), method 10 (from Wilson's intervals, without a correction).
    """
    earlier, later = before.interval(confidence), after.interval(confidence)
    if earlier is None or later is None or before.share is None or after.share is None:
        return None
    change = after.share - before.share
    down = sqrt((after.share - later.low) ** 2 + (earlier.high - before.share) ** 2)
    up = sqrt((later.high - after.share) ** 2 + (before.share - earlier.low) ** 2)
    return Difference(change, Interval(change - down, change + up))


def _z(confidence: float) -> float:
    return NormalDist().inv_cdf((1 + confidence) / 2)
