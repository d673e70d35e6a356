"""What a borrower asks a plan to be: a later day, a number of instalments, or what they can pay a month."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from rasa_sdk import Tracker

from respite.plans.offers import Offer, deferral_offer, offer_for_monthly_payment, restructuring_offer
from respite.store.loan_book import LoanAccount

DAYS_OF_A_MONTH = 30


@dataclass(frozen=True)
class DeferralRequest:
    """Pay the next instalment `days` later, or on the day `until`."""

    days: int | None = None
    until: date | None = None

    def offer(self, account: LoanAccount) -> Offer:
        """The deferral asked for. Raises PlanRefusedError."""
        if self.until:
            return deferral_offer(account, self.until)
        start = max(account.position.remaining[0].due, account.as_of)
        return deferral_offer(account, start + timedelta(days=self.days or 0))

    def as_slot(self) -> dict[str, Any]:
        return {"days": self.days, "until": self.until and self.until.isoformat()}

    @classmethod
    def from_slot(cls, value: dict[str, Any]) -> "DeferralRequest":
        return cls(value["days"], value["until"] and date.fromisoformat(value["until"]))


@dataclass(frozen=True)
class RestructuringRequest:
    """Pay all that is left in `count` instalments, or in instalments of at most `monthly_payment`."""

    count: int | None = None
    monthly_payment: Decimal | None = None
    first_due: date | None = None

    def offer(self, account: LoanAccount) -> Offer:
        """The restructuring asked for. Raises PlanRefusedError."""
        if self.count:
            return restructuring_offer(account, self.count, self.first_due)
        return offer_for_monthly_payment(account, self.monthly_payment or Decimal(0))

    def as_slot(self) -> dict[str, Any]:
        return {"count": self.count, "monthly_payment": self.monthly_payment and str(self.monthly_payment)}

    @classmethod
    def from_slot(cls, value: dict[str, Any]) -> "RestructuringRequest":
        return cls(value["count"], value["monthly_payment"] and Decimal(value["monthly_payment"]))


PlanRequest = DeferralRequest | RestructuringRequest


def deferral_request(tracker: Tracker) -> DeferralRequest | None:
    """The deferral that the latest message spells out, if it names a day, a span or a bare number of days."""
    until, duration, days = _entity(tracker, "date"), _entity(tracker, "duration"), _entity(tracker, "number")
    if until:
        return DeferralRequest(until=date.fromisoformat(until))
    if duration:
        return DeferralRequest(days=duration.get("days") or duration["months"] * DAYS_OF_A_MONTH)
    return DeferralRequest(days=days) if days else None


def restructuring_request(tracker: Tracker) -> RestructuringRequest | None:
    """The restructuring that the latest message spells out, if it names a count, a span of months or an amount."""
    count = _entity(tracker, "instalment_count") or _entity(tracker, "number")
    amount, duration = _entity(tracker, "amount_of_money"), _entity(tracker, "duration")
    if count:
        return RestructuringRequest(count=int(count))
    if amount:
        return RestructuringRequest(monthly_payment=Decimal(str(amount)))
    if duration and duration.get("months"):
        return RestructuringRequest(count=int(duration["months"]))
    return None


def _entity(tracker: Tracker, name: str) -> Any:
    return next(tracker.get_latest_entity_values(name), None)
