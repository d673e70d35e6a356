"""The plans that policy allows for one loan, each with its exact schedule and its cost, cheapest first."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from respite.lending.errors import LendingError
from respite.lending.schedule import Schedule
from respite.plans.deferral import defer
from respite.plans.eligibility import PlanRefusedError, Refusal, require_eligible
from respite.plans.plan_cost import PlanCost, plan_cost
from respite.plans.restructuring import count_for_payment, restructure
from respite.store.loan_book import LoanAccount

BEST_FEW = 3
Offers = Callable[[], list["Offer"]]


class PlanKind(StrEnum):
    DEFERRAL = "deferral"
    RESTRUCTURING = "restructuring"


@dataclass(frozen=True)
class Offer:
    """One plan that can be booked as it stands.

    For a deferral, `number` is the instalment that waits and `until` its new due date; for a restructuring, `until`
    is the first due date and the schedule holds every new instalment.
    """

    account: LoanAccount
    kind: PlanKind
    number: int | None
    until: date
    schedule: Schedule
    cost: PlanCost

    @property
    def largest(self) -> Decimal:
        """The plan's largest instalment."""
        return max(instalment.total for instalment in self.schedule)

    @property
    def first_payment(self) -> Decimal:
        """What the plan asks for on its first due date."""
        first = self.schedule[0].due
        return sum((instalment.total for instalment in self.schedule if instalment.due == first), Decimal(0))


def deferral_offer(account: LoanAccount, until: date) -> Offer:
    """The oldest unpaid instalment moved to `until`. Raises PlanRefusedError."""
    limits = account.policy.deferral
    require_eligible(account, limits.eligibility)
    instalment = account.position.remaining[0]
    counted_from = max(instalment.due, account.as_of)
    longest = timedelta(days=limits.maximum_days)
    latest = counted_from + longest
    if until > latest:
        raise PlanRefusedError(Refusal("deferral_too_long", {"latest": latest, "maximum_days": longest}))
    if until <= counted_from:
        raise PlanRefusedError(Refusal("deferral_not_later", {"due": counted_from}))
    schedule = defer(
        account.schedule,
        account.position,
        number=instalment.number,
        to=until,
        annual_rate=account.annual_rate,
        day_count=account.policy.day_count,
    )
    return _offer(account, PlanKind.DEFERRAL, instalment.number, until, schedule)


def restructuring_offer(account: LoanAccount, count: int, first_due: date | None = None) -> Offer:
    """All that is left in `count` instalments from `first_due` (by default the policy's). Raises PlanRefusedError."""
    limits = account.policy.restructuring
    require_eligible(account, limits.eligibility)
    first_due = first_due or default_first_due(account)
    latest = account.as_of + timedelta(days=limits.latest_first_due)
    if count > limits.maximum_count:
        raise PlanRefusedError(Refusal("count_too_large", {"maximum_count": limits.maximum_count}))
    if first_due > latest:
        raise PlanRefusedError(Refusal("first_due_too_late", {"latest": latest}))
    schedule = restructure(
        account.position,
        count=count,
        first_due=first_due,
        annual_rate=_reduced_rate(account),
        day_count=account.policy.day_count,
        present_rate=account.annual_rate,
        present_method=account.method,
    )
    if min(instalment.total for instalment in schedule) < limits.minimum_instalment:
        raise PlanRefusedError(Refusal("instalment_too_small", {"minimum": account.money(limits.minimum_instalment)}))
    return _offer(account, PlanKind.RESTRUCTURING, None, first_due, schedule)


def offer_for_monthly_payment(account: LoanAccount, monthly_payment: Decimal, first_due: date | None = None) -> Offer:
    """The shortest restructuring whose instalments stay within `monthly_payment`. Raises PlanRefusedError."""
    limits = account.policy.restructuring
    require_eligible(account, limits.eligibility)
    first_due = first_due or default_first_due(account)
    try:
        count = count_for_payment(
            account.position,
            monthly_payment=monthly_payment,
            first_due=first_due,
            annual_rate=_reduced_rate(account),
            day_count=account.policy.day_count,
            maximum_count=limits.maximum_count,
            present_rate=account.annual_rate,
            present_method=account.method,
        )
    except LendingError:
        longest = restructuring_offer(account, limits.maximum_count, first_due)
        raise PlanRefusedError(
            Refusal(
                "payment_too_small",
                {"minimum": account.money(longest.largest), "maximum_count": limits.maximum_count},
            )
        ) from None
    return restructuring_offer(account, count, first_due)


def deferral_offers(account: LoanAccount) -> list[Offer]:
    """The deferrals that policy puts forward. Raises PlanRefusedError when it allows none."""
    limits = account.policy.deferral
    require_eligible(account, limits.eligibility)
    start = max(account.position.remaining[0].due, account.as_of)
    return cheapest_first([deferral_offer(account, start + timedelta(days=days)) for days in limits.offered_days])


def restructuring_offers(account: LoanAccount) -> list[Offer]:
    """The restructurings that policy puts forward and that ease the instalments. Raises PlanRefusedError."""
    limits = account.policy.restructuring
    require_eligible(account, limits.eligibility)
    easing = [count for count in limits.offered_counts if count > len(account.position.remaining)]
    offers, refused = [], None
    for count in easing or [limits.maximum_count]:
        try:
            offers.append(restructuring_offer(account, count))
        except PlanRefusedError as error:
            refused = refused or error
    if refused and not offers:
        raise refused
    return cheapest_first(offers)[:BEST_FEW]


def best_offers(account: LoanAccount) -> list[Offer]:
    """A few different ways out: the longest deferral and restructurings. Raises PlanRefusedError."""
    deferrals, restructurings = _either(lambda: deferral_offers(account), lambda: restructuring_offers(account))
    return cheapest_first((deferrals[-1:] + restructurings)[:BEST_FEW])


def cheapest_offers(account: LoanAccount) -> list[Offer]:
    """The few plans under which the least is paid in total. Raises PlanRefusedError."""
    deferrals, restructurings = _either(lambda: deferral_offers(account), lambda: restructuring_offers(account))
    return cheapest_first(deferrals + restructurings)[:BEST_FEW]


def offers_for_payment_on(account: LoanAccount, day: date, amount: Decimal) -> list[Offer]:
    """The plans that ask for nothing before `day`, and then for no more than `amount`. Raises PlanRefusedError.

    At most one of each kind: the deferral to that day, and the shortest restructuring from that day on in which no
    instalment is above `amount`.
    """
    if day <= account.as_of:
        raise PlanRefusedError(Refusal("deferral_not_later", {"due": account.as_of}))

    def deferral() -> list[Offer]:
        offer = deferral_offer(account, day)
        return [offer] if offer.first_payment <= amount and offer.schedule[0].due == day else []

    deferrals, restructurings = _either(deferral, lambda: [offer_for_monthly_payment(account, amount, day)])
    return cheapest_first(deferrals + restructurings)


def default_first_due(account: LoanAccount) -> date:
    """The policy's first due date of a restructuring that starts today."""
    return account.as_of + timedelta(days=account.policy.restructuring.first_due_after)


def cheapest_first(offers: list[Offer]) -> list[Offer]:
    return sorted(offers, key=lambda offer: offer.cost.total)


def _reduced_rate(account: LoanAccount) -> Decimal:
    """The rate of a restructuring, percent a year: the contract's, less what policy takes off."""
    return max(account.annual_rate - account.policy.restructuring.annual_rate_reduction, Decimal(0))


def _either(deferrals: Offers, restructurings: Offers) -> tuple[list[Offer], list[Offer]]:
    """The offers of each kind, none of one that policy refuses. Raises PlanRefusedError when there are none at all."""
    deferred, _ = _or_refusal(deferrals)
    restructured, refused = _or_refusal(restructurings)
    if refused and not deferred:
        raise refused
    return deferred, restructured


def _or_refusal(make: Offers) -> tuple[list[Offer], PlanRefusedError | None]:
    try:
        return make(), None
    except PlanRefusedError as error:
        return [], error


def _offer(account: LoanAccount, kind: PlanKind, number: int | None, until: date, schedule: Schedule) -> Offer:
    cost = plan_cost(schedule, account.position, account.payoff(), account.as_of, account.annual_rate)
    return Offer(account, kind, number, until, schedule, cost)
