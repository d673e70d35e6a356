"""`respite calc payoff`: what settles a loan on a day."""

from decimal import Decimal
from typing import Literal

from pydantic import AliasChoices, Field

from respite.calc.agreed import schedule_of
from respite.calc.figures import Answer
from respite.calc.refusals import refuse, refuse_contradictions
from respite.calc.standing import LoanInProgress
from respite.calc.words import Day, Percent
from respite.lending.account import Payment, Position
from respite.lending.daily import daily_balance
from respite.lending.instalments import Schedule
from respite.lending.money import ZERO
from respite.lending.payoff import Payoff, PayoffRules
from respite.lending.payoff import payoff as core_payoff


class LoanWithPayoff(LoanInProgress):
    """A loan with what settling it early costs."""

    early_fee_pct: Percent = ZERO
    remaining_fees: Literal["waived", "charged"] = "waived"

    def settled(self, schedule: Schedule, position: Position) -> Payoff:
        """What settles the loan on the day of its position."""
        return core_payoff(
            schedule,
            position,
            self.rate,
            self.repayment,
            PayoffRules(self.early_fee_pct, self.remaining_fees),
            self.counted_by,
            self.starts_on,
            self.unit,
        )


class PayoffQuestion(LoanWithPayoff):
    """A loan and the day on which it is settled. Without `n` it has no instalments, only a daily balance."""

    settle: Day = Field(validation_alias=AliasChoices("settle", "as_of"))


def payoff(question: PayoffQuestion) -> Answer:
    """Principal, interest to the day, fees and charges."""
    parts = _of_instalments if question.n or question.payment else _of_daily_balance
    amounts = parts(question)
    quote = sum((amount for word, amount in amounts.items() if word != "saved"), ZERO)
    return {
        "as_of": question.settle,
        **{word: question.show(amount) for word, amount in {"quote": quote, **amounts}.items()},
    }


def _of_instalments(question: PayoffQuestion) -> dict[str, Decimal]:
    agreed = schedule_of(question)
    position = question.position(agreed, question.settle)
    settled = question.settled(agreed, position)
    return {
        "principal": settled.principal,
        "interest": settled.interest,
        "fees": settled.fees,
        "penalty": settled.penalty,
        "late_fees": settled.late_fees,
        "charge": settled.charge,
        "saved": settled.saved,
    }


def _of_daily_balance(question: PayoffQuestion) -> dict[str, Decimal]:
    refuse_contradictions(question)
    refuse(question.principal is None, "principal", "Say how much is lent.")
    refuse(question.start is None, "start", "Say on which day the loan starts.")
    refuse(question.settle < question.starts_on, "settle", "Give a day on or after the start of the loan.")
    refuse(question.paid_first is not None, "paid_first", "Give payments; without n there is no instalment.")
    paid = [*question.payments, *question.extra_paid]
    refuse(
        any(on < question.starts_on for on, _ in paid),
        "payments",
        "Give payments on or after the start of the loan.",
    )
    left = daily_balance(
        question.principal or ZERO,
        question.starts_on,
        [Payment(on, amount, f"payment {place}") for place, (on, amount) in enumerate(paid)],
        question.rate,
        question.settle,
        question.counted_by,
        question.unit,
    )
    refuse(left.principal < 0, "payments", "More is paid than was owed; check the payments.")
    return {"principal": left.principal, "interest": left.interest, "fees": ZERO}
