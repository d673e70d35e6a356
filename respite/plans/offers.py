"""The plans that policy allows for one loan, each with its exact schedule and its cost, cheapest first."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import partial

from respite.lending.errors import LendingError
from respite.lending.money import ZERO
from respite.lending.schedule import Schedule
from respite.plans.authority import Relief, deferred, require_authority, restructured
from respite.plans.cap import require_within_cap
from respite.plans.deferral import defer
from respite.plans.eligibility import require_eligible
from respite.plans.plan_cost import PlanCost, plan_cost
from respite.plans.refusals import Fact, PlanRefusedError, Refusal
from respite.plans.restructuring import count_for_payment, restructure
from respite.policies.model import PlanKind, Role
from respite.store.loan_book import LoanAccount

BEST_FEW = 3
Offers = Callable[[], list["Offer"]]


@dataclass(frozen=True)
class Offer:
    """One plan that can be booked as it stands.

    For a deferral, `number` is the instalment that waits and `until` its new due date; for a restructuring, `until`
    is the first due date and the schedule holds every new instalment. `role` is whose authority it is made under.
    """

    account: LoanAccount
    role: Role
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


def deferral_offer(account: LoanAccount, until: date, *, role: Role = Role.BOT) -> Offer:
    """The oldest unpaid instalment moved to `until`. Raises PlanRefusedError."""
    require_eligible(account, PlanKind.DEFERRAL, role)
    instalment = account.position.remaining[0]
    counted_from = max(instalment.due, account.as_of)
    if until <= counted_from:
        raise PlanRefusedError(Refusal("deferral_not_later", {"due": counted_from}))
    require_authority(account.policy, role, deferred(until, counted_from))
    schedule = defer(
        account.schedule,
        account.position,
        number=instalment.number,
        to=until,
        annual_rate=account.annual_rate,
        day_count=account.policy.day_count,
    )
    return _offer(account, role, PlanKind.DEFERRAL, instalment.number, until, schedule)


def restructuring_offer(
    account: LoanAccount,
    count: int,
    first_due: date | None = None,
    *,
    role: Role = Role.BOT,
    relief: Relief | None = None,
) -> Offer:
    """All that is left in `count` instalments from `first_due` (by default the policy's). Raises PlanRefusedError.

    Without `relief` it has the usual one of the policy.
    """
    require_eligible(account, PlanKind.RESTRUCTURING, role)
    limits = account.policy.restructuring
    relief = relief or Relief.usual(account.policy)
    first_due = first_due or default_first_due(account)
    latest = account.as_of + timedelta(days=limits.latest_first_due)
    require_authority(account.policy, role, restructured(count, relief))
    if first_due > latest:
        raise PlanRefusedError(Refusal("first_due_too_late", {"latest": latest}))
    schedule = restructure(
        account.position,
        count=count,
        first_due=first_due,
        annual_rate=_reduced_rate(account, relief),
        day_count=account.policy.day_count,
        penalty_waiver=relief.penalty_waiver,
        present_rate=account.annual_rate,
        present_method=account.method,
    )
    if min(instalment.total for instalment in schedule) < limits.minimum_instalment:
        raise PlanRefusedError(Refusal("instalment_too_small", {"minimum": account.money(limits.minimum_instalment)}))
    return _offer(account, role, PlanKind.RESTRUCTURING, None, first_due, schedule)


def offer_for_monthly_payment(
    account: LoanAccount, monthly_payment: Decimal, first_due: date | None = None, *, role: Role = Role.BOT
) -> Offer:
    """The shortest restructuring whose instalments stay within `monthly_payment`. Raises PlanRefusedError."""
    require_eligible(account, PlanKind.RESTRUCTURING, role)
    first_due = first_due or default_first_due(account)
    relief = Relief.usual(account.policy)
    most = account.policy.authority[role].restructuring.maximum_count
    try:
        count = count_for_payment(
            account.position,
            monthly_payment=monthly_payment,
            first_due=first_due,
            annual_rate=_reduced_rate(account, relief),
            day_count=account.policy.day_count,
            penalty_waiver=relief.penalty_waiver,
            maximum_count=most,
            present_rate=account.annual_rate,
            present_method=account.method,
        )
    except LendingError:
        longest = restructuring_offer(account, most, first_due, role=role)
        facts: dict[str, Fact] = {"minimum": account.money(longest.largest), "maximum_count": most}
        raise PlanRefusedError(Refusal("payment_too_small", facts)) from None
    return restructuring_offer(account, count, first_due, role=role)


def deferral_offers(account: LoanAccount) -> list[Offer]:
    """The deferrals that policy puts forward. Raises PlanRefusedError when it allows none."""
    require_eligible(account, PlanKind.DEFERRAL)
    start = max(account.position.remaining[0].due, account.as_of)
    days = account.policy.deferral.offered_days
    return _possible([partial(deferral_offer, account, start + timedelta(days=each)) for each in days])


def restructuring_offers(account: LoanAccount) -> list[Offer]:
    """The restructurings that policy puts forward and that ease the instalments. Raises PlanRefusedError."""
    require_eligible(account, PlanKind.RESTRUCTURING)
    policy = account.policy
    easing = [count for count in policy.restructuring.offered_counts if count > len(account.position.remaining)]
    counts = easing or [policy.authority[Role.BOT].restructuring.maximum_count]
    return _possible([partial(restructuring_offer, account, count) for count in counts])[:BEST_FEW]


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


def _reduced_rate(account: LoanAccount, relief: Relief) -> Decimal:
    """The rate of a restructuring, percent a year: the contract's, less what is taken off."""
    return max(account.annual_rate - relief.rate_reduction, ZERO)


def _possible(make_offers: Sequence[Callable[[], Offer]]) -> list[Offer]:
    """Those of the offers that policy allows, cheapest first. Raises PlanRefusedError when it allows none."""
    offers, refused = [], None
    for make in make_offers:
        try:
            offers.append(make())
        except PlanRefusedError as error:
            refused = refused or error
    if refused and not offers:
        raise refused
    return cheapest_first(offers)


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


def _offer(
    account: LoanAccount, role: Role, kind: PlanKind, number: int | None, until: date, schedule: Schedule
) -> Offer:
    """The plan with its cost. Raises PlanRefusedError for one above the cap, which nobody may go beyond."""
    require_within_cap(account, schedule)
    cost = plan_cost(schedule, account.position, account.payoff(), account.as_of, account.annual_rate)
    return Offer(account, role, kind, number, until, schedule, cost)
