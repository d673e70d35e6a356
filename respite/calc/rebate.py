"""`respite calc payoff` with `settle_after`: the United Kingdom's rebate for settling early."""

from decimal import Decimal

from respite.calc.figures import Answer
from respite.calc.words import Amount, Count, CurrencyWords, Percent, Ratios
from respite.lending.money import ZERO
from respite.lending.rebate import early_settlement_rebate


class RebateQuestion(CurrencyWords):
    """A loan repaid by monthly payments, and after how many months it is settled."""

    principal: Amount
    n: Count
    payment: Amount
    apr_pct: Percent
    settle_after: Ratios


def rebate(question: RebateQuestion) -> Answer:
    """For each time of settlement: what is taken off the payments to come, and what is then paid."""
    repayments = [(Decimal(month) / 12, question.payment) for month in range(1, question.n + 1)]
    rebates, quotes = [], []
    for months in question.settle_after:
        advances = [(ZERO, question.principal)]
        taken_off = early_settlement_rebate(advances, repayments, question.apr_pct, months / 12)
        to_come = sum((amount for time, amount in repayments if time > months / 12), ZERO)
        rebates.append(question.show(taken_off))
        quotes.append(question.show(to_come - taken_off))
    return {"rebate": rebates, "quote": quotes}
