"""Why a plan is refused: the rule that stands in the way, in facts that a borrower can be told."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from respite.lending.money import Money
from respite.policies.model import Role

Fact = Money | Decimal | date | timedelta | int


@dataclass(frozen=True)
class Refusal:
    """One rule that stands in the way, what it is measured by, and what would change the answer.

    For the rule `authority`, `limit` names the limit that was exceeded, and `granted_by` who may go beyond it.
    """

    rule: str
    facts: dict[str, Fact] = field(default_factory=dict)
    limit: str = ""
    granted_by: Role | None = None


class PlanRefusedError(Exception):
    """A plan that policy does not allow, with every rule that speaks against it, the decisive one first."""

    def __init__(self, *refusals: Refusal) -> None:
        super().__init__(", ".join(refusal.rule for refusal in refusals))
        self.refusals = refusals

    @property
    def decisive(self) -> Refusal:
        return self.refusals[0]
