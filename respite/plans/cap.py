"""The all-in cap: no plan may make a loan cost more a year than policy allows, from its first day to its last."""

from decimal import Decimal

from respite.lending.cost import Flow, effective_annual_rate
from respite.lending.money import ZERO, Money
from respite.lending.schedule import Schedule
from respite.plans.refusals import PlanRefusedError, Refusal
from respite.store.loan_book import LoanAccount


def require_within_cap(account: LoanAccount, schedule: Schedule) -> None:
    """Raise PlanRefusedError for a schedule with which the loan costs more than the cap."""
    rate, cap = all_in_annual_rate(account, schedule), account.policy.late_charges.all_in_cap_annual_rate
    if rate > cap:
        raise PlanRefusedError(Refusal("cap", {"rate": rate, "cap": cap}))


def all_in_annual_rate(account: LoanAccount, schedule: Schedule) -> Decimal:
    """The effective annual rate, in percent, of the whole loan: what was lent, what is paid, what `schedule` asks.

    An instalment that is overdue already counts as paid today.
    """
    loan, currency = account.loan, account.loan.currency
    flows: list[Flow] = [(loan.started_on, Money.from_minor(loan.principal_minor, currency).amount)]
    flows += [
        (payment.received_on, -Money.from_minor(payment.amount_minor, currency).amount)
        for payment in loan.payments
        if payment.reversed_on is None
    ]
    flows += [(max(line.due, account.as_of), -line.total) for line in schedule]
    return effective_annual_rate(flows) or ZERO
