"""`respite calc payoff` with an amount outstanding: what is owed on it, with or without days overdue."""

from datetime import date, timedelta
from decimal import Decimal

from pydantic import AliasChoices, Field

from respite.calc.charge_words import UNCAPPED
from respite.calc.figures import Answer
from respite.calc.refusals import refuse
from respite.calc.words import Amount, AmountOrZero, CountOrZero, CurrencyWords, DayCountWord, Percent
from respite.lending.account import position
from respite.lending.calendar import DayCount, year_fraction
from respite.lending.charges import ChargeRules
from respite.lending.errors import LendingError
from respite.lending.instalments import Instalment, Schedule
from respite.lending.money import ZERO, Rounding

DUE = date(2001, 1, 1)
"""Only the days since the due date count, not which they are."""


class OverdueQuestion(CurrencyWords):
    """An amount that is overdue.

    It is `outstanding`; with `days_accrued`, it is instead the interest that `principal` bore in those days.
    """

    outstanding: Amount | None = Field(
        None, validation_alias=AliasChoices("outstanding", "outstanding_principal", "principal")
    )
    annual_rate_pct: Percent = ZERO
    days_accrued: CountOrZero | None = None
    half_interest_paid: bool = False
    overdue_days: CountOrZero = Field(0, validation_alias=AliasChoices("overdue_days", "late_days"))
    penalty_rate_pct: Percent = ZERO
    grace_days: CountOrZero = Field(
        0, validation_alias=AliasChoices("grace_days", "grace_days_deducted", "loan_grace_days")
    )
    fee: AmountOrZero = Field(ZERO, validation_alias=AliasChoices("fee", "nsf_fee", "late_fee"))
    waive_penalty: bool = False
    day_count: DayCountWord = DayCount.ACTUAL_365

    @property
    def unit(self) -> Rounding:
        return Rounding(self.minor_unit)


def overdue(question: OverdueQuestion) -> Answer:
    """What is owed: the amount, ordinary or penalty interest on it, and the fee unless it is waived."""
    outstanding = question.outstanding
    if outstanding is None:
        raise LendingError("outstanding", "Say which amount is outstanding.")
    refuse(
        question.day_count not in (DayCount.ACTUAL_360, DayCount.ACTUAL_365),
        "day_count",
        "Overdue days are counted actual/360 or actual/365.",
    )
    accrued = ZERO
    if question.days_accrued is not None:
        accrued = _interest(question, outstanding, question.days_accrued)
        outstanding = accrued / 2 if question.half_interest_paid else accrued
    penalty = ZERO if question.waive_penalty else _penalty(question, outstanding)
    interest = ZERO
    if not question.penalty_rate_pct:
        interest = _interest(question, outstanding, question.overdue_days)
    fee = ZERO if question.waive_penalty else question.fee
    amounts = {
        "quote": question.unit.round(outstanding) + interest + penalty + fee,
        "outstanding": outstanding,
        "interest": interest,
        "penalty": penalty,
        "fee": fee,
        "interest_accrued": accrued,
    }
    return {word: question.show(amount) for word, amount in amounts.items()}


def _interest(question: OverdueQuestion, amount: Decimal, days: int) -> Decimal:
    years = year_fraction(DUE, DUE + timedelta(days), question.day_count)
    return question.unit.round(amount * question.annual_rate_pct / 100 * years)


def _penalty(question: OverdueQuestion, amount: Decimal) -> Decimal:
    rules = ChargeRules(
        penalty_rate_multiple=Decimal(1),
        grace_days=question.grace_days,
        late_fee=ZERO,
        all_in_cap_annual_rate=UNCAPPED,
        penalty_from="after_grace",
        day_count=question.day_count,
    )
    owed = Schedule((Instalment(1, DUE, amount),))
    as_of = DUE + timedelta(question.overdue_days)
    return position(owed, [], question.penalty_rate_pct, rules, as_of, question.unit).penalty
