"""A plan that a member of staff wants to offer, as they spell it out."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from respite.lending.money import ZERO
from respite.plans.authority import Relief
from respite.plans.offers import Offer, deferral_offer, offer_for_monthly_payment, restructuring_offer
from respite.policies.model import PlanKind, Role
from respite.store.loan_book import LoanAccount


@dataclass(frozen=True)
class PlanRequest:
    """A plan for one loan, as it is asked for.

    A deferral waits until the day `until`. A restructuring has `count` instalments or as many as `monthly_payment`
    needs, from the day `until` on (by default the policy's), with a `relief` (by default the policy's usual one).
    """

    loan_reference: str
    kind: PlanKind
    until: date | None = None
    count: int | None = None
    monthly_payment: Decimal | None = None
    relief: Relief | None = None

    def offer(self, account: LoanAccount, role: Role) -> Offer:
        """The plan under the authority of a role. Raises PlanRefusedError."""
        if self.kind is PlanKind.DEFERRAL:
            assert self.until, "a deferral has a day"
            return deferral_offer(account, self.until, role=role)
        if self.count:
            return restructuring_offer(account, self.count, self.until, role=role, relief=self.relief)
        return offer_for_monthly_payment(account, self.monthly_payment or ZERO, self.until, role=role)

    def as_json(self) -> dict[str, Any]:
        return {
            "loan": self.loan_reference,
            "kind": self.kind.value,
            "until": self.until and self.until.isoformat(),
            "count": self.count,
            "monthly_payment": None if self.monthly_payment is None else str(self.monthly_payment),
            "rate_reduction": self.relief and str(self.relief.rate_reduction),
            "penalty_waiver": self.relief and str(self.relief.penalty_waiver),
        }

    @classmethod
    def from_json(cls, plan: dict[str, Any]) -> "PlanRequest":
        has_relief = plan["rate_reduction"] is not None
        return cls(
            loan_reference=plan["loan"],
            kind=PlanKind(plan["kind"]),
            until=plan["until"] and date.fromisoformat(plan["until"]),
            count=plan["count"],
            monthly_payment=plan["monthly_payment"] and Decimal(plan["monthly_payment"]),
            relief=Relief(Decimal(plan["rate_reduction"]), Decimal(plan["penalty_waiver"])) if has_relief else None,
        )
