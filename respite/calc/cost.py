"""`respite calc cost`: what credit costs a year, and in all."""

from decimal import Decimal
from enum import StrEnum

from respite.calc.agreed import schedule_of
from respite.calc.charge_words import LoanWithCharges
from respite.calc.disclosed import disclosed
from respite.calc.figures import Answer
from respite.calc.refusals import refuse
from respite.calc.rows import regular
from respite.calc.words import AmountOrZero
from respite.lending.cost import (
    Flow,
    compounded,
    effective_annual_rate,
    internal_rate,
    nominal_annual_rate,
    us_apr,
)
from respite.lending.errors import LendingError
from respite.lending.instalments import Schedule
from respite.lending.money import CENT, ZERO, Rounding
from respite.lending.us_apr import unit_period

NO_RATE = "No annual rate balances what is paid against what is lent; check the amounts and the dates."


class Convention(StrEnum):
    """Which annual rate is `apr_pct`.

    effective, eu_uk: compounded; eu_uk insists on days, actual/365. us: Regulation Z. nominal: the rate of a
    period times the periods of a year.
    """

    EFFECTIVE = "effective"
    EU_UK = "eu_uk"
    US = "us"
    NOMINAL = "nominal"


class CostQuestion(LoanWithCharges):
    """A loan, the fee kept back when it is paid out, and what being late would cost."""

    upfront_fee: AmountOrZero = ZERO
    convention: Convention = Convention.EFFECTIVE


def cost(question: CostQuestion) -> Answer:
    """Annual rates, totals and the itemised table of a loan."""
    agreed = schedule_of(question)
    received = agreed.principal - question.upfront_fee
    refuse(received <= 0, "upfront_fee", "Give a fee below the amount lent.")
    rates_of = _rates_by_date if question.is_dated else _rates_by_period
    rates = rates_of(question, agreed, received)
    cost_total = agreed.interest + agreed.fees + question.upfront_fee
    amounts = {
        "emi": regular(agreed),
        "interest_total": agreed.interest,
        "fee_total": agreed.fees + question.upfront_fee,
        "cost_total": cost_total,
        "total": agreed.total + question.upfront_fee,
    }
    return {
        **rates,
        "flat_annual_rate_pct": _flat_rate(question, agreed, cost_total),
        **{word: question.show(amount) for word, amount in amounts.items()},
        "disclosure": disclosed(
            question,
            agreed,
            rates["nominal_annual_rate_pct"],
            rates["effective_annual_rate_pct"],
            upfront_fee=question.upfront_fee,
        ),
    }


def annual_rates(advances: list[Flow], payments: list[Flow], convention: Convention) -> Answer:
    """The annual rates of dated flows, percent; all amounts above zero."""
    flows = sorted([*advances, *((day, -amount) for day, amount in payments)], key=lambda flow: flow[0])
    if sum((amount for _, amount in flows), ZERO) == 0:
        return in_words(convention, ZERO, ZERO, ZERO)
    unit = unit_period([day for day, _ in advances], [day for day, _ in payments])
    refuse(unit.length == 0, "payments", "Give payments on different days, later than the advance.")
    periods = max(round(unit.per_year), 1)
    effective, nominal = effective_annual_rate(flows), nominal_annual_rate(flows, periods)
    if effective is None or nominal is None:
        raise LendingError("payments", NO_RATE)
    return in_words(convention, effective, nominal, us_apr(advances, payments))


def in_words(convention: Convention, effective: Decimal, nominal: Decimal, us: Decimal) -> Answer:
    """The rates, and the one that the convention chooses."""
    chosen = {Convention.US: us, Convention.NOMINAL: nominal}.get(convention, effective)
    return {
        "convention": convention.value,
        "apr_pct": chosen,
        "effective_annual_rate_pct": effective,
        "nominal_annual_rate_pct": nominal,
        "us_apr_pct": us,
    }


def _rates_by_date(question: CostQuestion, agreed: Schedule, received: Decimal) -> Answer:
    paid = [(line.due, line.total) for line in agreed if line.number and line.total]
    paid_down = sum((line.total for line in agreed if line.number == 0), ZERO)
    return annual_rates([(question.starts_on, received - paid_down)], paid, question.convention)


def _rates_by_period(question: CostQuestion, agreed: Schedule, received: Decimal) -> Answer:
    """Without dates every month is alike, so that the US rate is the nominal one."""
    refuse(
        question.convention is Convention.EU_UK,
        "start",
        "Say on which day the loan starts: this rate counts days.",
    )
    paid_down = sum((line.total for line in agreed if line.number == 0), ZERO)
    flows = [received - paid_down, *(-line.total for line in agreed if line.number)]
    rate = internal_rate(flows)
    if rate is None:
        raise LendingError("payment", NO_RATE)
    periods = 12 // question.step.months or 1
    nominal = Rounding(CENT).round(rate * periods * 100)
    return in_words(question.convention, compounded(rate, periods), nominal, nominal)


def _flat_rate(question: CostQuestion, agreed: Schedule, cost_total: Decimal) -> Decimal:
    """Cost over the amount lent and the years: the rate that looks half as large as the loan is dear."""
    years = Decimal((agreed.last_due - question.starts_on).days) / 365
    if not question.is_dated:
        years = Decimal(len(agreed) * question.step.months) / 12
    return Rounding(CENT).round(cost_total / agreed.principal / years * 100)
