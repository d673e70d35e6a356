"""The cost table in the words of an answer."""

from decimal import Decimal

from respite.calc.charge_words import LoanWithCharges
from respite.calc.figures import Answer
from respite.lending.disclosure import DefaultCosts, disclose
from respite.lending.instalments import Schedule
from respite.lending.money import ZERO

RATES_INCLUDE = ("interest", "fees", "late_charges", "upfront_fee")


def disclosed(
    question: LoanWithCharges,
    schedule: Schedule,
    nominal: Decimal,
    effective: Decimal,
    *,
    upfront_fee: Decimal = ZERO,
    extra: Decimal | None = None,
) -> Answer:
    """What is paid under `schedule`, the annual rates in percent with what is in them, and the costs of default."""
    if_late = DefaultCosts.of(question.charge_rules, question.penalty_rate_pct)
    table = disclose(
        schedule,
        if_late,
        nominal_annual_rate=nominal,
        effective_annual_rate=effective,
        upfront_fee=upfront_fee,
        extra_against_agreed=extra,
    )
    amounts = {
        "principal": table.principal,
        "interest": table.interest,
        "fees": table.fees,
        "late_charges": table.carried,
        "upfront_fee": table.upfront_fee,
        "cost_total": table.cost,
        "total": table.total,
    }
    largest = max(line.principal for line in schedule)
    return {
        **{word: question.show(amount) for word, amount in amounts.items()},
        **({} if extra is None else {"extra_vs_agreed": question.show(extra)}),
        "nominal_annual_rate_pct": table.nominal_annual_rate,
        "effective_annual_rate_pct": table.effective_annual_rate,
        "rates_include": RATES_INCLUDE,
        "if_late": {
            "charged_from_day": if_late.charged_from,
            "penalty_counted_from_day": if_late.penalty_counted_from,
            "penalty_rate_pct": if_late.penalty_rate,
            "penalty_a_day": question.show(if_late.penalty_a_day(largest)),
            "late_fee": question.show(if_late.late_fee),
            "cap_pct": question.cap_pct,
        },
    }
