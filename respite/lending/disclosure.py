"""The cost table of a loan or a plan: what is paid, item by item, and what being late would add."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from respite.lending.charges import ChargeRules
from respite.lending.instalments import Schedule
from respite.lending.money import ZERO

DAYS_OF_A_YEAR = 365


@dataclass(frozen=True)
class DefaultCosts:
    """What a late instalment costs; nothing of it where every instalment is paid in time.

    penalty_rate: percent a year, before the cap, on `penalty_base`.
    penalty_counted_from: the day after the due date behind which penalty interest is counted.
    charged_from: the first day after the due date on which penalty interest and late fee are owed.
    late_fee: amount, once for each late instalment.
    cap_rate: percent a year on the overdue amount, which penalty interest and late fee together never exceed.
    """

    penalty_rate: Decimal
    penalty_base: Literal["overdue_principal", "overdue_amount"]
    penalty_counted_from: int
    charged_from: int
    late_fee: Decimal
    cap_rate: Decimal

    @classmethod
    def of(cls, rules: ChargeRules, contract_rate: Decimal) -> "DefaultCosts":
        """The costs under a lender's rules; `contract_rate` is in percent a year."""
        return cls(
            penalty_rate=rules.penalty_rate(contract_rate),
            penalty_base=rules.penalty_base,
            penalty_counted_from=0 if rules.penalty_from == "due_date" else rules.grace_days,
            charged_from=rules.grace_days + 1,
            late_fee=rules.late_fee,
            cap_rate=rules.all_in_cap_annual_rate,
        )

    def penalty_a_day(self, amount: Decimal) -> Decimal:
        """The unrounded penalty interest of one day on an overdue amount, 365 days a year."""
        return amount * self.penalty_rate / 100 / DAYS_OF_A_YEAR


@dataclass(frozen=True)
class Disclosure:
    """Every item of what is paid, the annual rates, and the costs of default.

    carried: penalty interest and late fees of earlier days that a plan brings into its instalments.
    upfront_fee: kept back when the loan is paid out.
    extra_against_agreed: what a plan costs more than paying as agreed; None for a loan.
    nominal_annual_rate, effective_annual_rate: percent a year of all items but the principal, the former without
        compounding and the latter with it.
    """

    principal: Decimal
    interest: Decimal
    fees: Decimal
    carried: Decimal
    upfront_fee: Decimal
    extra_against_agreed: Decimal | None
    nominal_annual_rate: Decimal
    effective_annual_rate: Decimal
    if_late: DefaultCosts

    @property
    def cost(self) -> Decimal:
        """Everything that is paid beside the principal."""
        return self.interest + self.fees + self.carried + self.upfront_fee

    @property
    def total(self) -> Decimal:
        return self.principal + self.cost


def disclose(
    schedule: Schedule,
    if_late: DefaultCosts,
    *,
    nominal_annual_rate: Decimal,
    effective_annual_rate: Decimal,
    upfront_fee: Decimal = ZERO,
    extra_against_agreed: Decimal | None = None,
) -> Disclosure:
    """The cost table of a schedule. Rates are in percent a year."""
    return Disclosure(
        principal=schedule.principal,
        interest=schedule.interest,
        fees=schedule.fees,
        carried=schedule.carried,
        upfront_fee=upfront_fee,
        extra_against_agreed=extra_against_agreed,
        nominal_annual_rate=nominal_annual_rate,
        effective_annual_rate=effective_annual_rate,
        if_late=if_late,
    )
