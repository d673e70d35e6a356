"""What a borrower asks a plan to be: a later day, a number of instalments, what they can pay a month or on a day."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from rasa_sdk import Tracker

from respite.lending.calendar import months_after
from respite.plans.offers import (
    Offer,
    best_offers,
    cheapest_offers,
    deferral_offer,
    deferral_offers,
    offer_for_monthly_payment,
    offers_for_payment_on,
    restructuring_offer,
    restructuring_offers,
)
from respite.plans.terms import PlanTerms
from respite.policies.model import PlanKind
from respite.store.loan_book import LoanAccount
from respite.store.models import Quote

DAYS_OF_A_MONTH = 30
EVERY_MONTH = re.compile(r"\b(?:a|per|each|every)\s+month\b|\bmonthly\b|每个?月|一个?月|月供", re.IGNORECASE)
LEAST_IN_TOTAL = re.compile(
    r"\b(?:least|cheap\w*|lowest|as little)\b|最少|最低|最省|最便宜|最划算|省钱|少还", re.IGNORECASE
)
NEXT_MONTH = re.compile(r"\bnext month\b|下个?月", re.IGNORECASE)


@dataclass(frozen=True)
class DeferralRequest:
    """Pay the next instalment `days` later, on the day `until`, or on its day in the month after."""

    days: int | None = None
    until: date | None = None

    def offers(self, account: LoanAccount) -> list[Offer]:
        """The deferral asked for. Raises PlanRefusedError."""
        return [deferral_offer(account, self.until or self._until(account))]

    def _until(self, account: LoanAccount) -> date:
        due = account.position.remaining[0].due
        start = max(due, account.as_of)
        return start + timedelta(days=self.days) if self.days is not None else months_after(start, 1, due.day)

    def as_slot(self) -> dict[str, Any]:
        return {"days": self.days, "until": self.until and self.until.isoformat()}


@dataclass(frozen=True)
class RestructuringRequest:
    """Pay all that is left in `count` instalments, or in instalments of at most `monthly_payment`."""

    count: int | None = None
    monthly_payment: Decimal | None = None
    first_due: date | None = None

    def offers(self, account: LoanAccount) -> list[Offer]:
        """The restructuring asked for. Raises PlanRefusedError."""
        if self.count:
            return [restructuring_offer(account, self.count, self.first_due)]
        return [offer_for_monthly_payment(account, self.monthly_payment or Decimal(0))]

    def as_slot(self) -> dict[str, Any]:
        return {"count": self.count, "monthly_payment": self.monthly_payment and str(self.monthly_payment)}


@dataclass(frozen=True)
class PaymentRequest:
    """Pay `amount` on `day`, and nothing before it."""

    amount: Decimal
    day: date

    def offers(self, account: LoanAccount) -> list[Offer]:
        """The plans that ask for no more than that. Raises PlanRefusedError."""
        return offers_for_payment_on(account, self.day, self.amount)

    def as_slot(self) -> dict[str, Any]:
        return {"amount": str(self.amount), "day": self.day.isoformat()}


@dataclass(frozen=True)
class OpenRequest:
    """What there is to choose from, when the borrower named no size."""

    make_offers: Callable[[LoanAccount], list[Offer]]

    def offers(self, account: LoanAccount) -> list[Offer]:
        """The plans that policy puts forward. Raises PlanRefusedError."""
        return self.make_offers(account)


SizedRequest = DeferralRequest | RestructuringRequest | PaymentRequest
PlanRequest = SizedRequest | OpenRequest

ANY_DEFERRAL, ANY_RESTRUCTURING = OpenRequest(deferral_offers), OpenRequest(restructuring_offers)
ANY_PLAN, CHEAPEST = OpenRequest(best_offers), OpenRequest(cheapest_offers)
OF_ONE_KIND = {PlanKind.DEFERRAL: ANY_DEFERRAL, PlanKind.RESTRUCTURING: ANY_RESTRUCTURING}


def from_slot(value: dict[str, Any]) -> SizedRequest:
    """The request that a form remembers."""
    match value:
        case {"amount": amount, "day": day}:
            return PaymentRequest(Decimal(amount), date.fromisoformat(day))
        case {"count": count, "monthly_payment": payment}:
            return RestructuringRequest(count, payment and Decimal(payment))
        case _:
            return DeferralRequest(value["days"], value["until"] and date.fromisoformat(value["until"]))


def same_request(quotes: list[Quote]) -> PlanRequest:
    """What the borrower had asked for when they were given these quotes of one loan."""
    if len(quotes) > 1:
        kinds = {PlanKind(quote.terms["kind"]) for quote in quotes}
        return OF_ONE_KIND[kinds.pop()] if len(kinds) == 1 else ANY_PLAN
    terms = PlanTerms.from_json(quotes[0].terms)
    if terms.kind is PlanKind.DEFERRAL:
        return DeferralRequest(until=terms.until)
    return RestructuringRequest(count=terms.count, first_due=terms.until)


def deferral_request(tracker: Tracker) -> SizedRequest | None:
    """The deferral that the latest message spells out, if it names a day, a span or a bare number of days."""
    until, duration, days = _entity(tracker, "date"), _entity(tracker, "duration"), _entity(tracker, "number")
    if payment := payment_request(tracker):
        return payment
    if until:
        return DeferralRequest(until=date.fromisoformat(until))
    if duration:
        return DeferralRequest(days=duration.get("days") or duration["months"] * DAYS_OF_A_MONTH)
    if days:
        return DeferralRequest(days=days)
    return DeferralRequest() if _says(tracker, NEXT_MONTH) else None


def restructuring_request(tracker: Tracker) -> SizedRequest | None:
    """The restructuring that the latest message spells out, if it names a count, a span of months or an amount."""
    count = _entity(tracker, "instalment_count") or _entity(tracker, "number")
    amount, duration = _entity(tracker, "amount_of_money"), _entity(tracker, "duration")
    if count:
        return RestructuringRequest(count=int(count))
    if payment := payment_request(tracker):
        return payment
    if amount:
        return RestructuringRequest(monthly_payment=Decimal(str(amount)))
    if duration and duration.get("months"):
        return RestructuringRequest(count=int(duration["months"]))
    return None


def payment_request(tracker: Tracker) -> PaymentRequest | None:
    """The payment that the latest message announces, if it names an amount and a day."""
    amount, day = _entity(tracker, "amount_of_money"), _entity(tracker, "date")
    return PaymentRequest(Decimal(str(amount)), date.fromisoformat(day)) if amount and day else None


def request_on_its_own(tracker: Tracker) -> SizedRequest | None:
    """A request that needs no plan on the screen: a payment on a day or every month, a number of instalments."""
    if _entity(tracker, "instalment_count") or (_entity(tracker, "amount_of_money") and _says(tracker, EVERY_MONTH)):
        return restructuring_request(tracker)
    return payment_request(tracker)


def choice_to_compare(tracker: Tracker) -> OpenRequest:
    """The plans to compare when none is on the screen: the cheapest, if the latest message asks for them."""
    return CHEAPEST if _says(tracker, LEAST_IN_TOTAL) else ANY_PLAN


def _entity(tracker: Tracker, name: str) -> Any:
    return next(tracker.get_latest_entity_values(name), None)


def _says(tracker: Tracker, words: re.Pattern[str]) -> bool:
    return bool(words.search(tracker.latest_message.get("text") or ""))
