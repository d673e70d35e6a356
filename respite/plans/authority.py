"""Requests that somebody's authority limits, and who may grant what is beyond it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from respite.lending.money import ZERO
from respite.plans.refusals import Fact, PlanRefusedError, Refusal
from respite.policies.model import Authority, Policy, Role

Limit = Callable[[Authority], list[Refusal]]
"""What stands in the way of a request for somebody with an authority."""


@dataclass(frozen=True)
class Relief:
    """What a restructuring takes off: percentage points of the rate, and a percentage of the late charges so far."""

    rate_reduction: Decimal = ZERO
    penalty_waiver: Decimal = ZERO

    @classmethod
    def usual(cls, policy: Policy) -> "Relief":
        """What everybody gets without asking: all that the bot may grant."""
        granted = policy.authority[Role.BOT].restructuring
        return cls(granted.rate_reduction, granted.penalty_waiver)


def beyond_authority(policy: Policy, role: Role, limit: Limit) -> list[Refusal]:
    """What `limit` holds against `role`: the rule `authority` where somebody else may grant it, or else its own."""
    exceeded = limit(policy.authority[role])
    granted_by = next((other for other in Role if not limit(policy.authority[other])), None)
    if not exceeded or granted_by is None:
        return exceeded
    return [Refusal("authority", exceeded[0].facts, limit=exceeded[0].rule, granted_by=granted_by)]


def require_authority(policy: Policy, role: Role, limit: Limit) -> None:
    """Raise PlanRefusedError unless the request stays within what `role` may grant."""
    exceeded = beyond_authority(policy, role, limit)
    if exceeded:
        raise PlanRefusedError(*exceeded)


def deferred(until: date, counted_from: date) -> Limit:
    """A deferral to `until`, in days counted from the due date or from today."""

    def limit(authority: Authority) -> list[Refusal]:
        longest = timedelta(days=authority.deferral.maximum_days)
        facts: dict[str, Fact] = {"latest": counted_from + longest, "maximum_days": longest}
        return [Refusal("deferral_too_long", facts)] if until > counted_from + longest else []

    return limit


def restructured(count: int, relief: Relief) -> Limit:
    """A restructuring in `count` instalments with a relief."""

    def limit(authority: Authority) -> list[Refusal]:
        granted = authority.restructuring
        exceeded = []
        if count > granted.maximum_count:
            exceeded.append(Refusal("count_too_large", {"maximum_count": granted.maximum_count}))
        if relief.rate_reduction > granted.rate_reduction:
            exceeded.append(Refusal("rate_reduction_too_large", {"most": granted.rate_reduction}))
        if relief.penalty_waiver > granted.penalty_waiver:
            exceeded.append(Refusal("penalty_waiver_too_large", {"most": granted.penalty_waiver}))
        return exceeded

    return limit
