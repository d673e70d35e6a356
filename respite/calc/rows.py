"""Schedules in the words of an answer."""

from collections import Counter
from collections.abc import Iterable
from decimal import Decimal

from respite.calc.figures import Answer
from respite.calc.words import CurrencyWords
from respite.lending.instalments import Instalment, Schedule


def rows(schedule: Schedule, question: CurrencyWords, is_dated: bool = True) -> list[Answer]:
    """One object an instalment; `late_charges` are those that a plan carries into it."""

    def row(line: Instalment, balance: Decimal) -> Answer:
        amounts = {
            "principal": line.principal,
            "interest": line.interest,
            "fee": line.fee,
            "late_charges": line.carried,
            "total": line.total,
            "balance": balance,
        }
        due: Answer = {"due": line.due} if is_dated else {}
        return {"number": line.number} | due | {word: question.show(x) for word, x in amounts.items()}

    return [row(line, balance) for line, balance in zip(schedule, schedule.balances, strict=True)]


def regular(schedule: Iterable[Instalment]) -> Decimal:
    """The instalment that comes most often, the earliest of those that come as often."""
    totals = [line.total for line in schedule if line.number and line.total]
    return Counter(totals).most_common(1)[0][0]
