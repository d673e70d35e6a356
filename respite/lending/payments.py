"""Payments, and what may become of them."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from respite.lending.errors import LendingError


@dataclass(frozen=True)
class Payment:
    """Money received from the borrower, counted on the business date `received_on`.

    One that bounced or was recalled counts no more from `reversed_on` on. Raises LendingError for an amount that is
    not above zero, and for a reversal before the payment.
    """

    received_on: date
    amount: Decimal
    reference: str
    reversed_on: date | None = None

    def __post_init__(self) -> None:
        if not self.amount.is_finite() or self.amount <= 0:
            raise LendingError("amount", "A payment must be above zero.")
        if self.reversed_on and self.reversed_on < self.received_on:
            raise LendingError("reversed_on", "A payment cannot be reversed before it was received.")

    @property
    def order(self) -> tuple[date, str, Decimal]:
        """By which payments are sorted, so that the order in which they are told does not matter."""
        return self.received_on, self.reference, self.amount

    def counts_on(self, day: date) -> bool:
        """Whether it has been received by the end of a day, and not been taken back."""
        return self.received_on <= day and not self.is_reversed_by(day)

    def is_reversed_by(self, day: date) -> bool:
        return self.reversed_on is not None and self.reversed_on <= day
