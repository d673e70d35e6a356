"""Every report as a table: what `respite report` prints, and what is written to a CSV file."""

import csv
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import TextIO

from sqlalchemy.orm import Session

from respite.policies.model import Policy
from respite.reports.containment import containment
from respite.reports.defaults import defaults
from respite.reports.delinquency import SETTLED, DelinquencyReport, delinquency
from respite.reports.periods import Period
from respite.reports.plans import Plans, plans
from respite.reports.proportions import Proportion
from respite.reports.queue import queue_now
from respite.reports.service import Service, service


class ReportName(StrEnum):
    QUEUE = "queue"
    SERVICE = "service"
    REASONS = "reasons"
    CONTAINMENT = "containment"
    PLANS = "plans"
    DELINQUENCY = "delinquency"
    ROLL_RATES = "roll-rates"
    DEFAULTS = "defaults"


Cell = str | int | float | date | timedelta | None
Row = tuple[Cell, ...]
TOTAL = "total"


@dataclass(frozen=True)
class Table:
    """Columns with plain names, and rows. A float is a share of 1 or a mean, a timedelta a length of time."""

    columns: tuple[str, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Question:
    """What a report is asked for. `before` is the period that `defaults` compares with, `today` the business date."""

    period: Period
    before: Period
    today: date
    now: datetime


SERVICE_COLUMNS = (
    "requests",
    "taken",
    "cancelled",
    "wait_median",
    "wait_p90",
    "handling_median",
    "handling_p90",
    "answered_in_time",
    "ratings",
    "rating",
)


def queue_table(session: Session, policy: Policy, asked: Question) -> Table:
    """The queue as it is now, whatever the period."""
    found = queue_now(session, asked.now)
    rows: list[Row] = [
        ("waiting", found.waiting),
        ("oldest_wait", found.oldest_wait),
        ("overdue", found.overdue),
        ("taken", found.taken),
        ("callbacks", found.callbacks),
        ("present", found.present),
        ("room", found.room),
        *((f"waiting: {reason}", count) for reason, count in found.by_reason.items()),
    ]
    return Table(("figure", "value"), tuple(rows))


def service_table(session: Session, policy: Policy, asked: Question) -> Table:
    """Waits, handling, deadlines and ratings by the day of the request."""
    found = service(session, policy, asked.period, asked.now)
    days: list[Row] = [(day, *_service_cells(each)) for day, each in found.by_day.items()]
    return Table(("on", *SERVICE_COLUMNS), (*days, (TOTAL, *_service_cells(found.total))))


def reasons_table(session: Session, policy: Policy, asked: Question) -> Table:
    """The same by the reason why a person came in."""
    found = service(session, policy, asked.period, asked.now)
    reasons: list[Row] = [(reason, *_service_cells(each)) for reason, each in found.by_reason.items()]
    return Table(("reason", *SERVICE_COLUMNS), (*reasons, (TOTAL, *_service_cells(found.total))))


def containment_table(session: Session, policy: Policy, asked: Question) -> Table:
    """Contacts, and those that the bot solved, by day."""
    found = containment(session, policy, asked.period)

    def row(label: Cell, each: Proportion) -> Row:
        return label, each.total, each.events, each.share

    days = (row(day, each) for day, each in found.by_day.items())
    return Table(("on", "contacts", "solved_by_bot", "share"), (*days, row(TOTAL, found.total)))


def plans_table(session: Session, policy: Policy, asked: Question) -> Table:
    """Plans accepted in the period by kind, and what became of them; `offered` and `taken_up` count loans."""
    found = plans(session, policy, asked.period)

    def row(label: str, each: Plans, offered: int | None = None, taken_up: int | None = None) -> Row:
        cells = (each.accepted, each.by_staff, each.active, each.kept, each.broken, each.cancelled)
        return label, offered, taken_up, *cells, each.kept_share.share

    kinds = (row(kind.value, each) for kind, each in found.by_kind.items())
    columns = ("kind", "offered", "taken_up", "accepted", "by_staff", "active", "kept", "broken", "cancelled")
    return Table((*columns, "kept_share"), (*kinds, row(TOTAL, found.total, found.offered, found.taken_up.events)))


def delinquency_table(session: Session, policy: Policy, asked: Question) -> Table:
    """How many open loans were in each bucket, at marks over the period."""
    found = delinquency(session, policy, asked.period, asked.today)

    def row(mark: date, counts: Mapping[str, int]) -> Row:
        return mark, *(counts.get(bucket, 0) for bucket in found.buckets), sum(counts.values())

    rows = tuple(row(mark, counts) for mark, counts in found.at.items())
    return Table(("on", *found.buckets, "open"), rows)


def roll_rates_table(session: Session, policy: Policy, asked: Question) -> Table:
    """Which share of the loans of a bucket was where at the next mark."""
    found = delinquency(session, policy, asked.period, asked.today)
    return Table(("bucket", "loans", *found.buckets, SETTLED), tuple(roll_rate_rows(found)))


def roll_rate_rows(found: DelinquencyReport) -> Iterator[Row]:
    for bucket in found.buckets:
        loans = sum(count for (start, _), count in found.rolled.items() if start == bucket)
        yield bucket, loans, *(found.roll_rate(bucket, then) for then in (*found.buckets, SETTLED))


def defaults_table(session: Session, policy: Policy, asked: Question) -> Table:
    """Default rates of two periods with 95 % intervals, and their difference."""
    found = defaults(session, policy, asked.before, asked.period, asked.today)

    def row(label: str, period: Period, each: Proportion) -> Row:
        interval = each.interval()
        ends = (interval.low, interval.high) if interval else (None, None)
        return label, period.first, period.last, each.total, each.events, each.share, *ends

    change = found.difference
    ends = (change.interval.low, change.interval.high) if change else (None, None)
    return Table(
        ("period", "from", "to", "exposed", "defaults", "rate", "low", "high"),
        (
            row("before", asked.before, found.before),
            row("after", asked.period, found.after),
            ("difference", None, None, None, None, change.change if change else None, *ends),
        ),
    )


REPORTS: Mapping[ReportName, Callable[[Session, Policy, Question], Table]] = {
    ReportName.QUEUE: queue_table,
    ReportName.SERVICE: service_table,
    ReportName.REASONS: reasons_table,
    ReportName.CONTAINMENT: containment_table,
    ReportName.PLANS: plans_table,
    ReportName.DELINQUENCY: delinquency_table,
    ReportName.ROLL_RATES: roll_rates_table,
    ReportName.DEFAULTS: defaults_table,
}


def write_csv(table: Table, file: TextIO) -> None:
    """Write a table as CSV: lengths of time in seconds, shares as parts of 1, an empty cell where there is nothing."""
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(table.columns)
    writer.writerows([_plain(cell) for cell in row] for row in table.rows)


def _plain(cell: Cell) -> object:
    match cell:
        case timedelta():
            return round(cell.total_seconds())
        case float():
            return round(cell, 6)
        case _:
            return cell


def _service_cells(each: Service) -> Sequence[Cell]:
    return (
        each.requests,
        each.taken,
        each.cancelled,
        each.wait.median,
        each.wait.p90,
        each.handling.median,
        each.handling.p90,
        each.met.share,
        each.ratings,
        each.rating,
    )
