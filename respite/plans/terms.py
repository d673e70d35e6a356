"""The exact terms of one plan, as they are quoted, consented to, stored and shown."""

import hashlib
import json
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from respite.lending.money import Money
from respite.lending.schedule import Instalment, Schedule
from respite.plans.offers import Offer
from respite.policies.model import PlanKind

AMOUNTS = ("principal", "interest", "fee", "carried")


@dataclass(frozen=True)
class PlanTerms:
    """Terms that consent can bind. Rates are percent a year.

    For a deferral, `number` is the instalment that waits and `until` its new due date; for a restructuring, `until`
    is the first due date.
    """

    kind: PlanKind
    loan_reference: str
    number: int | None
    until: date
    starts_on: date
    schedule: Schedule
    total: Money
    extra_against_agreed: Money
    extra_against_payoff: Money
    effective_annual_rate: Decimal

    @property
    def count(self) -> int:
        return len(self.schedule.instalments)

    @property
    def deferred(self) -> Instalment:
        """The instalment that a deferral moves."""
        return next(instalment for instalment in self.schedule if instalment.due == self.until)

    @property
    def usual_instalment(self) -> Money:
        """What a borrower pays each time: a deferral's moved instalment, a restructuring's largest one."""
        amount = self.deferred.total if self.number else max(instalment.total for instalment in self.schedule)
        return Money(amount, self.total.currency)

    def due_on(self, day: date) -> Money:
        """Everything that the plan asks for on one day."""
        amounts = (instalment.total for instalment in self.schedule if instalment.due == day)
        return Money(sum(amounts, Decimal(0)), self.total.currency)

    def costs_more_than(self, other: "PlanTerms") -> Money:
        """How much more is paid under this plan than under another."""
        return self.total - other.total

    def ends_after(self, other: "PlanTerms") -> timedelta:
        """How much later this plan's last instalment is due than that of another; below zero where it is earlier."""
        return self.schedule.last_due - other.schedule.last_due

    @classmethod
    def of(cls, offer: Offer) -> "PlanTerms":
        account, cost = offer.account, offer.cost
        assert cost.effective_annual_rate is not None, "a plan whose instalments lie ahead has a rate"
        return cls(
            kind=offer.kind,
            loan_reference=account.reference,
            number=offer.number,
            until=offer.until,
            starts_on=offer.schedule.start or account.as_of,
            schedule=offer.schedule,
            total=account.money(cost.total),
            extra_against_agreed=account.money(cost.extra_against_agreed),
            extra_against_payoff=account.money(cost.extra_against_payoff),
            effective_annual_rate=cost.effective_annual_rate,
        )

    def as_json(self) -> dict[str, Any]:
        """Amounts in minor units, dates in ISO 8601, rates as decimal text."""
        return {
            "kind": self.kind.value,
            "loan": self.loan_reference,
            "currency": self.total.currency,
            "number": self.number,
            "until": self.until.isoformat(),
            "starts_on": self.starts_on.isoformat(),
            "instalments": [
                {
                    "number": instalment.number,
                    "due": instalment.due.isoformat(),
                    **{name: Money(getattr(instalment, name), self.total.currency).minor for name in AMOUNTS},
                }
                for instalment in self.schedule
            ],
            "total": self.total.minor,
            "extra_against_agreed": self.extra_against_agreed.minor,
            "extra_against_payoff": self.extra_against_payoff.minor,
            "effective_annual_rate": str(self.effective_annual_rate),
        }

    @classmethod
    def from_json(cls, terms: dict[str, Any]) -> "PlanTerms":
        def money(minor: int) -> Money:
            return Money.from_minor(minor, terms["currency"])

        return cls(
            kind=PlanKind(terms["kind"]),
            loan_reference=terms["loan"],
            number=terms["number"],
            until=date.fromisoformat(terms["until"]),
            schedule=Schedule(
                tuple(
                    Instalment(
                        number=row["number"],
                        due=date.fromisoformat(row["due"]),
                        **{name: money(row[name]).amount for name in AMOUNTS},
                    )
                    for row in terms["instalments"]
                ),
                start=date.fromisoformat(terms["starts_on"]),
            ),
            starts_on=date.fromisoformat(terms["starts_on"]),
            total=money(terms["total"]),
            extra_against_agreed=money(terms["extra_against_agreed"]),
            extra_against_payoff=money(terms["extra_against_payoff"]),
            effective_annual_rate=Decimal(terms["effective_annual_rate"]),
        )


def terms_hash(terms: dict[str, Any], loan_version: int, policy_version: str, language: str) -> str:
    """SHA-256 over the terms, the loan they were made from, the policy, and the language they were shown in."""
    content = json.dumps([terms, loan_version, policy_version, language], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(content.encode()).hexdigest()
