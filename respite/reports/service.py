"""How soon and how well borrowers who asked for a person were helped. A request counts on the day it was made.

Waits are counted in opening hours, as the deadlines are: from the request to the first person who took it. Handling
goes from there to the end.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import fmean
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from respite.policies.model import Policy
from respite.reports.periods import Period
from respite.reports.proportions import Proportion
from respite.reports.spans import Spans
from respite.store.models import Handoff
from respite.support.hours import Desk


@dataclass(frozen=True)
class Service:
    """What became of some requests. `met` is how many were answered by their deadline, of those it was decided for."""

    requests: int
    taken: int
    cancelled: int
    wait: Spans
    handling: Spans
    met: Proportion
    ratings: int
    rating: float | None


@dataclass(frozen=True)
class ServiceReport:
    """The period as a whole, each day of it, and why borrowers asked for a person (or were given one)."""

    total: Service
    by_day: Mapping[date, Service]
    by_reason: Mapping[str, Service]


def service(session: Session, policy: Policy, period: Period, now: datetime) -> ServiceReport:
    """The requests of a period, as they stand `now`."""
    timezone, desk = ZoneInfo(policy.lender.timezone), Desk.of(policy)
    begin, end = period.moments(timezone)
    query = select(Handoff).where(Handoff.requested_at >= begin, Handoff.requested_at < end)
    requests = session.scalars(query.order_by(Handoff.id)).all()
    on_day, of_reason = defaultdict[date, list[Handoff]](list), defaultdict[str, list[Handoff]](list)
    for request in requests:
        on_day[request.requested_at.astimezone(timezone).date()].append(request)
        of_reason[request.reason].append(request)
    most_first = sorted(of_reason, key=lambda reason: -len(of_reason[reason]))
    return ServiceReport(
        total=_sum_up(requests, desk, now),
        by_day={day: _sum_up(on_day[day], desk, now) for day in period.dates()},
        by_reason={reason: _sum_up(of_reason[reason], desk, now) for reason in most_first},
    )


def _sum_up(requests: Sequence[Handoff], desk: Desk, now: datetime) -> Service:
    ratings = [request.rating for request in requests if request.rating is not None]
    decided = [_in_time(request) for request in requests if request.answered_at or request.due_at < now]
    return Service(
        requests=len(requests),
        taken=sum(request.first_taken_at is not None for request in requests),
        cancelled=sum(request.outcome == "cancelled" for request in requests),
        wait=Spans.of(
            _open_time(desk, request.requested_at, request.first_taken_at)
            for request in requests
            if request.first_taken_at
        ),
        handling=Spans.of(
            request.closed_at - request.first_taken_at
            for request in requests
            if request.first_taken_at and request.closed_at
        ),
        met=Proportion(sum(decided), len(decided)),
        ratings=len(ratings),
        rating=fmean(ratings) if ratings else None,
    )


def _in_time(request: Handoff) -> bool:
    return request.answered_at is not None and request.answered_at <= request.due_at


def _open_time(desk: Desk, start: datetime, end: datetime) -> timedelta:
    """How long the desk was open in between; most waits lie within one opening."""
    opening = next(desk.periods(start), None)
    if opening and opening.begin <= start and end <= opening.end:
        return end - start
    return desk.open_time(start, end)
