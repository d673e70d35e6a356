"""How late a loan is: days past due, delinquent days, buckets and the overdue ladder."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import accumulate

from respite.lending.errors import LendingError

BUCKETS: Mapping[str, int] = {"M0": 0, "M1": 1, "M2": 31, "M3": 61, "M3+": 91}
"""The first day past due of each bucket."""


@dataclass(frozen=True)
class Pause:
    """Days on which delinquency does not grow, or no interest accrues; both dates inclusive.

    Raises LendingError where it ends before it begins.
    """

    start: date
    end: date

    def __post_init__(self) -> None:
        if self.end < self.start:
            raise LendingError("pause", "A pause cannot end before it begins.")


def days_past_due(unpaid_due: date, as_of: date) -> int:
    """Days since an unpaid due date: 0 on the date itself, 1 on the next."""
    return max((as_of - unpaid_due).days, 0)


def delinquent_days(unpaid_due: date, as_of: date, grace_days: int = 0, pauses: Iterable[Pause] = ()) -> int:
    """Days past due less grace and paused days.

    A pause takes away the days after its start up to its end: on the day it starts, the count stands as it
    was.
    """
    past_due = days_past_due(unpaid_due, as_of)
    paused = 0
    counted_to = unpaid_due
    for pause in sorted(pauses, key=lambda pause: pause.start):
        start, end = max(pause.start, counted_to), min(pause.end, as_of)
        paused += max((end - start).days, 0)
        counted_to = max(counted_to, end)
    return max(past_due - grace_days - paused, 0)


def bucket(days: int, buckets: Mapping[str, int] = BUCKETS) -> str:
    """The bucket that a number of days past due falls into; `buckets` maps each label to its first day."""
    reached = {label: first_day for label, first_day in buckets.items() if first_day <= days}
    return max(reached, key=reached.__getitem__)


def ladder_state(days: int, ladder: Mapping[str, int], before: str = "none") -> str:
    """The state of an overdue ladder after `days` unpaid days; `ladder` maps states to their first day."""
    return bucket(days, {before: 0, **ladder})


def retry_days(gaps: Sequence[int]) -> list[int]:
    """The unpaid days on which a payment is tried again, from the days between tries."""
    return list(accumulate(gaps))
