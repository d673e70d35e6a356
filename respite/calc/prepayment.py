"""`respite calc payoff` with `repay`: a payment ahead of time, and the instalments behind it."""

from typing import Annotated

from pydantic import Field

from respite.calc.agreed import schedule_of
from respite.calc.figures import Answer
from respite.calc.rows import regular, rows
from respite.calc.standing import LoanInProgress
from respite.calc.words import Amount, Day, Percent
from respite.lending.money import ZERO
from respite.lending.prepayment import Effect, prepay


class PrepaymentQuestion(LoanInProgress):
    """A loan, and what is paid ahead of time on a day."""

    repay: tuple[Day, Amount]
    effect: Effect = Effect.PAID_AHEAD
    early_fee_pct: Annotated[Percent, Field(lt=100)] = ZERO


def prepayment(question: PrepaymentQuestion) -> Answer:
    """How the payment is split, and what is left to pay."""
    agreed = schedule_of(question)
    day, amount = question.repay
    paid = prepay(
        question.position(agreed, day),
        amount,
        annual_rate=question.rate,
        day_count=question.counted_by,
        effect=question.effect,
        fee_rate=question.early_fee_pct,
        rounding=question.unit,
    )
    split = {"principal": paid.principal, "interest": paid.interest, "charge": paid.charge}
    following = paid.schedule
    return {
        "original_rows": rows(agreed, question),
        "emi": question.show(regular(agreed)),
        "repayment_split": {word: question.show(part) for word, part in split.items()},
        "rows": rows(following, question),
        "next_due": [following[0].due, question.show(following[0].total)],
        "last": question.show(following[-1].total),
        "interest_total": question.show(following.interest),
        "total": question.show(following.total),
    }
