"""Lengths of time in a few numbers: how many, the middle one, and the one that nine in ten stay below."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from statistics import median, quantiles


@dataclass(frozen=True)
class Spans:
    """`median` and `p90` are None where there is nothing to measure."""

    count: int
    median: timedelta | None = None
    p90: timedelta | None = None

    @classmethod
    def of(cls, lengths: Iterable[timedelta]) -> "Spans":
        seconds = [length.total_seconds() for length in lengths]
        if not seconds:
            return cls(0)
        p90 = quantiles(seconds, n=10, method="inclusive")[-1] if len(seconds) > 1 else seconds[0]
        return cls(len(seconds), timedelta(seconds=round(median(seconds))), timedelta(seconds=round(p90)))
