"""Whether a borrower may be contacted about a debt at a moment: which rule forbids it, and when it no longer does."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from respite.policies.conduct import ContactPolicy, Hours

WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Attempt:
    """One attempt to reach a borrower at an address (a number, a chat) about a loan; `connected` when they spoke."""

    at: datetime
    address: str
    loan: str
    connected: bool = False


@dataclass(frozen=True)
class Wishes:
    """What is known of a borrower that decides when they are left in peace.

    pauses: why nobody contacts them at all, such as an opt-out, a dispute, a lawyer or distress.
    keeps_to_plan: a plan is in force on the loan and not broken.
    accepts_quiet_hours: they agreed to be contacted at any hour.
    inconvenient: hours at which they do not want to be contacted.
    """

    timezone: ZoneInfo
    pauses: frozenset[str] = frozenset()
    keeps_to_plan: bool = False
    accepts_quiet_hours: bool = False
    inconvenient: tuple[Hours, ...] = ()


@dataclass(frozen=True)
class NotNow:
    """A rule that forbids contact, and the moment from which it no longer does; None where time does not end it."""

    rule: str
    until: datetime | None


def not_now(
    rules: ContactPolicy, wishes: Wishes, history: Sequence[Attempt], *, at: datetime, address: str, loan: str
) -> NotNow | None:
    """The first rule that forbids to contact a borrower `at` a moment about a loan; None when none does.

    `history` holds every earlier attempt of all channels and staff to reach this borrower.
    """
    return next(_forbidding(rules, wishes, [each for each in history if each.at <= at], at, address, loan), None)


def next_moment(
    rules: ContactPolicy, wishes: Wishes, history: Sequence[Attempt], *, at: datetime, address: str, loan: str
) -> datetime | None:
    """The first moment from `at` on when every rule allows contact; None where time alone does not bring it."""
    moment: datetime | None = at
    while moment and (found := not_now(rules, wishes, history, at=moment, address=address, loan=loan)):
        moment = found.until
    return moment


def _forbidding(
    rules: ContactPolicy, wishes: Wishes, history: Sequence[Attempt], at: datetime, address: str, loan: str
) -> Iterator[NotNow]:
    local = at.astimezone(wishes.timezone)
    today = [each for each in history if each.at.astimezone(wishes.timezone).date() == local.date()]
    tomorrow = _at(local.date() + timedelta(days=1), time(0), wishes.timezone)
    about_it = [each for each in history if each.loan == loan]
    if wishes.pauses:
        yield NotNow("paused", None)
    if wishes.keeps_to_plan:
        yield NotNow("plan", None)
    if rules.quiet_hours.cover(local.time()) and not wishes.accepts_quiet_hours:
        yield NotNow("quiet_hours", _end(rules.quiet_hours, local, wishes.timezone))
    for hours in wishes.inconvenient:
        if hours.cover(local.time()):
            yield NotNow("inconvenient_time", _end(hours, local, wishes.timezone))
    spoke_last = max((each.at for each in about_it if each.connected), default=None)
    if spoke_last and at < spoke_last + timedelta(days=rules.days_after_conversation):
        yield NotNow("conversation", spoke_last + timedelta(days=rules.days_after_conversation))
    lately = sorted(each.at for each in about_it if each.at > at - WEEK)
    if rules.attempts_in_7_days and len(lately) >= rules.attempts_in_7_days:
        yield NotNow("attempts_in_7_days", lately[-rules.attempts_in_7_days] + WEEK)
    if sum(each.connected for each in today) >= rules.contacts_a_day:
        yield NotNow("contacts_a_day", tomorrow)
    if sum(each.address == address for each in today) >= rules.attempts_a_day:
        yield NotNow("attempts_a_day", tomorrow)


def _end(hours: Hours, local: datetime, timezone: ZoneInfo) -> datetime:
    """The end of the hours that a moment lies in."""
    ends_tomorrow = local.time() >= hours.end
    return _at(local.date() + timedelta(days=ends_tomorrow), hours.end, timezone)


def _at(day: date, clock: time, timezone: ZoneInfo) -> datetime:
    return datetime.combine(day, clock, timezone)
