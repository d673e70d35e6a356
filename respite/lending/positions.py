"""Where a loan stands on a date, instalment by instalment."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from respite.lending.charges import Unpaid
from respite.lending.errors import LendingError
from respite.lending.money import ZERO


@dataclass(frozen=True)
class InstalmentPosition:
    """One instalment on a date: what was scheduled, what of it is paid, and what being late has added.

    `penalty` and `late_fee` are the unpaid parts of what was charged; `paid_penalty` and `paid_late_fee` the
    paid ones. `is_penalised`: penalty interest has taken the place of ordinary interest on what is overdue.
    `is_in_grace`: overdue, but paid today it counts as paid on its due date.
    """

    number: int
    due: date
    principal: Decimal
    interest: Decimal
    fee: Decimal
    carried: Decimal
    paid_principal: Decimal
    paid_interest: Decimal
    paid_fee: Decimal
    paid_carried: Decimal
    penalty: Decimal
    late_fee: Decimal
    days_past_due: int
    paid_penalty: Decimal = ZERO
    paid_late_fee: Decimal = ZERO
    bears_late_fee: bool = True
    is_penalised: bool = False
    is_in_grace: bool = False
    history: tuple[Unpaid, ...] = field(default=(), repr=False, compare=False)

    @property
    def unpaid_principal(self) -> Decimal:
        return self.principal - self.paid_principal

    @property
    def unpaid_interest(self) -> Decimal:
        return self.interest - self.paid_interest

    @property
    def unpaid_fee(self) -> Decimal:
        return self.fee - self.paid_fee

    @property
    def unpaid_carried(self) -> Decimal:
        return self.carried - self.paid_carried

    @property
    def unpaid(self) -> Decimal:
        """What is left of the scheduled parts, carried charges included."""
        return self.unpaid_principal + self.unpaid_interest + self.unpaid_fee + self.unpaid_carried

    @property
    def cost(self) -> Decimal:
        """What is owed on this instalment beside principal: interest, fees and charges."""
        return self.outstanding - self.unpaid_principal

    @property
    def outstanding(self) -> Decimal:
        """Everything owed on this instalment: what is left of it, penalty interest and late fee."""
        return self.unpaid + self.penalty + self.late_fee

    @property
    def is_paid(self) -> bool:
        return self.unpaid == 0


@dataclass(frozen=True)
class Position:
    """A loan on the business date `as_of`. `credit` is what was paid beyond everything owed.

    `starts_on` is the day from which the first instalment accrues, where the schedule knows it.
    """

    as_of: date
    instalments: tuple[InstalmentPosition, ...]
    credit: Decimal
    starts_on: date | None = None

    def instalment(self, number: int) -> InstalmentPosition:
        """The instalment with this number. Raises LendingError where there is none."""
        for line in self.instalments:
            if line.number == number:
                return line
        raise LendingError("number", f"This loan has no instalment {number}.")

    @property
    def overdue(self) -> list[InstalmentPosition]:
        """The instalments past their due date with something owed, oldest first."""
        return [line for line in self.instalments if line.due < self.as_of and line.outstanding]

    @property
    def overdue_amount(self) -> Decimal:
        """What is left of the overdue instalments, without penalty interest and late fees."""
        return sum((line.unpaid for line in self.overdue), ZERO)

    @property
    def penalty(self) -> Decimal:
        return sum((line.penalty for line in self.instalments), ZERO)

    @property
    def late_fees(self) -> Decimal:
        return sum((line.late_fee for line in self.instalments), ZERO)

    @property
    def late_charges(self) -> Decimal:
        """Penalty interest and late fees so far."""
        return self.penalty + self.late_fees

    @property
    def interest_and_fees(self) -> Decimal:
        """What is left of the scheduled interest and fees."""
        return sum((line.unpaid_interest + line.unpaid_fee for line in self.instalments), ZERO)

    @property
    def overdue_total(self) -> Decimal:
        return sum((line.outstanding for line in self.overdue), ZERO)

    @property
    def next_due(self) -> InstalmentPosition | None:
        """The first unpaid instalment that is not past its due date."""
        return next((line for line in self.remaining if line.due >= self.as_of), None)

    @property
    def amount_due_now(self) -> Decimal:
        """What is overdue, with its charges, and what falls due today."""
        return self.overdue_total + sum((line.unpaid for line in self.instalments if line.due == self.as_of), ZERO)

    @property
    def days_past_due(self) -> int:
        """Days since the oldest unpaid due date; 0 on that date itself."""
        return max((line.days_past_due for line in self.instalments), default=0)

    @property
    def outstanding_principal(self) -> Decimal:
        return sum((line.unpaid_principal for line in self.instalments), ZERO)

    @property
    def remaining(self) -> list[InstalmentPosition]:
        """The instalments not yet paid in full, oldest first."""
        return [line for line in self.instalments if line.outstanding]

    @property
    def total_remaining(self) -> Decimal:
        """Everything still to be paid under the schedule, with the charges so far."""
        return sum((line.outstanding for line in self.instalments), ZERO)

    @property
    def is_settled(self) -> bool:
        return not self.remaining

    @property
    def paid_share(self) -> Decimal:
        """The share of the scheduled principal that is paid, from 0 to 1."""
        scheduled = sum((line.principal for line in self.instalments), ZERO)
        return 1 - self.outstanding_principal / scheduled
