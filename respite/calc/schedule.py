"""`respite calc schedule`: what falls due when."""

from decimal import Decimal

from respite.calc.agreed import schedule_of
from respite.calc.figures import Answer
from respite.calc.loan import LoanWords
from respite.calc.refusals import refuse, refuse_contradictions
from respite.calc.rows import regular, rows
from respite.calc.words import Day, Months
from respite.lending.amortise import level_count, level_payment
from respite.lending.calendar import (
    DueDay,
    anchor_day_of,
    due_dates,
    first_due_on,
    months_after,
    period_fraction,
)
from respite.lending.instalments import Schedule
from respite.lending.money import ZERO
from respite.lending.terms import Method

FACTOR_PLACES = Decimal("1e-15")
PAYMENT_PLACES = Decimal("1e-12")


class ScheduleQuestion(LoanWords):
    """A loan, or its dates alone, or the interest factors of calendar months."""

    repayment_start: Day | None = None
    schedule_type: DueDay = DueDay.SAME_DAY
    months: Months | None = None

    @property
    def loan(self) -> "ScheduleQuestion":
        """The question with the first due date and the anchor day that its collection day asks for."""
        if self.repayment_start is None:
            return self
        first_due, anchor_day = first_due_on(self.repayment_start, self.schedule_type)
        return self.model_copy(update={"first_due": first_due, "anchor_day": anchor_day})


def schedule(question: ScheduleQuestion) -> Answer:
    """The instalments of a loan; without a principal, its due dates alone."""
    if question.months:
        return _factors(question)
    loan = question.loan
    return _dates(loan) if loan.principal is None else _instalments(loan)


def _instalments(loan: ScheduleQuestion) -> Answer:
    agreed = schedule_of(loan)
    in_currency = {
        "emi": regular(agreed),
        "last": agreed[-1].total,
        "interest_total": agreed.interest,
        "fee_total": agreed.fees,
        "total": agreed.total,
        "broken_period_interest": _broken_period_interest(loan, agreed),
    }
    return {
        "rows": rows(agreed, loan, loan.is_dated),
        **{word: loan.show(amount) for word, amount in in_currency.items()},
        **_exact(loan),
    }


def _exact(loan: ScheduleQuestion) -> Answer:
    """At a rate per period, unrounded: the equal instalment, below zero because it is paid, or how many there are."""
    principal, rate = loan.principal or ZERO, loan.rate_per_period
    if rate is None:
        return {}
    if loan.n:
        return {"pmt": -level_payment(principal, [rate] * loan.n).quantize(PAYMENT_PLACES)}
    count = level_count(principal, rate, loan.payment or ZERO)
    return {} if count is None else {"nper": count.quantize(PAYMENT_PLACES)}


def _broken_period_interest(loan: ScheduleQuestion, agreed: Schedule) -> Decimal:
    """The interest of the days between the start and the first whole period."""
    if loan.first_due is None or loan.repayment is Method.FLAT_FEE:
        return ZERO
    regular_start = loan.regular_start(loan.first_due)
    if regular_start <= loan.starts_on:
        return ZERO
    financed = sum((line.principal for line in agreed if line.number), ZERO)
    years = period_fraction(loan.starts_on, regular_start, loan.counted_by, regular_start.day)
    return loan.unit.round(financed * loan.rate / 100 * years)


def _dates(loan: ScheduleQuestion) -> Answer:
    refuse_contradictions(loan)
    refuse(loan.n is None, "n", "Say how many instalments there are.")
    refuse(not loan.is_dated, "principal", "Say how much is lent, or from which day dates are counted.")
    anchor_day = loan.anchor_day or (loan.first_due or loan.starts_on).day
    if loan.first_due:
        dues = due_dates(loan.first_due, loan.n or 1, loan.step, anchor_day, loan.strategy)
    else:
        dues = due_dates(loan.starts_on, (loan.n or 1) + 1, loan.step, anchor_day, loan.strategy)[1:]
    return {"rows": [{"number": number, "due": due} for number, due in enumerate(dues, start=1)]}


def _factors(question: ScheduleQuestion) -> Answer:
    """The interest of one unit of money in each calendar month."""
    starts = question.months or ()
    anchor_day = anchor_day_of(starts)
    factors = [
        question.rate / 100 * period_fraction(start, months_after(start, 1, 1), question.counted_by, anchor_day)
        for start in starts
    ]
    return {"rate_factors": [factor.quantize(FACTOR_PLACES) for factor in factors]}
